"""Formulas as lists have them, which are most often those of the table itself."""

from __future__ import annotations

from ..core.composition import Composition
from ..facts import names
from .table import PhaseTable

__all__ = ["composition_in"]


def composition_in(table: PhaseTable, formula: str) -> tuple[Composition, int]:
    """Composition of a name or formula, and its row in the table or -1.

    Parameters
    ----------
    table : PhaseTable
    formula : str

    Returns
    -------
    Composition
    int

    Raises
    ------
    FormulaError
        If it is neither a name nor a formula.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4})
    >>> composition_in(table, "Li2S")[1], composition_in(table, "LGPS")[1]
    (1, -1)
    """
    row = table.index(formula)
    if row is not None and names.canonical_name(formula) is None:
        # As the table writes it: there is nothing to parse, nor to reduce.
        composition = Composition(formula, table.composition(row))
        vars(composition)["reduced_formula"] = formula
        return composition, row
    composition = names.resolve(formula)
    row = table.index(composition.reduced_formula)
    return composition, -1 if row is None else row
