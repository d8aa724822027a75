"""A window with everything asked about it: limiting phases, error bars, a second database.

What is not asked is not loaded either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..core.composition import Composition
from ..core.errors import FormulaError
from ..core.record import Record, fields_of
from ..equilibria.energy_errors import SEED
from ..equilibria.oxidation_states import WindowRedox, window_redox
from ..equilibria.tolerance import TOLERANCE_eV_per_atom
from ..equilibria.windows import StabilityWindow, stability_window
from ..phases.accuracy import LostPhase, lost_phases
from ..phases.table import PhaseTable
from .elsewhere import WindowElsewhere
from .states import HIGHEST_V

if TYPE_CHECKING:
    from ..equilibria.sensitivity import WindowSensitivity
    from ..equilibria.window_uncertainty import WindowUncertainty
    from ..interphases.interphase import Interphase

__all__ = [
    "WindowAnalysis",
    "WindowSpread",
    "analyse_window",
    "compare_windows",
    "compared_windows",
]


@dataclass(frozen=True, slots=True)
class WindowSpread(Record):
    """The same window in several databases: how far apart, and what differs.

    Attributes
    ----------
    datasets : tuple of str
    reduction_potentials_V, oxidation_potentials_V : tuple of float or None
        One per dataset; None is no limit.
    reduction_spread_V, oxidation_spread_V : float or None
        Largest minus smallest; None where one dataset has a limit and another has none.
    reduction_products_differ, oxidation_products_differ : bool
    reduction_products, oxidation_products : tuple of str
        The sets of products, one per dataset.
    """

    datasets: tuple[str, ...]
    reduction_potentials_V: tuple[float | None, ...]
    oxidation_potentials_V: tuple[float | None, ...]
    reduction_spread_V: float | None
    oxidation_spread_V: float | None
    reduction_products_differ: bool
    oxidation_products_differ: bool
    reduction_products: tuple[str, ...]
    oxidation_products: tuple[str, ...]


@dataclass(frozen=True)
class WindowAnalysis(StabilityWindow):
    """A stability window with what was asked about it; None is not asked.

    Attributes
    ----------
    redox_elements : WindowRedox
        Which element is reduced or oxidised at each limit.
    sensitivity : WindowSensitivity or None
    uncertainty : WindowUncertainty or None
    spread : WindowSpread or None
    interphase : Interphase or None
        What forms at one voltage, and whether it conducts.
    elsewhere : tuple of WindowElsewhere
        The same limits on the other packaged energies.
    lost_phases : tuple of LostPhase
        Measured solids of these elements that the dataset wrongly puts above its hull.
    """

    redox_elements: WindowRedox | None = None
    sensitivity: WindowSensitivity | None = None
    uncertainty: WindowUncertainty | None = None
    spread: WindowSpread | None = None
    interphase: Interphase | None = None
    elsewhere: tuple[WindowElsewhere, ...] = ()
    lost_phases: tuple[LostPhase, ...] = ()


def analyse_window(
    table: PhaseTable,
    composition: Composition,
    ion: str = "Li",
    *,
    e_above_hull: float | None = None,
    tolerance_eV_per_atom: float = TOLERANCE_eV_per_atom,
    sensitivity: bool = False,
    voltage_V: float | None = None,
    draws: int | None = None,
    seed: int = SEED,
    energy_error_eV_per_atom: float | None = None,
) -> WindowAnalysis:
    """Stability window with the analyses asked for.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
    ion : str
    e_above_hull : float, optional
        Energy above hull to assume [eV/atom].
    tolerance_eV_per_atom : float
        Driving force that the tolerance window bears.
    sensitivity : bool
        Recompute each limit without each phase that sets it.
    voltage_V : float, optional
        Classify the interphase that the composition alone becomes at this voltage.
    draws : int, optional
        Monte Carlo draws of the energies; no error bars if left out.
    seed : int
    energy_error_eV_per_atom : float, optional
        One independent error for every compound, in place of those by class.

    Returns
    -------
    WindowAnalysis
    """
    window = stability_window(
        table,
        composition,
        ion,
        e_above_hull=e_above_hull,
        tolerance_eV_per_atom=tolerance_eV_per_atom,
    )
    found = WindowAnalysis(
        **fields_of(window),
        redox_elements=window_redox(window),
        lost_phases=lost_phases(table, {*composition.elements, ion}),
    )
    if sensitivity:
        from ..equilibria.sensitivity import window_sensitivity

        found = replace(found, sensitivity=window_sensitivity(window))
    if voltage_V is not None and voltage_V > HIGHEST_V:
        raise FormulaError(f"voltage {voltage_V:g} V: no electrode works there; were mV meant?")
    if voltage_V is not None:
        from ..interphases.formation import of_window

        found = replace(found, interphase=of_window(window, voltage_V))
    if draws is not None:
        from ..equilibria.class_errors import error_model
        from ..equilibria.window_uncertainty import window_uncertainty

        errors = error_model(table, composition, draws, seed, energy_error_eV_per_atom)
        uncertainty = window_uncertainty(
            table, composition, ion, e_above_hull=e_above_hull, errors=errors
        )
        found = replace(found, uncertainty=uncertainty)
    return found


def compared_windows(windows: Sequence[WindowAnalysis]) -> tuple[WindowAnalysis, ...]:
    """The same windows, each with the spread over the datasets of all."""
    spread = compare_windows(windows)
    return tuple(replace(window, spread=spread) for window in windows)


def compare_windows(windows: Sequence[StabilityWindow]) -> WindowSpread:
    """Spread of one composition's window over the datasets of `windows`."""
    reductions = tuple(w.reduction_potential_V for w in windows)
    oxidations = tuple(w.oxidation_potential_V for w in windows)
    products = [
        tuple(
            " + ".join(sorted(p.formula for p in limit.products)) if limit else "none"
            for limit in limits
        )
        for limits in ([w.reduction for w in windows], [w.oxidation for w in windows])
    ]
    return WindowSpread(
        datasets=tuple(w.dataset.name for w in windows),
        reduction_potentials_V=reductions,
        oxidation_potentials_V=oxidations,
        reduction_spread_V=_spread(reductions),
        oxidation_spread_V=_spread(oxidations),
        reduction_products_differ=len(set(products[0])) > 1,
        oxidation_products_differ=len(set(products[1])) > 1,
        reduction_products=products[0],
        oxidation_products=products[1],
    )


def _spread(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if not known:
        return 0.0
    return max(known) - min(known) if len(known) == len(values) else None
