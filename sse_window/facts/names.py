"""Well-known names as compositions, and what a misspelt one may have meant."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from ..core.composition import Composition, parse, recased
from ..core.elements import ELECTRONEGATIVITY
from ..core.errors import FormulaError, UnknownAmountError
from ..core.notation import names_a_form
from ..core.record import Record
from .coatings import coatings
from .electrodes import electrodes
from .oxidation_numbers import left_over_charge, uniform_charge
from .packaged import cited_facts, data_file

__all__ = ["KnownName", "canonical_name", "known_names", "names", "resolve", "spells_a_compound"]

# Names shorter than this resemble too much.
_SHORTEST_MISSPELLING = 3
# Nothing longer is a misspelt name, and comparing it takes time.
_LONGEST_MISSPELLING = 60
# On Pauling's scale: cations come first, and of two anions the harder one need not come last.
_OUT_OF_ORDER = 0.3
_BEHIND_OXYGEN = frozenset({"H", "C", "F", "Cl", "Br", "I", "S", "Se", "Te"})
# Of six letters, one may be wrong (ratio 5/6), of four, two may be swapped (3/4).
_RESEMBLANCE = 0.75


class _Meaning(NamedTuple):
    name: str
    formula: str


@dataclass(frozen=True, slots=True)
class KnownName(Record):
    """A name that stands for a composition.

    Attributes
    ----------
    name : str
    aliases : tuple of str
        Other spellings of the name.
    composition : str
        What the name means where one composition is wanted.
    kind : str
        ``electrolyte``, ``electrode``, ``coating`` or ``additive``.
    ion : str or None
        Working ion of an electrode.
    discharged, charged : str or None
        Compositions of an electrode in the discharged and in the charged cell.
    voltage_range_V : tuple of float, or None
        Operating range of an electrode, vs the ion's metal.
    source, note : str
    source_checked : bool or None
        Whether the reference of an electrode was found again in an index; None where no such mark
        is kept.
    """

    name: str
    aliases: tuple[str, ...]
    composition: str
    kind: str
    ion: str | None
    discharged: str | None
    charged: str | None
    voltage_range_V: tuple[float, float] | None
    source: str
    note: str
    source_checked: bool | None = None


def resolve(text: str) -> Composition:
    """Composition of a well-known name or a formula.

    A name wins over a formula that is spelt alike; the only such pair with two meanings is LiPON,
    which is Li2PO2N. The name of an electrode stands for its discharged state, except where it is
    the name of the charged one (S, TiS2, Li-In).

    Parameters
    ----------
    text : str
        Such as ``LGPS``, ``graphite`` or ``Li3PS4``.

    Returns
    -------
    Composition
        Its `formula` is the actual one, not the name.

    Raises
    ------
    FormulaError
        If it is neither; with a suggestion where one is near.

    Examples
    --------
    >>> resolve("LGPS").formula, resolve("LCO").formula, resolve("Li3PS4").formula
    ('Li10GeP2S12', 'LiCoO2', 'Li3PS4')
    >>> resolve("lgps")
    Traceback (most recent call last):
    ...
    sse_window.core.errors.FormulaError: no formula or name 'lgps'; did you mean 'LGPS'?
    """
    meaning = _meanings().get(text.strip())
    if meaning is not None:
        return parse(meaning.formula)
    typed = text.strip()
    explained = _explained(typed)
    if explained is not None:
        return explained
    try:
        composition = parse(text)
    except UnknownAmountError:
        raise  # what to write is said; another formula is not what was meant
    except FormulaError as error:
        suggestion = _suggestion(typed)
        if suggestion is None:
            raise
        # Where only the case is wrong, what the parser stumbled over says nothing of use.
        if suggestion.casefold() == typed.casefold():
            problem = f"no formula or name {text!r}"
        else:
            problem = str(error)
        raise FormulaError(f"{problem}; did you mean {suggestion!r}?") from None
    if typed.isalpha() and not spells_a_compound(typed) and typed not in _packaged_formulas():
        raise FormulaError(_asked_about(typed, composition))
    return composition


def _explained(typed: str) -> Composition | None:
    """A name explained by a formula in brackets, or by its form: "LiPON (Li2PO2N)", "t-LLZO"."""
    behind = re.fullmatch(r"(\S+?)\s*\((\S+)\)", typed)
    if behind and behind[2] in _meanings():
        named = parse(_meanings()[behind[2]].formula)
        return named if _same(behind[1], named) else None
    form = re.fullmatch(r"(?:[a-z]|[α-ω]'?)-(\S+)", typed)
    if form and form[1] in _meanings():
        named = parse(_meanings()[form[1]].formula)
        return replace(
            named, read_as=f"{named.formula}; the form is left out: the dataset knows the lowest "
            "one", typed=typed,
        )  # fmt: skip
    found = re.fullmatch(r"(\S+)\s+\((.+)\)", typed)
    meaning = _meanings().get(found[1]) if found else None
    if found is None or meaning is None:
        return None
    try:
        own = parse(found[1]).reduced_formula
    except FormulaError:
        own = None
    return None if own == parse(meaning.formula).reduced_formula else parse(found[2])


def _same(text: str, composition: Composition) -> bool:
    try:
        return parse(text).reduced_formula == composition.reduced_formula
    except FormulaError:
        return False


def spells_a_compound(letters: str) -> bool:
    """Whether letters alone are a formula rather than an abbreviation that decomposes into symbols.

    Two elements are. More are where each occurs once, anions come after cations, and the charge is
    balanced with one atom of each (LiOH, BiOCl, LiZnN), and where there is no ionic charge to be
    balanced (TiNiSn).

    Examples
    --------
    >>> [spells_a_compound(letters) for letters in ("LiOH", "TiNiSn", "NaSICON", "NVP", "LiPSCl")]
    [True, True, False, False, False]
    """
    symbols = re.findall("[A-Z][a-z]?", letters)
    if len(symbols) < 3:
        return True
    if len(set(symbols)) < len(symbols) or not set(symbols) <= set(ELECTRONEGATIVITY):
        return False
    if letters.endswith("CN"):
        return True
    for before, after in itertools.pairwise(symbols):
        if before == "O" and after in _BEHIND_OXYGEN:
            continue
        if ELECTRONEGATIVITY[before] - ELECTRONEGATIVITY[after] > _OUT_OF_ORDER:
            return False
    amounts = dict.fromkeys(symbols, 1.0)
    return left_over_charge(amounts) is None or uniform_charge(amounts) == 0.0


def _asked_about(typed: str, composition: Composition) -> str:
    elements = ", ".join(composition.elements[:-1]) + f" and {composition.elements[-1]}"
    spelt = "".join(f"{e}{n:g}" for e, n in composition.amounts.items())
    name = _near_name(typed)
    hint = f"; did you mean {name!r}?" if name is not None else ""
    return f"no name {typed!r} is known: write {spelt} for the compound of {elements}{hint}"


def canonical_name(text: str) -> str | None:
    """Usual name behind a name or alias; None for anything else, formulas included.

    Examples
    --------
    >>> canonical_name("NCM811"), canonical_name("LGPS"), canonical_name("Li10GeP2S12")
    ('NMC811', 'LGPS', None)
    """
    meaning = _meanings().get(text.strip())
    return None if meaning is None else meaning.name


def names() -> dict[str, str]:
    """Names of electrolytes, then electrodes, then additives, with their formulas.

    Aliases are left out, and coatings, which go by their formulas.

    Examples
    --------
    >>> names()["LLZO"], names()["graphite"], names()["PVDF"]
    ('Li7La3Zr2O12', 'C', 'C2H2F2')
    """
    return {known.name: known.composition for known in known_names() if known.kind != "coating"}


@cache
def known_names() -> tuple[KnownName, ...]:
    """Everything that goes by a name: electrolytes, electrodes, coatings, additives.

    Returns
    -------
    tuple of KnownName

    Examples
    --------
    >>> {known.kind for known in known_names()} == {
    ...     "electrolyte", "electrode", "coating", "additive"
    ... }
    True
    """
    found = [_cited(entry, "electrolyte") for entry in _entries("electrolyte")]
    found += [
        KnownName(
            name=electrode.name,
            aliases=electrode.aliases,
            composition=electrode.named.formula,
            kind="electrode",
            ion=electrode.ion,
            discharged=electrode.discharged.formula,
            charged=electrode.charged.formula,
            voltage_range_V=(electrode.voltage_low, electrode.voltage_high),
            source=electrode.source,
            note=electrode.note,
            source_checked=electrode.source_checked,
        )
        for electrode in electrodes()
    ]
    found += [
        KnownName(
            name=coating.name,
            aliases=coating.aliases,
            composition=coating.composition.formula,
            kind="coating",
            ion=None,
            discharged=None,
            charged=None,
            voltage_range_V=None,
            source=coating.source,
            note=coating.note,
        )
        for coating in coatings()
    ]
    return (*found, *(_cited(entry, "additive") for entry in _entries("additive")))


def _entries(kind: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = cited_facts(f"{kind}s.toml")[kind]
    return entries


def _cited(entry: dict[str, Any], kind: str) -> KnownName:
    return KnownName(
        name=entry["name"],
        aliases=tuple(entry["aliases"]),
        composition=entry["formula"],
        kind=kind,
        ion=None,
        discharged=None,
        charged=None,
        voltage_range_V=None,
        source=entry["source"],
        note=entry["note"],
    )


@cache
def _meanings() -> dict[str, _Meaning]:
    """Name or alias -> canonical name and formula."""
    meanings: dict[str, _Meaning] = {}
    for known in known_names():
        meaning = _Meaning(known.name, known.composition)
        # A coating goes by its formula, which needs no entry.
        spellings = known.aliases if known.kind == "coating" else (known.name, *known.aliases)
        meanings |= dict.fromkeys(spellings, meaning)
    return meanings


def _suggestion(typed: str) -> str | None:
    """A name, or a formula in other case where that is one (not BeTa for beta)."""
    if len(typed) > _LONGEST_MISSPELLING or names_a_form(typed):
        return None
    formula = recased(typed)
    if formula is None or not typed.isalpha():
        return _near_name(typed) or formula
    ionic = uniform_charge(parse(formula).amounts) == 0.0 and spells_a_compound(formula)
    return formula if ionic and _plain(typed) not in _spellings() else _near_name(typed)


@cache
def _spellings() -> dict[str, str]:
    """Names without regard to case and separators; of two alike the canonical one remains."""
    return {_plain(name): name for name in reversed(_meanings())}


@cache
def _packaged_formulas() -> frozenset[str]:
    """Compounds of one atom of each element that the packaged tables hold."""
    import pyarrow.parquet as pq

    found: set[str] = set()
    for name in ("phases.parquet", "oqmd.parquet"):
        column = pq.read_table(data_file(name), columns=["formula"])["formula"]
        found.update(formula for formula in column.to_pylist() if formula.isalpha())
    return frozenset(found)


def _near_name(typed: str) -> str | None:
    """Name in other case or with other separators, else a similar name."""
    if len(typed) > _LONGEST_MISSPELLING:
        return None
    plain = _plain(typed)
    candidates = _spellings()
    if plain in candidates:
        return candidates[plain]
    # A name that is a formula (V2O5) resembles every other formula.
    long = [
        name
        for name, spelt in candidates.items()
        if len(name) >= _SHORTEST_MISSPELLING and not _is_formula(spelt)
    ]
    if len(plain) >= _SHORTEST_MISSPELLING:
        import difflib

        close = difflib.get_close_matches(plain, long, n=5, cutoff=_RESEMBLANCE)
        # The same letters in another order (LPGS) are a likelier slip than one left out (LPS).
        swapped = [name for name in close if sorted(name) == sorted(plain)]
        if close:
            return candidates[(swapped or close)[0]]
    return None


def _is_formula(name: str) -> bool:
    try:
        parse(name)
    except FormulaError:
        return False
    return True


def _plain(name: str) -> str:
    return name.casefold().translate(str.maketrans("", "", " -_"))
