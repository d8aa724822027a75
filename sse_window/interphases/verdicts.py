"""The class of an interphase, from the character of its products."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..equilibria.chemical_system import Product
from .products import UNKNOWN, ProductCharacter, Thresholds, fraction_bounds
from .redox import RedoxActivity

__all__ = ["LABELS", "PRECEDENCE", "Verdict", "classify", "open_label"]

LABELS: dict[int, str] = {
    0: "no reaction",
    1: "ion-conducting, electronically insulating",
    2: "insulating for ions and electrons",
    3: "electronically conducting",
    4: "redox-active",
}
"""Classes 1 to 4 of Huang, Shao and Han (2022), after Wenzel et al. (Solid State Ionics 2015, 278,
98, doi:10.1016/j.ssi.2015.06.001); 0 is no interphase."""

PRECEDENCE = (3, 4, 2, 1, 0)
"""Which class names an interphase that shows several."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Class of an interphase, and what it rests on.

    Attributes
    ----------
    interphase_class : int or None
        1 to 4; None where what is not known could change it, or where nothing solid forms.
    possible_classes : tuple of int
    label, reason : str
        The reason is one sentence that names the deciding phases.
    flags : tuple of str
    electronic_conductor_volume_fraction, ion_conductor_volume_fraction : float or None
        None where a volume or a character is not known.
    """

    interphase_class: int | None
    possible_classes: tuple[int, ...]
    label: str
    reason: str
    flags: tuple[str, ...]
    electronic_conductor_volume_fraction: float | None
    ion_conductor_volume_fraction: float | None


def classify(
    products: Sequence[ProductCharacter],
    ion: str = "Li",
    thresholds: Thresholds | None = None,
    redox: RedoxActivity | None = None,
) -> Verdict:
    """Class of an interphase by precedence 3 > 4 > 2 > 1, definite only where no unknown matters.

    Class 3 where a product conducts electrons; 4 where the products are redox-active; else 1 where
    ion conductors fill enough of the volume to percolate, and 2 where they do not. Whatever is not
    known (a gap, an ion conductivity, a volume) is taken both ways, and the class is None where the
    ways differ.

    Parameters
    ----------
    products : sequence of ProductCharacter
    ion : str
        Working ion, for the wording.
    thresholds : Thresholds, optional
    redox : RedoxActivity, optional
        None where there is no operating range.

    Returns
    -------
    Verdict

    References
    ----------
    Huang, Shao, Han 2022 (the four classes); Wenzel et al., Solid State Ionics 2015, 278, 98,
    doi:10.1016/j.ssi.2015.06.001 (what distinguishes them)

    Examples
    --------
    >>> from sse_window.facts.conductors import facts
    >>> from sse_window.phases.table import PhaseTable
    >>> from sse_window.interphases.products import describe
    >>> table = PhaseTable.from_formulas({"Li3P": -0.9, "LiZn": -0.1})
    >>> products = describe([Product("Li3P", 1.0), Product("LiZn", 1.0)], table, facts())
    >>> classify(products).reason
    'LiZn conducts electrons (compound of metals, no band gap known)'
    """
    limits = thresholds or Thresholds()
    solid = [product for product in products if not product.gas]
    flags = _flags(products, limits, ion, redox)
    if not solid:
        gases = ", ".join(product.formula for product in products)
        reason = f"everything leaves as gas ({gases})" if gases else f"all of it dissolves to {ion}"
        return Verdict(None, (), "no solid product", reason, flags, None, None)
    active = redox is not None and _active(redox.reversible_capacity_mAh_per_g, limits)
    electrons = _passes_electrons(solid, limits)
    ions = _passes_ions(solid, limits, [p for p in solid if p.ionic == UNKNOWN])
    possible: set[int] = set()
    if electrons is not False:
        possible.add(3)
    if electrons is not True and active:
        possible.add(4)
    if electrons is not True and not active:
        possible |= {None: {1, 2}, True: {1}, False: {2}}[ions]
    classes = tuple(sorted(possible))
    headline = classes[0] if len(classes) == 1 else None
    if headline is None:
        missing = _missing(solid, electrons, 1 in possible and 2 in possible, ion)
        label, reason = open_label(classes, missing[0]), "; ".join(missing)
    else:
        label = LABELS[headline]
        reason = _reason(headline, solid, limits, ion, redox)
    return Verdict(
        headline,
        classes,
        label,
        reason,
        flags,
        _known_fraction([p.electronic for p in solid], solid, electronic=True),
        _known_fraction([p.ionic for p in solid], solid, electronic=False),
    )


def open_label(classes: Sequence[int], missing: str) -> str:
    """Label of a class that is open, and what would settle it.

    Examples
    --------
    >>> open_label([2, 3], "no gap known for X")
    'class 2 or 3: no gap known for X'
    """
    names = ", ".join(map(str, classes[:-1])) + f" or {classes[-1]}"
    return f"class {names}: {missing}"


def _passes_electrons(solid: Sequence[ProductCharacter], limits: Thresholds) -> bool | None:
    conductors = [p for p in solid if p.conducts_electrons]
    candidates = [p for p in solid if p.conducts_electrons or p.electronic == UNKNOWN]
    least = limits.electronic_volume_fraction
    if conductors and fraction_bounds(solid, conductors)[0] >= least:
        return True
    return None if candidates and fraction_bounds(solid, candidates)[1] >= least else False


def _passes_ions(
    solid: Sequence[ProductCharacter],
    limits: Thresholds,
    open_: Sequence[ProductCharacter],
) -> bool | None:
    """Whether ion conductors percolate, whichever way the products in `open_` turn out."""
    conductors = [p for p in solid if p.conducts_ions and p not in open_]
    if conductors and fraction_bounds(solid, conductors)[0] >= limits.percolation_volume_fraction:
        return True
    candidates = [*conductors, *open_]
    reach = fraction_bounds(solid, candidates)[1] if candidates else -1.0
    return None if reach >= limits.percolation_volume_fraction else False


def _missing(
    solid: Sequence[ProductCharacter], electrons: bool | None, ions_open: bool, ion: str
) -> list[str]:
    """What would have to be known."""
    texts = []
    volumes = [p.formula for p in solid if p.volume_per_atom_A3 is None]
    if electrons is None:
        disputed = [
            f"gap of {p.formula} disputed, {p.band_gap_eV:.2f} eV measured, "
            f"{p.band_gap_computed_eV:.2f} eV computed"
            for p in solid
            if p.electronic == UNKNOWN and p.band_gap_disputed
        ]
        unknown = [p.formula for p in solid if p.electronic == UNKNOWN and not p.band_gap_disputed]
        texts += [f"no gap known for {', '.join(unknown)}"] if unknown else []
        texts += disputed
    if ions_open:
        unknown = [p.formula for p in solid if p.ionic == UNKNOWN]
        texts += [f"no {ion} conductivity known for {', '.join(unknown)}"] if unknown else []
    if volumes and (ions_open or not texts):
        texts.append(f"no volume known for {', '.join(volumes)}")
    return texts


def _share(product: ProductCharacter) -> float:
    """Volume fraction, or a stand-in of the same order, to name the largest phase."""
    return product.atoms if product.volume_fraction is None else product.volume_fraction


def _largest(products: Sequence[ProductCharacter]) -> ProductCharacter:
    return max(products, key=lambda p: (_share(p), p.formula))


def _electronic_reason(product: ProductCharacter) -> str:
    return product.reason.split("; ")[0]


def _reason(
    headline: int,
    solid: Sequence[ProductCharacter],
    limits: Thresholds,
    ion: str,
    redox: RedoxActivity | None,
) -> str:
    if headline == 3:
        first = _largest([p for p in solid if p.conducts_electrons])
        return f"{first.formula} conducts electrons ({_electronic_reason(first)})"
    if headline == 4:
        assert redox is not None
        return (
            f"the products exchange {_reversible(redox, ion)}: {_names(redox.products_low)} become "
            f"{_names(redox.products_high)}"
        )
    if headline == 1:
        path = [p.formula for p in solid if p.conducts_ions]
        return f"{_conduct(path)} {ion}, and no product conducts electrons"
    first = _largest([p for p in solid if not p.conducts_ions] or solid)
    able = [p for p in solid if p.conducts_ions or p.ionic == UNKNOWN]
    if not able:
        path_text = f"no product conducts {ion}"
    else:
        path_text = (
            f"{_with_share(able)} cannot form a path for {ion}, which takes "
            f"{limits.percolation_volume_fraction:.0%}"
        )
    return f"{first.formula} insulates, and {path_text}"


def _conduct(names: Sequence[str]) -> str:
    return f"{', '.join(names)} conduct{'s' if len(names) == 1 else ''}"


def _active(capacity: float, limits: Thresholds) -> bool:
    return 0.0 < capacity >= limits.redox_capacity_mAh_per_g


def _exchange(ions: float, capacity: float, redox: RedoxActivity, ion: str) -> str:
    return (
        f"{ions:.3g} {ion} per formula unit ({capacity:.3g} mAh/g) "
        f"between {redox.voltage_low_V:g} and {redox.voltage_high_V:g} V"
    )


def _reversible(redox: RedoxActivity, ion: str) -> str:
    ions, capacity = redox.reversible_ions_exchanged, redox.reversible_capacity_mAh_per_g
    return _exchange(ions, capacity, redox, ion)


def _names(products: Sequence[Product]) -> str:
    return ", ".join(product.formula for product in products) or "nothing"


def _sum_fraction(products: Sequence[ProductCharacter]) -> float | None:
    known = [p.volume_fraction for p in products if p.volume_fraction is not None]
    return math.fsum(known) if len(known) == len(products) else None


def _with_share(products: Sequence[ProductCharacter]) -> str:
    share = _sum_fraction(products)
    names = ", ".join(p.formula for p in products)
    return names if share is None else f"{names} ({share:.1%} of the volume)"


def _known_fraction(
    characters: Sequence[str], solid: Sequence[ProductCharacter], *, electronic: bool
) -> float | None:
    if UNKNOWN in characters or any(p.volume_fraction is None for p in solid):
        return None
    return _sum_fraction(
        [p for p in solid if (p.conducts_electrons if electronic else p.conducts_ions)]
    )


def _flags(
    products: Sequence[ProductCharacter],
    limits: Thresholds,
    ion: str,
    redox: RedoxActivity | None,
) -> tuple[str, ...]:
    """Everything worth knowing, whatever the headline."""
    flags = []
    solid = [p for p in products if not p.gas]
    metals = [p for p in solid if p.conducts_electrons]
    if metals:
        share = _sum_fraction(metals)
        flags.append(f"electronic conductor: {_with_share(metals)}")
        if share is not None and share < limits.percolation_volume_fraction:
            flags.append(
                "electronic conductors below the percolation threshold of "
                f"{limits.percolation_volume_fraction:.0%}"
            )
    if redox and _active(redox.reversible_capacity_mAh_per_g, limits):
        flags.append(f"redox-active: {_reversible(redox, ion)}")
    if redox:
        lost = redox.capacity_mAh_per_g - redox.reversible_capacity_mAh_per_g
        ions = redox.ions_exchanged - redox.reversible_ions_exchanged
        if _active(lost, limits):
            flags.append(f"irreversible with release of gas: {_exchange(ions, lost, redox, ion)}")
    passes = _passes_ions(solid, limits, [p for p in solid if p.ionic == UNKNOWN])
    if solid and passes is not None:
        path = [p for p in solid if p.conducts_ions]
        flags.append(
            f"ion conductor: {_with_share(path)}" if passes else f"resistive: no path for {ion}"
        )
    doubtful = [p for p in solid if p.ionic_disputed]
    open_ = [*doubtful, *(p for p in solid if p.ionic == UNKNOWN)]
    if passes is not None and doubtful and _passes_ions(solid, limits, open_) is None:
        names = ", ".join(p.formula for p in doubtful)
        flags.append(f"conduction of {ion} rests on conductivities that vary with form: {names}")
    gases = [p.formula for p in products if p.gas]
    flags += [f"gas release: {', '.join(gases)}"] if gases else []
    for kind, unknown in (
        ("gap", [p.formula for p in solid if p.electronic == UNKNOWN and not p.band_gap_disputed]),
        (f"{ion} conductivity", [p.formula for p in solid if p.ionic == UNKNOWN]),
        ("volume", [p.formula for p in solid if p.volume_per_atom_A3 is None]),
    ):
        flags += [f"no {kind} known for {', '.join(unknown)}"] if unknown else []
    flags += [
        f"disputed band gap: {p.formula} {p.band_gap_eV:.2f} eV measured, "
        f"{p.band_gap_computed_eV:.2f} eV computed"
        for p in solid
        if p.band_gap_disputed
    ]
    return tuple(flags)
