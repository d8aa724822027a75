"""Formulas with variables and sets in braces: ``Li{7-x}La3Zr{2-x}Ta{x}O12``, ``Li10{Ge,Si}P2S12``.

What stands in braces is read here, never run: numbers, variables, ``+ - * /`` and brackets, in
exact fractions, so that 0.1 three times is 0.3.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .errors import FormulaError

__all__ = ["FormulaTemplate", "TemplatePoint", "values_of_range"]

MOST_POINTS = 1_000_000
"""A series of more compositions is a slip of the step."""

_LONGEST = 1000
_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([a-z])|([-+*/()]))")
_BETWEEN = re.compile(r"\s*[-*+\u2013\u00b7]\s*|\s+")
_LEADING = re.compile(r"(^|[-*+\u2013\u00b7\s])$")
_NOTHING = "\0"
"""Stands for a component of which there is none."""
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u00b7": "*", "\u00d7": "*"})


@dataclass(frozen=True, slots=True)
class TemplatePoint:
    """One member of a series.

    Attributes
    ----------
    formula : str
    values : mapping of str to float
        Of the variables.
    choices : tuple of str
        Members of the sets, in their order in the template.
    """

    formula: str
    values: Mapping[str, float]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Set:
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Operation:
    sign: str
    left: Node
    right: Node


Node = _Operation | Fraction | str
"""An expression: an operation, a number, or the name of a variable."""


class FormulaTemplate:
    """A formula with amounts that are expressions, and elements that are sets.

    Parameters
    ----------
    text : str

    Attributes
    ----------
    variables : tuple of str
        Names of the variables, sorted.
    sets : tuple of tuple of str
        Members of every set, in order.

    Raises
    ------
    FormulaError
        If it cannot be read, naming the place.

    Examples
    --------
    >>> template = FormulaTemplate("Li{7-2x}La3Zr2Al{x/1}O12")
    >>> [point.formula for point in template.points({"x": values_of_range("0:0.5:0.25")})]
    ['Li7La3Zr2O12', 'Li6.5La3Zr2Al0.25O12', 'Li6La3Zr2Al0.5O12']
    >>> [point.formula for point in FormulaTemplate("Li10{Ge,Sn}P2S12").points({})]
    ['Li10GeP2S12', 'Li10SnP2S12']
    """

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > _LONGEST:
            raise FormulaError(f"template {text[:40]!r}...: longer than {_LONGEST} characters")
        self._parts: list[str | _Set | Node] = []
        position = 0
        for match in re.finditer(r"\{([^{}]*)\}", text):
            self._parts.append(text[position : match.start()])
            self._parts.append(self._brace(match[1]))
            position = match.end()
        self._parts.append(text[position:])
        outside = "".join(part for part in self._parts[::2] if isinstance(part, str))
        if "{" in outside or "}" in outside:
            raise FormulaError(f"template {text!r}: a brace that is not closed, or not opened")
        if len(self._parts) == 1:
            raise FormulaError(
                f"template {text!r}: nothing in braces; write amounts that vary such as "
                "Li{7-x}La3Zr{2-x}Ta{x}O12, or sets such as Li10{Ge,Si,Sn}P2S12"
            )
        braces = self._parts[1::2]
        self.sets = tuple(part.members for part in braces if isinstance(part, _Set))
        names = {n for part in braces if not isinstance(part, _Set) for n in _names(part)}
        self.variables = tuple(sorted(names))

    def _brace(self, text: str) -> _Set | Node:
        where = f"template {self.text!r}: {{{text}}}"
        if not text.strip():
            raise FormulaError(f"{where} is empty")
        if "," in text:
            members = tuple(member.strip() for member in text.split(","))
            for member in members:
                if not re.fullmatch(r"[A-Z][A-Za-z0-9.()]*|", member):
                    raise FormulaError(f"{where}: {member!r} is no part of a formula")
            if len(set(members)) < len(members):
                raise FormulaError(f"{where}: a member stands twice")
            return _Set(members)
        if re.fullmatch(r"\s*[A-Z][a-z]?\s*", text):
            raise FormulaError(f"{where}: a set needs two members or more, such as {{Ge,Si}}")
        return _expression(text.translate(_MINUS), where)

    def points(self, ranges: Mapping[str, Sequence[Fraction]]) -> Iterator[TemplatePoint]:
        """Every member of the series: sets slowest, then the variables by name, the last fastest.

        Parameters
        ----------
        ranges : mapping of str to sequence of Fraction
            Values of every variable.

        Yields
        ------
        TemplatePoint

        Raises
        ------
        FormulaError
            If a variable has no values, values belong to no variable, there are too many members,
            or an amount is negative or not finite.
        """
        for name in self.variables:
            if not ranges.get(name):
                raise FormulaError(
                    f"template {self.text!r}: no values for {name}: give --{name} LOW:HIGH:STEP"
                )
        for name in ranges:
            if name not in self.variables:
                raise FormulaError(f"template {self.text!r}: no variable {name} in it")
        count = 1
        for size in [*map(len, self.sets), *(len(ranges[name]) for name in self.variables)]:
            count *= size
        if count > MOST_POINTS:
            raise FormulaError(
                f"template {self.text!r}: {count} compositions, more than {MOST_POINTS}: take a "
                "larger step"
            )
        for choices in itertools.product(*self.sets):
            for values in itertools.product(*(ranges[name] for name in self.variables)):
                known = dict(zip(self.variables, values, strict=True))
                formula = self._filled(known, choices)
                yield TemplatePoint(
                    formula, {name: float(value) for name, value in known.items()}, choices
                )

    def _filled(self, values: Mapping[str, Fraction], choices: Sequence[str]) -> str:
        chosen = iter(choices)
        text = ""
        for place, part in enumerate(self._parts):
            if place % 2 == 0:
                assert isinstance(part, str)
                text += part
            elif isinstance(part, _Set):
                text += next(chosen)
            else:
                amount = self._amount(part, values)
                if _LEADING.search(text):  # how much of the component that follows
                    text += _NOTHING if amount == 0 else _decimal(amount)
                elif amount == 0:
                    text = _without_last(text, self.text)
                elif amount != 1:
                    text += _decimal(amount)
        if _NOTHING in text:
            text = "*".join(part for part in _BETWEEN.split(text) if _NOTHING not in part)
        if not re.search(r"[A-Z]", text):
            raise FormulaError(f"template {self.text!r}: nothing is left at {_shown(values)}")
        return text

    def _amount(self, part: Node, values: Mapping[str, Fraction]) -> Fraction:
        try:
            amount = _value(part, values)
        except ZeroDivisionError:
            raise FormulaError(
                f"template {self.text!r}: divided by zero at {_shown(values)}"
            ) from None
        if amount < 0:
            raise FormulaError(
                f"template {self.text!r}: the amount {float(amount):g} at {_shown(values)} is "
                "negative: shorten the range"
            )
        return amount


def values_of_range(text: str) -> list[Fraction]:
    """Values of a variable from ``LOW:HIGH:STEP``, both ends included, or from a list ``0,0.25,1``.

    Raises
    ------
    FormulaError
        If it is neither, has no step forward, or too many values.

    Examples
    --------
    >>> [float(value) for value in values_of_range("0:0.3:0.1")]
    [0.0, 0.1, 0.2, 0.3]
    >>> [float(value) for value in values_of_range("0, 1/4, 0.5")]
    [0.0, 0.25, 0.5]
    """
    pieces = text.translate(_MINUS).split(":" if ":" in text else ",")
    try:
        numbers = [Fraction(piece.strip()) for piece in pieces]
    except (ValueError, ZeroDivisionError):
        raise FormulaError(f"range {text!r}: give LOW:HIGH:STEP, such as 0:2:0.1") from None
    if ":" not in text:
        return numbers
    if len(numbers) != 3:
        raise FormulaError(f"range {text!r}: give LOW:HIGH:STEP, such as 0:2:0.1")
    low, high, step = numbers
    if step <= 0 or high < low:
        raise FormulaError(f"range {text!r}: the step must be above 0, and HIGH not below LOW")
    steps = (high - low) / step
    if steps >= MOST_POINTS:
        raise FormulaError(f"range {text!r}: more than {MOST_POINTS} values: take a larger step")
    return [low + step * i for i in range(int(steps) + 1)]


def _expression(text: str, where: str) -> Node:
    """Tree of an arithmetic expression; ``2x`` is a product."""
    tokens: list[str] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            place = text[position:].lstrip()[:1]
            raise FormulaError(
                f"{where}: {place!r} is not understood; write numbers, variables such as x, "
                "+ - * / and brackets"
            )
        token = match[1] or match[2] or match[3]
        # A variable or bracket that follows a number, variable or bracket multiplies it.
        if tokens and (match[2] or match[3] == "(") and tokens[-1] not in "+-*/(":
            tokens.append("*")
        tokens.append(token)
        position = match.end()
    node, rest = _sum(tokens, 0, where)
    if rest < len(tokens):
        raise FormulaError(f"{where}: {tokens[rest]!r} is not expected there")
    return node


def _sum(tokens: Sequence[str], at: int, where: str) -> tuple[Node, int]:
    node, at = _product(tokens, at, where)
    while at < len(tokens) and tokens[at] in "+-":
        other, following = _product(tokens, at + 1, where)
        node, at = _Operation(tokens[at], node, other), following
    return node, at


def _product(tokens: Sequence[str], at: int, where: str) -> tuple[Node, int]:
    node, at = _factor(tokens, at, where)
    while at < len(tokens) and tokens[at] in "*/":
        other, following = _factor(tokens, at + 1, where)
        node, at = _Operation(tokens[at], node, other), following
    return node, at


def _factor(tokens: Sequence[str], at: int, where: str) -> tuple[Node, int]:
    if at >= len(tokens):
        raise FormulaError(f"{where} ends too early")
    token = tokens[at]
    if token == "-":
        inner, at = _factor(tokens, at + 1, where)
        return _Operation("-", Fraction(0), inner), at
    if token == "(":
        inner, at = _sum(tokens, at + 1, where)
        if at >= len(tokens) or tokens[at] != ")":
            raise FormulaError(f"{where}: a bracket is not closed")
        return inner, at + 1
    if token in "+*/)":
        raise FormulaError(f"{where}: {token!r} is not expected there")
    return (token if token.isalpha() else Fraction(token)), at + 1


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, _Operation):
        yield from _names(node.left)
        yield from _names(node.right)


def _value(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, Fraction):
        return node
    if isinstance(node, str):
        return values[node]
    a, b = _value(node.left, values), _value(node.right, values)
    if node.sign == "+":
        return a + b
    if node.sign == "-":
        return a - b
    return a * b if node.sign == "*" else a / b


def _decimal(amount: Fraction) -> str:
    """Amount as a decimal: exact where it ends within nine places, else rounded there."""
    return f"{float(amount):.9f}".rstrip("0").rstrip(".")


def _without_last(text: str, template: str) -> str:
    """Take the element or group off the end of a formula: its amount is zero."""
    if text.endswith(")"):
        depth = 0
        for position in range(len(text) - 1, -1, -1):
            depth += {")": 1, "(": -1}.get(text[position], 0)
            if depth == 0:
                return text[:position]
    match = re.search(r"[A-Z][a-z]?$", text)
    if match is None:
        raise FormulaError(f"template {template!r}: an amount stands behind no element")
    return text[: match.start()]


def _shown(values: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{name} = {float(value):g}" for name, value in values.items()) or "this set"
