"""Compounds that are mixed: brackets, coefficients, percentages by mole and by mass.

White space never joins two numbers, nor a number to a run of symbols of which it cannot be told
whose it is (``Li PS 3 4`` out of a PDF file).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .elements import ATOMIC_MASS
from .errors import FormulaError
from .plain_formula import CLOSING, VACANCY, Token, amounts_of, number_of, unreadable

__all__ = [
    "MASS_UNITS",
    "MOLE_UNITS",
    "Context",
    "Group",
    "Item",
    "flat",
    "nested",
    "read_level",
    "text_of",
    "total_amounts",
]

MASS_UNITS = {"wt", "w", "weight", "mass"}
MOLE_UNITS = {"mol", "mole"}

_ROUNDED = 0.005
"""By this share may coefficients that are percentages or fractions miss 100 or 1."""

Item: TypeAlias = "Token | Group"


@dataclass
class Group:
    """Brackets and what stands in them."""

    opening: Token
    items: list[Item] = field(default_factory=list)
    kind = "group"

    @property
    def spaced(self) -> bool:
        """White space stands before the bracket."""
        return self.opening.spaced


@dataclass
class _Part:
    """One compound of a mixture, with the number before it."""

    items: list[Item]
    coefficient: Token | None = None
    unit: str | None = None

    def text(self) -> str:
        return text_of(self.items)


@dataclass
class Context:
    """What is known while one formula is read."""

    typed: str
    said: list[str] = field(default_factory=list)
    inside: bool = False
    unit: str | None = None

    def refuse(self, why: str) -> FormulaError:
        """The error that this formula gives."""
        return unreadable(self.typed, why)


def total_amounts(items: Sequence[Item], context: Context) -> dict[str, float]:
    """Amounts of dotted parts together."""
    total: dict[str, float] = {}
    part: list[Token] = []
    for token in [*flat(items), Token("dot", "", False, 0)]:
        if token.kind != "dot":
            part.append(token)
            continue
        factor = 1.0
        if part and part[0].kind == "number":
            factor, part = number_of(part[0].text, context.typed), part[1:]
        for element, n in amounts_of(part, context.typed).items():
            total[element] = total.get(element, 0.0) + factor * n
        part = []
    total.pop(VACANCY, None)
    return total


def nested(pieces: Sequence[Token], context: Context) -> list[Item]:
    """Tokens with the contents of each pair of brackets in a group; refused where one is open."""
    stack: list[list[Item]] = [[]]
    opened: list[Group] = []
    for token in pieces:
        if token.kind == "open":
            group = Group(token)
            stack[-1].append(group)
            opened.append(group)
            stack.append(group.items)
        elif token.kind == "close":
            if not opened or CLOSING[opened[-1].opening.text] != token.text:
                raise context.refuse(f"bracket {token.text!r} closes nothing")
            if not opened.pop().items:
                raise context.refuse("empty brackets")
            stack.pop()
        else:
            stack[-1].append(token)
    if opened:
        raise context.refuse(f"bracket {opened[-1].opening.text!r} is never closed")
    return stack[0]


def flat(items: Sequence[Item]) -> list[Token]:
    """Groups and tokens as tokens again."""
    found: list[Token] = []
    for item in items:
        if isinstance(item, Token):
            found.append(item)
        else:
            opening = item.opening
            closing = Token("close", CLOSING[opening.text], False, opening.position)
            found += [opening, *flat(item.items), closing]
    return found


def text_of(items: Sequence[Item]) -> str:
    """As a formula, without vacancies."""
    text = re.sub(rf"{VACANCY}[\d./]*", "", "".join(token.text for token in flat(items)))
    while (shorter := re.sub(r"(?:\(\)|\[\]|\{\})[\d./]*", "", text)) != text:
        text = shorter
    return text


def read_level(items: list[Item], context: Context, *, outermost: bool = False) -> list[Item]:
    """The items of one level of brackets as one formula without separators."""
    items = [
        item if isinstance(item, Token) else Group(item.opening, read_level(item.items, context))
        for item in items
    ]
    separators = [item for item in items if item.kind in ("dot", "plus", "minus")]
    parts = _parts(items, separators, context)
    for part in parts:
        _check_spaces(part, context)
    if len(parts) == 1:
        part = parts[0]
        if part.unit or (context.unit and part.coefficient):
            raise context.refuse("a percentage needs a second compound: what is the rest?")
        if part.coefficient is None:
            return part.items
        if outermost:
            return [part.coefficient, *part.items]
        raise context.refuse(f"the number {part.coefficient.text} follows nothing")
    for separator in separators:
        if separator.kind == "minus":
            _check_minus(items, parts, separator, context)
        if separator.kind == "plus":
            _check_plus(items, parts, separator, context)
    kinds = {separator.kind for separator in separators}
    units = any(part.unit for part in parts) or (outermost and context.unit is not None)
    if kinds == {"dot"} and not units:
        return _dotted(parts, outermost)
    context.inside |= not outermost
    return _mixed(parts, context)


def _parts(items: list[Item], separators: list[Item], context: Context) -> list[_Part]:
    """Split at separators, else at the spaced numbers of a mixture such as 0.4 Li2S 0.6 SiS2."""
    pieces: list[list[Item]] = [[]]
    for item in items:
        if item.kind in ("dot", "plus", "minus"):
            pieces.append([])
        else:
            pieces[-1].append(item)
    if separators:
        _check_ends(items, pieces, context)
    elif items and items[0].kind == "number":
        split = _split_at_spaced_numbers(items)
        if len(split) > 1:
            amounts = [piece[0].text for piece in split if isinstance(piece[0], Token)]
            total = math.fsum(number_of(amount, context.typed) for amount in amounts)
            if _round_total(total) is None:
                raise context.refuse(
                    f"the amounts {', '.join(amounts)} add up to {total:g}: write a mixture with "
                    "+, as in 0.75Li2S + 0.25P2S5"
                )
            pieces = split
    return [_part(piece, context) for piece in pieces]


def _check_ends(items: list[Item], pieces: list[list[Item]], context: Context) -> None:
    last = items[-1].kind
    before = items[-2].kind if len(items) > 1 else ""
    if last == "plus" or (last == "minus" and before != "unit" and _looks_charged(items)):
        raise context.refuse("charges are not part of a composition; leave them out")
    signs = [item.kind for item in items if item.kind in ("dot", "plus", "minus")]
    for k, piece in enumerate(pieces):
        if piece and (len(piece) > 1 or piece[0].kind != "number"):
            continue
        sign = signs[max(k - 1, 0)]
        if piece and k and sign == "minus":
            raise context.refuse(
                "amounts cannot be negative; ranges such as 1-x must be written as a number"
            )
        name = {"dot": "dot", "plus": "plus sign", "minus": "dash"}[sign]
        where = "after" if k == len(pieces) - 1 and sign != "dot" else "beside"
        raise context.refuse(f"nothing stands {where} the {name}")


def _looks_charged(items: list[Item]) -> bool:
    """Only one sign, at the end: PO43-, Cl-."""
    return [item.kind for item in items].count("minus") == 1 and items[0].kind != "number"


def _split_at_spaced_numbers(items: list[Item]) -> list[list[Item]]:
    pieces: list[list[Item]] = [[]]
    for i, item in enumerate(items):
        following = items[i + 1].kind if i + 1 < len(items) else ""
        starts = item.kind == "number" and item.spaced and following in ("element", "group", "unit")
        if starts and pieces[-1]:
            pieces.append([])
        pieces[-1].append(item)
    return pieces


def _part(piece: list[Item], context: Context) -> _Part:
    coefficient = unit = None
    rest = piece
    if rest and isinstance(rest[0], Token) and rest[0].kind == "number":
        coefficient, rest = rest[0], rest[1:]
    if rest and isinstance(rest[0], Token) and rest[0].kind == "unit":
        unit, rest = rest[0].text.rstrip("% ."), rest[1:]
        if coefficient is None:
            raise context.refuse(f"no number stands before {unit}%")
        if not unit:
            raise context.refuse(f"{coefficient.text}% of what? write mol% or wt%")
        if unit not in MASS_UNITS | MOLE_UNITS:
            raise context.refuse(f"{unit}% cannot be turned into a composition: give mol% or wt%")
    if not rest:
        if coefficient is not None and unit is None:
            raise context.refuse(
                f"no element with an amount above zero: the number {coefficient.text} follows "
                "nothing (leave out an uncertainty such as 0.30(2))"
            )
        raise context.refuse(
            f"which compound makes up the {coefficient.text if coefficient else ''}"
            f"{' ' + unit + '%' if unit else ''}? write it behind"
        )
    if not text_of(rest):
        raise context.refuse("no element with an amount above zero: vacancies hold no atoms")
    for item in rest:
        if isinstance(item, Token) and item.kind == "unit":
            raise context.refuse(f"{item.text} stands in the wrong place")
    return _Part(rest, coefficient, unit)


def _check_spaces(part: _Part, context: Context) -> None:
    """No number may be joined to what it need not belong to."""
    run, previous = 0, ""
    for i, item in enumerate(part.items):
        following = part.items[i + 1] if i + 1 < len(part.items) else None
        if isinstance(item, Token) and item.kind == "number":
            if previous == "number":
                raise context.refuse(_two_numbers(part, i))
            if item.spaced:
                glued = following is not None and not following.spaced
                if glued or (previous == "element" and run != 1):
                    raise context.refuse(_whose_number(part, i, glued=glued))
            run = 0
        elif item.kind == "element":
            run += 1
        else:
            run = 0
        previous = item.kind
    _check_two_compounds(part, context)


def _two_numbers(part: _Part, i: int) -> str:
    shown = f"the number {text_of(part.items[i : i + 1])} follows another number"
    mended = _with_displaced_numbers(part)
    if mended is not None:
        return f"{shown}; did you mean {mended!r}?"
    return f"{shown}: write each number directly behind its symbol, and a mixture with +"


def _with_displaced_numbers(part: _Part) -> str | None:
    """Numbers that stand in a row behind all symbols, put behind the symbols that have none."""
    items = list(part.items)
    numbers: list[str] = []
    while items and items[-1].kind == "number" and items[-1].spaced:
        numbers.insert(0, text_of([items.pop()]))
    if any(not isinstance(item, Token) or item.kind not in ("element", "number") for item in items):
        return None
    if any(item.kind == "number" and item.spaced for item in items):
        return None
    text = re.findall(r"[A-Z][a-z]?[\d./]*", text_of(items))
    bare = [k for k, piece in enumerate(text) if piece[-1].isalpha()]
    if len(numbers) < 2 or len(bare) != len(numbers) or bare[-1] != len(text) - 1:
        return None
    for k, number in zip(bare, numbers, strict=True):
        text[k] += number
    return "".join(text)


def _whose_number(part: _Part, i: int, *, glued: bool) -> str:
    number = text_of(part.items[i : i + 1])
    before, after = text_of(part.items[:i]), text_of(part.items[i + 1 :])
    if glued:
        return (
            f"the number {number} may belong to {before} or to {after}: write "
            f"{before}{number}{after}, or {before} · {number}{after}"
        )
    mended = _with_displaced_numbers(part)
    hint = f"; did you mean {mended!r}?" if mended else ""
    return (
        f"white space stands before the number {number}, and it cannot be told whose it is: write "
        f"every number directly behind its symbol{hint}"
    )


def _check_two_compounds(part: _Part, context: Context) -> None:
    """Two compounds of a common element with only a space between them."""
    chunks: list[list[Item]] = [[]]
    for item in part.items:
        if item.spaced and item.kind == "element":
            chunks.append([])
        chunks[-1].append(item)
    for left, right in itertools.pairwise(chunks):
        sides = [
            {i.text for i in side if isinstance(i, Token) and i.kind == "element"}
            for side in (left, right)
        ]
        if min(map(len, sides)) > 1 and sides[0] & sides[1]:
            raise context.refuse(
                f"{text_of(left)} and {text_of(right)} are two compounds: join them with + and "
                "amounts, or leave the space out"
            )


def _check_minus(items: list[Item], parts: list[_Part], separator: Item, context: Context) -> None:
    """A dash joins compounds of a mixture only where it cannot mean a difference or a charge."""
    if not any(part.coefficient for part in parts):
        joined = "-".join(part.text() for part in parts)
        raise context.refuse(
            f"{joined} says no amounts: write a mixture as 0.75Li2S-0.25P2S5 or 3Li2S + P2S5"
        )
    i = items.index(separator)
    left, right = parts[_index(items, separator)], parts[_index(items, separator) + 1]
    if len(left.items) == 1 and not left.coefficient and not separator.spaced:
        raise context.refuse(
            "amounts cannot be negative; ranges such as 1-x must be written as a number"
        )
    second = right.coefficient if items[i - 1].kind == "number" else None
    if second is None or parts[0].coefficient or right.unit or separator.spaced:
        return
    shared = _elements(left) & _elements(right)
    if len(_elements(left)) > 1 and len(_elements(right)) > 1 and shared:
        return
    number, taken = text_of(items[i - 1 : i]), text_of([second])
    difference_text = f"{float(number) - float(taken):g}" if "/" not in number + taken else "..."
    raise context.refuse(
        f"{number}-{taken} has two readings: write {difference_text} for a difference, "
        f"or {left.text()} + {taken}{right.text()} for a mixture"
    )


def _check_plus(items: list[Item], parts: list[_Part], separator: Item, context: Context) -> None:
    """A plus sign between compounds, or the charge of an ion."""
    i = items.index(separator)
    following = items[i + 1]
    if separator.spaced and following.spaced:
        return
    left, right = parts[_index(items, separator)], parts[_index(items, separator) + 1]
    if parts[0].coefficient is not None and len(_elements(left)) > 1:
        return
    if (
        len(_elements(left)) > 1
        and len(_elements(right)) > 1
        and _elements(left) & _elements(right)
    ):
        return
    raise context.refuse(
        f"{left.text()}+ may be a charge: charges are not part of a composition, leave them out; "
        f"write a mixture with spaces, {left.text()} + {_amount(right)}{right.text()}"
    )


def _index(items: list[Item], separator: Item) -> int:
    before = items[: items.index(separator)]
    return sum(item.kind in ("dot", "plus", "minus") for item in before)


def _amount(part: _Part) -> str:
    return "" if part.coefficient is None else part.coefficient.text


def _elements(part: _Part) -> set[str]:
    return {t.text for t in flat(part.items) if t.kind == "element"} - {VACANCY}


# Amounts of a mixture ---------------------------------------------------------------------------


def _dotted(parts: list[_Part], outermost: bool) -> list[Item]:
    """Parts with their coefficients, a dot between them; in brackets each in its own."""
    if not outermost:
        return [item for part in parts for item in _bracketed(part.items, _amount(part) or "1")]
    items: list[Item] = []
    for i, part in enumerate(parts):
        if i:
            items.append(Token("dot", "·", False, 0))
        items += [part.coefficient] if part.coefficient else []
        items += part.items
    return items


def _mixed(parts: list[_Part], context: Context) -> list[Item]:
    unit = next((part.unit for part in parts if part.unit), context.unit)
    if any(part.unit not in (None, unit) for part in parts):
        raise context.refuse("mol% and wt% in one mixture: use one of them")
    given = [
        None if part.coefficient is None else number_of(part.coefficient.text, context.typed)
        for part in parts
    ]
    missing = given.count(None)
    if unit is not None:
        known = math.fsum(n for n in given if n is not None)
        if missing > 1 or (missing and not 0.0 < known < 100.0):
            raise context.refuse(f"give the {unit}% of every compound but one")
        shares = [100.0 - known if n is None else n for n in given]
        if not missing and _round_total(known) != 100.0:
            raise context.refuse(f"the {unit}% add up to {known:g}, not to 100")
    else:
        shares = [1.0 if n is None else n for n in given]
    if min(shares) <= 0.0:
        raise context.refuse("every compound of a mixture needs an amount above zero")
    total = math.fsum(shares)
    if unit in MASS_UNITS:
        said = " + ".join(f"{_short(s)} % {p.text()}" for s, p in zip(shares, parts, strict=True))
        context.said.append(f"{said}, by mass")
        return _by_mass(parts, shares, context)
    if unit is not None or (not missing and _round_total(total) == 100.0):
        shares = [share / 100.0 for share in shares]
        total /= 100.0
    said = " + ".join(
        f"{_short(s)} {p.text()}" if s != 1.0 else p.text()
        for s, p in zip(shares, parts, strict=True)
    )
    fractions = max(shares) < 1.0 and abs(total - 1.0) > _ROUNDED
    note = f", by mole (the fractions add up to {_short(total)})" if fractions else ", by mole"
    context.said.append(said + note)
    return [
        item
        for share, part in zip(shares, parts, strict=True)
        for item in _bracketed(part.items, _short(share))
    ]


def _by_mass(parts: list[_Part], shares: list[float], context: Context) -> list[Item]:
    """Moles of each compound per mole of the one with most of them by mass."""
    moles = []
    for part, share in zip(parts, shares, strict=True):
        amounts = total_amounts(part.items, context)
        mass = math.fsum(n * ATOMIC_MASS[element] for element, n in amounts.items())
        if mass <= 0.0:
            raise context.refuse(f"{part.text()} has no mass")
        moles.append(share / mass)
    most = moles[max(range(len(shares)), key=lambda i: shares[i])]
    return [
        item
        for n, part in zip(moles, parts, strict=True)
        for item in _bracketed(part.items, f"{n / most:.6g}")
    ]


def _bracketed(items: list[Item], amount: str) -> list[Item]:
    own = len(items) == 1 and isinstance(items[0], Group)
    group = items[0] if own else Group(Token("open", "(", False, 0), items)
    return [group] if amount == "1" else [group, Token("number", amount, False, 0)]


def _round_total(total: float) -> float | None:
    """100 or 1 where coefficients add up to that."""
    for whole in (1.0, 100.0):
        if abs(total - whole) <= _ROUNDED * whole:
            return whole
    return None


def _short(value: float) -> str:
    return f"{value:.10g}"
