"""A pair with everything asked about it: error bars, a second database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.record import Record, fields_of
from ..equilibria.class_errors import error_model
from ..equilibria.energy_errors import SEED
from ..equilibria.mixture_uncertainty import PairUncertainty, pair_uncertainty
from ..facts.names import resolve
from ..interphases.formation import Thresholds
from ..phases.accuracy import LostPhase, lost_phases
from ..phases.table import PhaseTable
from .elsewhere import PairElsewhere
from .pairs import PairResult, pair_state
from .states import ElectrodeState

__all__ = ["PairAnalysis", "PairSpread", "analyse_pair", "compare_pairs", "compared_pairs"]


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
    """One state of a pair with the analyses asked for.

    See :func:`~sse_window.cells.window_questions.analyse_window`.
    """
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
            errors=error_model(table, resolve(electrolyte), draws, seed, energy_error_eV_per_atom),
        )
    sides = (resolve(electrolyte), state.composition)
    elements = {ion, *(e for side in sides for e in side.elements)}
    return PairAnalysis(
        **fields_of(result), uncertainty=uncertainty, lost_phases=lost_phases(table, elements)
    )


def compared_pairs(pairs: Sequence[PairAnalysis]) -> tuple[PairAnalysis, ...]:
    """The same pairs, each with the spread over the datasets of all."""
    spread = compare_pairs(pairs)
    return tuple(replace(pair, spread=spread) for pair in pairs)


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
