"""Interphases: what forms between an electrolyte and an electrode, and what it lets through."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.composition import Composition
from ..core.tolerances import ENERGY_eV_per_atom
from ..equilibria.chemical_system import ChemicalSystem
from ..equilibria.interfaces import Interface
from ..equilibria.phase_energies import PhaseEnergy
from ..equilibria.reservoirs import metal
from ..equilibria.windows import StabilityWindow
from ..facts.conductors import Facts
from ..facts.conductors import facts as packaged_facts
from ..facts.electrodes import range_of
from ..facts.gases import limit_note, released
from ..facts.reported_stable import ReportedStable, reported_stable
from ..phases.table import PhaseTable
from .interphase import Condition, Formed, Interphase
from .products import describe
from .reactions import Formation, alone, mixed
from .redox import RedoxActivity, redox_activity
from .thresholds import Thresholds
from .verdicts import LABELS, MIXED_CONDUCTING, PRECEDENCE, classify, headlines, open_label
from .volumes import VolumeChange, volume_change

__all__ = [
    "SMALL_DRIVING_FORCE",
    "Thresholds",
    "of_contact",
    "of_pair",
    "of_window",
]

SMALL_DRIVING_FORCE = "small driving force: kinetic stabilisation plausible"
"""Flag of an interphase that may not form although it is stable: Li7La3Zr2O12 on lithium (Zhu, He,
Mo, ACS Appl. Mater. Interfaces 2015, 7, 23685, doi:10.1021/acsami.5b07517)."""

CONTACT, LOW, HIGH = "contact", "low", "high"


def of_window(
    window: StabilityWindow,
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
    >>> of_window(window, 2.0).label, of_window(window, 0.0).reaction
    ('no reaction', 'Li3PS4 + 8 Li -> 4 Li2S + Li3P')
    """
    table, ion, energy = window.table, window.working_ion, window.phase_energy
    system = ChemicalSystem.of(table, window.composition.elements, metal(ion))
    judge = _Judge(table, system, facts, thresholds, range_V)
    found = alone(table, window.composition, ion, energy, voltage_V)
    formed = judge.formed([found], None)
    nothing = f"{window.formula} is stable at {voltage_V:g} V"
    flags = _flags_of_phase(window.composition, energy)
    condition = _condition(LOW, voltage_V, formed, nothing)
    observed = reported_stable(window.composition, ion) if voltage_V == 0.0 else None
    return _interphase([condition], None, judge.limits, flags, observed)


def of_pair(
    interface: Interface,
    low_V: float,
    high_V: float,
    *,
    aided: Interface | None = None,
    facts: Facts | None = None,
    thresholds: Thresholds | None = None,
) -> Interphase:
    """Interphase of an electrolyte and an electrode that operates between two voltages.

    Three conditions are judged apart: **contact**, the worst mutual reaction with no exchange of
    ions; the **low** and the **high** end of the range, at each the worst mutual reaction open to
    the ion and the electrolyte's own decomposition. The class is the headline of contact and low
    end; what only the high end adds is said beside it. Phases of the electrode's own chemical
    system are the electrode, not the interphase.

    Parameters
    ----------
    interface : Interface
        Of any number of sides, the electrolyte first and the electrode second.
    low_V, high_V : float
        Operating range [V vs the metal].
    aided : Interface, optional
        The same two sides with additives: what they form together counts at every condition too.
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
    >>> found = of_pair(Interface(table, parse("Li3PS4"), parse("Li")), 0.0, 0.0)
    >>> found.condition, found.reaction
    ('low', 'Li3PS4 + 8 Li -> 4 Li2S + Li3P')
    >>> [(each.at, each.classes) for each in found.conditions]
    [('contact', ()), ('low', ())]
    """
    table, system = interface.table, interface.open_system
    electrolyte, electrode = interface.compositions[:2]
    energy = interface.phase_energies[0]
    range_V = (low_V, high_V)
    judge = _Judge(table, system, facts, thresholds, range_V)
    is_metal = not system.conserved_atoms(electrode)
    contact = judge.formed(_mixtures(interface, aided, None), electrode)
    names = f"{electrolyte.formula} and {electrode.formula}"
    conditions = [_condition(CONTACT, None, contact, f"{names} do not react")]
    for name, voltage in ((LOW, low_V), (HIGH, high_V)):
        if name == HIGH and high_V == low_V:
            continue
        found = _mixtures(interface, aided, voltage)
        if system.conserved_atoms(electrolyte):
            found.append(alone(table, electrolyte, interface.ion, energy, voltage))
        stable = f"{electrolyte.formula} is stable" if is_metal else f"{names} do not react"
        formed = judge.formed(found, electrode)
        conditions.append(_condition(name, voltage, formed, f"{stable} at {voltage:g} V"))
    high = conditions.pop() if len(conditions) == 3 else None
    observed = reported_stable(electrolyte, interface.ion) if is_metal else None
    flags = _flags_of_phase(electrolyte, energy)
    return _interphase(conditions, high, judge.limits, flags, observed)


