"""What products do over a range of voltages: ions they exchange, and which elements do it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.caches import Cache
from ..core.composition import Composition
from ..core.elements import ELECTRONEGATIVITY
from ..core.errors import EquilibriumError
from ..core.ions import charge_of, specific_capacity_mAh_per_g
from ..core.parametric_lp import Vertex
from ..core.record import Record
from ..core.tolerances import AMOUNT, BREAKPOINT, ION_CONTENT
from ..equilibria.chemical_system import ChemicalSystem, Product
from ..equilibria.open_equilibria import open_equilibria
from ..equilibria.oxidation_states import admissible_states
from ..equilibria.reservoirs import metal
from ..facts.gases import GASES
from ..phases.table import PhaseTable
from .volumes import VolumeChange, row_of, volume_change

__all__ = ["BroughtElement", "Mixture", "RedoxActivity", "redox_activity"]

_GAS_PASSES = 500
"""Every pass takes gas out at one end; two or three are what most compositions need. Where one gas
leaves at each end in turn the amounts halve, and are gone after about a hundred."""

Mixture = Sequence[tuple[Composition, float]]
"""Reactants and their formula units, the electrolyte first."""


@dataclass(frozen=True, slots=True)
class BroughtElement(Record):
    """An element of the electrolyte that changes its formal state over the range.

    Attributes
    ----------
    element : str
    state_low, state_high : float or None
        Mean formal states in the solid products at both ends; None where charge balance leaves
        several open.
    """

    element: str
    state_low: float | None
    state_high: float | None


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
    brought_ions_exchanged, brought_capacity_mAh_per_g : tuple of float
        Lowest and highest number of those ions that go with elements that the electrolyte brought,
        and the charge: equal where formal oxidation states leave no choice. What the electrode's
        own elements exchange is its conversion, not the work of the interphase.
    brought : tuple of BroughtElement
        Those elements, by how much they exchange.
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
    brought_ions_exchanged: tuple[float, float]
    brought_capacity_mAh_per_g: tuple[float, float]
    brought: tuple[BroughtElement, ...]
    electrode_ions_exchanged: float
    products_low: tuple[Product, ...]
    products_high: tuple[Product, ...]
    volume_change: VolumeChange


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
    >>> activity.brought
    (BroughtElement(element='S', state_low=-2.0, state_high=0.0),)
    """
    reactants = [(mixture, 1.0)] if isinstance(mixture, Composition) else list(mixture)
    unit = reactants[0][1]
    reactants = [(composition, amount / unit) for composition, amount in reactants]
    whole = _sum_of(reactants)
    system = system or ChemicalSystem.of(table, whole.elements, metal(ion))
    low, high, ions = _ends(system, whole, low_V, high_V)
    mass = math.fsum(composition.molar_mass * amount for composition, amount in reactants)
    idle = unreacted = 0.0
    units = math.fsum(amount for composition, amount in reactants[1:] if composition == electrode)
    if electrode and units and system.conserved_atoms(electrode):
        own_low, own_high, own_ions = _ends_alone(table, electrode, ion, low_V, high_V)
        unreacted = min(units, _present(own_low, low), _present(own_high, high))
        idle = unreacted * own_ions
        low, high = _without(low, own_low, unreacted), _without(high, own_high, unreacted)
        mass -= unreacted * electrode.molar_mass
        ions -= idle
    ions = ions if ions > ION_CONTENT else 0.0
    solid_low, solid_high, reversible = _reversible(system, table, low, high, ions, low_V, high_V)
    charge = charge_of(ion)
    shares = _shares(reactants, electrode, units - unreacted, ion)
    bounds, brought = _brought(table, solid_low, solid_high, shares)
    brought_ions = (
        min(max(bounds[0] / charge, 0.0), reversible),
        min(max(bounds[1] / charge, 0.0), reversible),
    )
    return RedoxActivity(
        voltage_low_V=low_V,
        voltage_high_V=high_V,
        ions_exchanged=ions,
        capacity_mAh_per_g=specific_capacity_mAh_per_g(ions, charge, mass),
        reversible_ions_exchanged=reversible,
        reversible_capacity_mAh_per_g=specific_capacity_mAh_per_g(reversible, charge, mass),
        brought_ions_exchanged=brought_ions,
        brought_capacity_mAh_per_g=(
            specific_capacity_mAh_per_g(brought_ions[0], charge, mass),
            specific_capacity_mAh_per_g(brought_ions[1], charge, mass),
        ),
        brought=brought if brought_ions[1] > ION_CONTENT else (),
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
) -> tuple[tuple[Product, ...], tuple[Product, ...], float]:
    """Solids at both ends and ions between them when every gas that forms at either has left."""
    ends = [low, high]
    for _ in range(_GAS_PASSES):
        gassing = next((end for end in ends if any(p.formula in GASES for p in end)), None)
        if gassing is None:
            return ends[0], ends[1], ions
        solids = [product for product in gassing if product.formula not in GASES]
        rest = _sum_of([(_composition(table, product), product.amount) for product in solids])
        if system.conserved_atoms(rest) == 0.0:
            return (), (), 0.0
        *ends, ions = _ends(system, rest, low_V, high_V)
    raise EquilibriumError("gases of both ends keep forming; please report the pair and dataset")


