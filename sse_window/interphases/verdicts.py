"""The classes of an interphase, from the character of its products."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .products import UNKNOWN, ProductCharacter, fraction_bounds
from .redox import RedoxActivity
from .thresholds import Thresholds

__all__ = [
    "LABELS",
    "MIXED_CONDUCTING",
    "PRECEDENCE",
    "Verdict",
    "classify",
    "headlines",
    "open_label",
    "severity",
]

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

MIXED_CONDUCTING = "mixed-conducting: the reaction goes on"

_WITH_ELECTRONS = {
    True: MIXED_CONDUCTING,
    False: "electronically conducting, ions blocked",
    None: "electronically conducting, path for ions unknown",
}
"""A reaction goes on where electrons and ions both pass; electrons alone do not feed it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Classes of what forms, and what they rest on.

    Attributes
    ----------
    interphase_class : int or None
        1 to 4, by precedence; None where what is not known could change it, or where nothing solid
        forms.
    possible_classes : tuple of int
        What it may be.
    classes : tuple of int
        All that certainly hold, unranked: electronically conducting (3), redox-active (4), and of
        a layer that insulates electrons whether it lets ions pass (1) or not (2).
    label, reason : str
        The reason is one sentence that names the deciding phases.
    flags : tuple of str
    electronic_conductor_volume_fraction, ion_conductor_volume_fraction : float or None
        None where a volume or a character is not known.
    """

    interphase_class: int | None
    possible_classes: tuple[int, ...]
    classes: tuple[int, ...]
    label: str
    reason: str
    flags: tuple[str, ...]
    electronic_conductor_volume_fraction: float | None
    ion_conductor_volume_fraction: float | None


def severity(number: int | None) -> float:
    """Place of a class in `PRECEDENCE`; an unknown one stands just behind the worst.

    Examples
    --------
    >>> severity(3), severity(None), severity(4)
    (0.0, 0.5, 1.0)
    """
    return 0.5 if number is None else float(PRECEDENCE.index(number))


def headlines(options: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """Which classes may head several verdicts together, each of which may be one of several.

    Examples
    --------
    >>> headlines([(1, 3), (4,)]), headlines([(2,), (0,)]), headlines([])
    ((3, 4), (2,), ())
    """
    known = [classes for classes in options if classes]
    if not known:
        return ()
    ranks = {min(map(PRECEDENCE.index, chosen)) for chosen in itertools.product(*known)}
    return tuple(sorted(PRECEDENCE[rank] for rank in ranks))


def classify(
    products: Sequence[ProductCharacter],
    ion: str = "Li",
    thresholds: Thresholds | None = None,
    redox: RedoxActivity | None = None,
) -> Verdict:
    """Classes of what forms; definite only where no unknown matters.

    Class 3 where products that conduct electrons fill enough of the volume; 4 where elements of the
    electrolyte exchange ions within the operating range; of an electronically insulating layer 1
    where ion conductors fill enough of the volume to percolate, and 2 where they do not. The
    headline is the first by precedence 3 > 4 > 2 > 1. Whatever is not known (a gap, an ion
    conductivity, a volume) is taken both ways, and the class is None where the ways differ.

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
    >>> from sse_window.equilibria.chemical_system import Product
    >>> from sse_window.facts.conductors import facts
    >>> from sse_window.phases.table import PhaseTable
    >>> from sse_window.interphases.products import describe
    >>> table = PhaseTable.from_formulas({"Li3P": -0.9, "LiZn": -0.1})
    >>> products = describe([Product("Li3P", 1.0), Product("LiZn", 1.0)], table, facts())
    >>> verdict = classify(products, thresholds=Thresholds(electronic_volume_fraction=0.0))
    >>> verdict.label, verdict.reason
    ('mixed-conducting: the reaction goes on', 'LiZn conducts electrons (compound of metals)')
    """
    limits = thresholds or Thresholds()
    solid = [product for product in products if product.solid]
    flags = _flags(products, limits, ion, redox)
    if not solid:
        left = ", ".join(product.formula for product in products)
        reason = f"all of it leaves as gas or liquid ({left})" if left else f"it dissolves to {ion}"
        return Verdict(None, (), (), "no solid product", reason, flags, None, None)
    active = _active(redox, limits)
    electrons = _passes_electrons(solid, limits)
    ions = _passes_ions(solid, limits, [p for p in solid if p.ionic == UNKNOWN])
    insulating = {None: {1, 2}, True: {1}, False: {2}}[ions]
    possible: set[int] = {3} if electrons is not False else set()
    if electrons is not True:
        possible |= {4} if active is not False else set()
        possible |= insulating if active is not True else set()
    holds = {3} if electrons else set()
    holds |= {4} if active else set()
    holds |= insulating if electrons is False and ions is not None else set()
    options = tuple(sorted(possible))
    headline = options[0] if len(options) == 1 else None
    if headline is None:
        missing = _missing(solid, electrons, active, 1 in possible and 2 in possible, ion)
        label, reason = open_label(options), "; ".join(missing)
    else:
        label = _WITH_ELECTRONS[ions] if headline == 3 else LABELS[headline]
        reason = _reason(headline, solid, limits, ion, redox)
    return Verdict(
        headline,
        options,
        tuple(sorted(holds)),
        label,
        reason,
        flags,
        _known_fraction([p.electronic for p in solid], solid, electronic=True),
        _known_fraction([p.ionic for p in solid], solid, electronic=False),
    )


def open_label(classes: Sequence[int]) -> str:
    """Label of a class that is open.

    Examples
    --------
    >>> open_label([2, 3]), open_label([])
    ('class 2 or 3', 'class unknown')
    """
    names = [str(number) for number in classes]
    if len(names) < 2:
        return f"class {names[0]}" if names else "class unknown"
    return f"class {', '.join(names[:-1])} or {names[-1]}"


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


def _active(redox: RedoxActivity | None, limits: Thresholds) -> bool | None:
    if redox is None:
        return False
    least, most = redox.brought_capacity_mAh_per_g
    if least > 0.0 and least >= limits.redox_capacity_mAh_per_g:
        return True
    return None if most > 0.0 and most >= limits.redox_capacity_mAh_per_g else False


def _missing(
    solid: Sequence[ProductCharacter],
    electrons: bool | None,
    active: bool | None,
    ions_open: bool,
    ion: str,
) -> list[str]:
    """What would have to be known."""
    texts = []
    volumes = [p.formula for p in solid if p.volume_per_atom_A3 is None]
    if electrons is None:
        texts += [
            f"whether {p.formula} conducts electrons ({_electronic_reason(p)})"
            for p in solid
            if p.electronic == UNKNOWN
        ]
    if active is None:
        texts.append("formal oxidation states leave open which element exchanges the ions")
    if ions_open:
        unknown = [p.formula for p in solid if p.ionic == UNKNOWN]
        texts += [f"no {ion} conductivity settled for {', '.join(unknown)}"] if unknown else []
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
        return f"{_with_share([first])} conducts electrons ({_electronic_reason(first)})"
    if headline == 4:
        assert redox is not None
        return f"{_changes(redox)} exchange{_s(redox.brought)} {_exchange(redox, ion)}"
    if headline == 1:
        path = [p.formula for p in solid if p.conducts_ions]
        return f"{', '.join(path)} conduct{_s(path)} {ion}, and no product conducts electrons"
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


def _s(subjects: Sequence[object]) -> str:
    """Ending of a verb."""
    return "s" if len(subjects) == 1 else ""


def _changes(redox: RedoxActivity) -> str:
    """Elements with their change of state, from the low to the high end."""
    texts = []
    for change in redox.brought:
        known = change.state_low is not None and change.state_high is not None
        states = f" ({_state(change.state_low)} to {_state(change.state_high)})" if known else ""
        texts.append(f"{change.element}{states}")
    return " and ".join(texts) or "elements of the electrolyte"


def _state(charge: float | None) -> str:
    return "0" if charge is not None and round(charge, 2) == 0.0 else f"{charge:+.3g}"


def _exchange(redox: RedoxActivity, ion: str) -> str:
    ions, capacity = redox.brought_ions_exchanged[0], redox.brought_capacity_mAh_per_g[0]
    return (
        f"{ions:.3g} {ion} per formula unit ({capacity:.0f} mAh/g) "
        f"between {redox.voltage_low_V:.2f} and {redox.voltage_high_V:.2f} V"
    )


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
    solid = [p for p in products if p.solid]
    metals = [p for p in solid if p.conducts_electrons]
    electrons = _passes_electrons(solid, limits) if solid else False
    if metals and electrons is False:
        flags.append(f"class 3 only if its traces connect: {_with_share(metals)}")
    elif metals:
        share = _sum_fraction(metals)
        flags.append(f"electronic conductor: {_with_share(metals)}")
        if share is not None and share < limits.percolation_volume_fraction:
            flags.append(
                "electronic conductors below the percolation threshold of "
                f"{limits.percolation_volume_fraction:.0%}"
            )
    if redox is not None and _active(redox, limits):
        flags.append(f"redox-active: {_changes(redox)}, {_exchange(redox, ion)}")
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
    for state in ("gas", "liquid"):
        left = [p.formula for p in products if (p.gas if state == "gas" else p.liquid)]
        flags += [f"{state} release: {', '.join(left)}"] if left else []
    for kind, unknown in (
        ("electronic character", [p.formula for p in solid if p.electronic == UNKNOWN]),
        (f"{ion} conductivity", [p.formula for p in solid if p.ionic == UNKNOWN]),
        ("volume", [p.formula for p in solid if p.volume_per_atom_A3 is None]),
    ):
        flags += [f"{kind} not known: {', '.join(unknown)}"] if unknown else []
    return tuple(flags)