def _mixtures(
    interface: Interface, aided: Interface | None, voltage: float | None
) -> list[Formation | None]:
    """Worst mutual reactions of the pair and, where it is another one, of all components."""
    found: list[Formation | None] = []
    for sides in (interface, aided):
        if sides is not None:
            worst = sides.chemical() if voltage is None else sides.electrochemical(voltage)
            formation = mixed(sides, worst.mutual)
            known = [each.reaction for each in found if each is not None]
            if formation is not None and formation.reaction not in known:
                found.append(formation)
    return found


def of_contact(
    interface: Interface,
    *,
    facts: Facts | None = None,
    thresholds: Thresholds | None = None,
) -> Interphase:
    """Interphase of two phases that touch and exchange nothing with an electrode.

    Parameters
    ----------
    interface : Interface
    facts, thresholds : see :func:`of_pair`

    Returns
    -------
    Interphase
        Class 0 where mixing gains nothing. Without an operating range nothing is redox-active, and
        no side is an electrode whose phases would not count.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95})
    >>> of_contact(Interface(table, parse("Li2S"), parse("P2S5"))).reaction
    'Li2S + 0.3333 P2S5 -> 0.6667 Li3PS4'
    """
    one, other = interface.compositions[:2]
    judge = _Judge(interface.table, interface.open_system, facts, thresholds, None)
    found = mixed(interface, interface.chemical().mutual, electrode=False)
    nothing = f"{one.formula} and {other.formula} do not react"
    condition = _condition(CONTACT, None, judge.formed([found], None), nothing)
    flags = _flags_of_phase(one, interface.phase_energies[0])
    return _interphase([condition], None, judge.limits, flags, None)


