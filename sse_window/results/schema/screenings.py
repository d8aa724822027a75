"""Columns of the rows of a screening."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .column import NOTES, STATUS, Column, formula, volts
from .pairs import OF_PAIR, pair_spread
from .windows import OF_WINDOW, window_analyses

__all__ = ["screening"]


def screening(
    *, pairs: bool, steps: bool = False, compare: Sequence[str] = ()
) -> tuple[Column, ...]:
    """Columns that a screening works out, in order; those of :data:`ORIGIN` follow.

    Parameters
    ----------
    pairs : bool
        Pairs rather than single compositions.
    steps : bool
        With the steps of every voltage profile, as JSON.
    compare : sequence of str
        Names of further datasets that answer beside the first one.

    Returns
    -------
    tuple of Column

    Examples
    --------
    >>> [column.key for column in screening(pairs=False)][:3]
    ['formula', 'status', 'message']
    """
    columns = [formula("formula", "Formula", shown=0 if pairs else 1), *STATUS, *OF_WINDOW]
    columns += OF_PAIR if pairs else ()
    if compare:
        columns += _compared(compare, pairs=pairs)
    columns += NOTES
    if steps:
        columns.append(Column("steps", "Steps"))
    return tuple(columns)


def _compared(datasets: Sequence[str], *, pairs: bool) -> Iterator[Column]:
    for name in datasets:
        yield volts(f"{name}_reduction_potential_V", f"Reduction, {name}")
        yield volts(f"{name}_oxidation_potential_V", f"Oxidation, {name}")
    yield Column("compared_datasets", "Compared datasets", missing="only one has an answer")
    for column in window_analyses():
        if column.steps[0] == "spread":
            yield column
    if pairs:
        for name in datasets:
            at = f"{name}_chemical_mutual_eV_per_atom"
            yield Column(at, f"Chemical, mutual, {name}", "number", "eV/atom", 3, "unknown")
            at = f"{name}_electrochemical_mutual_eV_per_nonion_atom"
            label = f"Electrochemical worst, mutual, {name}"
            yield Column(at, label, "number", "eV/non-ion atom", 3, "unknown")
            yield Column(f"{name}_interphase_class", f"Interphase, {name}", "whole", "class", 0)
        yield from pair_spread()
