"""What an interphase is: what formed, at which condition, and what that means."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.record import Record
from .products import ProductCharacter
from .redox import RedoxActivity
from .volumes import VolumeChange

__all__ = ["Condition", "Formed", "Interphase"]


@dataclass(frozen=True, slots=True)
class Formed(Record):
    """What one reaction forms, and its classes.

    Attributes
    ----------
    formed_by : str
        ``mixture`` or ``electrolyte alone``.
    interphase_class : int or None
        ``class`` in the record: 0 no reaction, 1 ion-conducting and electronically insulating,
        2 insulating for both, 3 electronically conducting, 4 redox-active; None where what is not
        known could change it.
    possible_classes, classes : tuple of int
        What the class may be; all classes that certainly hold, unranked.
    label, reason : str
        The reason is one sentence that names the deciding phases.
    flags : tuple of str
    reaction : str
    products : tuple of ProductCharacter
        Amounts per formula unit of the electrolyte; without phases of the electrode's own chemical
        system.
    electronic_conductor_volume_fraction, ion_conductor_volume_fraction : float or None
    driving_force_eV_per_atom : float
        Energy of the reaction per atom of the electrolyte, <= 0, from the electrolyte as given and
        the electrode in its own equilibrium: charging the electrode is not what drives it.
    volume_change : VolumeChange
        From the reactants to the solid products, ions of the reservoir not counted.
    redox : RedoxActivity or None
        Over the operating range; None where there is none.
    """

    formed_by: str
    interphase_class: int | None = field(metadata={"key": "class"})
    possible_classes: tuple[int, ...]
    classes: tuple[int, ...]
    label: str
    reason: str
    flags: tuple[str, ...]
    reaction: str
    products: tuple[ProductCharacter, ...]
    electronic_conductor_volume_fraction: float | None
    ion_conductor_volume_fraction: float | None
    driving_force_eV_per_atom: float
    volume_change: VolumeChange
    redox: RedoxActivity | None


@dataclass(frozen=True, slots=True)
class Condition(Record):
    """Interphase at one condition.

    Attributes
    ----------
    at : str
        ``contact`` (closed, worst mutual reaction), ``low`` or ``high`` end of the range.
    voltage_V : float or None
        None at contact.
    interphase_class, possible_classes, classes, label, reason
        Of all that forms there, as in :class:`Formed`.
    text : str
        One line for a person.
    formations : tuple of Formed
        Reactions with their products, the deciding one first.
    """

    at: str
    voltage_V: float | None
    interphase_class: int | None = field(metadata={"key": "class"})
    possible_classes: tuple[int, ...]
    classes: tuple[int, ...]
    label: str
    reason: str
    text: str
    formations: tuple[Formed, ...]


@dataclass(frozen=True, slots=True)
class Interphase(Record):
    """What forms, and its class.

    Attributes
    ----------
    interphase_class : int or None
        ``class`` in the record, headline of contact and low end by precedence 3 > 4 > 2 > 1; None
        where what is not known could change it, or where observation contradicts it.
    possible_classes : tuple of int
    classes : tuple of int
        All that certainly hold at any condition, unranked.
    label, reason : str
    reported_stable : str or None
        Observation and source, where the electrolyte was found stable against the metal.
    flags : tuple of str
        Of the deciding reaction.
    condition : str
        Condition that decides: ``contact``, ``low`` or ``none``.
    formed_by : str
    voltage_V : float or None
        None in a closed system.
    reaction, products, electronic_conductor_volume_fraction, ion_conductor_volume_fraction
        Of the deciding reaction, as in :class:`Formed`.
    percolation_volume_fraction : float
    driving_force_eV_per_atom : float
    volume_change : VolumeChange or None
    redox : RedoxActivity or None
    added_at_high : str or None
        What only the high end adds.
    conditions : tuple of Condition
    """

    interphase_class: int | None = field(metadata={"key": "class"})
    possible_classes: tuple[int, ...]
    classes: tuple[int, ...]
    label: str
    reason: str
    reported_stable: str | None
    flags: tuple[str, ...]
    condition: str
    formed_by: str
    voltage_V: float | None
    reaction: str
    products: tuple[ProductCharacter, ...]
    electronic_conductor_volume_fraction: float | None
    ion_conductor_volume_fraction: float | None
    percolation_volume_fraction: float
    driving_force_eV_per_atom: float
    volume_change: VolumeChange | None
    redox: RedoxActivity | None
    added_at_high: str | None
    conditions: tuple[Condition, ...]
