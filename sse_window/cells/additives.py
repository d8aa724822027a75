"""A third component at a contact: what it adds to the pair, and what forms of the three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..core.record import Record
from ..core.tolerances import ENERGY_eV_per_atom
from ..equilibria.interfaces import Interface
from ..equilibria.mixtures import WorstReaction
from ..facts import names
from ..interphases.formation import Thresholds, of_pair
from ..interphases.interphase import Interphase
from .reactions import ElectrochemicalReaction, over_range
from .states import ElectrodeState

__all__ = ["AdditiveEffect", "additive_effect"]

_INTERCALATION_BELOW_V = 0.2
"""Below it graphite takes up lithium: staging begins at 0.21 V (Dahn, Phys. Rev. B 1991, 44, 9170,
doi:10.1103/PhysRevB.44.9170)."""

_INTERCALATED = ("Li", "K")
"""Ions that graphite takes up on its own; sodium is not among them."""


@dataclass(frozen=True, slots=True)
class AdditiveEffect(Record):
    """Worst reactions of the ternary mixture, and what the third component adds to the pair.

    Attributes
    ----------
    additive, composition : str
        As the user called it, and what it was taken for.
    chemical : WorstReaction
        Of any mixture of the three.
    electrochemical : tuple of ElectrochemicalReaction
        At the low end, at the high end, and the worst over the voltage range of the pair.
    added_chemical_mutual_eV_per_atom, added_electrochemical_mutual_eV_per_nonion_atom : float
        Worst mutual energy of the ternary mixture minus that of the pair, <= 0.
    class_without : int or None
        ``interphase_class_without`` in the record: class of the pair alone.
    statement : str
        In words, what the third component does.
    notes : tuple of str
    interphase : Interphase
        Of the three; it is that of the whole pair, where the record has it.
    """

    additive: str
    composition: str
    chemical: WorstReaction
    electrochemical: tuple[ElectrochemicalReaction, ...]
    added_chemical_mutual_eV_per_atom: float
    added_electrochemical_mutual_eV_per_nonion_atom: float
    class_without: int | None = field(metadata={"key": "interphase_class_without"})
    statement: str
    notes: tuple[str, ...]
    interphase: Interphase = field(metadata={"record": False}, repr=False)


def additive_effect(
    pair: Interface,
    state: ElectrodeState,
    additive: str,
    interphase: Interphase,
    thresholds: Thresholds | None = None,
) -> AdditiveEffect:
    """Reactions of a pair with a third component.

    Parameters
    ----------
    pair : Interface
        Of the two alone.
    state : ElectrodeState
    additive : str
        Name or formula.
    interphase : Interphase
        Of the pair alone.
    thresholds : Thresholds, optional

    Returns
    -------
    AdditiveEffect
    """
    composition = names.resolve(additive)
    ternary = pair.with_additives(composition)
    low, high = state.voltage_range_V
    chemical = ternary.chemical()
    electrochemical = over_range(ternary, low, high)
    closed = chemical.mutual.reaction_energy - pair.chemical().mutual.reaction_energy
    without = over_range(pair, low, high)[-1].mutual.reaction_energy
    opened = electrochemical[-1].mutual.reaction_energy - without
    added = [0.0 if energy > -ENERGY_eV_per_atom else energy for energy in (closed, opened)]
    known = set(pair.notes)
    return AdditiveEffect(
        additive=additive,
        composition=composition.formula,
        chemical=chemical,
        electrochemical=electrochemical,
        added_chemical_mutual_eV_per_atom=added[0],
        added_electrochemical_mutual_eV_per_nonion_atom=added[1],
        class_without=interphase.interphase_class,
        statement=_statement(ternary, additive, added, chemical, electrochemical[-1], low),
        notes=tuple(note for note in ternary.notes if note not in known),
        interphase=of_pair(pair, low, high, aided=ternary, thresholds=thresholds),
    )


def _statement(
    ternary: Interface,
    additive: str,
    added: Sequence[float],
    chemical: WorstReaction,
    electrochemical: ElectrochemicalReaction,
    low_V: float,
) -> str:
    """What a third component does; of carbon what else it does."""
    carries = "carries electrons to the electrolyte, whose own limits then apply"
    carbon = set(ternary.compositions[2].elements) == {"C"}
    texts = []
    for energy, worst, unit in (
        (added[0], chemical.mutual, "atom"),
        (added[1], electrochemical.mutual, f"non-{ternary.ion} atom"),
    ):
        if energy:
            where = "" if worst.voltage_V is None else f" at {worst.voltage_V:.2f} V"
            texts.append(f"adds {energy:.3g} eV/{unit}{where}: {worst.reaction}")
    if carbon:
        texts.append(f"what is left of it {carries}" if texts else f"does not react; it {carries}")
        if ternary.ion in _INTERCALATED and low_V < _INTERCALATION_BELOW_V:
            texts.append(
                f"below {_INTERCALATION_BELOW_V:g} V it takes up {ternary.ion} itself, which is no "
                "decomposition"
            )
    return f"{additive} {'; '.join(texts) or 'does not react'}"
