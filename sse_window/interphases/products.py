"""Decomposition products: whether they conduct electrons and ions, and how much room they fill."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..core.caches import Cache
from ..core.composition import reduced_formula
from ..core.record import Record
from ..equilibria.chemical_system import Product
from ..facts.conductors import Facts, IonicFact
from ..facts.gases import GASES
from ..facts.liquids import LIQUIDS
from ..phases.table import PhaseTable
from .electronic import CONDUCTOR, INSULATOR, UNKNOWN, Gaps, electronic_character
from .thresholds import Thresholds
from .volumes import number_of, row_of, volume_per_atom

__all__ = [
    "CONDUCTOR",
    "INSULATOR",
    "UNKNOWN",
    "ProductCharacter",
    "describe",
    "fraction_bounds",
]

_GAPS = ("band_gap", "band_gap_computed", "band_gap_other_computed")
"""Columns of gaps, without unit; beside each stands one that names its source."""

_ATOMIC_VOLUME_A3 = (4.5, 120.0)
"""No solid of the packaged tables has less or more volume per atom (4.7 to 118 A3, hydrides to
caesium): what is certain of a volume that is not known."""

_OF_ELEMENTS = (0.33, 1.3)
"""Volume of a compound over that of its elements: 99.6 % of all
compounds of the packaged tables lie between."""


@dataclass(frozen=True, slots=True)
class ProductCharacter(Record):
    """A product with what is known of it.

    Attributes
    ----------
    formula : str
    amount : float
        In the unit of the reaction: formula units per formula unit of the electrolyte.
    electronic, ionic : str
        ``"conductor"``, ``"insulator"`` or ``"unknown"``.
    volume_fraction : float or None
        Of the solid products; a gas or liquid has none. None where the volume of any solid product
        is not known.
    band_gap_eV : float or None
        Measured, else the largest computed one.
    band_gap_source : str or None
        ``measured``, ``OQMD``, ``MP`` or ``user``.
    band_gap_computed_eV : float or None
        The largest computed one.
    ionic_conductivity_S_per_cm : float or None
        Of the working ion, near room temperature; None where forms differ.
    ionic_conductivity_range_S_per_cm : tuple of float, or None
        Lowest and highest value of other forms and samples.
    ionic_disputed : bool
        Reports of other forms of the phase lie on the other side of the threshold.
    volume_per_atom_A3 : float or None
    gas, liquid : bool
        Leaves, and is no part of the interphase.
    reason : str
        Why it is taken to conduct, to insulate, or to be unknown.
    source : str
        Of the gap, the conductivities and the volume.
    atoms : float
        Atoms in the given amount; not part of the record.
    volume_bounds_A3 : tuple of float
        Per atom, both the volume itself where it is known; not part of the record.
    """

    formula: str
    amount: float
    electronic: str
    ionic: str
    volume_fraction: float | None
    band_gap_eV: float | None
    band_gap_source: str | None
    band_gap_computed_eV: float | None
    ionic_conductivity_S_per_cm: float | None
    ionic_conductivity_range_S_per_cm: tuple[float, float] | None
    ionic_disputed: bool
    volume_per_atom_A3: float | None
    gas: bool
    liquid: bool
    reason: str
    source: str
    atoms: float = field(default=0.0, metadata={"record": False})
    volume_bounds_A3: tuple[float, float] = field(
        default=_ATOMIC_VOLUME_A3, metadata={"record": False}
    )

    @property
    def conducts_electrons(self) -> bool:
        """Known to conduct electrons."""
        return self.electronic == CONDUCTOR

    @property
    def conducts_ions(self) -> bool:
        """Known to conduct the working ion."""
        return self.ionic == CONDUCTOR

    @property
    def solid(self) -> bool:
        """Stays where it forms."""
        return not (self.gas or self.liquid)


def describe(
    products: Iterable[Product],
    table: PhaseTable,
    facts: Facts,
    ion: str = "Li",
    thresholds: Thresholds | None = None,
) -> tuple[ProductCharacter, ...]:
    """Electronic and ionic character and volume of products.

    Electronic character follows the rules of :mod:`~sse_window.interphases.electronic`. Ion
    conduction is cited, absent because the phase does not hold the ion, or that of an alloy of the
    ion's metal, which is an electrode material; anything else is unknown.

    Parameters
    ----------
    products : iterable of Product
    table : PhaseTable
        With the columns ``band_gap_eV``, ``band_gap_computed_eV``, ``band_gap_other_computed_eV``,
        the source of each, ``volume_per_atom_A3`` and ``volume_source`` where known.
    facts : Facts
        Cited conductivities and exceptions.
    ion : str
        Working ion.
    thresholds : Thresholds, optional

    Returns
    -------
    tuple of ProductCharacter

    Raises
    ------
    DataError
        If a product is not in the table.

    Examples
    --------
    >>> from sse_window.facts.conductors import facts
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "LiZn": -0.1})
    >>> for product in describe(
    ...     [Product("Li3P", 1.0), Product("LiZn", 1.0), Product("Li2S", 4.0)], table, facts()
    ... ):
    ...     print(product.formula, product.electronic, product.ionic)
    Li3P insulator conductor
    LiZn conductor conductor
    Li2S insulator insulator
    """
    limits = thresholds or Thresholds()
    characters = [_character(product, table, facts, ion, limits) for product in products]
    volumes = [_volume(product) for product in characters]
    known = [volume for volume in volumes if volume is not None]
    total = math.fsum(known) if len(known) == len(volumes) else None
    return tuple(
        _with_fraction(product, volume, total)
        for product, volume in zip(characters, volumes, strict=True)
    )


def _character(
    product: Product, table: PhaseTable, facts: Facts, ion: str, thresholds: Thresholds
) -> ProductCharacter:
    # The facts are kept with what follows from them: their identity is their own as long as that.
    key = (product.formula, ion, thresholds, id(facts))
    one, _ = table.attached(_Characters).of(
        key, lambda: (_unit(product, table, facts, ion, thresholds), facts)
    )
    amount = float(product.amount)
    return replace(one, amount=amount, atoms=amount * one.atoms)


class _Characters(Cache[tuple["ProductCharacter", Facts]]):
    """Characters of one formula unit of each product."""

    kept = 16384


def _unit(
    product: Product, table: PhaseTable, facts: Facts, ion: str, thresholds: Thresholds
) -> ProductCharacter:
    row = row_of(table, product)
    elements = table.composition(row)
    gas, liquid = product.formula in GASES, product.formula in LIQUIDS
    gaps = Gaps.of(
        [(number_of(table, f"{g}_eV", row), _text(table, f"{g}_source", row)) for g in _GAPS]
    )
    electronic = electronic_character(product.formula, elements, gaps, facts, thresholds)
    ionic, ionic_reason, fact = _ionic(product.formula, elements, gas, facts, ion, thresholds)
    volume = volume_per_atom(table, row)
    volume_source = _text(table, "volume_source", row)
    stays = not (gas or liquid)
    sources = [
        f"electronic: {electronic.source}" if electronic.source else "",
        f"{ion} conduction: {fact.source}" if fact else "",
        f"volume: {volume_source}" if volume is not None and volume_source and stays else "",
    ]
    computed, computed_source = max(gaps.computed, default=(None, None))
    return ProductCharacter(
        formula=product.formula,
        amount=1.0,
        electronic=electronic.character,
        ionic=ionic,
        volume_fraction=None,
        band_gap_eV=computed if gaps.measured is None else gaps.measured,
        band_gap_source=computed_source if gaps.measured is None else gaps.measured_source,
        band_gap_computed_eV=computed,
        ionic_conductivity_S_per_cm=fact.conductivity_S_per_cm if fact else None,
        ionic_conductivity_range_S_per_cm=fact.spread_S_per_cm if fact else None,
        ionic_disputed=bool(fact and fact.disputed(thresholds.ionic_conductivity_S_per_cm)),
        volume_per_atom_A3=volume,
        gas=gas,
        liquid=liquid,
        reason=f"{electronic.reason}; {ionic_reason}",
        source="; ".join(text for text in sources if text),
        atoms=float(table.atoms[row]),
        volume_bounds_A3=_volume_bounds(table, elements) if volume is None else (volume, volume),
    )


def _volume_bounds(table: PhaseTable, elements: dict[str, float]) -> tuple[float, float]:
    """Between which volumes per atom a compound lies, by those of its elements."""
    rows = [(table.index(reduced_formula({e: 1.0})[0]), n) for e, n in elements.items()]
    volumes = [(None if row is None else volume_per_atom(table, row), n) for row, n in rows]
    known = [(volume, n) for volume, n in volumes if volume is not None]
    if len(known) < len(volumes):
        return _ATOMIC_VOLUME_A3
    mean = math.fsum(volume * n for volume, n in known) / math.fsum(elements.values())
    return _OF_ELEMENTS[0] * mean, _OF_ELEMENTS[1] * mean


def _ionic(
    formula: str,
    elements: dict[str, float],
    gas: bool,
    facts: Facts,
    ion: str,
    thresholds: Thresholds,
) -> tuple[str, str, IonicFact | None]:
    if ion not in elements:
        return INSULATOR, f"holds no {ion}" if not gas else f"gas without {ion}", None
    fact = facts.ionic(formula)
    if fact is None or fact.ion != ion:
        if all(facts.is_metal(element) for element in elements):
            return CONDUCTOR, f"alloy of {ion}, as electrodes are", None
        return UNKNOWN, f"no {ion} conductivity known", None
    threshold = thresholds.ionic_conductivity_S_per_cm
    conducts = fact.conducts(threshold)
    text = f"{ion} conductivity {_stated(fact)} ({fact.kind})"
    if fact.conductivity_S_per_cm is not None and fact.disputed(threshold):
        assert fact.spread_S_per_cm is not None
        text += ", other forms {:.0e} to {:.0e} S/cm".format(*fact.spread_S_per_cm)
    if conducts is None:
        return UNKNOWN, f"{text}: not on one side of {threshold:.0e} S/cm", fact
    return CONDUCTOR if conducts else INSULATOR, text, fact


def _stated(fact: IonicFact) -> str:
    if fact.conductivity_S_per_cm is None and fact.spread_S_per_cm is not None:
        return "{:.0e} to {:.0e} S/cm by form".format(*fact.spread_S_per_cm)
    if fact.conductivity_S_per_cm is None:
        return "good" if fact.conducting else "negligible"
    return f"{fact.bound + ' ' if fact.bound else ''}{fact.conductivity_S_per_cm:.1e} S/cm"


def _volume(product: ProductCharacter) -> float | None:
    """Volume of the solid in the amount given [A3 per unit of the reaction]; others have none."""
    if not product.solid:
        return 0.0
    per_atom = product.volume_per_atom_A3
    return None if per_atom is None else per_atom * product.atoms


def _with_fraction(
    product: ProductCharacter, volume: float | None, total: float | None
) -> ProductCharacter:
    if volume is None or not total or not product.solid:
        return product
    return replace(product, volume_fraction=volume / total)


def fraction_bounds(
    products: Sequence[ProductCharacter], chosen: Sequence[ProductCharacter]
) -> tuple[float, float]:
    """Lowest and highest volume fraction that some products can have among the solid ones.

    Equal where all volumes are known; a volume that is not lies between 0.33 and 1.3 times that of
    its elements or, where those are not known either, between 4.5 and 120 A3 per atom.

    Parameters
    ----------
    products : sequence of ProductCharacter
        All products.
    chosen : sequence of ProductCharacter
        Some of them.

    Returns
    -------
    tuple of float
        (0, 0) where nothing is chosen.

    Examples
    --------
    >>> from sse_window.facts.conductors import facts
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
    >>> products = describe([Product("Li2S", 4.0), Product("Li3P", 1.0)], table, facts())
    >>> low, high = fraction_bounds(products, products[1:])
    >>> round(low, 4), round(high, 4)
    (0.0123, 0.8989)
    """
    inside = {product.formula for product in chosen}
    solid = [product for product in products if product.solid]

    def fraction(inner: int, outer: int) -> float:
        part = math.fsum(p.volume_bounds_A3[inner] * p.atoms for p in solid if p.formula in inside)
        rest = math.fsum(
            p.volume_bounds_A3[outer] * p.atoms for p in solid if p.formula not in inside
        )
        return part / (part + rest) if part else 0.0

    return fraction(0, 1), fraction(1, 0)


def _text(table: PhaseTable, name: str, row: int) -> str | None:
    column = table.properties.get(name)
    value = None if column is None else column[row]
    return value if isinstance(value, str) and value else None
