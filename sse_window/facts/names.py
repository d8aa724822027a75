"""Well-known names as compositions, and what a misspelt one may have meant."""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from typing import NamedTuple

from ..core.composition import Composition, parse, recased
from ..core.errors import FormulaError
from .electrodes import electrodes
from .packaged import data_file

__all__ = ["canonical_name", "names", "resolve"]

# Names shorter than this resemble too much.
_SHORTEST_MISSPELLING = 3
# Nothing longer is a misspelt name, and comparing it takes time.
_LONGEST_MISSPELLING = 60
# Of six letters, one may be wrong (ratio 5/6), of four, two may be swapped (3/4).
_RESEMBLANCE = 0.75


class _Meaning(NamedTuple):
    name: str
    formula: str


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
    try:
        return parse(text)
    except FormulaError as error:
        typed = text.strip()
        suggestion = _suggestion(typed)
        if suggestion is None:
            raise
        # Where only the case is wrong, what the parser stumbled over says nothing of use.
        if suggestion.casefold() == typed.casefold():
            problem = f"no formula or name {text!r}"
        else:
            problem = str(error)
        raise FormulaError(f"{problem}; did you mean {suggestion!r}?") from None


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
    """Every well-known name and its formula, electrolytes before electrodes, without aliases.

    Examples
    --------
    >>> names()["LLZO"], names()["graphite"]
    ('Li7La3Zr2O12', 'C')
    """
    return {meaning.name: meaning.formula for meaning in _meanings().values()}


@cache
def _meanings() -> dict[str, _Meaning]:
    """Name or alias -> canonical name and formula."""
    meanings: dict[str, _Meaning] = {}
    entries = tomllib.loads(data_file("electrolytes.toml").read_text(encoding="utf-8"))
    for entry in entries["electrolyte"]:
        meaning = _Meaning(entry["name"], entry["formula"])
        meanings |= dict.fromkeys([meaning.name, *entry["aliases"]], meaning)
    for electrode in electrodes():
        meaning = _Meaning(electrode.name, electrode.named.formula)
        meanings |= dict.fromkeys([meaning.name, *electrode.aliases], meaning)
    return meanings


def _suggestion(typed: str) -> str | None:
    """Name in other case or with other separators, else a similar name, else a recased formula."""
    if len(typed) > _LONGEST_MISSPELLING:
        return None
    plain = _plain(typed)
    # Reversed, so that of two spellings that differ in separators the canonical one remains.
    candidates = {_plain(name): name for name in reversed(_meanings())}
    if plain in candidates:
        return candidates[plain]
    long = [name for name in candidates if len(name) >= _SHORTEST_MISSPELLING]
    if len(plain) >= _SHORTEST_MISSPELLING:
        close = difflib.get_close_matches(plain, long, n=5, cutoff=_RESEMBLANCE)
        # The same letters in another order (LPGS) are a likelier slip than one left out (LPS).
        swapped = [name for name in close if sorted(name) == sorted(plain)]
        if close:
            return candidates[(swapped or close)[0]]
    return recased(typed)


def _plain(name: str) -> str:
    return name.casefold().translate(str.maketrans("", "", " -_"))
