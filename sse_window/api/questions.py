"""Questions about one composition, asked with names and formulas, or with phases in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..cells import elsewhere, window_questions
from ..cells.window_questions import WindowAnalysis
from ..core.arguments import check_arguments
from ..equilibria.energy_errors import SEED
from ..equilibria.tolerance import TOLERANCE_eV_per_atom
from ..equilibria.windows import StabilityWindow
from ..facts import names
from .inputs import CompositionLike, PhasesLike, formula_of
from .phases import composition, packaged_hulls, table_of

if TYPE_CHECKING:
    from ..equilibria.ternary import TernaryDiagram
    from ..facts.measured_windows import MeasuredWindow
    from ..interphases.products import ProductCharacter

__all__ = [
    "SEED",
    "TOLERANCE_eV_per_atom",
    "compare_windows",
    "measured_windows",
    "products_over_voltage",
    "stability_window",
    "ternary",
    "windows_elsewhere",
]


def stability_window(
    formula: CompositionLike,
    ion: str = "Li",
    *,
    phases: PhasesLike = None,
    exclude: Any = (),
    e_above_hull: float | None = None,
    tolerance_eV_per_atom: float = TOLERANCE_eV_per_atom,
    sensitivity: bool = False,
    voltage_V: float | None = None,
    draws: int | None = None,
    seed: int = SEED,
    energy_error_eV_per_atom: float | None = None,
) -> WindowAnalysis:
    """Stability window of an electrolyte, with what else is asked about it.

    Parameters
    ----------
    formula : str, Composition, or pymatgen Composition, Structure or entry
        Formula or well-known name, or a composition in hand.
    ion : str
        Working ion: Li, Na, K, Mg, Ca, Zn or Al.
    phases : PhaseTable, str, Path, pymatgen entries or PhaseDiagram, optional
        A table, or the name or path of a dataset; mp-2020-polyanions if left out.
    exclude : composition or sequence of compositions
        Phases to take out of every equilibrium.
    e_above_hull : float, optional
        Energy above hull to assume for the composition [eV/atom].
    tolerance_eV_per_atom : float
        Driving force that the tolerance window bears.
    sensitivity : bool
        Recompute each limit without each phase that sets it.
    voltage_V : float, optional
        Say what the composition alone becomes at this voltage, and whether that conducts.
    draws : int, optional
        Monte Carlo draws of the energies; no error bars if left out.
    seed : int
        The same seed gives the same numbers.
    energy_error_eV_per_atom : float, optional
        One independent error for every compound. If left out, compounds have the error of their
        class against measurement, most of it shared within the class.

    Returns
    -------
    WindowAnalysis
        A :class:`~sse_window.equilibria.windows.StabilityWindow` with what was asked beside it.

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> window = stability_window("LLZO")
    >>> round(window.reduction_potential_V, 3), round(window.oxidation_potential_V, 3)
    (0.049, 2.899)
    >>> window.oxidation.reaction
    'Li7La3Zr2O12 -> 1.5 La2O3 + 0.25 Li2O2 + Li6Zr2O7 + 0.5 Li'
    """
    check_arguments(stability_window, locals())
    return window_questions.analyse_window(
        table_of(phases, exclude),
        names.resolve(formula_of(formula)),
        ion,
        e_above_hull=e_above_hull,
        tolerance_eV_per_atom=tolerance_eV_per_atom,
        sensitivity=sensitivity,
        voltage_V=voltage_V,
        draws=draws,
        seed=seed,
        energy_error_eV_per_atom=energy_error_eV_per_atom,
    )


def compare_windows(
    formula: CompositionLike,
    ion: str = "Li",
    *,
    phases: Sequence[PhasesLike],
    **asked: Any,
) -> tuple[WindowAnalysis, ...]:
    """The stability window of one electrolyte in several datasets, with the spread over them.

    Parameters
    ----------
    formula, ion : str
    phases : sequence of PhaseTable, str or Path
        One gives one window, without a spread.
    **asked
        See :func:`stability_window`.

    Returns
    -------
    tuple of WindowAnalysis
        One for each dataset.

    Examples
    --------
    >>> here, there = compare_windows("Li3PS4", phases=["mp-legacy", "oqmd"])
    >>> here.spread.datasets
    ('mp-legacy', 'oqmd')
    """
    check_arguments(compare_windows, locals())
    windows = [stability_window(formula, ion, phases=table, **asked) for table in phases]
    return window_questions.compared_windows(windows) if len(windows) > 1 else tuple(windows)


def windows_elsewhere(windows: Sequence[WindowAnalysis]) -> list[WindowAnalysis]:
    """The same windows, each with its limits on the other packaged energies.

    Parameters
    ----------
    windows : sequence of WindowAnalysis

    Returns
    -------
    list of WindowAnalysis

    Examples
    --------
    >>> (window,) = windows_elsewhere([stability_window("LGPS", phases="mp-legacy")])
    >>> found = {w.dataset_name: w for w in window.elsewhere}
    >>> round(found["oqmd"].reduction_potential_V, 2), "mp-legacy" in found
    (1.72, False)
    """
    check_arguments(windows_elsewhere, locals())
    shown = []
    for window in windows:
        elements = {*composition(window.formula).elements, window.working_ion}
        tables = packaged_hulls(elements, but=window.dataset.name)
        shown.append(replace(window, elsewhere=elsewhere.window_elsewhere(window, tables)))
    return shown


def products_over_voltage(
    window: StabilityWindow,
) -> list[tuple[ProductCharacter, ...]]:
    """What the products of every step of a voltage profile let through.

    Parameters
    ----------
    window : StabilityWindow

    Returns
    -------
    list of tuple of ProductCharacter
        One tuple for each step.
    """
    check_arguments(products_over_voltage, locals())
    from ..facts.conductors import facts
    from ..interphases.products import describe

    return [
        tuple(describe(step.products, window.table, facts(), window.working_ion))
        for step in window.steps
    ]


def measured_windows(windows: Sequence[StabilityWindow]) -> list[MeasuredWindow | None]:
    """What was measured of each composition; None where nothing is cited.

    Examples
    --------
    >>> (found,) = measured_windows([stability_window("LGPS")])
    >>> found.reduction_V, found.oxidation_V
    (1.7, 2.1)
    """
    check_arguments(measured_windows, locals())
    from ..facts.measured_windows import measured_window

    return [measured_window(window.composition, window.working_ion) for window in windows]


def ternary(
    formula: CompositionLike,
    ion: str = "Li",
    *,
    voltage_V: float | None = None,
    phases: PhasesLike = None,
) -> TernaryDiagram:
    """Ternary phase diagram around a composition, with the potential of the ion.

    Parameters
    ----------
    formula, ion, phases : see :func:`stability_window`
    voltage_V : float, optional
        Of a composition of three elements besides the ion: potential at which it is open to it.

    Returns
    -------
    TernaryDiagram

    Examples
    --------
    >>> found = ternary("Li3PS4", phases="mp-legacy")
    >>> found.corners, found.phases[0].formula
    (('Li', 'P', 'S'), 'Li')
    """
    check_arguments(ternary, locals())
    from ..equilibria.ternary import ternary_diagram

    return ternary_diagram(table_of(phases), composition(formula), ion, voltage_V)
