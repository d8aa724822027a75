"""Columns that are read, or picked out of others, when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Columns"]

Array = npt.NDArray[Any]


class Columns(Mapping[str, Array]):
    """Columns by name, made one by one; once made they stay.

    Parameters
    ----------
    makers : mapping of str to callable
        Each returns a column.

    Examples
    --------
    >>> columns = Columns({"band_gap_eV": lambda: np.array([1.0, 2.0, 3.0])})
    >>> columns.select(np.array([0, 2]))["band_gap_eV"].tolist()
    [1.0, 3.0]
    """

    def __init__(self, makers: Mapping[str, Callable[[], Array]]) -> None:
        self._makers = dict(makers)
        self._made: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __reduce__(self) -> tuple[type[dict[str, Array]], tuple[dict[str, Array]]]:
        return dict, (dict(self),)

    def select(self, rows: npt.NDArray[np.intp]) -> Columns:
        """The same columns of some rows."""
        return Columns({name: _picked(self, name, rows) for name in self._makers})


def _picked(columns: Columns, name: str, rows: npt.NDArray[np.intp]) -> Callable[[], Array]:
    return lambda: columns[name][rows]
