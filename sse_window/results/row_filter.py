"""Conditions on the columns of a row, as someone types them: checked first, then evaluated here.

What can be said is a small part of Python's expressions, in the spelling of
:meth:`pandas.DataFrame.query`. Nothing that was typed is handed to an interpreter: an expression
that holds anything else than the parts below is refused before a row is looked at.

==============  ============================================================================
columns         by name; in backticks where the name is no word of Python
constants       numbers, texts in quotation marks, ``True``, ``False``
comparisons     ``== != < <= > >=``, also chained; ``in`` and ``not in`` with a list of constants
arithmetic      ``+ - * /`` on numbers
text            ``x.str.contains("Li")``, ``x.str.startswith("Li")``, ``x.str.endswith("S4")``:
                the text itself, never a regular expression; with ``case=False`` for ``contains``
unknown values  ``x.isnull()``, ``x.isna()``, ``x == None``; ``x.notnull()``, ``x.notna()``,
                ``x != None``
together        ``and or not``, or ``& | ~``, which bind as weakly as the words
==============  ============================================================================

A comparison with an unknown value is neither true nor false, and a division by zero is unknown.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeAlias

from ..core.errors import DataError
from .columns import no_column
from .schema import Kind

__all__ = ["Condition", "condition"]

Row: TypeAlias = Sequence[Any]
Condition: TypeAlias = Callable[[Row], bool]

_LONGEST = 20_000
"""Characters: a list of a thousand formulas, and little enough for the parser."""

_DEEPEST = 100
"""Brackets and operators inside each other; far from the depth where Python gives up."""

_EXAMPLE = "write it such as 'window_width_V > 1'"

_PIECES = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|[&|]""")

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_NULL_TESTS = {"isnull": True, "isna": True, "notnull": False, "notna": False}
_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a condition: what kind of value it has, and that value in a row."""

    kind: Literal["text", "number", "truth", "none"]
    value: Callable[[Row], Any]  # None where it is unknown
    constant: bool = False


def condition(text: str, columns: Mapping[str, Kind]) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        See the head of this module.
    columns : mapping of str to kind
        Columns of the rows, in order.

    Returns
    -------
    callable
        From the values of all columns of a row to whether the condition is known to hold.

    Raises
    ------
    DataError
        If it names a column that does not exist, compares what cannot be compared, or says
        anything that is no condition on columns.

    Examples
    --------
    >>> holds = condition("x > 1 & formula.str.contains('Li')", {"formula": "text", "x": "number"})
    >>> holds(["Li2S", 2.0]), holds(["Li2S", None]), holds(["Na2S", 2.0])
    (True, False, False)
    >>> condition("formula.to_csv('x') == 1", {"formula": "text"})
    Traceback (most recent call last):
    ...
    sse_window.core.errors.DataError: --where "formula.to_csv('x') == 1": "formula.to_csv('x')" is
    not understood; write it such as 'window_width_V > 1'
    """
    reader = _Reader(text, columns)
    part = reader.part(reader.tree())
    if part.kind != "truth" or part.constant:
        reader.refuse("this is no condition: compare a column, such as window_width_V > 1")
    value = part.value
    return lambda row: value(row) is True