class _Judge:
    """Classifies reactions with the facts and thresholds of one question."""

    def __init__(
        self,
        table: PhaseTable,
        system: ChemicalSystem,
        facts: Facts | None,
        thresholds: Thresholds | None,
        range_V: tuple[float, float] | None,
    ) -> None:
        assert system.ion is not None
        self.table, self.system, self.ion = table, system, system.ion
        self.facts = facts or packaged_facts()
        self.limits = thresholds or Thresholds()
        self.range_V = range_V
        self._redox: dict[tuple[tuple[str, float], ...], RedoxActivity] = {}

    def formed(
        self, formations: Sequence[Formation | None], electrode: Composition | None
    ) -> tuple[Formed, ...]:
        """What the reactions form, the deciding one first."""
        found = [self._one(each, electrode) for each in formations if each is not None]
        return tuple(sorted(found, key=_order))

    def _one(self, formation: Formation, electrode: Composition | None) -> Formed:
        products = describe(formation.products, self.table, self.facts, self.ion, self.limits)
        redox = self._activity(formation, electrode)
        if formation.all_products and not formation.products:
            reason = "only phases of the electrode's own chemical system form"
            verdict = None
        else:
            verdict = classify(products, self.ion, self.limits, redox)
            reason = verdict.reason
        flags = verdict.flags if verdict else ()
        counted = {product.formula for product in formation.products}
        rest = [p.formula for p in formation.all_products if p.formula not in counted]
        if rest:
            flags = (
                *flags,
                f"not counted, the electrode's own phases or left over: {', '.join(rest)}",
            )
        gases = released(product.formula for product in formation.products)
        note = limit_note(gases, self.table.provenance.warm_gases)
        if formation.voltage_V is not None and note:
            flags = tuple(
                f"{flag} ({note})" if flag.startswith("gas release") else flag for flag in flags
            )
        return Formed(
            formed_by=formation.formed_by,
            interphase_class=verdict.interphase_class if verdict else 0,
            possible_classes=verdict.possible_classes if verdict else (0,),
            classes=verdict.classes if verdict else (0,),
            label=verdict.label if verdict else LABELS[0],
            reason=reason,
            flags=flags,
            reaction=formation.reaction,
            products=products,
            electronic_conductor_volume_fraction=(
                verdict.electronic_conductor_volume_fraction if verdict else None
            ),
            ion_conductor_volume_fraction=(
                verdict.ion_conductor_volume_fraction if verdict else None
            ),
            driving_force_eV_per_atom=formation.driving_force,
            volume_change=self._volume_change(formation, electrode),
            redox=redox,
        )

    def _volume_change(self, formation: Formation, electrode: Composition | None) -> VolumeChange:
        """Of the reaction; not told where it would rest on the volume of an insertion electrode.

        The dataset may hold another polymorph of it (FePO4: 38 % too large), so that the difference
        of two large volumes would be that of the polymorphs.
        """
        taking_part = {side.reduced_formula for side, _ in formation.mixture}
        if (
            electrode is not None
            and len(set(electrode.elements) - {self.ion}) > 1
            and electrode.reduced_formula in taking_part
            and range_of(electrode, self.ion) is not None
        ):
            return VolumeChange(
                None, f"the volume of {electrode.formula} as an electrode is not in the dataset"
            )
        return volume_change(self.table, formation.mixture, formation.all_products)

    def _activity(
        self, formation: Formation, electrode: Composition | None
    ) -> RedoxActivity | None:
        """Over the range; the same for all conditions at which the same mixture reacts."""
        if self.range_V is None:
            return None
        key = tuple((composition.formula, units) for composition, units in formation.mixture)
        if key not in self._redox:
            self._redox[key] = redox_activity(
                self.table,
                formation.mixture,
                self.ion,
                *self.range_V,
                electrode=electrode,
                system=self.system,
            )
        return self._redox[key]


def _order(formed: Formed) -> tuple[int, bool, float]:
    """By precedence of the class, an open one as the worst that it may be; then by driving force.

    Of two conductors the one that lets ions pass too is worse.
    """
    ranks = [PRECEDENCE.index(number) for number in formed.possible_classes]
    slower = formed.label != MIXED_CONDUCTING
    force = round(formed.driving_force_eV_per_atom, 6)
    return min(ranks, default=len(PRECEDENCE)), slower, force


