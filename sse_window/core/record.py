"""Results as frozen dataclasses whose fields are the keys of the JSON record, units included."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import Any

__all__ = ["Record"]


class Record:
    """Base of every result: a frozen dataclass that turns itself into plain values."""

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON-ready values: lists, strings, finite numbers, booleans, None.

        Returns
        -------
        dict
            Infinite and undefined numbers are None: no limit, or not known.
        """
        return {
            f.metadata.get("key", f.name): _plain(getattr(self, f.name))
            for f in dataclasses.fields(self)  # type: ignore[arg-type]
            if f.metadata.get("record", True)
        }

    def entries(self, names: Iterable[str]) -> dict[str, Any]:
        """Some fields of the record, with the values that :meth:`to_dict` gives them."""
        return {name: _plain(getattr(self, name)) for name in names}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        number = float(value)
        # Rounding noise such as -1e-17 V would read as a sign.
        return (0.0 if abs(number) < 1e-12 else number) if math.isfinite(number) else None
    return value