def _shares(
    reactants: Mixture, electrode: Composition | None, reacted: float, ion: str
) -> dict[str, float]:
    """Share of each element's atoms that the electrolyte brought, where it brought any."""
    electrolyte, amount = reactants[0]
    shares: dict[str, float] = {}
    if electrolyte == electrode:
        return shares  # an electrode and an additive, without electrolyte
    for element in electrolyte.elements:
        if element == ion:
            continue
        own = electrolyte.amount(element) * amount
        others = math.fsum(
            other.amount(element) * (reacted if other == electrode else units)
            for other, units in reactants[1:]
        )
        shares[element] = own / (own + others)
    return shares


def _brought(
    table: PhaseTable,
    low: Sequence[Product],
    high: Sequence[Product],
    shares: Mapping[str, float],
) -> tuple[tuple[float, float], tuple[BroughtElement, ...]]:
    """Electrons that elements of the electrolyte give off from the low to the high end."""
    # What stays as it is exchanges nothing, however its charges are counted.
    held = {product.formula: product.amount for product in low}
    same = {p.formula: min(p.amount, held.get(p.formula, 0.0)) for p in high}
    ends = []
    for products in (low, high):
        charges: dict[str, tuple[float, float]] = dict.fromkeys(shares, (0.0, 0.0))
        atoms = dict.fromkeys(shares, 0.0)
        sums = [0.0, 0.0]
        for product in products:
            amount = product.amount - same.get(product.formula, 0.0)
            composition = _composition(table, product)
            for element in composition.elements:
                if element in shares:
                    atoms[element] += product.amount * composition.amount(element)
            options = _charges(composition, shares)
            totals = [math.fsum(option.values()) for option in options]
            sums = [sums[0] + amount * min(totals), sums[1] + amount * max(totals)]
            for element in set(composition.elements) & set(shares):
                values = [option.get(element, 0.0) for option in options]
                below, above = charges[element]
                charges[element] = (
                    below + product.amount * min(values),
                    above + product.amount * max(values),
                )
        ends.append((charges, atoms, sums))
    (of_low, atoms_low, sum_low), (of_high, atoms_high, sum_high) = ends
    changes = []
    for element, share in shares.items():
        states = [
            _mean(of_end[element], share * atoms[element])
            for of_end, atoms in ((of_low, atoms_low), (of_high, atoms_high))
        ]
        moved = max(of_high[element][1] - of_low[element][0], 0.0)
        changes.append((moved, BroughtElement(element, *states)))
    changes.sort(key=lambda change: (-change[0], change[1].element))
    least = max(sum_high[1] - sum_low[0], 0.0) / 10.0
    named = tuple(change for moved, change in changes if moved > max(least, ION_CONTENT))
    return (sum_high[0] - sum_low[1], sum_high[1] - sum_low[0]), named


def _mean(bounds: tuple[float, float], atoms: float) -> float | None:
    """Mean state, to two digits; None where it is open, or there are no atoms."""
    if atoms <= AMOUNT or bounds[1] - bounds[0] > 0.01 * atoms:
        return None
    return round(bounds[0] / atoms, 2) + 0.0


def _charges(composition: Composition, shares: Mapping[str, float]) -> list[dict[str, float]]:
    """Formal charges of the shared elements per formula unit, in every way that is likely."""
    present = [element for element in composition.elements if element in shares]
    if not present:
        return [{}]
    assignments: Sequence[Mapping[str, float]] = sorted(
        admissible_states(composition), key=_unlikely
    )[:1]
    if not assignments and set(composition.elements) <= set(_LOWEST):
        # Of nonmetals alone (S8O) the least electronegative one bears what the others leave.
        *rest, least = sorted(composition.elements, key=lambda e: -ELECTRONEGATIVITY[e])
        held = math.fsum(composition.amount(e) * _LOWEST[e] for e in rest)
        states = {e: _LOWEST[e] for e in rest} | {least: -held / composition.amount(least)}
        assignments = (states,)
    if not assignments:
        # No formal charges in an alloy; in its neighbours, such as phosphides of d metals, anions
        # hold anything from none to a full shell.
        lowest = {element: min(_LOWEST.get(element, 0.0), 0.0) for element in present}
        options = [(0.0, lowest[e]) if lowest[e] else (0.0,) for e in present]
        assignments = tuple(
            dict(zip(present, chosen, strict=True)) for chosen in itertools.product(*options)
        )
    return [
        {e: shares[e] * composition.amount(e) * states.get(e, 0.0) for e in present}
        for states in assignments
    ]


def _unlikely(states: Mapping[str, float]) -> tuple[int, float]:
    """Order of assignments: whole states first (disulfides), then the fullest shells of anions."""
    broken = sum(not float(state).is_integer() for state in states.values())
    return broken, math.fsum(state for state in states.values() if state < 0.0)


_LOWEST = {
    "N": -3.0, "P": -3.0, "As": -3.0, "Sb": -3.0, "O": -2.0, "S": -2.0, "Se": -2.0, "Te": -2.0,
    "F": -1.0, "Cl": -1.0, "Br": -1.0, "I": -1.0, "H": -1.0, "C": -4.0, "Si": -4.0,
}  # fmt: skip


def _composition(table: PhaseTable, product: Product) -> Composition:
    formula = product.formula
    return table.attached(_Compositions).of(
        formula, lambda: Composition(formula, table.composition(row_of(table, product)))
    )


class _Compositions(Cache[Composition]):
    """Compositions of products by their formulas."""

    kept = 16384


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
