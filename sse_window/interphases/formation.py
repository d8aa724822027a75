"""Interphases: what forms between an electrolyte and an electrode, and what it lets through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..core.composition import Composition
from ..core.record import Record
from ..core.tolerances import ENERGY_eV_per_atom
from ..equilibria.chemical_system import (
    ChemicalSystem,
    PhaseEnergy,
    Product,
    balanced_reaction,
    open_equilibria,
)
from ..equilibria.mixtures import Interface, MixingReaction, WorstReaction
from ..equilibria.reservoirs import metal
from ..equilibria.windows import StabilityWindow
from ..facts.conductors import Facts
from ..facts.conductors import facts as packaged_facts
from ..phases.table import PhaseTable
from .products import ProductCharacter, Thresholds, describe
from .redox import Mixture, RedoxActivity, VolumeChange, redox_activity, volume_change
from .verdicts import LABELS, PRECEDENCE, classify, open_label

__all__ = ["SMALL_DRIVING_FORCE", "Interphase", "Thresholds", "of_contact", "of_pair", "of_window"]

SMALL_DRIVING_FORCE = "small driving force: kinetic stabilisation plausible"
"""Flag of an interphase that may not form although it is stable: Li7La3Zr2O12 on lithium (Zhu, He,
Mo, ACS Appl. Mater. Interfaces 2015, 7, 23685, doi:10.1021/acsami.5b07517)."""


class WithMutual(Protocol):
    """Worst mutual reaction over a range, with its own voltage."""

    @property
    def mutual(self) -> MixingReaction:
        """Relative to each side's own equilibrium."""
        ...


@dataclass(frozen=True, slots=True)
class Interphase(Record):
    """What forms, and its class.

    Attributes
    ----------
    interphase_class : int or None
        ``class`` in the record: 0 no reaction, 1 ion-conducting and electronically insulating,
        2 insulating for both, 3 electronically conducting, 4 redox-active; None where what is not
        known could change it.
    possible_classes : tuple of int
    label : str
    reason : str
        One sentence that names the deciding phases.
    flags : tuple of str
        Everything found, whatever the headline.
    condition : str
        Reaction whose products these are: ``electrolyte alone``, ``electrochemical``,
        ``chemical`` or ``none``.
    voltage_V : float or None
        None in a closed system.
    reaction : str
    products : tuple of ProductCharacter
        Amounts per formula unit of the electrolyte.
    electronic_conductor_volume_fraction, ion_conductor_volume_fraction : float or None
        To be compared with `percolation_volume_fraction`.
    percolation_volume_fraction : float
    driving_force_eV_per_atom : float
        Energy of the reaction per atom of the reactants, <= 0, from the electrolyte as given and
        the electrode in its own equilibrium: charging the electrode is not what drives it.
    volume_change : VolumeChange or None
        From the reactants to the solid products, ions of the reservoir not counted.
    redox : RedoxActivity or None
        Over the operating range; None where nothing forms or no range was asked for.
    """

    interphase_class: int | None = field(metadata={"key": "class"})
    possible_classes: tuple[int, ...]
    label: str
    reason: str
    flags: tuple[str, ...]
    condition: str
    voltage_V: float | None
    reaction: str
    products: tuple[ProductCharacter, ...]
    electronic_conductor_volume_fraction: float | None
    ion_conductor_volume_fraction: float | None
    percolation_volume_fraction: float
    driving_force_eV_per_atom: float
    volume_change: VolumeChange | None
    redox: RedoxActivity | None


@dataclass(frozen=True, slots=True)
class _Formation:
    """A reaction that forms an interphase."""

    condition: str
    voltage: float | None
    mixture: Mixture
    products: tuple[Product, ...]
    reaction: str
    driving_force: float


