"""What a typed formula means: hydrates, mixtures by mole and by mass, numbers behind white space.

The rule of every doubtful case: one reading is taken, and said; two readings are refused, and both
are named.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import FormulaError
from .mixture_text import (
    MASS_UNITS,
    MOLE_UNITS,
    Context,
    nested,
    read_level,
    text_of,
    total_amounts,
)
from .notation import characters, plain
from .plain_formula import tokens
from .solvates import check_solvates

__all__ = ["Reading", "may_hold_a_dot", "read"]

_GUEST = r"(?:H2O|D2O|NH3)"
_END = r"(?=$|[)\]}]| ?[·+-])"
_SPACED_GUEST = re.compile(
    rf"(?<=[A-Za-z0-9)\]}}]) (\d+(?:\.\d+)?|\.\d+|\d+/\d+)? ?({_GUEST}){_END}"
)
_DOTTED_GUEST = re.compile(rf"(?<=[A-Za-z0-9)\]}}])\.(\d+(?:\.\d+)?)?({_GUEST}){_END}")
_GLUED_GUEST = re.compile(rf"\d(?:\.\d+|/\d+)(?={_GUEST}{_END})")
_TRAILING_UNIT = re.compile(r" ?[(\[]? ?(?:in )?\b([a-z]+)% ?[)\]]?$")


class Reading(NamedTuple):
    """A formula and what it means.

    Attributes
    ----------
    formula : str
        Of symbols, brackets, numbers and centred dots alone; reads back as the same amounts.
    amounts : dict of str to float
    read_as : str or None
        How the text was read, in words; None where it says just that.
    """

    formula: str
    amounts: dict[str, float]
    read_as: str | None


def read(typed: str) -> Reading:
    """Read a formula in any notation.

    Parameters
    ----------
    typed : str

    Returns
    -------
    Reading

    Raises
    ------
    FormulaError
        Where there is no reading, or more than one.

    Examples
    --------
    >>> read("75Li2S-25P2S5").formula, read("75Li2S-25P2S5").read_as
    ('(Li2S)0.75(P2S5)0.25', '0.75 Li2S + 0.25 P2S5, by mole')
    >>> read("MgCl2.6H2O").read_as
    'the hydrate MgCl2(H2O)6'
    """
    text, remarks = plain(typed)
    context = Context(typed)
    check_solvates(text, typed)
    text = _with_hydrates(text, context)
    unit = _TRAILING_UNIT.search(text)
    alone = unit is None or re.search(r"(?:^|[ +·-])[\d.]+$", text[: unit.start()])
    if unit is not None and not alone and unit[1] in MASS_UNITS | MOLE_UNITS:
        text, context.unit = text[: unit.start()].rstrip(), unit[1]
    _refuse_dots_of_two_meanings(text, context)
    literal = not context.said and not remarks and context.unit is None
    items = read_level(nested(tokens(text, typed), context), context, outermost=True)
    amounts = total_amounts(items, context)
    formula = text_of(items)
    if literal and not context.said and formula == "".join(characters(typed).split()):
        return Reading(formula, amounts, None)
    how = [formula] if context.inside or not context.said else []
    return Reading(formula, amounts, "; ".join([*how, *context.said, *remarks]))


def may_hold_a_dot(text: str) -> bool:
    """Whether a full stop in a formula of symbols and numbers may stand between two compounds.

    Examples
    --------
    >>> may_hold_a_dot("Li6.5La3Zr1.5Ta0.5O12"), may_hold_a_dot("P2S5.3Li2S")
    (False, True)
    """
    symbols = re.findall("[A-Z][a-z]?", text)
    return len(set(symbols)) < len(symbols) or re.search(_GUEST, text) is not None


# Hydrates and dots ------------------------------------------------------------------------------


def _with_hydrates(text: str, context: Context) -> str:
    """Put a centred dot before water that stands behind a space or a full stop."""
    first = text.lstrip("([{ ")[:1]
    if not first.isdigit():
        text = _SPACED_GUEST.sub(lambda m: _hydrate(text, m, context), text)
    return _DOTTED_GUEST.sub(lambda m: _hydrate(text, m, context), text)


def _hydrate(text: str, match: re.Match[str], context: Context) -> str:
    count, guest = match[1] or "", match[2]
    before = text[: match.start()]
    host = re.split(r"[·+ -]", before)[-1].lstrip("([{") or before
    digits = re.search(r"[\d.]*$", before)
    dotted = match.group()[0] == "."
    if dotted and re.search(r"(?:^|[·+ -])\d+$", before):
        return match.group()  # the decimal point of a number that stands by itself
    if dotted and count and digits is not None and digits.group() == "0":
        raise context.refuse(
            f"0{match.group()} has two readings: write {host[:-1]} · 0{match.group()} for a "
            f"hydrate, or the atoms of {guest} one by one"
        )
    context.said.append(f"the hydrate {host}({guest}){count}")
    return f"·{count}{guest}"


def _refuse_dots_of_two_meanings(text: str, context: Context) -> None:
    """A dot between two digits is a decimal point or stands between two compounds."""
    leading = text.lstrip("([{ ")[:1].isdigit()
    for match in re.finditer(r"(?<=\d)·(?=\d)", text):
        tail = text[match.end() :]
        if leading or re.match(rf"[\d./]+{_GUEST}{_END}", tail):
            continue
        decimal = text.replace("·", ".")
        if _repeats(decimal):
            continue
        number = re.search(r"\d*·[\d.]*", text[max(match.start() - 6, 0) :])
        shown = number.group() if number else "·"
        raise context.refuse(
            f"{shown} has two readings: write {shown.replace('·', '.')} for a decimal number, or "
            f"{shown.replace('·', ' · ')} where two compounds meet"
        )
    for match in re.finditer(r"(?<![\d.])(0|[1-9]\d*)?\.(\d+)(?=[A-Z(\[]|$)", text):
        left, right = text[: match.start()], text[match.end() :]
        left += match[1] or ""
        if match[1] == "0" or not left:
            continue
        if not match[1] and re.search(r"(?:^|[^A-Za-z])[OI]$|[a-z][OI]$", left):
            letter = left[-1]
            raise context.refuse(
                f"{letter}{match.group()} has several readings: write {letter}0{match.group()}, "
                f"{'0' if letter == 'O' else '1'}{match.group()} if {letter} is a digit, or "
                f"{left} · {match[2]}{right} for two compounds"
            )
        if _two_compounds(left, right):
            raise context.refuse(
                f"{match.group()} has two readings: write {left} · {match[2]}{right} for two "
                f"compounds, or {match[1] or '0'}.{match[2]} as an amount in brackets of its own"
            )
    glued = _GLUED_GUEST.search(text)
    if glued and not re.search(r"(?:^|[·+ (\[{-])[\d./]*$", text[: glued.end()]):
        raise context.refuse(
            f"{glued.group()} before water has two readings: write a dot, as in CuSO4 · 5H2O"
        )


def _repeats(text: str) -> bool:
    symbols = re.findall(r"[A-Z][a-z]?", re.sub(r"\([^()]*\)", "", text))
    return len(set(symbols)) < len(symbols)


def _two_compounds(left: str, right: str) -> bool:
    """Both are compounds of an anion that they share."""
    sides = []
    for side in (left, right):
        try:
            found = read(side)
        except FormulaError:
            return False
        if len(found.amounts) < 2:
            return False
        sides.append(re.findall(r"[A-Z][a-z]?", side)[-1])
    return bool(sides[0] == sides[1])
