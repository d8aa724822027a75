"""A result with everything asked about it: limiting phases, error bars, a second database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from ..core.composition import Composition
from ..core.record import Record
from ..equilibria.class_errors import class_error_model
from ..equilibria.energy_errors import SEED, ErrorModel
from ..equilibria.mixture_uncertainty import PairUncertainty, pair_uncertainty
from ..equilibria.oxidation_states import WindowRedox, window_redox
from ..equilibria.sensitivity import WindowSensitivity, window_sensitivity
from ..equilibria.tolerance import TOLERANCE_eV_per_atom
from ..equilibria.window_uncertainty import WindowUncertainty, window_uncertainty
from ..equilibria.windows import StabilityWindow, stability_window
from ..facts.names import resolve
from ..interphases.formation import Thresholds, of_window
from ..interphases.interphase import Interphase
from ..phases.accuracy import LostPhase, lost_phases
from ..phases.table import PhaseTable
from .elsewhere import PairElsewhere, WindowElsewhere
from .pairs import PairResult, pair_state
from .states import ElectrodeState

__all__ = [
    "PairAnalysis",
    "PairSpread",
    "WindowAnalysis",
    "WindowSpread",
    "analyse_pair",
    "analyse_window",
    "compare_pairs",
    "compare_windows",
    "compared_pairs",
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


@dataclass(frozen=True, slots=True)
class PairSpread(Record):
    """The same pair in several databases.

    Attributes
    ----------
    datasets : tuple of str
    chemical_mutual_eV_per_atom, electrochemical_mutual_eV_per_nonion_atom : tuple of float
        Worst mutual reaction energies, one per dataset.
    chemical_spread_eV_per_atom, electrochemical_spread_eV_per_nonion_atom : float
    interphase_classes : tuple of int or None
    products : tuple of str
        The sets of products of the interphase, one per dataset.
    products_differ : bool
    """

    datasets: tuple[str, ...]
    chemical_mutual_eV_per_atom: tuple[float, ...]
    electrochemical_mutual_eV_per_nonion_atom: tuple[float, ...]
    chemical_spread_eV_per_atom: float
    electrochemical_spread_eV_per_nonion_atom: float
    interphase_classes: tuple[int | None, ...]
    products: tuple[str, ...]
    products_differ: bool


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


@dataclass(frozen=True)
class PairAnalysis(PairResult):
    """A pair with what was asked about it; None is not asked.

    Attributes
    ----------
    uncertainty : PairUncertainty or None
    spread : PairSpread or None
    elsewhere : tuple of PairElsewhere
        The same energies on the other packaged ones.
    lost_phases : tuple of LostPhase
        Measured solids of these elements that the dataset wrongly puts above its hull.
    """

    uncertainty: PairUncertainty | None = None
    spread: PairSpread | None = None
    elsewhere: tuple[PairElsewhere, ...] = ()
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
    uncertainty = None
    if draws is not None:
        errors = _errors(table, composition, draws, seed, energy_error_eV_per_atom)
        uncertainty = window_uncertainty(
            table, composition, ion, e_above_hull=e_above_hull, errors=errors
        )
    return WindowAnalysis(
        **_fields(window),
        redox_elements=window_redox(window),
        sensitivity=window_sensitivity(window) if sensitivity else None,
        interphase=None if voltage_V is None else of_window(window, table, voltage_V),
        uncertainty=uncertainty,
        lost_phases=lost_phases(table, {*composition.elements, ion}),
    )


def analyse_pair(
    table: PhaseTable,
    electrolyte: str,
    state: ElectrodeState,
    ion: str = "Li",
    *,
    additive: str | None = None,
    e_above_hull: float | None = None,
    thresholds: Thresholds | None = None,
    draws: int | None = None,
    seed: int = SEED,
    energy_error_eV_per_atom: float | None = None,
) -> PairAnalysis:
    """One state of a pair with the analyses asked for; see :func:`analyse_window`."""
    result = pair_state(
        table,
        electrolyte,
        state,
        ion,
        additive=additive,
        e_above_hull=e_above_hull,
        thresholds=thresholds,
    )
    uncertainty = None
    if draws is not None:
        uncertainty = pair_uncertainty(
            table,
            resolve(electrolyte),
            state.composition,
            ion,
            voltage_range_V=state.voltage_range_V,
            additives=(resolve(additive),) if additive else (),
            electrolyte_e_above_hull=e_above_hull,
            errors=_errors(table, resolve(electrolyte), draws, seed, energy_error_eV_per_atom),
        )
    sides = (resolve(electrolyte), state.composition)
    elements = {ion, *(e for side in sides for e in side.elements)}
    return PairAnalysis(
        **_fields(result), uncertainty=uncertainty, lost_phases=lost_phases(table, elements)
    )


def _errors(
    table: PhaseTable, composition: Composition, draws: int, seed: int, sigma: float | None
) -> ErrorModel:
    """Errors by class, or one independent error that was asked for."""
    if sigma is None:
        return class_error_model(table, composition, draws, seed)
    return ErrorModel(sigma_eV_per_atom=sigma, draws=draws, seed=seed)


def _fields(result: StabilityWindow | PairResult) -> dict[str, Any]:
    return {field.name: getattr(result, field.name) for field in fields(result)}


def compared_windows(windows: Sequence[WindowAnalysis]) -> tuple[WindowAnalysis, ...]:
    """The same windows, each with the spread over the datasets of all."""
    spread = compare_windows(windows)
    return tuple(replace(window, spread=spread) for window in windows)


def compared_pairs(pairs: Sequence[PairAnalysis]) -> tuple[PairAnalysis, ...]:
    """The same pairs, each with the spread over the datasets of all."""
    spread = compare_pairs(pairs)
    return tuple(replace(pair, spread=spread) for pair in pairs)


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


def compare_pairs(pairs: Sequence[PairResult]) -> PairSpread:
    """Spread of one pair's worst mutual reactions over the datasets of `pairs`."""
    chemical = tuple(p.chemical.mutual.reaction_energy for p in pairs)
    electrochemical = tuple(p.electrochemical[-1].mutual.reaction_energy for p in pairs)
    products = tuple(
        " + ".join(sorted(product.formula for product in p.interphase.products)) or "none"
        for p in pairs
    )
    return PairSpread(
        datasets=tuple(p.dataset.name for p in pairs),
        chemical_mutual_eV_per_atom=chemical,
        electrochemical_mutual_eV_per_nonion_atom=electrochemical,
        chemical_spread_eV_per_atom=max(chemical) - min(chemical),
        electrochemical_spread_eV_per_nonion_atom=max(electrochemical) - min(electrochemical),
        interphase_classes=tuple(p.interphase.interphase_class for p in pairs),
        products=products,
        products_differ=len(set(products)) > 1,
    )


def _spread(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if not known:
        return 0.0
    return max(known) - min(known) if len(known) == len(values) else None
