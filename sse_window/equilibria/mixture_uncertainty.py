"""How surely a pair reacts: worst reaction energies under random errors of formation energies.

The draws are those of :mod:`~sse_window.equilibria.energy_errors`. In each of them the worst total
and mutual reactions are found as :class:`~sse_window.equilibria.mixtures.Interface` finds them,
which the tests hold against each other; here the program of a pair is set up once, and only its
costs change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition
from ..core.errors import SSEWindowError
from ..core.parametric_lp import mixing_program
from ..core.record import Record
from ..core.tolerances import ENERGY_eV_per_atom
from ..phases.table import PhaseTable, Provenance
from .chemical_system import ChemicalSystem
from .energy_errors import DRAWS, SEED, DrawnPhases, SIGMA_eV_per_atom
from .window_uncertainty import ProductSet, product_sets, quantiles

__all__ = [
    "ChemicalUncertainty",
    "ElectrochemicalUncertainty",
    "PairUncertainty",
    "pair_uncertainty",
]

FloatArray = npt.NDArray[np.float64]

THRESHOLD_eV = 0.03
"""A driving force below it may leave an interface kinetically stable."""


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
    draws, seed : int
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
    threshold_eV: float = THRESHOLD_eV,
    additive: Composition | None = None,
    electrolyte_e_above_hull: float | None = None,
    electrode_e_above_hull: float | None = None,
    sigma_eV_per_atom: float = SIGMA_eV_per_atom,
    draws: int = DRAWS,
    seed: int = SEED,
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
    additive : Composition, optional
        Third component.
    electrolyte_e_above_hull, electrode_e_above_hull : float, optional
        Energies above hull to assume [eV/atom], exact in every draw.
    sigma_eV_per_atom : float
        Standard deviation of the error of a compound.
    draws, seed : int

    Returns
    -------
    PairUncertainty

    Raises
    ------
    UnknownElementsError
        If the table lacks an element of the pair, or the ion.
    SSEWindowError
        If there is no draw, the seed is negative, the standard deviation negative or no number, or
        the range of voltage not 0 <= low <= high.

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
    compositions = [electrolyte, electrode, *([additive] if additive else [])]
    lifts = [electrolyte_e_above_hull, electrode_e_above_hull, *([None] if additive else [])]
    elements = {element for composition in compositions for element in composition.elements}
    table.require(sorted(elements | {ion}))
    drawn = DrawnPhases(table, elements | {ion}, sigma_eV_per_atom, draws, seed)
    phases = [drawn.phase(c, lift) for c, lift in zip(compositions, lifts, strict=True)]
    own = np.array(
        [p.energies(drawn.hull_energies(c)) for p, c in zip(phases, compositions, strict=True)]
    ).T
    closed = _Mixture(ChemicalSystem(drawn.table, elements), compositions)
    chemical = [
        closed.worst(cost, energies, (0.0, 0.0))
        for cost, energies in zip(drawn.costs(closed.system), own, strict=True)
    ]
    electrochemical = []
    if voltage_range_V is not None:
        open_ = _Mixture(ChemicalSystem(drawn.table, elements, ion), compositions)
        electrochemical = [
            open_.worst(cost, energies, voltage_range_V)
            for cost, energies in zip(drawn.costs(open_.system), own, strict=True)
        ]
    total, mutual = ([draw[i] for draw in chemical] for i in (0, 1))
    open_total, open_mutual = ([draw[i] for draw in electrochemical] for i in (0, 1))
    return PairUncertainty(
        electrolyte=electrolyte.formula,
        electrode=electrode.formula,
        working_ion=ion,
        sigma_eV_per_atom=sigma_eV_per_atom,
        draws=draws,
        seed=seed,
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


class _Mixture:
    """The sides of the pair in one chemical system, closed or open, at costs that change.

    A side that is the reservoir metal conserves nothing and is left out.
    """

    def __init__(self, system: ChemicalSystem, compositions: Sequence[Composition]) -> None:
        self.system = system
        kept = [i for i, c in enumerate(compositions) if system.conserved_atoms(c) > 0.0]
        sides = [compositions[i] for i in kept]
        self._kept = kept
        self._atoms = np.array([c.atoms for c in sides])
        self._conserved = np.array([system.conserved_atoms(c) for c in sides])
        self._ions = np.array([c.amount(system.ion) if system.ion else 0.0 for c in sides])
        self._vectors = [system.vector(c) for c in sides]
        self._alone_basis = [system.program.solve(b).basis for b in self._vectors]
        if kept:
            self._program, self._b = mixing_program(system.matrix, system.cost, self._vectors)
            self._basis = self._program.solve(self._b).basis

    def worst(
        self, cost: FloatArray, own: FloatArray, voltage_range: tuple[float, float]
    ) -> tuple[Worst, Worst]:
        """Worst total and worst mutual reaction over a range of voltage (closed: at 0).

        Parameters
        ----------
        cost : ndarray, shape (n,)
            Of the columns of the system.
        own : ndarray
            Energy of every side as given [eV/atom].
        voltage_range : tuple of float

        Notes
        -----
        At a fixed mixing fraction the grand potential of the mixture is concave in V. That of the
        sides as given is linear, so that the worst total energy is found at an end; that of their
        own equilibria is linear between their transitions, at which the mutual energy is taken too.
        """
        if not self._kept:
            return (0.0, None), (0.0, None)
        low, high = voltage_range
        program = self.system.program.repriced(cost, self.system.slope)
        traces = [
            program.trace(b, low, high, start)
            for b, start in zip(self._vectors, self._alone_basis, strict=True)
        ]
        inner = {segment.low for trace in traces for segment in trace[1:]}
        total: Worst = (0.0, None)
        mutual: Worst = (0.0, None)
        for voltage in sorted({low, high} | inner):
            at = cost + voltage * self.system.slope
            if voltage in (low, high):
                charges = self.system.charge * voltage * self._ions
                given = (own[self._kept] * self._atoms + charges) / self._conserved
                total = min(total, self._most_negative(at, given), key=_energy)
            alone = np.array(
                [
                    next(s.vertex.value(voltage) for s in trace if voltage <= s.high)
                    for trace in traces
                ]
            )
            mutual = min(mutual, self._most_negative(at, alone), key=_energy)
        return total, mutual

    def _most_negative(self, cost: FloatArray, unmixed: FloatArray) -> Worst:
        """Worst reaction of any mixture; the gains of the mixing fractions are costs < 0."""
        gains = unmixed - unmixed[-1]
        program = self._program.repriced(np.concatenate([cost, -gains]))
        vertex = program.solve(self._b, start=self._basis)
        self._basis = vertex.basis
        energy = vertex.cost - float(unmixed[-1])
        if energy > -ENERGY_eV_per_atom:
            return 0.0, None
        columns = vertex.columns[vertex.columns < len(self.system.phases)]
        return energy, tuple(str(f) for f in self.system.phases.formulas[columns])


def _energy(worst: Worst) -> float:
    return worst[0]