def _merged(found: Sequence[Formed | Condition]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Classes that may head all of them together, and all that certainly hold."""
    options = headlines(each.possible_classes for each in found)
    holds = {number for each in found for number in each.classes}
    return options, tuple(sorted(holds - {0} or holds))


def _condition(
    name: str, voltage: float | None, formed: tuple[Formed, ...], nothing: str
) -> Condition:
    at = name if voltage is None else f"{name}, {voltage:.2f} V"
    if not formed:
        text = f"{at}: {LABELS[0]}"
        return Condition(name, voltage, 0, (0,), (0,), LABELS[0], nothing, text, ())
    options, holds = _merged(formed)
    number = options[0] if len(options) == 1 else None
    decides = _deciding(formed, number)
    label = open_label(options) if number is None and options else decides.label
    words = label if number in (None, 0) else f"class {number}, {label}"
    others = [each for each in holds if each not in (0, number)]
    if others and number is not None:
        words += f" (and {', '.join(map(str, others))})"
    where = "" if voltage is None else f" [{decides.formed_by}]"
    told = ["class 3 only", "gas release", *([] if number == 4 else ["redox-active"])]
    also = [flag for flag in decides.flags if flag.startswith(tuple(told))]
    text = "; ".join([f"{at}: {words}. {decides.reason}{where}", *also])
    return Condition(
        name, voltage, number, options, holds, label, decides.reason, text,
        (decides, *(each for each in formed if each is not decides)),
    )  # fmt: skip


def _deciding(formed: Sequence[Formed], number: int | None) -> Formed:
    """The first that has the class of all, or the first that may change it."""
    settled = [each for each in formed if each.interphase_class == number]
    return settled[0] if number is not None and settled else formed[0]


def _interphase(
    conditions: Sequence[Condition],
    high: Condition | None,
    limits: Thresholds,
    flags: tuple[str, ...],
    observed: ReportedStable | None,
) -> Interphase:
    options, _ = _merged(conditions)
    number = options[0] if len(options) == 1 else None
    decides = min(
        reversed(conditions),
        key=lambda each: (number is not None and each.interphase_class != number, _least(each)),
    )
    everything = [*conditions, *([high] if high else [])]
    _, holds = _merged(everything)
    first = decides.formations[0] if decides.formations else None
    forces = [f.driving_force_eV_per_atom for c in conditions for f in c.formations]
    if forces and min(forces) > -limits.driving_force_eV_per_atom:
        flags = (SMALL_DRIVING_FORCE, *flags)
    label = open_label(options) if number is None and options else decides.label
    reason = decides.reason
    added = _added(conditions, high)
    if observed is not None and number != 0:
        thermodynamic = f"class {number}, {label}" if number is not None else label
        label = f"reported stable; by thermodynamics {thermodynamic}"
        options = tuple(sorted({0, *options}))
        number = None
        flags = (f"{observed.name}: {observed.observation}", *flags)
    return Interphase(
        interphase_class=number,
        possible_classes=options,
        classes=holds,
        label=label,
        reason=reason,
        reported_stable=f"{observed.observation} ({observed.source})" if observed else None,
        flags=(*(first.flags if first else ()), *([added] if added else []), *flags),
        condition=decides.at if first else "none",
        formed_by=first.formed_by if first else "none",
        voltage_V=decides.voltage_V,
        reaction=first.reaction if first else LABELS[0],
        products=first.products if first else (),
        electronic_conductor_volume_fraction=(
            first.electronic_conductor_volume_fraction if first else None
        ),
        ion_conductor_volume_fraction=first.ion_conductor_volume_fraction if first else None,
        percolation_volume_fraction=limits.percolation_volume_fraction,
        driving_force_eV_per_atom=first.driving_force_eV_per_atom if first else 0.0,
        volume_change=first.volume_change if first else None,
        redox=first.redox if first else None,
        added_at_high=added,
        conditions=tuple(everything),
    )


def _least(condition: Condition) -> tuple[int, bool, float]:
    """Order among conditions: that of what decides each."""
    if not condition.formations:
        return len(PRECEDENCE), True, 0.0
    return _order(condition.formations[0])


def _added(conditions: Sequence[Condition], high: Condition | None) -> str | None:
    """What only the high end adds."""
    if high is None:
        return None
    before = {number for each in conditions for number in each.classes}
    new = [number for number in high.classes if number not in before and number]
    if not new:
        return None
    adding = next(each for each in high.formations if set(each.classes) & set(new))
    names = " and ".join(f"class {number} ({LABELS[number]})" for number in new)
    return (
        f"the high end, {high.voltage_V:.2f} V, adds {names}, {adding.formed_by}: {adding.reaction}"
    )


def _flags_of_phase(composition: Composition, energy: PhaseEnergy) -> tuple[str, ...]:
    flags = [energy.note] if energy.note else []
    above = energy.e_above_hull or 0.0
    if above > ENERGY_eV_per_atom:
        flags.append(f"{composition.formula} is metastable: {above:.4f} eV/atom above the hull")
    return tuple(flags)
