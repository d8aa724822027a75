"""Stacks: electrode, electrolytes and coatings in order, electrode; every contact, the worst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..core.composition import Composition
from ..core.errors import FormulaError
from ..core.record import Record
from ..equilibria.chemical_system import Product
from ..equilibria.windows import StabilityWindow, stability_window
from ..facts import names
from ..interphases.interphase import Interphase
from ..interphases.verdicts import severity
from ..phases.table import PhaseTable, Provenance
from .contacts import closed_mutual, hull_energy, junction, overlap_of
from .pairs import pair_state
from .states import ElectrodeState, electrode_states

__all__ = ["Contact", "Layer", "StackResult", "Suggestion", "stack", "suggestions_for"]

_SUGGESTED = 5

_APART = 2.5
"""Place in the precedence of classes of two phases that do not react when mixed, but are stable at
no common potential: behind those that form a resistive layer, before those that form a good one."""


@dataclass(frozen=True, slots=True)
class Layer(Record):
    """One layer of a stack.

    Attributes
    ----------
    name, composition : str
        As the user called it; of an electrode the discharged composition.
    kind : str
        ``electrode`` or ``layer``.
    reduction_potential_V, oxidation_potential_V : float or None
        Stability window of a layer; an oxidation potential of None is no limit. None of an
        electrode.
    voltage_range_V : tuple of float, or None
        Operating range of an electrode.
    """

    name: str
    composition: str
    kind: str
    reduction_potential_V: float | None
    oxidation_potential_V: float | None
    voltage_range_V: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Contact(Record):
    """Two neighbours.

    Attributes
    ----------
    a, b : str
        Names, in the order of the stack.
    kind : str
        ``electrode`` or ``junction``.
    electrode_state : str or None
        ``discharged``, ``charged`` or ``as given``; None of a junction.
    reaction_energy_eV_per_atom : float
        Worst closed mutual reaction.
    reaction : str
    products : tuple of Product
    electrochemical_energy_eV_per_nonion_atom : float or None
        Worst mutual reaction open to the ion: over the range of the electrode, within the overlap
        of a junction; None without an overlap.
    overlap_V : tuple of float and (float or None), or None
        Voltages at which both are stable: two layers, or a layer within the range of an electrode.
    gap_V : float or None
        How far apart they are; None where they overlap.
    interphase : Interphase
    """

    a: str
    b: str
    kind: str
    electrode_state: str | None
    reaction_energy_eV_per_atom: float
    reaction: str
    products: tuple[Product, ...]
    electrochemical_energy_eV_per_nonion_atom: float | None
    overlap_V: tuple[float, float | None] | None
    gap_V: float | None
    interphase: Interphase

    @property
    def title(self) -> str:
        """Both names, and the state of the electrode where it has several."""
        state = self.electrode_state
        shown = f" ({state})" if state in ("discharged", "charged") else ""
        return f"{self.a} | {self.b}{shown}"


@dataclass(frozen=True, slots=True)
class Suggestion(Record):
    """A further layer that leaves less of a reaction than there is without it.

    Attributes
    ----------
    between : str
        The contact.
    layer : str
    worst_reaction_energy_eV_per_atom : float
        Worse of the two contacts that the layer makes instead.
    with_a_eV_per_atom, with_b_eV_per_atom : float
        Worst closed mutual reaction energies; of an electrode that of the worse state.
    without_eV_per_atom : float
        Of the contact as it is.
    gap_V : float or None
        Largest distance of its window from those of both neighbours (of an electrode its range);
        None where it overlaps both.
    """

    between: str
    layer: str
    worst_reaction_energy_eV_per_atom: float
    with_a_eV_per_atom: float
    with_b_eV_per_atom: float
    without_eV_per_atom: float
    gap_V: float | None


@dataclass(frozen=True)
class StackResult(Record):
    """A stack, contact by contact.

    Attributes
    ----------
    layers : tuple of Layer
        From the negative to the positive electrode.
    working_ion : str
    contacts : tuple of Contact
    verdict : str
    worst_contact : str
        Title of the contact that decides.
    suggestions : tuple of Suggestion
        Empty where none were asked for or none helps.
    notes : tuple of str
    dataset : Provenance
    """

    layers: tuple[Layer, ...]
    working_ion: str
    contacts: tuple[Contact, ...]
    verdict: str
    worst_contact: str
    suggestions: tuple[Suggestion, ...]
    notes: tuple[str, ...]
    dataset: Provenance


def stack(
    table: PhaseTable, layers: Sequence[str], ion: str = "Li", *, suggest: bool = False
) -> StackResult:
    """Contacts of a stack of layers, and the worst of them.

    The layer at an electrode is held against it over its operating range, in both states of charge.
    Between two layers the ion's potential is not fixed by any electrode: their closed reaction
    counts, and whether there is a potential at which both are stable. No potential profile through
    an insulator is worked out.

    Parameters
    ----------
    table : PhaseTable
    layers : sequence of str
        Names or formulas: negative electrode, one or more electrolytes or coatings, positive
        electrode.
    ion : str
    suggest : bool
        Look for a further layer at the worst contact and at the worst junction.

    Returns
    -------
    StackResult

    Raises
    ------
    FormulaError
        If there are fewer than three layers, or one cannot be read.
    UnknownElementsError

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95})
    >>> result = stack(table, ["Li", "Li2S", "Li3PS4", "S"])
    >>> [contact.title for contact in result.contacts][:2]
    ['Li | Li2S', 'Li2S | Li3PS4']
    """
    if len(layers) < 3:
        raise FormulaError(
            "a stack needs an electrode, one or more layers and an electrode: name three or more, "
            "such as Li LPSCl NMC811"
        )
    first, *inner, last = layers
    negative, positive = (electrode_states(table, name, ion) for name in (first, last))
    windows = [stability_window(table, names.resolve(name), ion) for name in inner]
    contacts = [
        _electrode_contact(table, first, inner[0], state, windows[0], ion, negative=True)
        for state in negative
    ]
    for (a, b), (one, other) in zip(pairwise(inner), pairwise(windows), strict=True):
        contacts.append(_junction_contact(table, a, b, one, other))
    contacts += [
        _electrode_contact(table, last, inner[-1], state, windows[-1], ion, negative=False)
        for state in positive
    ]
    worst = min(contacts, key=_badness)
    result = StackResult(
        layers=(
            _electrode_layer(first, negative),
            *(_layer(name, window) for name, window in zip(inner, windows, strict=True)),
            _electrode_layer(last, positive),
        ),
        working_ion=ion,
        contacts=tuple(contacts),
        verdict=_verdict(worst),
        worst_contact=worst.title,
        suggestions=(),
        notes=tuple(
            dict.fromkeys(
                [
                    *_order_note(first, negative, last, positive),
                    *(note for window in windows for note in window.notes),
                ]
            )
        ),
        dataset=table.provenance,
    )
    return replace(result, suggestions=suggestions_for(table, result)) if suggest else result


def _order_note(
    first: str, negative: Sequence[ElectrodeState], last: str, positive: Sequence[ElectrodeState]
) -> list[str]:
    """Electrodes in the order of another convention."""
    lower = max(state.voltage_range_V[1] for state in positive)
    if lower >= min(state.voltage_range_V[0] for state in negative):
        return []
    return [
        f"{last} works below {first}: layers go from the negative electrode to the positive one; "
        "turn them round if that was meant"
    ]


def _layer(name: str, window: StabilityWindow) -> Layer:
    limits = (window.reduction_potential_V, window.oxidation_potential_V)
    return Layer(name, window.formula, "layer", *limits, None)


def _electrode_layer(name: str, states: Sequence[ElectrodeState]) -> Layer:
    state = states[0]
    return Layer(name, state.composition.formula, "electrode", None, None, state.voltage_range_V)


def _electrode_contact(
    table: PhaseTable,
    electrode: str,
    layer: str,
    state: ElectrodeState,
    window: StabilityWindow,
    ion: str,
    *,
    negative: bool,
) -> Contact:
    found = pair_state(table, layer, state, ion)
    shared = overlap_of(
        (window.reduction_potential_V, window.oxidation_potential_V), state.voltage_range_V
    )
    closed = found.chemical.mutual
    return Contact(
        a=electrode if negative else layer,
        b=layer if negative else electrode,
        kind="electrode",
        electrode_state=state.state,
        reaction_energy_eV_per_atom=closed.reaction_energy,
        reaction=closed.reaction,
        products=closed.products,
        electrochemical_energy_eV_per_nonion_atom=(
            found.electrochemical[-1].mutual.reaction_energy
        ),
        overlap_V=shared.overlap_V,
        gap_V=shared.gap_V,
        interphase=found.interphase,
    )


def _junction_contact(
    table: PhaseTable, a: str, b: str, one: StabilityWindow, other: StabilityWindow
) -> Contact:
    found = junction(table, one, other)
    closed = found.chemical.mutual
    return Contact(
        a=a,
        b=b,
        kind="junction",
        electrode_state=None,
        reaction_energy_eV_per_atom=closed.reaction_energy,
        reaction=closed.reaction,
        products=closed.products,
        electrochemical_energy_eV_per_nonion_atom=None
        if found.electrochemical is None
        else found.electrochemical.reaction_energy,
        overlap_V=found.overlap.overlap_V,
        gap_V=found.overlap.gap_V,
        interphase=found.interphase,
    )


def _badness(contact: Contact) -> tuple[float, float]:
    """Order of contacts, worst first: precedence of the class, then the energy that drives it."""
    place = severity(contact.interphase.interphase_class)
    if contact.kind == "junction" and contact.gap_V is not None:
        place = min(place, _APART)
    energies = [contact.reaction_energy_eV_per_atom, contact.interphase.driving_force_eV_per_atom]
    return place, min(energies)


def _verdict(worst: Contact) -> str:
    interphase = worst.interphase
    number = "unknown" if interphase.interphase_class is None else interphase.interphase_class
    text = f"{worst.title}: class {number}, {interphase.label}. {interphase.reason}"
    if worst.kind == "junction" and worst.gap_V is not None:
        apart = f"{worst.gap_V:.2f} V apart"
        text += f"; no potential exists at which both are stable ({apart}): both react even unmixed"
    return text


def suggestions_for(
    table: PhaseTable, result: StackResult, candidates: Iterable[str] | None = None
) -> tuple[Suggestion, ...]:
    """Layers that leave less of the reaction at the worst contact, and at the worst junction.

    Parameters
    ----------
    table : PhaseTable
    result : StackResult
    candidates : iterable of str, optional
        Names or formulas; the known electrolytes of the ion and the well-known coatings by default.

    Returns
    -------
    tuple of Suggestion
        Up to five per contact: those whose window overlaps both sides first, then by the worse of
        the two reactions that they make instead.
    """
    worst = min(result.contacts, key=_badness)
    junctions = [
        c for c in result.contacts if c.kind == "junction" and c.reaction_energy_eV_per_atom
    ]
    chosen = [worst]
    if junctions:
        chosen.append(min(junctions, key=lambda c: c.reaction_energy_eV_per_atom))
    pool = _pool(table, result) if candidates is None else list(candidates)
    found: list[Suggestion] = []
    for contact in {c.title: c for c in chosen}.values():
        found += _for_contact(table, result, contact, pool)
    return tuple(found)


def _pool(table: PhaseTable, result: StackResult) -> list[str]:
    """Known electrolytes and coatings that hold the ion and are made of elements of the table."""
    ion, there = result.working_ion, set(table.elements)
    kept: dict[str, str] = {}
    for known in names.known_names():
        composition = names.resolve(known.composition)
        elements = set(composition.elements)
        if known.kind in ("electrolyte", "coating") and ion in elements and elements <= there:
            kept.setdefault(composition.reduced_formula, known.name)
    return list(kept.values())


def _for_contact(
    table: PhaseTable, result: StackResult, contact: Contact, pool: Sequence[str]
) -> list[Suggestion]:
    ion = result.working_ion
    sides = [_side(table, result, name) for name in (contact.a, contact.b)]
    without = min(
        c.reaction_energy_eV_per_atom
        for c in result.contacts
        if (c.a, c.b) == (contact.a, contact.b)
    )
    taken = {composition.reduced_formula for side in sides for composition, _ in side.parts}
    found = []
    for name in pool:
        composition = names.resolve(name)
        if composition.reduced_formula in taken:
            continue
        window = stability_window(table, composition, ion, all_steps=False)
        own = (composition, hull_energy(table, composition))
        energies = [min(closed_mutual(table, [own, part]) for part in side.parts) for side in sides]
        if min(energies) <= without:
            continue
        limits = (window.reduction_potential_V, window.oxidation_potential_V)
        gaps = [gap for side in sides if (gap := overlap_of(limits, side.limits).gap_V) is not None]
        found.append(
            Suggestion(
                between=f"{contact.a} | {contact.b}",
                layer=name,
                worst_reaction_energy_eV_per_atom=min(energies),
                with_a_eV_per_atom=energies[0],
                with_b_eV_per_atom=energies[1],
                without_eV_per_atom=without,
                gap_V=max(gaps, default=None),
            )
        )
    found.sort(
        key=lambda s: (s.gap_V or 0.0, -round(s.worst_reaction_energy_eV_per_atom, 7), s.layer)
    )
    return found[:_SUGGESTED]


@dataclass(frozen=True, slots=True)
class _Side:
    """What a further layer would touch: compositions with hull energies, and where it is stable."""

    parts: tuple[tuple[Composition, float], ...]
    limits: tuple[float, float | None]


def _side(table: PhaseTable, result: StackResult, name: str) -> _Side:
    (layer, *_) = [layer for layer in result.layers if layer.name == name]
    if layer.voltage_range_V is not None:
        states = electrode_states(table, name, result.working_ion)
        compositions = [state.composition for state in states]
        limits: tuple[float, float | None] = layer.voltage_range_V
    else:
        compositions = [names.resolve(name)]
        assert layer.reduction_potential_V is not None
        limits = (layer.reduction_potential_V, layer.oxidation_potential_V)
    return _Side(tuple((c, hull_energy(table, c)) for c in compositions), limits)
