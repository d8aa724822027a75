"""Sets of elements as bits, and which of them lie within a given set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.elements import ATOMIC_NUMBER

__all__ = ["ElementSets"]

IntArray = npt.NDArray[np.intp]
Bits = npt.NDArray[np.uint64]

_WORDS = 2  # 64-bit words that hold one bit per element

_BITS = np.array(
    [
        [1 << (z % 64) if z // 64 == word else 0 for z in range(64 * _WORDS)]
        for word in range(_WORDS)
    ],
    np.uint64,
)
"""Of every word, by atomic number."""


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
        starts = offsets[:-1]
        if not len(starts):
            return cls(np.zeros((_WORDS, 0), np.uint64))
        return cls(np.array([np.bitwise_or.reduceat(of[numbers], starts) for of in _BITS]))

    def __len__(self) -> int:
        return int(self.bits.shape[1])

    def select(self, rows: IntArray) -> ElementSets:
        """Some of the sets."""
        return ElementSets(np.ascontiguousarray(self.bits[:, rows]))

    def within(self, elements: Iterable[str]) -> IntArray:
        """Places, ascending, of the sets that hold no other elements than these."""
        wanted = [0] * _WORDS
        for element in elements:
            word, bit = divmod(ATOMIC_NUMBER[element], 64)
            wanted[word] |= 1 << bit
        # The first word alone rules out nearly all.
        places = ((self.bits[0] & ~np.uint64(wanted[0])) == 0).nonzero()[0]
        for word in range(1, _WORDS):
            places = places[(self.bits[word][places] & ~np.uint64(wanted[word])) == 0]
        return np.asarray(places)
