"""Decomposition products: whether they conduct electrons and ions, and how much room they fill."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace

from ..core.errors import DataError
from ..core.record import Record
from ..equilibria.chemical_system import Product
from ..facts.conductors import Facts, IonicFact
from ..facts.gases import GASES
from ..phases.table import PhaseTable

__all__ = [
    "CONDUCTOR",
    "INSULATOR",
    "UNKNOWN",
    "ProductCharacter",
    "Thresholds",
    "describe",
    "fraction_bounds",
    "row_of",
    "volume_per_atom",
]

CONDUCTOR, INSULATOR, UNKNOWN = "conductor", "insulator", "unknown"

_ATOMIC_VOLUME_A3 = (4.5, 120.0)
"""No solid of the packaged tables has less or more volume per atom (4.7 to 118 A3, hydrides to
caesium): what is certain of a volume that is not known."""


@dataclass(frozen=True, slots=True)
class Thresholds(Record):
    """What counts as conducting, as an ion path, as redox-active and as a small driving force.

    Attributes
    ----------
    band_gap_eV : float
        A phase below this gap conducts electrons. The default is for PBE gaps, which are about
        half of the measured ones.
    band_gap_dispute_eV : float
        Where a measured and a computed gap lie on either side of `band_gap_eV` they are disputed,
        and the measured one counts, unless the computed one is larger by this much: semilocal
        functionals make gaps too small, not too large, and in compilations of measured gaps 0 eV
        is the label "metal" rather than a reading. The phase is then unknown; so is a disputed
        compound of metals only, which should be an alloy.
    ionic_conductivity_S_per_cm : float
        A phase at or above it conducts ions: 100 nm of it cost 10^4 ohm cm2 in bulk form, and thin
        films conduct better than the crystals that are cited.
    percolation_volume_fraction : float
        A phase that fills this fraction of a volume at random connects across it in three
        dimensions (Scher, Zallen, J. Chem. Phys. 1970, 53, 3759). Ion conductors have to reach it;
        for electronic conductors it is reported.
    electronic_volume_fraction : float
        Electronic conductors that fill this fraction make class 3. At the default 0 a single one
        does: in a layer of a few nanometres no network is needed.
    driving_force_eV_per_atom : float
        A smaller driving force may not overcome the barrier of nucleating new phases.
    redox_capacity_mAh_per_g : float
        Products that exchange this charge within the operating range are redox-active. 10 mAh/g is
        one twentieth of what an electrode material exchanges; at 10 A3 per ion it changes the
        volume of a layer by half a percent, about as much as electrodes called zero-strain.

    Raises
    ------
    DataError
        If a threshold is negative or not a number, or a volume fraction exceeds 1.

    Examples
    --------
    >>> Thresholds(band_gap_eV=1.0).to_dict()["band_gap_eV"]
    1.0
    """

    band_gap_eV: float = 0.5
    band_gap_dispute_eV: float = 0.5
    ionic_conductivity_S_per_cm: float = 1e-9
    percolation_volume_fraction: float = 0.16
    electronic_volume_fraction: float = 0.0
    driving_force_eV_per_atom: float = 0.03
    redox_capacity_mAh_per_g: float = 10.0

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            largest = 1.0 if entry.name.endswith("fraction") else math.inf
            if not (0.0 <= value <= largest and math.isfinite(value)):
                raise DataError(
                    f"threshold {entry.name} = {value:g}: give a number from 0 to "
                    + ("1" if largest == 1.0 else "any finite value")
                )


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
        Of the solid products; a gas has 0. None where the volume of any solid product is not known.
    band_gap_eV : float or None
    band_gap_source : str or None
        ``measured``, ``OQMD``, ``MP`` or ``user``.
    band_gap_computed_eV : float or None
        Beside a measured one.
    band_gap_disputed : bool
        The measured and the computed gap lie on either side of the threshold.
    ionic_conductivity_S_per_cm : float or None
        Of the working ion, near room temperature.
    ionic_disputed : bool
        Reports of other forms of the phase lie on the other side of the threshold.
    volume_per_atom_A3 : float or None
    gas : bool
        Leaves, and is no part of the interphase.
    reason : str
        Why it is taken to conduct, to insulate, or to be unknown.
    source : str
        Of the gap, the conductivities and the volume.
    atoms : float
        Atoms in the given amount; not part of the record.
    """

    formula: str
    amount: float
    electronic: str
    ionic: str
    volume_fraction: float | None
    band_gap_eV: float | None
    band_gap_source: str | None
    band_gap_computed_eV: float | None
    band_gap_disputed: bool
    ionic_conductivity_S_per_cm: float | None
    ionic_disputed: bool
    volume_per_atom_A3: float | None
    gas: bool
    reason: str
    source: str
    atoms: float = field(default=0.0, metadata={"record": False})

    @property
    def conducts_electrons(self) -> bool:
        """Known to conduct electrons."""
        return self.electronic == CONDUCTOR

    @property
    def conducts_ions(self) -> bool:
        """Known to conduct the working ion."""
        return self.ionic == CONDUCTOR


