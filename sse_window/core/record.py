"""Results as frozen dataclasses whose fields are the keys of the JSON record, units included."""

from __future__ import annotations

import dataclasses
import math
import numbers
from functools import cache
from pathlib import PurePath
from typing import Any, cast

from .tolerances import ROUNDING

__all__ = ["Record", "fields_of", "plain"]


class Record:
    """Base of every result: a frozen dataclass that turns itself into plain values."""

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON-ready values: lists, strings, finite numbers, booleans, None.

        Returns
        -------
        dict
            Infinite and undefined numbers are None: no limit, or not known.
        """
        names = _field_names(cast(Any, type(self)))
        return {
            key: plain(getattr(self, name), exact=key.endswith(_TINY))
            for key, name in names.items()
        }

    def entry(self, key: str) -> Any:
        """Value under one key of the record, as it is; None where there is no such key."""
        if type(self).to_dict is not Record.to_dict:
            return self.to_dict().get(key)
        name = _field_names(cast(Any, type(self))).get(key)
        return None if name is None else getattr(self, name)


def fields_of(record: Any) -> dict[str, Any]:
    """Values of all fields of a dataclass by name, for one that has these and more."""
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


@cache
def _field_names(kind: type[Any]) -> dict[str, str]:
    """Keys of a record, and the fields that hold their values."""
    fields = dataclasses.fields(kind)
    return {f.metadata.get("key", f.name): f.name for f in fields if f.metadata.get("record", True)}


_TINY = ("_S_per_cm",)
"""Units in which a small number is a value, not the rounding of a zero."""


def plain(value: Any, *, exact: bool = False) -> Any:
    """A value as JSON has it; what is not finite is None.

    Parameters
    ----------
    value : object
    exact : bool
        Small numbers are values.
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, numbers.Real):
        number = float(value)
        # Rounding noise such as -1e-17 V would read as a sign.
        if not math.isfinite(number):
            return None
        return 0.0 if abs(number) < ROUNDING and not exact else number
    return str(value) if isinstance(value, PurePath) else value
