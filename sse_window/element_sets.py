"""Sets of elements as bits, and which of them lie within a given set."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from .elements import ATOMIC_NUMBER

__all__ = ["ElementSets"]

IntArray = npt.NDArray[np.intp]
Bits = npt.NDArray[np.uint64]

_WORDS = 2  # 64-bit words that hold one bit per element

_LARGE = 4096
"""Sets below which going through all of them is fast enough."""

_MOST_ELEMENTS = 8
"""With more, the sets that are part of one are too many to look up."""


class ElementSets:
    """The elements of many phases, one bit per element and phase.

    Parameters
    ----------
    bits : ndarray of uint64, shape (2, n)

    Examples
    --------
    >>> sets = ElementSets.of(np.array([3, 16, 3, 15]), np.array([0, 1, 3, 4]))
    >>> sets.within(["Li", "S"]), len(sets)
    (array([0, 1]), 3)
    """

    def __init__(self, bits: Bits) -> None:
        self.bits = bits

    @classmethod
    def of(cls, numbers: npt.NDArray[np.integer[Any]], offsets: IntArray) -> ElementSets:
        """From atomic numbers, phase i holding ``numbers[offsets[i]:offsets[i + 1]]``."""
        words, bits = np.divmod(numbers.astype(np.int64), 64)
        values = np.left_shift(np.uint64(1), bits.astype(np.uint64))
        starts = offsets[:-1]
        masks = [np.where(words == word, values, np.uint64(0)) for word in range(_WORDS)]
        return cls(
            np.array(
                [np.bitwise_or.reduceat(m, starts) if len(starts) else m for m in masks], np.uint64
            )
        )

    def __len__(self) -> int:
        return int(self.bits.shape[1])

    def select(self, rows: IntArray) -> ElementSets:
        """Some of the sets."""
        return ElementSets(np.ascontiguousarray(self.bits[:, rows]))

    def within(self, elements: Iterable[str], *, often: bool = False) -> IntArray:
        """Places, ascending, of the sets that hold no other elements than these.

        Parameters
        ----------
        elements : iterable of str
        often : bool
            Worth an index, which takes as long to make as going through all sets some hundred
            times.

        Returns
        -------
        ndarray of int
        """
        masks = [divmod(ATOMIC_NUMBER[element], 64) for element in elements]
        index = often or "_index" in self.__dict__
        if index and len(self) > _LARGE and len(masks) <= _MOST_ELEMENTS:
            return self._looked_up(masks)
        wanted = [0] * _WORDS
        for word, bit in masks:
            wanted[word] |= 1 << bit
        inside = (self.bits[0] & ~np.uint64(wanted[0])) == 0
        for word in range(1, _WORDS):
            inside &= (self.bits[word] & ~np.uint64(wanted[word])) == 0
        return np.flatnonzero(inside)

    def _looked_up(self, masks: list[tuple[int, int]]) -> IntArray:
        parts = [(0, 0)]
        for word, bit in masks:
            first, second = ((1 << bit, 0), (0, 1 << bit))[word]
            parts += [(a | first, b | second) for a, b in parts]
        rows, places = self._index
        found = [rows[places[part]] for part in parts if part in places]
        return np.sort(np.concatenate(found)) if found else rows[:0]

    @cached_property
    def _index(self) -> tuple[IntArray, dict[tuple[int, int], slice]]:
        """Places sorted by set, and where each set begins and ends among them."""
        order = np.lexsort(self.bits)
        bits = self.bits[:, order]
        starts = np.flatnonzero(np.any(bits[:, 1:] != bits[:, :-1], axis=0)) + 1
        ends = [0, *starts.tolist(), len(self)]
        masks = zip(*bits[:, ends[:-1]].tolist(), strict=True)
        return order, dict(
            zip(masks, itertools.starmap(slice, itertools.pairwise(ends)), strict=True)
        )
