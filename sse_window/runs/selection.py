"""What to screen: a selection of compositions, and the phases of a dataset by their elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.elements import ATOMIC_NUMBER
from ..core.errors import DataError, FormulaError
from ..phases.table import PhaseTable

__all__ = ["Selection", "matching", "select_phases"]

BoolArray: TypeAlias = npt.NDArray[np.bool_]

_LONGEST = 300
"""Words of an expression; all elements with operators are fewer, and brackets nest less deep."""


@dataclass(frozen=True)
class Selection:
    """Compositions in the order in which their results are wanted.

    Attributes
    ----------
    formulas : tuple of str
        Names or formulas as typed; not looked at yet.
    electrodes : tuple of str or None
        An electrode for each formula, where the list names pairs.
    columns : mapping of str to sequence
        Further columns, one value per formula (None where there is none), carried through.
    source : str
        Where they come from, for messages.
    """

    formulas: tuple[str, ...]
    electrodes: tuple[str, ...] | None = None
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    source: str = "list"

    def __len__(self) -> int:
        return len(self.formulas)


def select_phases(
    table: PhaseTable, expression: str, max_e_above_hull: float | None = None
) -> Selection:
    """Compounds of a dataset by the elements that they hold.

    Parameters
    ----------
    table : PhaseTable
    expression : str
        Elements joined by ``&`` (and), ``|`` (or), ``!`` (not) and brackets.
    max_e_above_hull : float, optional
        Leave out phases that are known to lie higher above the hull [eV/atom].

    Returns
    -------
    Selection
        In the order of the table. Pure elements are no compounds, and are left out.

    Raises
    ------
    FormulaError
        If the expression cannot be read.
    DataError
        If no phase matches.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> select_phases(table, "Li & S & !P").formulas
    ('Li2S',)
    """
    wanted = matching(table, expression) & (np.diff(table.offsets) > 1)
    if max_e_above_hull is not None:
        wanted &= ~(table.e_above_hull > max_e_above_hull)
    if not wanted.any():
        below = "" if max_e_above_hull is None else f" within {max_e_above_hull:g} eV/atom"
        raise DataError(
            f"no compound in dataset {table.provenance.name!r} matches {expression!r}{below}"
        )
    formulas = tuple(table.formulas[np.flatnonzero(wanted)].tolist())
    return Selection(formulas, source=f"{expression} in {table.provenance.name}")


def matching(table: PhaseTable, expression: str) -> BoolArray:
    """Which phases of a table an expression of elements holds for.

    Parameters
    ----------
    table : PhaseTable
    expression : str
        As in :func:`select_phases`.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    FormulaError
        If the expression cannot be read.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    >>> table.formulas[matching(table, "Li & (S | P)")].tolist()
    ['Li2S', 'Li3P']
    """
    return _Expression(expression, _holding(table)).value()


def _holding(table: PhaseTable) -> Callable[[str], BoolArray]:
    phase_of = np.repeat(np.arange(len(table)), np.diff(table.offsets))

    def holding(element: str) -> BoolArray:
        held = np.zeros(len(table), bool)
        held[phase_of[table.numbers == ATOMIC_NUMBER[element]]] = True
        return held

    return holding


class _Expression:
    """``|`` binds weaker than ``&``, and ``&`` weaker than ``!``."""

    def __init__(self, text: str, holding: Callable[[str], BoolArray]) -> None:
        self._text = text
        self._holding = holding
        self._tokens = re.findall(r"[A-Za-z]+|\S", text)
        self._next = 0

    def value(self) -> BoolArray:
        if len(self._tokens) > _LONGEST:
            raise FormulaError(f"an expression of more than {_LONGEST} words: shorten it")
        if not self._tokens:
            raise FormulaError("empty expression of elements: give one such as 'Li & (S | Cl)'")
        value = self._either()
        if self._next < len(self._tokens):
            raise self._error(f"expected & or | before {self._tokens[self._next]!r}")
        return value

    def _take(self, *wanted: str) -> bool:
        there = self._next < len(self._tokens) and self._tokens[self._next] in wanted
        self._next += there
        return there

    def _either(self) -> BoolArray:
        value = self._both()
        while self._take("|", "or"):
            value = value | self._both()
        return value

    def _both(self) -> BoolArray:
        value = self._single()
        while self._take("&", "and"):
            value = value & self._single()
        return value

    def _single(self) -> BoolArray:
        if self._take("!", "~", "not"):
            return ~self._single()
        if self._take("("):
            value = self._either()
            if not self._take(")"):
                raise self._error("a bracket is never closed")
            return value
        if self._next == len(self._tokens):
            raise self._error("it ends where an element should follow")
        token = self._tokens[self._next]
        if token not in ATOMIC_NUMBER:
            known = token.capitalize()
            hint = f", did you mean {known}?" if known in ATOMIC_NUMBER else ""
            raise self._error(f"{token!r} is no element{hint}")
        self._next += 1
        return self._holding(token)

    def _error(self, problem: str) -> FormulaError:
        return FormulaError(
            f"cannot read {self._text!r}: {problem}; write elements with &, |, ! and brackets, "
            "such as 'Li & (S | Cl) & !C'"
        )
