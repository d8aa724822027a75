"""What products do over a range of voltages: ions they exchange, and how their volume changes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..core.composition import Composition
from ..core.errors import EquilibriumError
from ..core.ions import charge_of, specific_capacity_mAh_per_g
from ..core.parametric_lp import Vertex
from ..core.record import Record
from ..core.tolerances import AMOUNT, BREAKPOINT, ION_CONTENT
from ..equilibria.chemical_system import ChemicalSystem, Product, open_equilibria
from ..equilibria.reservoirs import metal
from ..facts.gases import GASES
from ..phases.table import PhaseTable
from .products import row_of, volume_per_atom

__all__ = ["Mixture", "RedoxActivity", "VolumeChange", "redox_activity", "volume_change"]

_GAS_PASSES = 500
"""Every pass takes gas out at one end; two or three are what most compositions need. Where one gas
leaves at each end in turn the amounts halve, and are gone after about a hundred."""

Mixture = Sequence[tuple[Composition, float]]
"""Reactants and their formula units, the electrolyte first."""


@dataclass(frozen=True, slots=True)
class VolumeChange(Record):
    """Change of the volume of solids, without the ions that the reservoir holds.

    Attributes
    ----------
    fraction : float or None
        Volume after over volume before, minus 1.
    reason : str or None
        Why there is no number, naming the phases without a known volume.
    """

    fraction: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class RedoxActivity(Record):
    """Ions that the products exchange over a voltage range, at a fixed content of other elements.

    Attributes
    ----------
    voltage_low_V, voltage_high_V : float
    ions_exchanged : float
        Ions held at the low end minus those at the high end, per formula unit of the electrolyte
        (of the electrode where no electrolyte takes part), >= 0.
    capacity_mAh_per_g : float
        The same as charge per mass of the reactants as given.
    reversible_ions_exchanged, reversible_capacity_mAh_per_g : float
        What the solids exchange when the gases of either end have gone: an oxide that gave off
        oxygen at the high end does not take the ions back.
    electrode_ions_exchanged : float
        Ions that the unreacted share of the electrode exchanges beside them; not counted.
    products_low, products_high : tuple of Product
        Phase equilibria at the two ends, in the same unit, without that share.
    volume_change : VolumeChange
        From the low to the high end.
    """

    voltage_low_V: float
    voltage_high_V: float
    ions_exchanged: float
    capacity_mAh_per_g: float
    reversible_ions_exchanged: float
    reversible_capacity_mAh_per_g: float
    electrode_ions_exchanged: float
    products_low: tuple[Product, ...]
    products_high: tuple[Product, ...]
    volume_change: VolumeChange


def volume_change(
    table: PhaseTable,
    before: Iterable[tuple[Composition, float]],
    after: Iterable[Product],
) -> VolumeChange:
    """Change of volume from reactants to solid products.

    Ions that come from or go to the reservoir are not counted: their place in an electrode or in
    the metal is not part of the layer. Gases leave.

    Parameters
    ----------
    table : PhaseTable
    before : iterable of (Composition, float)
        Reactants, and the formula units of each.
    after : iterable of Product
        Products in the same unit.

    Returns
    -------
    VolumeChange

    Examples
    --------
    >>> import numpy as np
    >>> from dataclasses import replace
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4})
    >>> table = replace(table, properties={"volume_per_atom_A3": np.array([20.0, 16.0, 24.0])})
    >>> volume_change(table, [(parse("S"), 1.0)], [Product("Li2S", 1.0)]).fraction
    1.0
    """
    missing: list[str] = []
    volumes = [0.0, 0.0]
    terms = [
        (0, composition.reduced_formula, composition.formula, composition.atoms * amount)
        for composition, amount in before
    ]
    for product in after:
        atoms = product.amount * float(table.atoms[row_of(table, product)])
        terms.append((1, product.formula, product.formula, atoms))
    for side, key, name, atoms in terms:
        if key in GASES:
            continue
        row = table.index(key)
        per_atom = None if row is None else volume_per_atom(table, row)
        if per_atom is None:
            missing.append(name)
        else:
            volumes[side] += per_atom * atoms
    if missing:
        return VolumeChange(None, f"no volume known for {', '.join(dict.fromkeys(missing))}")
    if volumes[0] == 0.0:
        return VolumeChange(None, "nothing solid to begin with")
    return VolumeChange(float(volumes[1] / volumes[0]) - 1.0, None)


def redox_activity(
    table: PhaseTable,
    mixture: Composition | Mixture,
    ion: str = "Li",
    low_V: float = 0.0,
    high_V: float = 5.0,
    *,
    electrode: Composition | None = None,
    system: ChemicalSystem | None = None,
) -> RedoxActivity:
    """Ions exchanged by the phase equilibria of a composition between two voltages.

    Steps that lie exactly at an end of the range are not counted. The share of an electrode that
    is in its own equilibrium at both ends has not reacted: it works as an electrode, is no product,
    and is left out of ions, mass, products and volume. What remains is in equilibrium too, so that
    its ion content cannot rise with the voltage.

    Parameters
    ----------
    table : PhaseTable
    mixture : Composition or sequence of (Composition, float)
        One composition, or reactants with their formula units; ions and charge are then per formula
        unit of the first one, and per mass of all.
    ion : str
        Working ion.
    low_V, high_V : float
        0 <= low <= high [V vs the metal].
    electrode : Composition, optional
        Which of the reactants is the electrode.
    system : ChemicalSystem, optional
        Of the same table and elements, open to the ion, where there is one already.

    Returns
    -------
    RedoxActivity

    Raises
    ------
    UnknownElementsError
        If the table lacks an element, or the ion.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    >>> activity = redox_activity(table, parse("Li2S"), "Li", 1.0, 3.0)
    >>> round(activity.ions_exchanged, 6), round(activity.capacity_mAh_per_g, 1)
    (2.0, 1166.6)
    """
    reactants = [(mixture, 1.0)] if isinstance(mixture, Composition) else list(mixture)
    unit = reactants[0][1]
    reactants = [(composition, amount / unit) for composition, amount in reactants]
    whole = _sum_of(reactants)
    system = system or ChemicalSystem.of(table, whole.elements, metal(ion))
    low, high, ions = _ends(system, whole, low_V, high_V)
    mass = math.fsum(composition.molar_mass * amount for composition, amount in reactants)
    idle = 0.0
    units = math.fsum(amount for composition, amount in reactants[1:] if composition == electrode)
    if electrode and units and system.conserved_atoms(electrode):
        own_low, own_high, own_ions = _ends_alone(table, electrode, ion, low_V, high_V)
        unreacted = min(units, _present(own_low, low), _present(own_high, high))
        idle = unreacted * own_ions
        low, high = _without(low, own_low, unreacted), _without(high, own_high, unreacted)
        mass -= unreacted * electrode.molar_mass
        ions -= idle
    ions = ions if ions > ION_CONTENT else 0.0
    reversible = _reversible(system, table, low, high, ions, low_V, high_V)
    charge = charge_of(ion)
    return RedoxActivity(
        voltage_low_V=low_V,
        voltage_high_V=high_V,
        ions_exchanged=ions,
        capacity_mAh_per_g=specific_capacity_mAh_per_g(ions, charge, mass),
        reversible_ions_exchanged=reversible,
        reversible_capacity_mAh_per_g=specific_capacity_mAh_per_g(reversible, charge, mass),
        electrode_ions_exchanged=idle,
        products_low=low,
        products_high=high,
        volume_change=_between(table, low, high),
    )


def _ends(
    system: ChemicalSystem, composition: Composition, low_V: float, high_V: float
) -> tuple[tuple[Product, ...], tuple[Product, ...], float]:
    """Phases at both ends of a range, and the ions given off from the low to the high one."""
    first = system.equilibrium(composition, low_V)
    # Just below the high end: where a step lies at the end itself, what holds before it.
    below = max(low_V, high_V - 2.0 * BREAKPOINT)
    last = system.equilibrium(composition, below, first.basis) if below > low_V else first
    return _exchange(system, composition, first, last)


def _exchange(
    system: ChemicalSystem, composition: Composition, first: Vertex, last: Vertex
) -> tuple[tuple[Product, ...], tuple[Product, ...], float]:
    held = (first.slope - last.slope) / system.charge
    return (
        system.products(first, composition),
        system.products(last, composition),
        held * system.scale(composition) if held > ION_CONTENT else 0.0,
    )


def _ends_alone(
    table: PhaseTable, composition: Composition, ion: str, low_V: float, high_V: float
) -> tuple[tuple[Product, ...], tuple[Product, ...], float]:
    """The same for one composition whose equilibria at every voltage are kept with the table."""
    own = open_equilibria(table, composition, ion)
    low = own.at(low_V)
    below = max(low_V, high_V - 2.0 * BREAKPOINT)
    return _exchange(own.system, composition, low, own.at(below))


def _reversible(
    system: ChemicalSystem,
    table: PhaseTable,
    low: tuple[Product, ...],
    high: tuple[Product, ...],
    ions: float,
    low_V: float,
    high_V: float,
) -> float:
    """Ions that the solids still exchange when every gas that forms at either end has left."""
    ends = [low, high]
    for _ in range(_GAS_PASSES):
        gassing = next((end for end in ends if any(p.formula in GASES for p in end)), None)
        if gassing is None:
            return ions
        solids = [product for product in gassing if product.formula not in GASES]
        rest = _sum_of([(_composition(table, product), product.amount) for product in solids])
        if system.conserved_atoms(rest) == 0.0:
            return 0.0
        *ends, ions = _ends(system, rest, low_V, high_V)
    raise EquilibriumError("gases of both ends keep forming; please report the pair and dataset")


def _composition(table: PhaseTable, product: Product) -> Composition:
    return Composition(product.formula, table.composition(row_of(table, product)))


def _present(part: Sequence[Product], whole: Sequence[Product]) -> float:
    """How many times one set of phases is contained in another one; infinite for an empty set."""
    amounts = {product.formula: product.amount for product in whole}
    return min((amounts.get(p.formula, 0.0) / p.amount for p in part), default=math.inf)


def _without(
    whole: Sequence[Product], part: Sequence[Product], times: float
) -> tuple[Product, ...]:
    taken = {product.formula: times * product.amount for product in part}
    rest = [Product(p.formula, p.amount - taken.get(p.formula, 0.0)) for p in whole]
    return tuple(product for product in rest if product.amount > AMOUNT)


def _sum_of(mixture: Mixture) -> Composition:
    amounts: dict[str, float] = {}
    for composition, units in mixture:
        for element, n in composition.amounts.items():
            amounts[element] = amounts.get(element, 0.0) + n * units
    return Composition(" + ".join(composition.formula for composition, _ in mixture), amounts)


def _between(
    table: PhaseTable, low: tuple[Product, ...], high: tuple[Product, ...]
) -> VolumeChange:
    before = [(_composition(table, product), product.amount) for product in low]
    return volume_change(table, before, high)
