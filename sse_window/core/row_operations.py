"""Row operations of a tableau on whole arrays, for the simplex method where it is interpreted.

Compiled, :mod:`~sse_window.core.simplex` does the same in loops. Every number comes out of the same
operations in the same order, so that both give the same bits: sums run over rows one after the
other, and no library decides how a product of matrices is grouped.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = [
    "divide",
    "eliminate",
    "entering",
    "expand",
    "face",
    "face_beyond",
    "first_breakpoint",
    "invert",
    "reduce",
    "units",
    "within",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


def eliminate(body: FloatArray, row: int, column: int) -> None:
    """Make a column of a tableau a unit column, with its one in a row."""
    pivot_row = body[row] / body[row, column]
    body -= body[:, column, None] * pivot_row
    body[row] = pivot_row


def invert(system: FloatArray) -> bool:
    """Gauss-Jordan elimination of k rows with partial pivoting, in place; False if singular."""
    k = len(system)
    for column in range(k):
        place = column + int(np.abs(system[column:, column]).argmax())
        if not abs(system[place, column]) > 0.0:
            return False
        if place != column:
            system[[column, place]] = system[[place, column]]
        eliminate(system, column, column)
    return True


def expand(
    body: FloatArray, inverse: FloatArray, matrix: FloatArray, b: FloatArray, basis: IntArray
) -> None:
    """Rows of a basis: its inverse times the columns and the right-hand side."""
    k, n = matrix.shape
    extended = np.concatenate([matrix, b[:, None]], axis=1)
    (inverse[:, :, None] * extended).sum(axis=1, out=body[:k])
    for row, column in enumerate(basis.tolist()):
        if column < n:
            body[:k, column] = 0.0
            body[row, column] = 1.0


def reduce(body: FloatArray, objectives: FloatArray, basis: IntArray) -> None:
    """Rows of the objectives: reduced costs, and minus the objective at the basis."""
    k = len(basis)
    n = body.shape[1] - 1
    (objectives[:, basis, None] * body[:k]).sum(axis=1, out=body[k:])
    np.negative(body[k:], out=body[k:])
    body[k:, :n] += objectives[:, :n]


def entering(reduced: FloatArray, allowed: IntArray | None, least: float, bland: bool) -> int:
    """The column of least reduced cost below a limit, the first with Bland's rule; else -1."""
    candidates = reduced if allowed is None else reduced[allowed]
    if not len(candidates):
        return -1
    place = int((candidates < least).argmax() if bland else candidates.argmin())
    if not candidates[place] < least:
        return -1
    return place if allowed is None else int(allowed[place])


def face(values: FloatArray, allowed: IntArray | None, most: float, out: IntArray) -> int:
    """Write the allowed columns up to a limit to `out`; how many there are."""
    within = values <= most if allowed is None else values[allowed] <= most
    found = within.nonzero()[0] if allowed is None else allowed[within]
    out[: len(found)] = found
    return len(found)


def face_beyond(
    cost: FloatArray, slope: FloatArray, rise: float, most: float, out: IntArray
) -> int:
    """The same of the values at a rise of the parameter."""
    return face(cost + rise * slope, None, most, out)


def divide(row: FloatArray, by: float, out: FloatArray) -> None:
    """Write a row divided by a number."""
    np.divide(row, by, out=out)


def first_breakpoint(cost: FloatArray, slope: FloatArray, most: float) -> tuple[float, int]:
    """Least cost / -slope where the slope lies below a limit, and its column; else inf and -1."""
    falling = (slope < most).nonzero()[0]
    if not len(falling):
        return float("inf"), -1
    breakpoints = cost[falling] / -slope[falling]
    first = int(breakpoints.argmin())
    return float(breakpoints[first]), int(falling[first])


def units(matrix: FloatArray, out: IntArray) -> None:
    """For each row the first column that holds this row alone, else n + row."""
    k, n = matrix.shape
    out[:] = range(n, n + k)
    single = (np.count_nonzero(matrix, axis=0) == 1).nonzero()[0]
    for column in single[::-1].tolist():
        row = int(matrix[:, column].nonzero()[0][0])
        if matrix[row, column] > 0.0:
            out[row] = column


def within(
    low: int,
    high: int,
    lows: IntArray,
    highs: IntArray,
    begins: IntArray,
    rows: IntArray,
    out: IntArray,
) -> int:
    """Write the rows whose set of elements lies within another one, ascending; how many."""
    inside = (((lows & ~low) | (highs & ~high)) == 0).nonzero()[0].tolist()
    parts = [rows[begins[i] : begins[i + 1]] for i in inside]
    found = np.sort(np.concatenate(parts)) if parts else rows[:0]
    out[: len(found)] = found
    return len(found)
