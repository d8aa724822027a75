"""Reactions that form an interphase: of the electrolyte alone, and of what it touches."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..core.composition import Composition
from ..core.tolerances import ENERGY_eV_per_atom
from ..equilibria.chemical_system import Product, balanced_reaction
from ..equilibria.interfaces import Interface
from ..equilibria.mixtures import MixingReaction
from ..equilibria.open_equilibria import open_equilibria
from ..equilibria.phase_energies import PhaseEnergy
from ..phases.table import PhaseTable
from .redox import Mixture

__all__ = ["ALONE", "MIXTURE", "Formation", "alone", "mixed"]

ALONE, MIXTURE = "electrolyte alone", "mixture"


@dataclass(frozen=True, slots=True)
class Formation:
    """A reaction that forms an interphase.

    Attributes
    ----------
    formed_by : str
        ``electrolyte alone`` or ``mixture``.
    voltage_V : float or None
        None in a closed system.
    mixture : sequence of (Composition, float)
        Reactants, the electrolyte first.
    products : tuple of Product
        Of the interphase: without what is still the electrode.
    all_products : tuple of Product
    reaction : str
    driving_force : float
        [eV per atom of the electrolyte], <= 0; of the mixture where no electrolyte takes part.
    """

    formed_by: str
    voltage_V: float | None
    mixture: Mixture
    products: tuple[Product, ...]
    all_products: tuple[Product, ...]
    reaction: str
    driving_force: float


def alone(
    table: PhaseTable, composition: Composition, ion: str, energy: PhaseEnergy, voltage_V: float
) -> Formation | None:
    """Decomposition of one composition at a voltage; None where it exchanges no ions."""
    own = open_equilibria(table, composition, ion)
    driving_force = own.decomposition_energy(energy.energy, voltage_V)
    # Within its window a phase comes down to the hull without exchanging ions: that is all that
    # a metastable phase gains there, and its flag says so.
    if driving_force > -(energy.e_above_hull or 0.0) - ENERGY_eV_per_atom:
        return None
    vertex = own.at(voltage_V)
    products = own.system.products(vertex, composition)
    uptake = own.system.ions(vertex, composition) - composition.amount(ion)
    return Formation(
        formed_by=ALONE,
        voltage_V=voltage_V,
        mixture=((composition, 1.0),),
        products=products,
        all_products=products,
        reaction=balanced_reaction([(composition.formula, 1.0)], products, {ion: uptake}),
        driving_force=driving_force,
    )


def mixed(
    interface: Interface, reaction: MixingReaction, *, electrode: bool = True
) -> Formation | None:
    """Reaction of the sides; None where mixing adds nothing.

    The second side is an electrode, whose own phases are no products, unless `electrode` is false.
    Its driving force leaves out what the other sides do alone: charging an electrode does not drive
    its reaction with the electrolyte.
    """
    if reaction.x_electrolyte is None:
        return None
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
        equilibria = open_equilibria(interface.table, electrolyte, interface.ion)
        own = equilibria.decomposition_energy(energy.energy, reaction.voltage_V)
    first, share_of_first = parts[0]
    per_unit = first.atoms / share_of_first
    gained = reaction.reaction_energy * conserved
    return Formation(
        formed_by=_mixture_of(interface, [side for side, _ in parts]),
        voltage_V=reaction.voltage_V,
        mixture=tuple((side, share / side.atoms * per_unit) for side, share in parts),
        products=_of_interphase(interface, reaction) if electrode else reaction.products,
        all_products=reaction.products,
        reaction=reaction.reaction,
        driving_force=gained / x + min(own, 0.0) if x > 0.0 else gained,
    )


def _mixture_of(interface: Interface, taking_part: list[Composition]) -> str:
    added = [c.formula for c in interface.compositions[2:] if c in taking_part]
    return f"{MIXTURE} with {', '.join(added)}" if added else MIXTURE


def _of_interphase(interface: Interface, reaction: MixingReaction) -> tuple[Product, ...]:
    """Products without phases of the electrode's own chemical system, and without left additives.

    An electrode at another content of ions, or with less oxygen, is still the electrode. Where the
    electrolyte brings no element of its own, the two cannot be told apart, and all products count.
    Where an additive takes part only another content of ions is left out: the metal or the oxide
    that carbon makes of a cathode is no cathode.
    """
    electrolyte, electrode, *additives = interface.compositions
    host = {*electrode.elements, interface.ion}
    if not set(electrolyte.elements) - host:
        host = set()
    framework = _framework(electrode.amounts, interface.ion)
    left = {additive.reduced_formula for additive in additives}
    added = any(share > 0.0 for share in reaction.fractions[2:])
    table = interface.table
    kept = []
    for product in reaction.products:
        row = table.index(product.formula)
        amounts = dict(table.composition(row)) if row is not None else {}
        own = bool(host) and amounts.keys() <= host
        if added:
            at_other_content = _framework(amounts, interface.ion) == framework
            own = own and (at_other_content or amounts.keys() == host)
        if product.formula not in left and not own:
            kept.append(product)
    return tuple(kept)


def _framework(amounts: Mapping[str, float], ion: str) -> dict[str, float]:
    """Shares of the elements but the ion."""
    others = {element: n for element, n in amounts.items() if element != ion}
    total = math.fsum(others.values())
    return {element: round(n / total, 9) for element, n in others.items()}