@dataclass(frozen=True, slots=True)
class _Electronic:
    """Verdict on electrons, and the gaps it rests on."""

    character: str
    reason: str
    source: str | None
    gap: float | None = None
    gap_source: str | None = None
    computed: float | None = None
    disputed: bool = False


def describe(
    products: Iterable[Product],
    table: PhaseTable,
    facts: Facts,
    ion: str = "Li",
    thresholds: Thresholds | None = None,
) -> tuple[ProductCharacter, ...]:
    """Electronic and ionic character and volume of products.

    A cited fact about a phase overrules its band gap. Without one, metallic elements conduct,
    compounds are judged by their gap (measured, else computed), and compounds of metals only
    conduct where no gap is known. Other elements are judged by cited facts or measured gaps alone:
    what forms at an interface is rarely the crystal that was computed. Ion conduction is cited, or
    absent because the phase does not hold the ion; anything else is unknown.

    Parameters
    ----------
    products : iterable of Product
    table : PhaseTable
        With the columns ``band_gap_eV``, ``band_gap_source``, ``band_gap_computed_eV``,
        ``band_gap_computed_source``, ``volume_per_atom_A3`` and ``volume_source`` where known.
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
    Li2S unknown insulator
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
    row = row_of(table, product)
    elements = table.composition(row)
    gas = product.formula in GASES
    electronic = _electronic(product.formula, row, elements, table, facts, thresholds)
    ionic, ionic_reason, fact = _ionic(product.formula, elements, gas, facts, ion, thresholds)
    volume = volume_per_atom(table, row)
    volume_source = _text(table, "volume_source", row)
    sources = [
        f"electronic: {electronic.source}" if electronic.source else "",
        f"{ion} conduction: {fact.source}" if fact else "",
        f"volume: {volume_source}" if volume is not None and volume_source and not gas else "",
    ]
    return ProductCharacter(
        formula=product.formula,
        amount=float(product.amount),
        electronic=electronic.character,
        ionic=ionic,
        volume_fraction=None,
        band_gap_eV=electronic.gap,
        band_gap_source=electronic.gap_source,
        band_gap_computed_eV=electronic.computed,
        band_gap_disputed=electronic.disputed,
        ionic_conductivity_S_per_cm=fact.conductivity_S_per_cm if fact else None,
        ionic_disputed=bool(fact and fact.disputed(thresholds.ionic_conductivity_S_per_cm)),
        volume_per_atom_A3=volume,
        gas=gas,
        reason=f"{electronic.reason}; {ionic_reason}",
        source="; ".join(text for text in sources if text),
        atoms=float(product.amount * table.atoms[row]),
    )


def _electronic(
    formula: str,
    row: int,
    elements: dict[str, float],
    table: PhaseTable,
    facts: Facts,
    thresholds: Thresholds,
) -> _Electronic:
    gap = _number(table, "band_gap_eV", row)
    source = _text(table, "band_gap_source", row)
    computed = _number(table, "band_gap_computed_eV", row)
    computed_source = _text(table, "band_gap_computed_source", row)
    disputed = (
        gap is not None
        and computed is not None
        and source == "measured"
        and (gap < thresholds.band_gap_eV) != (computed < thresholds.band_gap_eV)
    )

    def verdict(character: str, reason: str, origin: str | None) -> _Electronic:
        return _Electronic(character, reason, origin, gap, source, computed, disputed)

    cited = facts.electronic(formula)
    if cited is not None:
        return verdict(cited.character, cited.reason, cited.source)
    metals = all(facts.is_metal(element) for element in elements)
    if metals and len(elements) == 1:
        return verdict(CONDUCTOR, "metal", "metallic element")
    trusted = source in ("measured", "user")
    if len(elements) == 1 and not trusted:
        return verdict(UNKNOWN, "no cited conduction for this element", None)
    if formula in GASES:
        return verdict(INSULATOR, "gas", "molecular gas")
    if gap is None and metals:
        return verdict(CONDUCTOR, "compound of metals, no band gap known", "metallic elements")
    if gap is None:
        return verdict(UNKNOWN, "no band gap known", None)
    text = f"band gap {gap:.2f} eV ({source or 'source not given'})"
    if source == "measured" and computed is not None and computed != gap:
        text += f", {computed:.2f} eV computed ({computed_source or 'source not given'})"
    lower = computed is not None and computed - gap >= thresholds.band_gap_dispute_eV
    if disputed and (lower or metals):
        return verdict(UNKNOWN, f"{text}: one of them is wrong", source)
    return verdict(CONDUCTOR if gap < thresholds.band_gap_eV else INSULATOR, text, source)


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
        return UNKNOWN, f"no {ion} conductivity known", None
    conducts = fact.conducts(thresholds.ionic_conductivity_S_per_cm)
    text = f"{ion} conductivity {_stated(fact)} ({fact.kind})"
    if fact.disputed(thresholds.ionic_conductivity_S_per_cm) and fact.spread_S_per_cm is not None:
        text += ", other forms {:.0e} to {:.0e} S/cm".format(*fact.spread_S_per_cm)
    if conducts is None:
        return UNKNOWN, f"{text}: the threshold lies beyond this limit", fact
    return CONDUCTOR if conducts else INSULATOR, text, fact


def _stated(fact: IonicFact) -> str:
    if fact.conductivity_S_per_cm is None:
        return "good" if fact.conducting else "negligible"
    return f"{fact.bound + ' ' if fact.bound else ''}{fact.conductivity_S_per_cm:.1e} S/cm"


def _volume(product: ProductCharacter) -> float | None:
    """Volume of the solid in the amount given [A3 per unit of the reaction]; a gas has none."""
    if product.gas:
        return 0.0
    per_atom = product.volume_per_atom_A3
    return None if per_atom is None else per_atom * product.atoms


def _with_fraction(
    product: ProductCharacter, volume: float | None, total: float | None
) -> ProductCharacter:
    if volume is None or not total:
        return product
    return replace(product, volume_fraction=volume / total)


def fraction_bounds(
    products: Sequence[ProductCharacter], chosen: Sequence[ProductCharacter]
) -> tuple[float, float]:
    """Lowest and highest volume fraction that some products can have among the solid ones.

    Equal where all volumes are known; a volume that is not lies between 4.5 and 120 A3 per atom,
    the range of all solids.

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

    def volume(product: ProductCharacter, unknown: float) -> float:
        known = _volume(product)
        return unknown * product.atoms if known is None else known

    def fraction(unknown_inside: float, unknown_outside: float) -> float:
        part = [volume(p, unknown_inside) for p in products if p.formula in inside]
        rest = [volume(p, unknown_outside) for p in products if p.formula not in inside]
        return math.fsum(part) / (math.fsum(part) + math.fsum(rest)) if any(part) else 0.0

    low, high = _ATOMIC_VOLUME_A3
    return fraction(low, high), fraction(high, low)


def row_of(table: PhaseTable, product: Product) -> int:
    """Row of a product in the table that it came from.

    Raises
    ------
    DataError
        If it did not come from this table.

    Examples
    --------
    >>> row_of(PhaseTable.from_formulas({"Li2S": -1.4}), Product("Li2S", 4.0))
    1
    """
    row = table.index(product.formula)
    if row is None:
        raise DataError(
            f"{product.formula} is not in dataset {table.provenance.name!r}: describe products "
            "with the table they come from"
        )
    return row


def volume_per_atom(table: PhaseTable, row: int) -> float | None:
    """Volume of one phase of the table [A3 per atom]; None where it is not known.

    Examples
    --------
    >>> print(volume_per_atom(PhaseTable.from_formulas({"Li2S": -1.4}), 0))
    None
    """
    return _number(table, "volume_per_atom_A3", row)


def _number(table: PhaseTable, name: str, row: int) -> float | None:
    column = table.properties.get(name)
    value = None if column is None else column[row]
    return None if value is None or not math.isfinite(value) else float(value)


def _text(table: PhaseTable, name: str, row: int) -> str | None:
    column = table.properties.get(name)
    value = None if column is None else column[row]
    return value if isinstance(value, str) and value else None