def of_window(
    window: StabilityWindow,
    table: PhaseTable,
    voltage_V: float,
    *,
    facts: Facts | None = None,
    thresholds: Thresholds | None = None,
    range_V: tuple[float, float] | None = None,
) -> Interphase:
    """Interphase of an electrolyte alone at a voltage; at 0 V, against the metal.

    Parameters
    ----------
    window : StabilityWindow
        Of the electrolyte.
    table : PhaseTable
        That the window was computed with.
    voltage_V : float
        [V vs the metal]
    facts : Facts, optional
        Those of the package by default.
    thresholds : Thresholds, optional
    range_V : tuple of float, optional
        Operating range, for the redox activity.

    Returns
    -------
    Interphase
        Class 0 within the window, for a metastable phase too: that is flagged.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> from sse_window.equilibria.windows import stability_window
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> window = stability_window(table, parse("Li3PS4"))
    >>> of_window(window, table, 2.0).label, of_window(window, table, 0.0).reaction
    ('no reaction', 'Li3PS4 + 8 Li -> 4 Li2S + Li3P')
    """
    energy = window.phase_energy
    flags = _flags_of_phase(window.composition, energy)
    formation = _alone(table, window.composition, window.working_ion, energy, voltage_V)
    if formation is None:
        return _nothing(
            f"{window.formula} is stable at {voltage_V:g} V", voltage_V, flags, thresholds
        )
    system = ChemicalSystem.of(table, window.composition.elements, metal(window.working_ion))
    forces = [formation.driving_force]
    return _interphase(formation, table, system, facts, thresholds, range_V, flags, forces)


def of_pair(
    interface: Interface,
    table: PhaseTable,
    low_V: float,
    high_V: float,
    chemical: WorstReaction,
    electrochemical: WithMutual,
    *,
    facts: Facts | None = None,
    thresholds: Thresholds | None = None,
) -> Interphase:
    """Interphase of an electrolyte and an electrode that operates between two voltages.

    Interphases form where the two mix (the worst mutual electrochemical reaction) and where the
    electrolyte decomposes on its own, at either end of the range: its decomposition energy is
    concave in the voltage. The verdict is the first of them by precedence of the class, with the
    flags of all; its condition says which it is. Where nothing exchanges ions, the worst chemical
    reaction counts. That the electrode changes its own ion content is no interphase.

    Parameters
    ----------
    interface : Interface
    table : PhaseTable
        That the interface was computed with.
    low_V, high_V : float
        Operating range [V vs the metal].
    chemical : WorstReaction
    electrochemical : WorstReaction or similar
        Worst reactions over the range.
    facts : Facts, optional
        Those of the package by default.
    thresholds : Thresholds, optional

    Returns
    -------
    Interphase

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> pair = Interface(table, parse("Li3PS4"), parse("Li"))
    >>> found = of_pair(pair, table, 0.0, 0.0, pair.chemical(), pair.electrochemical(0.0))
    >>> found.condition, found.reaction
    ('electrolyte alone', 'Li3PS4 + 8 Li -> 4 Li2S + Li3P')
    """
    system = interface.open_system
    electrolyte, electrode = interface.compositions[:2]
    flags = _flags_of_phase(electrolyte, interface.phase_energies[0])
    ends = sorted({low_V, high_V})
    formations = _alone_at(table, interface, ends)
    if electrochemical.mutual.x_electrolyte is not None:
        formations.insert(0, _mixed(table, interface, electrochemical.mutual, "electrochemical"))
    elif formations and system.conserved_atoms(electrode):
        flags = (*flags, "mixing adds nothing: the electrolyte reacts on its own")
    if not formations and chemical.mutual.x_electrolyte is not None:
        formations.append(_mixed(table, interface, chemical.mutual, "chemical"))
    if not formations:
        at = "at" if len(ends) == 1 else "between"
        span = f"{at} {' and '.join(f'{voltage:g}' for voltage in ends)} V"
        reason = f"{electrolyte.formula} and {electrode.formula} do not react {span}"
        if not system.conserved_atoms(electrode):
            reason = f"{electrolyte.formula} is stable {span}"
        return _nothing(reason, low_V if len(ends) == 1 else None, flags, thresholds)
    forces = [formation.driving_force for formation in formations]
    found = [
        _interphase(each, table, system, facts, thresholds, (low_V, high_V), flags, forces)
        for each in formations
    ]
    return _worst(found)


