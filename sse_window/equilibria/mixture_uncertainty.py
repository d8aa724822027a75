"""How surely a pair reacts: worst reaction energies under random errors of formation energies.

The draws are those of :mod:`~sse_window.equilibria.energy_errors`. In each of them the worst total
and mutual reactions are found as :class:`~sse_window.equilibria.interfaces.Interface` finds them,
by the same mixture at other energies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition
from ..core.errors import SSEWindowError
from ..core.parametric_lp import Segment
from ..core.record import Record
from ..phases.table import PhaseTable, Provenance
from .chemical_system import ChemicalSystem
from .energy_errors import PLAIN, DrawnPhases, ErrorModel
from .mixtures import Minimum, Mixture, distinct_between
from .reservoirs import metal
from .tolerance import TOLERANCE_eV_per_atom
from .window_uncertainty import ProductSet, product_sets, quantiles

__all__ = [
    "ChemicalUncertainty",
    "ElectrochemicalUncertainty",
    "PairUncertainty",
    "pair_uncertainty",
]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ChemicalUncertainty(Record):
    """Distribution of the worst reaction energy without exchange of ions, per atom of mixture.

    Attributes
    ----------
    median_eV_per_atom, percentile_16_eV_per_atom, percentile_84_eV_per_atom : float
        <= 0; the 16th percentile is the more negative end.
    probability_beyond_threshold : float
        Fraction of draws in which the pair releases more than the threshold.
    product_sets : tuple of ProductSet
        Most frequent first; frequencies sum to 1.
    """

    median_eV_per_atom: float
    percentile_16_eV_per_atom: float
    percentile_84_eV_per_atom: float
    probability_beyond_threshold: float
    product_sets: tuple[ProductSet, ...]


@dataclass(frozen=True, slots=True)
class ElectrochemicalUncertainty(Record):
    """The same open to the ion: the worst over a range of voltage, per non-ion atom of mixture.

    Attributes
    ----------
    median_eV_per_nonion_atom, percentile_16_eV_per_nonion_atom,
    percentile_84_eV_per_nonion_atom : float
    probability_beyond_threshold : float
    product_sets : tuple of ProductSet
    """

    median_eV_per_nonion_atom: float
    percentile_16_eV_per_nonion_atom: float
    percentile_84_eV_per_nonion_atom: float
    probability_beyond_threshold: float
    product_sets: tuple[ProductSet, ...]


@dataclass(frozen=True, slots=True)
class PairUncertainty(Record):
    """Distribution of the worst reactions of a pair.

    Attributes
    ----------
    electrolyte, electrode, working_ion : str
    sigma_eV_per_atom : float
        Of compounds; where errors go by class, of the class of the composition.
    draws, seed : int
    errors : str
        ``independent``, one for every compound, or ``by class, shared within it``.
    threshold_eV : float
        Energy per atom, or per non-ion atom, beyond which the pair is said to react.
    voltage_range_V : tuple of float, or None
    chemical_total, chemical_mutual : ChemicalUncertainty
    electrochemical_total, electrochemical_mutual : ElectrochemicalUncertainty or None
        None where no range of voltage was given.
    notes : tuple of str
    dataset : Provenance
    """

    electrolyte: str
    electrode: str
    working_ion: str
    sigma_eV_per_atom: float
    draws: int
    seed: int
    errors: str
    threshold_eV: float
    voltage_range_V: tuple[float, float] | None
    chemical_total: ChemicalUncertainty
    chemical_mutual: ChemicalUncertainty
    electrochemical_total: ElectrochemicalUncertainty | None
    electrochemical_mutual: ElectrochemicalUncertainty | None
    notes: tuple[str, ...]
    dataset: Provenance


Worst: TypeAlias = tuple[float, tuple[str, ...] | None]
"""Energy of a worst reaction and its products."""


def pair_uncertainty(
    table: PhaseTable,
    electrolyte: Composition,
    electrode: Composition,
    ion: str = "Li",
    *,
    voltage_range_V: tuple[float, float] | None = None,
    threshold_eV: float = TOLERANCE_eV_per_atom,
    additives: Sequence[Composition] = (),
    electrolyte_e_above_hull: float | None = None,
    electrode_e_above_hull: float | None = None,
    errors: ErrorModel = PLAIN,
) -> PairUncertainty:
    """Distribution of the worst reactions of a pair.

    Parameters
    ----------
    table : PhaseTable
    electrolyte, electrode : Composition
    ion : str
        Working ion.
    voltage_range_V : tuple of float, optional
        Lowest and highest voltage of the electrode; without it only the chemical reactions.
    threshold_eV : float
        Energy released per atom (open to the ion: per non-ion atom) that counts as a reaction.
    additives : sequence of Composition
        Further components.
    electrolyte_e_above_hull, electrode_e_above_hull : float, optional
        Energies above hull to assume [eV/atom], exact in every draw.
    errors : ErrorModel

    Returns
    -------
    PairUncertainty

    Raises
    ------
    UnknownElementsError
        If the table lacks an element of the pair, or the ion.
    SSEWindowError
        If the range of voltage is not 0 <= low <= high.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95})
    >>> result = pair_uncertainty(table, parse("Li2S"), parse("P2S5"))
    >>> round(result.chemical_total.median_eV_per_atom, 2)
    -0.03
    >>> 0.0 < result.chemical_total.probability_beyond_threshold < 1.0
    True
    """
    if voltage_range_V is not None and not 0.0 <= voltage_range_V[0] <= voltage_range_V[1] < np.inf:
        low, high = voltage_range_V
        raise SSEWindowError(f"voltage range {low:g} to {high:g} V: give 0 <= LOW <= HIGH")
    compositions = [electrolyte, electrode, *additives]
    lifts = [electrolyte_e_above_hull, electrode_e_above_hull, *[None] * len(additives)]
    elements = {element for composition in compositions for element in composition.elements}
    table.require(sorted(elements | {ion}))
    drawn = DrawnPhases(table, elements | {ion}, errors)
    phases = [drawn.phase(c, lift) for c, lift in zip(compositions, lifts, strict=True)]
    own = np.array(
        [
            p.energies(drawn.hull_energies(c)) * c.atoms
            for p, c in zip(phases, compositions, strict=True)
        ]
    ).T
    chemical = _draws(drawn, ChemicalSystem(drawn.table, elements), compositions, own, (0.0, 0.0))
    electrochemical = []
    if voltage_range_V is not None:
        system = ChemicalSystem(drawn.table, elements, metal(ion))
        electrochemical = _draws(drawn, system, compositions, own, voltage_range_V)
    total, mutual = ([draw[i] for draw in chemical] for i in (0, 1))
    open_total, open_mutual = ([draw[i] for draw in electrochemical] for i in (0, 1))
    return PairUncertainty(
        electrolyte=electrolyte.formula,
        electrode=electrode.formula,
        working_ion=ion,
        sigma_eV_per_atom=errors.sigma_eV_per_atom,
        draws=errors.draws,
        seed=errors.seed,
        errors=errors.kind,
        threshold_eV=threshold_eV,
        voltage_range_V=voltage_range_V,
        chemical_total=ChemicalUncertainty(*_distribution(total, threshold_eV)),
        chemical_mutual=ChemicalUncertainty(*_distribution(mutual, threshold_eV)),
        electrochemical_total=(
            ElectrochemicalUncertainty(*_distribution(open_total, threshold_eV))
            if open_total
            else None
        ),
        electrochemical_mutual=(
            ElectrochemicalUncertainty(*_distribution(open_mutual, threshold_eV))
            if open_mutual
            else None
        ),
        notes=tuple(phase.note for phase in phases if phase.note),
        dataset=table.provenance,
    )


def _distribution(
    worst: Sequence[Worst], threshold: float
) -> tuple[float, float, float, float, tuple[ProductSet, ...]]:
    energies = np.array([energy for energy, _ in worst])
    low, median, high = quantiles(energies)
    assert low is not None and median is not None and high is not None
    beyond = float(np.mean(-energies > threshold))
    return median, low, high, beyond, product_sets(products for _, products in worst)


def _draws(
    drawn: DrawnPhases,
    system: ChemicalSystem,
    compositions: Sequence[Composition],
    energies: FloatArray,
    voltage_range: tuple[float, float],
) -> list[tuple[Worst, Worst]]:
    """Worst total and worst mutual reaction over a range of voltage (closed: at 0), draw by draw.

    `energies` are those of the sides as given, shape (draws, sides) [eV per formula unit].

    At a fixed mixing fraction the grand potential of the mixture is concave in V. That of the sides
    as given is linear, so that the worst total energy is found at an end; that of their own
    equilibria is linear between their transitions, at which the mutual energy is taken too.
    """
    mixture = Mixture(system, compositions)
    if not mixture.kept:
        return [((0.0, None), (0.0, None))] * len(energies)
    low, high = voltage_range
    sides = [compositions[i] for i in mixture.kept]
    starts = [system.equilibrium(side).basis for side in sides]

    def worst(cost: FloatArray, given: Sequence[float]) -> tuple[Worst, Worst]:
        program = system.program.repriced(cost, system.slope)
        traces = [
            system.trace(side, low, high, program=program, start=start)
            for side, start in zip(sides, starts, strict=True)
        ]
        inner = {segment.low for trace in traces for segment in trace[1:]}
        total: Worst = (0.0, None)
        mutual: Worst = (0.0, None)
        for voltage in sorted({low, high, *distinct_between(inner, low, high)}):
            at = cost + voltage * system.slope
            if voltage in (low, high):
                found = mixture.most_negative(at, mixture.given(given, voltage))
                total = min(total, _named(system, found), key=_energy)
            alone = [_value(trace, voltage) for trace in traces]
            mutual = min(mutual, _named(system, mixture.most_negative(at, alone)), key=_energy)
        return total, mutual

    return [
        worst(cost, given)
        for cost, given in zip(drawn.costs(system), energies.tolist(), strict=True)
    ]


def _value(trace: Sequence[Segment], voltage: float) -> float:
    return next(s.vertex.value(voltage) for s in trace if voltage <= s.high)


def _named(system: ChemicalSystem, minimum: Minimum) -> Worst:
    if minimum.energy == 0.0:
        return 0.0, None
    columns = minimum.vertex.columns[minimum.vertex.columns < len(system)]
    return minimum.energy, tuple(str(f) for f in system.phases.formulas[columns])


def _energy(worst: Worst) -> float:
    return worst[0]
