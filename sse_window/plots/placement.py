"""Where labels go so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["lanes", "spread"]


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Positions in the given order that do not overlap and lie as near as can be to the wanted.

    Minimises the sum of squared displacements under p[i+1] - p[i] >= (sizes[i] + sizes[i+1]) / 2:
    an isotonic regression of the wanted positions less the space taken before them, solved by
    pooling adjacent violators [1]_, then clipped to the range.

    Parameters
    ----------
    wanted : sequence of float
        Ascending centres.
    sizes : sequence of float
        Extent of each, gaps included; in total at most ``high - low``.
    low, high : float
        Range that the labels must stay in.

    Returns
    -------
    list of float
        Centres.

    References
    ----------
    .. [1] Best, Chakravarti, Math. Program. 1990, 47, 425, doi:10.1007/BF01580873

    Examples
    --------
    >>> spread([0.0, 1.0, 1.1], [1.0, 1.0, 1.0], 0.0, 9.0)
    [0.5, 1.5, 2.5]
    >>> spread([5.0, 5.0], [1.0, 1.0], 0.0, 9.0)
    [4.5, 5.5]
    """
    before = [0.0]
    for a, b in pairwise(sizes):
        before.append(before[-1] + (a + b) / 2.0)
    pools: list[tuple[float, int]] = []  # mean of the pool, members
    for centre, taken in zip(wanted, before, strict=False):
        mean, members = centre - taken, 1
        while pools and pools[-1][0] > mean:
            other, count = pools.pop()
            mean = (mean * members + other * count) / (members + count)
            members += count
        pools.append((mean, members))
    levels = [mean for mean, members in pools for _ in range(members)]
    if not levels:
        return []
    first = low + sizes[0] / 2.0
    last = high - sizes[-1] / 2.0 - before[-1]
    return [
        min(max(level, first), max(last, first)) + taken
        for level, taken in zip(levels, before, strict=False)
    ]


def lanes(intervals: Sequence[tuple[float, float]]) -> list[int]:
    """Lane of each interval, lowest first, so that intervals in one lane do not overlap.

    Examples
    --------
    >>> lanes([(0.0, 1.0), (0.5, 2.0), (1.5, 3.0)])
    [0, 1, 0]
    """
    ends: list[float] = []
    found = [0] * len(intervals)
    for i in sorted(range(len(intervals)), key=lambda i: intervals[i]):
        start, end = intervals[i]
        lane = next((k for k, taken in enumerate(ends) if taken <= start), len(ends))
        if lane == len(ends):
            ends.append(end)
        ends[lane] = end
        found[i] = lane
    return found