def of_contact(
    interface: Interface,
    table: PhaseTable,
    chemical: WorstReaction,
    *,
    facts: Facts | None = None,
    thresholds: Thresholds | None = None,
) -> Interphase:
    """Interphase of two phases that touch and exchange nothing with an electrode.

    Parameters
    ----------
    interface : Interface
    table : PhaseTable
        That the interface was computed with.
    chemical : WorstReaction
        Closed; its mutual reaction counts.
    facts : Facts, optional
        Those of the package by default.
    thresholds : Thresholds, optional

    Returns
    -------
    Interphase
        Class 0 where mixing gains nothing. Without an operating range nothing is redox-active.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95})
    >>> touching = Interface(table, parse("Li2S"), parse("P2S5"))
    >>> of_contact(touching, table, touching.chemical()).reaction
    'Li2S + 0.3333 P2S5 -> 0.6667 Li3PS4'
    """
    one, other = interface.compositions[:2]
    flags = _flags_of_phase(one, interface.phase_energies[0])
    if chemical.mutual.x_electrolyte is None:
        reason = f"{one.formula} and {other.formula} do not react"
        return _nothing(reason, None, flags, thresholds)
    formation = _mixed(table, interface, chemical.mutual, "chemical")
    forces = [formation.driving_force]
    return _interphase(
        formation, table, interface.open_system, facts, thresholds, None, flags, forces
    )


def _worst(found: Sequence[Interphase]) -> Interphase:
    """First by precedence of the class, then by driving force; flags of all conditions."""

    def order(each: Interphase) -> tuple[int, float]:
        # An open class counts as the worst that it may be.
        ranks = [PRECEDENCE.index(number) for number in each.possible_classes]
        return min(ranks, default=len(PRECEDENCE)), each.driving_force_eV_per_atom

    worst = min(found, key=order)
    flags = list(worst.flags)
    for other in found:
        where = (
            f"{other.condition}, {other.voltage_V:.2f} V: " if other.voltage_V is not None else ""
        )
        flags += [f"{where}{flag}" for flag in other.flags if flag not in worst.flags]
    worst = replace(worst, flags=tuple(dict.fromkeys(flags)))
    settled = [each for each in found if each.interphase_class is not None]
    if worst.interphase_class is not None or not settled or not worst.possible_classes:
        return worst
    # Whatever the open one turns out to be, the class is at least the worst that is settled.
    floor = min(order(each)[0] for each in settled)
    options = {number for number in worst.possible_classes if PRECEDENCE.index(number) < floor}
    classes = tuple(sorted(options | {PRECEDENCE[floor]}))
    label = open_label(classes, worst.label.split(": ", 1)[1])
    return replace(worst, possible_classes=classes, label=label)


def _alone_at(
    table: PhaseTable, interface: Interface, voltages: Sequence[float]
) -> list[_Formation]:
    """Decompositions of the electrolyte alone; none of the metal, which is its own reservoir."""
    electrolyte, energy = interface.compositions[0], interface.phase_energies[0]
    if not interface.open_system.conserved_atoms(electrolyte):
        return []
    found = [_alone(table, electrolyte, interface.ion, energy, voltage) for voltage in voltages]
    return [formation for formation in found if formation is not None]


def _alone(
    table: PhaseTable, composition: Composition, ion: str, energy: PhaseEnergy, voltage: float
) -> _Formation | None:
    """Decomposition of one composition at a voltage; None where it exchanges no ions."""
    own = open_equilibria(table, composition, ion)
    driving_force = own.decomposition_energy(energy.energy, voltage)
    # Within its window a phase comes down to the hull without exchanging ions: that is all that
    # a metastable phase gains there, and its flag says so.
    if driving_force > -(energy.e_above_hull or 0.0) - ENERGY_eV_per_atom:
        return None
    vertex = own.at(voltage)
    products = own.system.products(vertex, composition)
    uptake = own.system.ions(vertex, composition) - composition.amount(ion)
    reactants = [(composition.formula, 1.0)]
    return _Formation(
        condition="electrolyte alone",
        voltage=voltage,
        mixture=((composition, 1.0),),
        products=products,
        reaction=balanced_reaction(reactants, products, {ion: uptake}),
        driving_force=driving_force,
    )


