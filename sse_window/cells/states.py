"""Electrodes in a cell: the states of charge that meet the electrolyte, and the range."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..core.composition import Composition
from ..core.errors import FormulaError
from ..equilibria.windows import stability_window
from ..facts import names
from ..facts.electrodes import Electrode, find, range_of
from ..phases.table import PhaseTable

__all__ = ["CEILING_V", "HIGHEST_V", "ElectrodeState", "electrode_states"]

CEILING_V = 5.0
"""Beyond it no cell is operated; closes windows without an upper limit."""

_OWN_WINDOW = "stability window"


@dataclass(frozen=True, slots=True)
class ElectrodeState:
    """One composition that an electrode takes, with its operating range.

    Attributes
    ----------
    name : str
        The electrode as the user called it.
    composition : Composition
    state : str
        ``discharged``, ``charged`` or ``as given``.
    voltage_range_V : tuple of float
        Lowest and highest voltage vs the working ion's metal.
    range_source : str
        Where the range comes from.
    """

    name: str
    composition: Composition
    state: str
    voltage_range_V: tuple[float, float]
    range_source: str

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of numbers over this range has to know."""
        if not self.range_source.startswith(_OWN_WINDOW):
            return ()
        low, high = self.voltage_range_V
        return (
            f"no operating range of {self.composition.formula} is known: that of its own window, "
            f"{low:.2f} to {high:.2f} V, is used; give the range of your cell (voltage)",
        )


def electrode_states(
    table: PhaseTable,
    electrode: str,
    ion: str = "Li",
    voltage_range_V: tuple[float, float] | None = None,
) -> tuple[ElectrodeState, ...]:
    """States in which an electrode meets the electrolyte.

    A known name (LCO, NMC811) gives its discharged, then its charged composition, a formula the
    composition as given. The operating range is the one asked for, else that of the known
    electrode, else the stability window of the composition itself, up to 5 V.

    Parameters
    ----------
    table : PhaseTable
    electrode : str
        Name or formula.
    ion : str
    voltage_range_V : tuple of float, optional

    Returns
    -------
    tuple of ElectrodeState

    Raises
    ------
    FormulaError
        If the name or formula cannot be read, or the range is not 0 <= low <= high.
    """
    if voltage_range_V is not None:
        _check_range(voltage_range_V)
    known = find(electrode, ion)
    if known is not None:
        return _states_of(known, electrode, voltage_range_V)
    composition = names.resolve(electrode)
    span, source = voltage_range_V, "as asked for"
    if span is None:
        span, source = _range_of_composition(table, composition, ion)
    return (ElectrodeState(electrode, composition, "as given", span, source),)


def _states_of(
    known: Electrode, name: str, voltage_range_V: tuple[float, float] | None
) -> tuple[ElectrodeState, ...]:
    if voltage_range_V is None:
        span, source = (known.voltage_low, known.voltage_high), known.source
    else:
        low, high = voltage_range_V
        span, source = (low, high), "as asked for"
    states = [("discharged", known.discharged), ("charged", known.charged)]
    if known.discharged.reduced_formula == known.charged.reduced_formula:
        # A metal is the same at any state of charge.
        states = [("as given", known.discharged)]
    return tuple(
        ElectrodeState(name, composition, state, span, source) for state, composition in states
    )


def _range_of_composition(
    table: PhaseTable, composition: Composition, ion: str
) -> tuple[tuple[float, float], str]:
    known = range_of(composition, ion)
    if known is not None:
        return known, "operating range of the electrode of this composition"
    window = stability_window(table, composition, ion)
    high = window.oxidation_potential_V
    source = f"{_OWN_WINDOW} of {composition.formula} (no operating range known)"
    low = min(window.reduction_potential_V, CEILING_V)
    return (low, CEILING_V if high is None else min(high, CEILING_V)), source


HIGHEST_V = 20.0
"""Far above what oxidises fluorides; mV are far above this."""


def _check_range(span: tuple[float, float]) -> None:
    try:
        low, high = (float(end) for end in span)
    except (TypeError, ValueError):
        raise FormulaError(
            f"voltage range {span!r}: give two numbers, LOW and HIGH, in V vs the metal"
        ) from None
    if not (math.isfinite(low) and math.isfinite(high) and 0.0 <= low <= high):
        raise FormulaError(
            f"voltage range {low:g} to {high:g} V: give 0 <= LOW <= HIGH, in V vs the metal"
        )
    if high > HIGHEST_V:
        raise FormulaError(
            f"voltage range {low:g} to {high:g} V: no electrode works there; were mV meant?"
        )
