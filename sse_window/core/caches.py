"""What has been worked out once and need not be again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import ClassVar, Generic, TypeVar

__all__ = ["Cache"]

T = TypeVar("T")


class Cache(Generic[T]):
    """Values by what they were made from; when `kept` of them are there, all are dropped.

    A class of its own for each kind of value says whose they are:
    :meth:`~sse_window.phases.table.PhaseTable.attached` keeps one of each class with a table.

    Examples
    --------
    >>> squares = Cache[int]()
    >>> squares.of(3, lambda: 9), squares.of(3, lambda: 1)
    (9, 9)
    """

    kept: ClassVar = 512
    """Of systems and equilibria those of some fifty pairs, a few MB."""

    def __init__(self) -> None:
        self._values: dict[Hashable, T] = {}

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returns, made once per key.

        Parameters
        ----------
        key : hashable
            Everything that the value depends on, besides the object that the cache belongs to.
        make : callable
            Takes no arguments.

        Returns
        -------
        object
        """
        try:
            return self._values[key]
        except KeyError:
            pass
        value = make()
        if len(self._values) >= self.kept:
            self._values.clear()
        self._values[key] = value
        return value
