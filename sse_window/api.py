"""The two questions, asked with names and formulas as text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from .cells import pairs
from .cells.pairs import PairResult
from .equilibria import windows
from .equilibria.windows import StabilityWindow
from .facts import names
from .interphases.formation import Thresholds
from .phases.table import PhaseTable
from .sources import datasets

__all__ = ["pair", "stability_window"]


@lru_cache(maxsize=2)
def _packaged(name: str) -> PhaseTable:
    return datasets.load(name)


def _table(phases: PhaseTable | str | Path | None, exclude: Sequence[str]) -> PhaseTable:
    if isinstance(phases, PhaseTable):
        return phases.exclude(exclude)
    name = str(phases) if phases is not None else datasets.DEFAULT
    # A packaged table never changes; what users fetched, imported or wrote may.
    table = _packaged(name) if name in datasets.PACKAGED else datasets.load(name)
    return table.exclude(exclude)


def stability_window(
    formula: str,
    ion: str = "Li",
    *,
    phases: PhaseTable | str | Path | None = None,
    exclude: Sequence[str] = (),
    e_above_hull: float | None = None,
) -> StabilityWindow:
    """Stability window of an electrolyte.

    Parameters
    ----------
    formula : str
        Formula or well-known name.
    ion : str
        Working ion: Li, Na, K, Mg, Ca, Zn or Al.
    phases : PhaseTable, str or Path, optional
        A table, or the name or path of a dataset; the packaged Materials Project table if left out.
    exclude : sequence of str
        Phases to take out of every equilibrium.
    e_above_hull : float, optional
        Energy above hull to assume for the composition [eV/atom].

    Returns
    -------
    StabilityWindow

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> window = stability_window("LLZO")
    >>> round(window.reduction_potential_V, 3), round(window.oxidation_potential_V, 3)
    (0.049, 2.914)
    >>> window.oxidation.reaction
    'Li7La3Zr2O12 -> 1.5 La2O3 + 0.25 Li2O2 + Li6Zr2O7 + 0.5 Li'
    """
    table = _table(phases, exclude)
    return windows.stability_window(table, names.resolve(formula), ion, e_above_hull=e_above_hull)


def pair(
    electrolyte: str,
    electrode: str,
    ion: str = "Li",
    *,
    voltage_range_V: tuple[float, float] | None = None,
    additive: str | None = None,
    phases: PhaseTable | str | Path | None = None,
    exclude: Sequence[str] = (),
    e_above_hull: float | None = None,
    thresholds: Thresholds | None = None,
) -> tuple[PairResult, ...]:
    """Reactions of an electrolyte with an electrode, one result per state of the electrode.

    Parameters
    ----------
    electrolyte, electrode : str
        Formulas or well-known names. A known electrode is taken discharged, then charged.
    ion : str
    voltage_range_V : tuple of float, optional
        Operating range [V vs the metal]; that of the known electrode if left out.
    additive : str, optional
        Third component, such as C.
    phases, exclude, e_above_hull : see :func:`stability_window`
    thresholds : Thresholds, optional
        What counts as conducting and as redox-active.

    Returns
    -------
    tuple of PairResult

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> discharged, charged = pair("LGPS", "LCO")
    >>> round(discharged.chemical.total.reaction_energy, 3)
    -0.345
    >>> charged.electrode_composition
    'Li0.5CoO2'
    """
    return pairs.pair(
        _table(phases, exclude),
        electrolyte,
        electrode,
        ion,
        voltage_range_V=voltage_range_V,
        additive=additive,
        e_above_hull=e_above_hull,
        thresholds=thresholds,
    )
