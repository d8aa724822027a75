"""What is reported about phases that are heated."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.record import Record
from ..equilibria.chemical_system import Product
from ..equilibria.heat import HotReaction
from ..phases.accuracy import Deviation
from ..phases.gibbs import Energies
from ..phases.table import Provenance
from .carbothermic import Carbothermic

__all__ = [
    "AidEffect",
    "Decomposition",
    "ExchangedGas",
    "MetalEffect",
    "SinterPoint",
    "SinterResult",
]


@dataclass(frozen=True, slots=True)
class ExchangedGas(Record):
    """A gas that a reaction takes up (amount > 0) or releases (< 0)."""

    formula: str
    amount: float


@dataclass(frozen=True, slots=True)
class SinterPoint(Record):
    """What happens at one temperature.

    Attributes
    ----------
    temperature_K : float
    mutual_eV_per_nongas_atom : float or None
        Worst mutual energy, <= 0; None of one phase alone.
    total_eV_per_nongas_atom : float
        Relative to the phases as given; of one phase alone its decomposition energy.
    reaction : str
        Just above this temperature, per formula unit of the first phase that takes part.
    products : tuple of Product
    gases : tuple of ExchangedGas
    """

    temperature_K: float
    mutual_eV_per_nongas_atom: float | None
    total_eV_per_nongas_atom: float
    reaction: str
    products: tuple[Product, ...]
    gases: tuple[ExchangedGas, ...]


@dataclass(frozen=True, slots=True)
class Decomposition(Record):
    """One phase alone in the atmosphere.

    Attributes
    ----------
    formula : str
    stable_from_K : float or None
        It takes up gas below; None where it is stable from the lowest temperature on, or nowhere.
    decomposition_K : float or None
        None where there is none within the range.
    error_K : float or None
    reaction : str or None
        Beyond that temperature.
    gases : tuple of ExchangedGas
    note : str
    """

    formula: str
    stable_from_K: float | None
    decomposition_K: float | None
    error_K: float | None
    reaction: str | None
    gases: tuple[ExchangedGas, ...]
    note: str


@dataclass(frozen=True, slots=True)
class AidEffect(Record):
    """A third component, such as a sintering aid.

    Attributes
    ----------
    additive : str
    with_a_eV_per_nongas_atom, with_b_eV_per_nongas_atom : float or None
        Worst mutual energies with each side over the range; None where there is no such side, or
        nothing of the additive is left in this atmosphere.
    added_eV_per_nongas_atom : float or None
        Worst mutual energy of all three at any temperature, minus that of the pair there.
    temperature_K : float
        Of the worst reaction of all.
    reaction : str
        Of all three, at that temperature.
    compatible : bool
        With both sides over the whole range.
    """

    additive: str
    with_a_eV_per_nongas_atom: float | None
    with_b_eV_per_nongas_atom: float | None
    added_eV_per_nongas_atom: float | None
    temperature_K: float
    reaction: str
    compatible: bool


@dataclass(frozen=True, slots=True)
class MetalEffect(Record):
    """What one metal of the second phase does, at one temperature.

    Attributes
    ----------
    element : str
    end_member : str
        The phase with this metal alone, at the same content of all else.
    end_member_eV_per_nongas_atom : float or None
        Worst mutual energy of the first phase with it; None where it cannot be had.
    without_products_eV_per_nongas_atom : float
        Worst mutual energy of the pair where no new phase with this metal may form.
    share_eV_per_nongas_atom : float
        What the phases with this metal make of the reaction, <= 0.
    temperature_K : float
    resolved : bool
        Whether its end member differs from that of every other metal by more than the error.
    note : str or None
    """

    element: str
    end_member: str
    end_member_eV_per_nongas_atom: float | None
    without_products_eV_per_nongas_atom: float
    share_eV_per_nongas_atom: float
    temperature_K: float
    resolved: bool
    note: str | None


@dataclass(frozen=True)
class SinterResult(Record):
    """One or two phases in an atmosphere, over a range of temperature.

    Attributes
    ----------
    a, b : str or None
        As the user called them.
    a_composition, b_composition : str or None
    atmosphere : str
    pressure_bar : dict of str to float
    energies : {"measured", "table"}
    status : str
    temperature_range_K : tuple of float
    points : tuple of SinterPoint
        At every 100 K, and where the answer changes.
    changes_K : tuple of float
        Temperatures at which the reaction changes.
    onset_K : float or None
        Lowest temperature of the range at which mutual energy is below -5 meV per non-gas atom.
    onset_error_K : float or None
    onset_note : str or None
    decomposition_K : dict of str to float or None
        Of ``a`` and ``b`` alone.
    decompositions : tuple of Decomposition
    driven_by : tuple of MetalEffect
    additives : tuple of AidEffect
    carbothermic : Carbothermic or None
    notes : tuple of str
    phases_off_measurement : tuple of Deviation
        Sides and products whose energies in the table are off measured ones by more than
        0.1 eV/atom.
    dataset : Provenance
    reactions : tuple of HotReaction
        The exact trace that the points are taken from. Not part of the record.
    """

    a: str
    b: str | None
    a_composition: str
    b_composition: str | None
    atmosphere: str
    pressure_bar: dict[str, float]
    energies: Energies
    status: str
    temperature_range_K: tuple[float, float]
    points: tuple[SinterPoint, ...]
    changes_K: tuple[float, ...]
    onset_K: float | None
    onset_error_K: float | None
    onset_note: str | None
    decomposition_K: dict[str, float | None]
    decompositions: tuple[Decomposition, ...]
    driven_by: tuple[MetalEffect, ...]
    additives: tuple[AidEffect, ...]
    carbothermic: Carbothermic | None
    notes: tuple[str, ...]
    phases_off_measurement: tuple[Deviation, ...]
    dataset: Provenance
    reactions: tuple[HotReaction, ...] = field(metadata={"record": False}, repr=False)
