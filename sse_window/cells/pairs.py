"""Electrolyte and electrode in a cell: their reactions, the interphase, a third component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..core.arguments import check_arguments
from ..core.composition import Composition
from ..core.record import Record
from ..equilibria.interfaces import Interface
from ..equilibria.mixtures import MixingPoint, MixingReaction, WorstReaction
from ..equilibria.remarks import supercell_notes
from ..facts import names
from ..interphases.formation import Thresholds, of_pair
from ..interphases.interphase import Interphase
from ..phases.accuracy import Deviation, off_by
from ..phases.table import PhaseTable, Provenance
from .additives import AdditiveEffect, additive_effect
from .reactions import ElectrochemicalReaction, over_range
from .states import ElectrodeState

__all__ = [
    "AdditiveEffect",
    "ElectrochemicalReaction",
    "PairCurves",
    "PairResult",
    "pair_curves",
    "pair_state",
]


@dataclass(frozen=True, slots=True)
class TransitionEnergy(Record):
    """Worst reaction energies at one of the voltages that decide the worst over the range."""

    voltage_V: float
    total_reaction_energy_eV_per_nonion_atom: float
    mutual_reaction_energy_eV_per_nonion_atom: float
    total_at_mutual_x_eV_per_nonion_atom: float


@dataclass(frozen=True)
class PairResult(Record):
    """Reactions of an electrolyte with one state of an electrode.

    Attributes
    ----------
    electrolyte, electrode : str
        As the user called them.
    electrolyte_composition, electrode_composition : str
    electrode_state : str
        ``discharged``, ``charged`` or ``as given``.
    working_ion, status : str
    voltage_range_V : tuple of float
    voltage_range_source : str
    chemical : WorstReaction
    electrochemical : tuple of ElectrochemicalReaction
        At the low end, at the high end, and the worst over the range.
    transitions_V : tuple of float
        Voltages within the range at which the equilibria of either side change.
    energies_over_range : tuple of TransitionEnergy
        Worst energies at both ends and every transition.
    interphase : Interphase
        With an additive that of the three together.
    additive : AdditiveEffect or None
    notes : tuple of str
    read_as : str or None
        How the texts were read of those sides that are no formulas as they stand.
    phases_off_measurement : tuple of Deviation
        Sides and products whose energies are off measured ones by more than 0.1 eV/atom.
    dataset : Provenance
    interface : Interface
        What the reactions were computed with. Not part of the record.
    """

    electrolyte: str
    electrolyte_composition: str
    electrode: str
    electrode_composition: str
    electrode_state: str
    working_ion: str
    status: str
    voltage_range_V: tuple[float, float]
    voltage_range_source: str
    chemical: WorstReaction
    electrochemical: tuple[ElectrochemicalReaction, ...]
    transitions_V: tuple[float, ...]
    energies_over_range: tuple[TransitionEnergy, ...]
    interphase: Interphase
    additive: AdditiveEffect | None
    notes: tuple[str, ...]
    read_as: str | None
    phases_off_measurement: tuple[Deviation, ...]
    dataset: Provenance
    interface: Interface = field(metadata={"record": False}, repr=False, compare=False)


def pair_state(
    table: PhaseTable,
    electrolyte: str,
    state: ElectrodeState,
    ion: str = "Li",
    *,
    additive: str | None = None,
    e_above_hull: float | None = None,
    thresholds: Thresholds | None = None,
) -> PairResult:
    """Chemical and electrochemical reactions of an electrolyte with one state of an electrode.

    Parameters
    ----------
    table : PhaseTable
    electrolyte : str
        Name or formula.
    state : ElectrodeState
        Composition and operating range.
    ion : str
        Working ion.
    additive : str, optional
        Third component, such as C or a coating.
    e_above_hull : float, optional
        Energy above hull to assume for the electrolyte [eV/atom].
    thresholds : Thresholds, optional
        What counts as conducting and as redox-active.

    Returns
    -------
    PairResult

    Raises
    ------
    FormulaError, UnknownElementsError
    """
    composition = names.resolve(electrolyte)
    interface = Interface(
        table, composition, state.composition, ion, electrolyte_e_above_hull=e_above_hull
    )
    low, high = state.voltage_range_V
    chemical = interface.chemical()
    transitions = interface.transitions_V(low, high)
    voltages = interface.deciding_voltages_V(low, high)
    energies = [interface.electrochemical_energies(voltage) for voltage in voltages]
    electrochemical = over_range(interface, low, high)
    worst = electrochemical[-1]
    interphase = of_pair(interface, low, high, thresholds=thresholds)
    effect = None
    if additive is not None:
        effect = additive_effect(interface, state, additive, interphase, thresholds)
        interphase = effect.interphase
    formed = (chemical.total, chemical.mutual, worst.total, worst.mutual)
    rests_on = [
        *(c.reduced_formula for c in interface.compositions),
        *(p.formula for r in formed for p in r.products),
        *(p.formula for p in interphase.products),
    ]
    return PairResult(
        electrolyte=electrolyte,
        electrolyte_composition=composition.formula,
        electrode=state.name,
        electrode_composition=state.composition.formula,
        electrode_state=state.state,
        working_ion=ion,
        status="ok",
        voltage_range_V=state.voltage_range_V,
        voltage_range_source=state.range_source,
        chemical=chemical,
        electrochemical=electrochemical,
        transitions_V=tuple(transitions),
        energies_over_range=tuple(
            TransitionEnergy(voltage, found.total, found.mutual, found.total_at_mutual)
            for voltage, found in zip(voltages, energies, strict=True)
        ),
        interphase=interphase,
        additive=effect,
        notes=(*interface.notes, *state.notes, *supercell_notes(rests_on)),
        read_as=_read_as(interface.compositions),
        phases_off_measurement=off_by(table, rests_on),
        dataset=table.provenance,
        interface=interface,
    )


def _read_as(compositions: Sequence[Composition]) -> str | None:
    said = [f"{c.typed or c.formula}: {c.read_as}" for c in compositions if c.read_as is not None]
    return "; ".join(said) or None


@dataclass(frozen=True, slots=True)
class PairCurves:
    """Reaction energies of an electrolyte with one state of an electrode, ready to be drawn.

    Attributes
    ----------
    electrolyte, electrode : str
        As the user called them.
    electrolyte_composition, electrode_composition : Composition
    electrode_state : str
        ``discharged``, ``charged`` or ``as given``.
    working_ion : str
    chemical : tuple of MixingPoint
        Kinks of the closed curve, from electrode to electrolyte.
    electrochemical : tuple of (float, tuple of MixingPoint)
        Voltage, and kinks of the curve open to the ion there; ascending in voltage.
    additive : str or None
    with_additive : tuple of MixingReaction
        Worst mutual reactions of the three: closed, then at every voltage of `electrochemical`.
    dataset : Provenance
    """

    electrolyte: str
    electrode: str
    electrolyte_composition: Composition
    electrode_composition: Composition
    electrode_state: str
    working_ion: str
    chemical: tuple[MixingPoint, ...]
    electrochemical: tuple[tuple[float, tuple[MixingPoint, ...]], ...]
    dataset: Provenance
    additive: str | None = None
    with_additive: tuple[MixingReaction, ...] = ()


def pair_curves(result: PairResult) -> PairCurves:
    """Trace the mixing line of a pair, closed and at both ends of its voltage range."""
    check_arguments(pair_curves, locals())
    interface = result.interface
    electrolyte, electrode = interface.compositions
    voltages = sorted(set(result.voltage_range_V))
    effect = result.additive
    three: tuple[MixingReaction, ...] = ()
    if effect is not None:
        ends = effect.electrochemical[: len(voltages)]
        three = (effect.chemical.mutual, *(each.mutual for each in ends))
    return PairCurves(
        electrolyte=result.electrolyte,
        electrode=result.electrode,
        electrolyte_composition=electrolyte,
        electrode_composition=electrode,
        electrode_state=result.electrode_state,
        working_ion=result.working_ion,
        chemical=tuple(interface.chemical_curve()),
        electrochemical=tuple((v, tuple(interface.electrochemical_curve(v))) for v in voltages),
        dataset=result.dataset,
        additive=None if effect is None else effect.additive,
        with_additive=three,
    )