class _Reader:
    """Makes the parts of one condition."""

    def __init__(self, text: str, columns: Mapping[str, Kind]) -> None:
        self._text = text
        self._columns = columns
        self._places = {name: i for i, name in enumerate(columns)}
        self._quoted: dict[str, str] = {}

    def refuse(self, problem: str) -> NoReturn:
        raise DataError(f"--where {_short(repr(self._text))}: {problem}") from None

    def tree(self) -> ast.expr:
        """The expression as Python reads it, with words for signs and names for quoted columns."""
        if "\n" in self._text or "@" in _PIECES.sub("", self._text):
            self.refuse("give one condition on columns, without @ and line breaks")
        if len(self._text) > _LONGEST:
            self.refuse(f"{len(self._text)} characters are too many: shorten it")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what is refused anyway
                tree = ast.parse(_PIECES.sub(self._piece, self._text).strip(), mode="eval").body
        except (SyntaxError, ValueError) as error:
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            self.refuse(f"{reason.split('. ')[0]}; {_EXAMPLE}")
        except (RecursionError, MemoryError):
            self.refuse("too many brackets or operators inside each other: shorten it")
        level: list[ast.AST] = [tree]
        for _ in range(_DEEPEST):
            level = [child for node in level for child in ast.iter_child_nodes(node)]
        if level:
            self.refuse("too many brackets or operators inside each other: shorten it")
        return tree

    def _piece(self, match: re.Match[str]) -> str:
        piece = match.group()
        if piece in "&|":
            return " and " if piece == "&" else " or "
        if not piece.startswith("`"):
            return piece
        name = f"quoted_column_{len(self._quoted)}"
        self._quoted[name] = piece[1:-1]
        return f" {name} "

    def _said(self, node: ast.AST) -> str:
        """A part as it was typed, or nearly so."""
        said = ast.unparse(node)
        for name, column in self._quoted.items():
            said = said.replace(name, f"`{column}`")
        return _short(said)

    def part(self, node: ast.expr) -> _Part:
        """What a part of the expression stands for."""
        match node:
            case ast.Name(id=name):
                return self._column(name)
            case ast.Constant(value=value):
                return self._constant(node, value)
            case ast.BoolOp(op=op, values=values):
                return self._together(isinstance(op, ast.And), values)
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                return self._negated(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._calculated(operator.sub, ast.Constant(0), operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return self._calculated(_ARITHMETIC[type(op)], left, right)
            case ast.Compare():
                return self._chain(node)
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=attr)) if (
                attr in _NULL_TESTS and not node.args and not node.keywords
            ):
                return _is_null(self.part(name), _NULL_TESTS[attr])
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name() as name, attr="str"), attr=attr
                ),
            ) if attr in _TEXT_TESTS:
                return self._text_test(node, name, attr)
        return self._not_understood(node)

    def _not_understood(self, node: ast.AST) -> NoReturn:
        self.refuse(f"{self._said(node)!r} is not understood; {_EXAMPLE}")

    def _column(self, name: str) -> _Part:
        name = self._quoted.get(name, name)
        if name not in self._places:
            self.refuse(no_column(name, self._columns))
        place, kind = self._places[name], self._columns[name]

        def value(row: Row) -> Any:
            known = row[place]
            return None if known != known else known  # not a number is unknown as well

        return _Part("number" if kind == "whole" else kind, value)

    def _constant(self, node: ast.expr, value: Any) -> _Part:
        if value is None:
            return _Part("none", lambda _: None, constant=True)
        if isinstance(value, bool):
            return _Part("truth", lambda _: value, constant=True)
        if isinstance(value, str):
            return _Part("text", lambda _: value, constant=True)
        if isinstance(value, (int, float)) and abs(value) < 1e300:
            return _Part("number", lambda _: value, constant=True)
        return self._not_understood(node)

    def _of_kind(self, node: ast.expr, kind: str) -> _Part:
        part = self.part(node)
        if part.kind != kind:
            wanted = {"number": "number", "text": "text", "truth": "condition"}[kind]
            self.refuse(f"{self._said(node)!r} is no {wanted}; {_EXAMPLE}")
        return part

    def _together(self, every: bool, nodes: Sequence[ast.expr]) -> _Part:
        parts = [self._of_kind(node, "truth") for node in nodes]
        values = [part.value for part in parts]

        def value(row: Row) -> bool | None:
            answer: bool | None = every
            for one in values:
                told = one(row)
                if told is not every:
                    if told is not None:
                        return not every
                    answer = None
            return answer

        return _Part("truth", value, all(part.constant for part in parts))

    def _negated(self, node: ast.expr) -> _Part:
        part = self._of_kind(node, "truth")

        def value(row: Row) -> bool | None:
            told = part.value(row)
            return None if told is None else not told

        return _Part("truth", value, part.constant)

    def _calculated(
        self, calculate: Callable[[float, float], float], left: ast.expr, right: ast.expr
    ) -> _Part:
        a, b = self._of_kind(left, "number"), self._of_kind(right, "number")

        def value(row: Row) -> float | None:
            x, y = a.value(row), b.value(row)
            if x is None or y is None:
                return None
            try:
                answer = calculate(float(x), float(y))
            except ZeroDivisionError:
                return None
            return answer if math.isfinite(answer) else None

        return _Part("number", value, a.constant and b.constant)

    def _chain(self, node: ast.Compare) -> _Part:
        operands = [node.left, *node.comparators]
        links = [
            self._compared(left, op, right)
            for left, op, right in zip(operands, node.ops, operands[1:], strict=False)
        ]
        if len(links) == 1:
            return links[0]
        values = [link.value for link in links]

        def value(row: Row) -> bool | None:
            told = [one(row) for one in values]
            return False if False in told else None if None in told else True

        return _Part("truth", value, all(link.constant for link in links))

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> _Part:
        if isinstance(op, (ast.In, ast.NotIn)):
            return self._within(left, isinstance(op, ast.In), right)
        if type(op) not in _COMPARISONS:
            self._not_understood(ast.Compare(left, [op], [right]))
        a, b = self.part(left), self.part(right)
        if "none" in (a.kind, b.kind) and isinstance(op, (ast.Eq, ast.NotEq)):
            return _is_null(a if b.kind == "none" else b, isinstance(op, ast.Eq))
        self._check_alike(left, a, right, b)
        compare = _COMPARISONS[type(op)]

        def value(row: Row) -> bool | None:
            x, y = a.value(row), b.value(row)
            return None if x is None or y is None else compare(x, y)

        return _Part("truth", value, a.constant and b.constant)

    def _within(self, left: ast.expr, inside: bool, right: ast.expr) -> _Part:
        a = self.part(left)
        if not isinstance(right, (ast.List, ast.Tuple)):
            self.refuse(
                f"{self._said(right)!r} is no list: write such as formula in ['Li2S', 'Li3P'], or "
                "formula.str.contains('Li')"
            )
        parts = [self.part(one) for one in right.elts]
        for one, part in zip(right.elts, parts, strict=True):
            if not part.constant or part.kind == "none":
                self.refuse(f"{self._said(one)!r} in a list is no number or text")
            self._check_alike(left, a, one, part)
        listed = {part.value(()) for part in parts}

        def value(row: Row) -> bool | None:
            x = a.value(row)
            return None if x is None else (x in listed) == inside

        return _Part("truth", value, a.constant)

    def _check_alike(self, left: ast.expr, a: _Part, right: ast.expr, b: _Part) -> None:
        # 0 and 1 for truth values are common elsewhere.
        if "none" in (a.kind, b.kind) or (a.kind == "text") != (b.kind == "text"):
            self.refuse(
                f"{self._said(left)!r} ({a.kind}) and {self._said(right)!r} ({b.kind}) cannot be "
                "compared"
            )

    def _text_test(self, node: ast.Call, name: ast.Name, method: str) -> _Part:
        part = self._of_kind(name, "text")
        match node.args, node.keywords:
            case [ast.Constant(value=str() as sought)], []:
                fold: Callable[[str], str] = str
            case (
                [ast.Constant(value=str() as sought)],
                [ast.keyword(arg="case", value=ast.Constant(value=bool() as case))],
            ) if method == "contains":
                fold = str if case else str.lower
            case _:
                self._not_understood(node)
        test, sought = _TEXT_TESTS[method], fold(sought)

        def value(row: Row) -> bool | None:
            text = part.value(row)
            return None if text is None else test(fold(text), sought)

        return _Part("truth", value)


def _is_null(part: _Part, wanted: bool) -> _Part:
    return _Part("truth", lambda row: (part.value(row) is None) == wanted, part.constant)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."
