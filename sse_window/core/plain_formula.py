"""Plain formulas, such as Li1.3Al0.3Ti1.7(PO4)3, to amounts: symbols, brackets, numbers.

What people write around them (spaces, dots, mixtures, LaTeX ...) is made plain by
:mod:`~sse_window.core.formula_text`.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from .elements import ATOMIC_NUMBER
from .errors import FormulaError

__all__ = [
    "CLOSING",
    "NUMBER",
    "VACANCY",
    "Token",
    "amounts_of",
    "number_of",
    "simple_amounts",
    "tokens",
    "unreadable",
]

VACANCY = "□"
"""Stands for an empty site: read, and counted as no atom."""

NUMBER = r"\d+/\d+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+"
CLOSING = {"(": ")", "[": "]", "{": "}"}
_TOKEN = re.compile(
    rf"(?P<element>[A-Z][a-z]?|{VACANCY})|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<number>{NUMBER})"
    r"|(?P<dot>·)|(?P<plus>\+)|(?P<minus>-)|(?P<unit>(?:[a-z]+\.? ?)?%)"
)
_SIMPLE_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_SIMPLE_PATTERN = re.compile(r"(?:[(\[{]|(?:[A-Z][a-z]?|[)\]}])#?)+")
_HYDROGEN = {"D": "H", "T": "H"}
_SHOWN = 60


class Token(NamedTuple):
    """A piece of a formula.

    Attributes
    ----------
    kind : str
        ``element``, ``open``, ``close``, ``number``, ``dot``, ``plus``, ``minus`` or ``unit``.
    text : str
    spaced : bool
        White space stands before it.
    position : int
        Where it begins.
    """

    kind: str
    text: str
    spaced: bool
    position: int


def simple_amounts(text: str) -> dict[str, float] | None:
    """Amounts of a formula in which every symbol stands once; None where it is of another kind.

    Most of what long lists hold, and often in one pattern of symbols and brackets, which is looked
    at once.

    Examples
    --------
    >>> simple_amounts("Li1.3Al0.3Ti1.7(PO4)3")
    {'Li': 1.3, 'Al': 0.3, 'Ti': 1.7, 'P': 3.0, 'O': 12.0}
    >>> simple_amounts("CuSO4(H2O)5") is None
    True
    """
    numbers = _SIMPLE_NUMBER.findall(text)
    factors = _factors(_SIMPLE_NUMBER.sub("#", text))
    if factors is None or len(numbers) != factors[0]:
        return None
    values = [float(number) for number in numbers]
    amounts = {}
    for element, places in factors[1]:
        n = 1.0
        for place in places:
            n *= values[place]
        amounts[element] = n
    return amounts


@lru_cache(maxsize=1024)
def _factors(pattern: str) -> tuple[int, list[tuple[str, list[int]]]] | None:
    """Number of numbers in a pattern, and which of them, inner ones first, count each element."""
    if not _SIMPLE_PATTERN.fullmatch(pattern):
        return None
    seen = 0
    levels: list[dict[str, list[int]]] = [{}]
    opened: list[str] = []
    last: dict[str, list[int]] = {}
    for piece in re.findall("[A-Z][a-z]?|.", pattern):
        if piece == "#":
            for places in last.values():
                places.append(seen)
            seen += 1
            continue
        if piece in CLOSING:
            opened.append(piece)
            levels.append({})
            continue
        if piece in ATOMIC_NUMBER:
            last = {piece: []}
        elif opened and CLOSING[opened.pop()] == piece:
            last = levels.pop()
        else:
            return None
        # D, T and water behind a dot have rules of their own.
        if (
            not last
            or piece == "H"
            or any(element in level for level in levels for element in last)
        ):
            return None
        levels[-1].update(last)
    return None if opened else (seen, list(levels[0].items()))


def tokens(text: str, typed: str) -> list[Token]:
    """Pieces of a formula.

    Parameters
    ----------
    text : str
        With plain characters.
    typed : str
        The formula as typed, for messages.

    Returns
    -------
    list of Token

    Raises
    ------
    FormulaError
        At the first character that belongs to nothing.
    """
    found: list[Token] = []
    position, spaced = 0, False
    while position < len(text):
        if text[position] == " ":
            position, spaced = position + 1, True
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            raise unreadable(typed, _why(text, position))
        kind, piece = str(match.lastgroup), match.group()
        if kind == "element":
            piece = _element(piece, text, position, typed)
        elif kind == "number":
            _check_number(piece, found, typed)
            if piece.endswith("."):
                # What follows is a second compound, as in Al2O3.SiO2.
                if not re.match(r"[A-Z(\[{]", text[match.end() :]):
                    raise unreadable(typed, f"digits are missing behind the point of {piece}")
                found.append(Token(kind, piece[:-1], spaced, position))
                kind, piece, spaced = "dot", "·", False
        found.append(Token(kind, piece, spaced, position))
        position, spaced = match.end(), False
    return found


def _check_number(piece: str, before: list[Token], typed: str) -> None:
    if not re.match(r"0\d", piece):
        return
    symbol = before[-1].text if before and before[-1].kind == "element" else ""
    oxygen = f", nor {symbol}O{piece[1:]}" if symbol else ""
    raise unreadable(
        typed,
        f"{symbol}{piece} is neither {symbol}{piece.lstrip('0') or 0} nor {symbol}0.{piece[1:]}"
        f"{oxygen}: write what is meant",
    )


def _element(piece: str, text: str, position: int, typed: str) -> str:
    if piece in ATOMIC_NUMBER or piece == VACANCY:
        return piece
    if piece in _HYDROGEN:
        return _HYDROGEN[piece]
    if piece == "Va":
        raise unreadable(typed, "no element 'Va': leave vacancies out, or write V for vanadium")
    raise unreadable(typed, f"no element {piece!r}" + (_zero_for_o(text) or ""))


def unreadable(typed: str, why: str) -> FormulaError:
    """The error that a formula gives, with the formula shortened where it is long."""
    shown = typed if len(typed) <= _SHOWN else f"{typed[: _SHOWN - 3]}..."
    return FormulaError(f"formula {shown!r}: {why}")


def _zero_for_o(text: str) -> str | None:
    """Hint where a letter o or l stands where only a digit can."""
    mended = re.sub(r"(?<=[a-z])o(?=\.\d)", "0", text)
    mended = re.sub(r"(?<=[\d.])[lI](?=[\d.])|(?<=[a-z])l(?=\.\d)", "1", mended)
    return None if mended == text else f": a letter stands for a digit; did you mean {mended!r}?"


def _why(text: str, position: int) -> str:
    character, rest = text[position], text[position : position + 20]
    if character in "^'":
        return "charges are not part of a composition; leave them out"
    if character in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻":
        return "charges and isotopes are not part of a composition; leave them out"
    if character == "_":
        return f"cannot read {rest!r}: write subscripts as plain numbers"
    if character == ",":
        return (
            "a comma joins elements without saying how much of each: write amounts, such as "
            "(Li0.5Na0.5)"
        )
    if character in ":/":
        return f"cannot read {rest!r}: write a mixture as 0.75Li2S + 0.25P2S5"
    hint = _zero_for_o(text)
    if character.islower() and text[position - 1 : position] == "-":
        shown = text[position - 1 : position + 1]
        return f"cannot read {shown!r}: write a variable amount as a number"
    if character.islower() and character.isascii():
        return f"cannot read {rest!r}" + (
            hint
            or ": element symbols start with a capital letter, and a variable such as x must be "
            "written as a number"
        )
    if character.isalpha() and not character.isascii():
        name = unicodedata.name(character, "an unknown letter").lower()
        what = (
            "write a variable amount as a number"
            if character in "δxyzε"
            else ("write Latin letters")
        )
        return f"cannot read {character!r} ({name}): {what}"
    if not character.isprintable():
        return f"cannot read the control character {character!r}"
    return f"cannot read {character!r}"


def number_of(text: str, typed: str) -> float:
    """Value of a number token, a fraction such as 1/3 included."""
    try:
        return float(Fraction(text)) if "/" in text else float(text)
    except (ZeroDivisionError, OverflowError):
        raise unreadable(typed, f"{text} is no number") from None


def amounts_of(pieces: list[Token], typed: str) -> dict[str, float]:
    """Amounts of the elements of a formula without dots, mixtures or leading numbers.

    Brackets are kept on a stack, so any depth is read.

    Raises
    ------
    FormulaError
        Where a bracket or a number stands in the wrong place.
    """
    stack: list[tuple[str, dict[str, float]]] = [("", {})]
    pending: dict[str, float] = {}  # the symbol or bracket that a following number multiplies
    counted = False

    def flush(factor: float) -> None:
        outer = stack[-1][1]
        for element, n in pending.items():
            outer[element] = outer.get(element, 0.0) + n * factor

    for kind, value, _, _ in pieces:
        if kind == "number":
            if not pending or counted:
                raise unreadable(typed, _misplaced(value, stack, counted))
            flush(number_of(value, typed))
            pending, counted = {}, True
            continue
        if pending:
            flush(1.0)
        pending, counted = {}, False
        if kind == "element":
            pending = {value: 1.0}
        elif kind == "open":
            stack.append((value, {}))
        elif kind == "close":
            opening, pending = stack.pop()
            if not stack or CLOSING[opening] != value:
                raise unreadable(typed, f"bracket {value!r} closes nothing")
            if not pending:
                raise unreadable(typed, "empty brackets")
        else:
            raise unreadable(typed, f"{value!r} stands in the wrong place")
    flush(1.0)
    if len(stack) > 1:
        raise unreadable(typed, f"bracket {stack[-1][0]!r} is never closed")
    return stack[0][1]


def _misplaced(value: str, stack: list[tuple[str, dict[str, float]]], counted: bool) -> str:
    if counted:
        return f"the number {value} follows another number"
    if len(stack) > 1:
        return f"the number {value} follows nothing (leave out an uncertainty such as 0.30(2))"
    return f"the number {value} follows nothing"