def _mixed(
    table: PhaseTable, interface: Interface, reaction: MixingReaction, condition: str
) -> _Formation:
    """Reaction of the sides; its driving force leaves out what the others do alone."""
    system = interface.open_system
    electrolyte = interface.compositions[0]
    energy = interface.phase_energies[0]
    # Atoms of each side that takes part, the sum of all being one.
    parts = [
        (side, share)
        for side, share in zip(interface.compositions, reaction.fractions, strict=True)
        if share > 0.0
    ]
    x = reaction.fractions[0]
    if reaction.voltage_V is None:
        conserved, own = 1.0, -(energy.e_above_hull or 0.0)
    else:
        conserved = sum(share * system.conserved_atoms(side) / side.atoms for side, share in parts)
        alone = open_equilibria(table, electrolyte, interface.ion)
        own = alone.decomposition_energy(energy.energy, reaction.voltage_V)
    first, share_of_first = parts[0]
    per_unit = first.atoms / share_of_first
    return _Formation(
        condition=condition,
        voltage=reaction.voltage_V,
        mixture=tuple((side, share / side.atoms * per_unit) for side, share in parts),
        products=reaction.products,
        reaction=reaction.reaction,
        driving_force=reaction.reaction_energy * conserved + x * min(own, 0.0),
    )


def _flags_of_phase(composition: Composition, energy: PhaseEnergy) -> tuple[str, ...]:
    flags = [energy.note] if energy.note else []
    above = energy.e_above_hull or 0.0
    if above > ENERGY_eV_per_atom:
        flags.append(f"{composition.formula} is metastable: {above:.4f} eV/atom above the hull")
    return tuple(flags)


def _nothing(
    reason: str,
    voltage: float | None,
    flags: tuple[str, ...],
    thresholds: Thresholds | None,
) -> Interphase:
    limits = thresholds or Thresholds()
    return Interphase(
        interphase_class=0,
        possible_classes=(0,),
        label=LABELS[0],
        reason=reason,
        flags=flags,
        condition="none",
        voltage_V=voltage,
        reaction="no reaction",
        products=(),
        electronic_conductor_volume_fraction=None,
        ion_conductor_volume_fraction=None,
        percolation_volume_fraction=limits.percolation_volume_fraction,
        driving_force_eV_per_atom=0.0,
        volume_change=None,
        redox=None,
    )


def _interphase(
    formation: _Formation,
    table: PhaseTable,
    system: ChemicalSystem,
    facts: Facts | None,
    thresholds: Thresholds | None,
    range_V: tuple[float, float] | None,
    flags: tuple[str, ...],
    forces: Sequence[float],
) -> Interphase:
    """Assemble the result; `forces` are all driving forces that have to be small for the flag."""
    limits = thresholds or Thresholds()
    ion = system.ion
    assert ion is not None
    products = describe(formation.products, table, facts or packaged_facts(), ion, limits)
    redox = None
    if range_V is not None:
        electrode = formation.mixture[-1][0]
        redox = redox_activity(
            table, formation.mixture, ion, *range_V, electrode=electrode, system=system
        )
    verdict = classify(products, ion, limits, redox)
    if min(forces) > -limits.driving_force_eV_per_atom:
        flags = (SMALL_DRIVING_FORCE, *flags)
    return Interphase(
        interphase_class=verdict.interphase_class,
        possible_classes=verdict.possible_classes,
        label=verdict.label,
        reason=verdict.reason,
        flags=(*verdict.flags, *flags),
        condition=formation.condition,
        voltage_V=formation.voltage,
        reaction=formation.reaction,
        products=products,
        electronic_conductor_volume_fraction=verdict.electronic_conductor_volume_fraction,
        ion_conductor_volume_fraction=verdict.ion_conductor_volume_fraction,
        percolation_volume_fraction=limits.percolation_volume_fraction,
        driving_force_eV_per_atom=formation.driving_force,
        volume_change=volume_change(table, formation.mixture, formation.products),
        redox=redox,
    )
