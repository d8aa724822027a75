"""Arguments of public functions against what their annotations say: no text split into letters.

A question that is given something else ends in a TypeError of one sentence that names the argument,
rather than in an error from wherever it is used first.
"""

from __future__ import annotations

import numbers
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

__all__ = ["check_arguments"]

Kind = tuple[Callable[[Any], bool], str]

_LARGEST = 2**63
"""Whole numbers from here on fit into no array."""


def check_arguments(function: Any, given: Mapping[str, Any]) -> None:
    """Make sure that arguments are what the annotations of a function say.

    What compositions and phases may be is known where they are read, so that they are not looked at
    here.

    Parameters
    ----------
    function : callable
    given : mapping
        Its arguments: ``locals()`` in its first line.

    Raises
    ------
    TypeError
        In one sentence that names the argument, what it is and what to give.

    Examples
    --------
    >>> def f(draws: int | None, ion: str = "Li") -> None: ...
    >>> check_arguments(f, {"draws": None, "ion": "Na"})
    >>> check_arguments(f, {"draws": "many", "ion": "Li"})
    Traceback (most recent call last):
    ...
    TypeError: draws: 'many' is no whole number or None: give a whole number or None
    """
    function = getattr(function, "__wrapped__", function)
    code = function.__code__
    for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        kinds = _kinds(_written(function.__annotations__.get(name, "")))
        value = given[name]
        if kinds and not any(fits(value) for fits, _ in kinds):
            wanted = " or ".join(dict.fromkeys(said for _, said in kinds))
            raise TypeError(f"{name}: {_shown(value)} is no {wanted}: give {_an(wanted)}")


def _written(annotation: Any) -> str:
    """The annotation as it stands in the source."""
    if isinstance(annotation, str):
        return annotation
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _is_number(value: Any) -> bool:
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        return False
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _is_whole(value: Any) -> bool:
    return _is_number(value) and isinstance(value, numbers.Integral) and abs(int(value)) < _LARGEST


def _is_listed(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))


def _is_truth(value: Any) -> bool:
    # The truth of numpy is no bool; it has a name of its own there.
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _all(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Whether a value is a list of what fits; what can be gone through once only is not begun."""

    def are(value: Any) -> bool:
        return _is_listed(value) and (not hasattr(value, "__len__") or all(map(fits, value)))

    return are


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_path(value: Any) -> bool:
    return isinstance(value, (str, Path))


def _is_one_of(choices: Sequence[str], value: Any) -> bool:
    return isinstance(value, str) and value in choices


def _is_named(name: str, value: Any) -> bool:
    return any(kind.__name__ == name for kind in type(value).__mro__)


_KINDS: dict[str, Kind] = {
    "None": (lambda value: value is None, "None"),
    "bool": (_is_truth, "True or False"),
    "int": (_is_whole, "whole number"),
    "float": (_is_number, "number"),
    "str": (_is_text, "text"),
    "Path": (_is_path, "path"),
    "Sequence[float]": (_all(_is_number), "sequence of numbers"),
    "tuple[float, float]": (_all(_is_number), "pair of numbers"),
    "tuple[str, str]": (_all(_is_text), "pair of texts"),
    "Iterable[str]": (_all(_is_text), "sequence of texts"),
    "Sequence[str]": (_all(_is_text), "sequence of texts"),
    "Sequence[str | Path]": (_all(_is_path), "sequence of paths"),
    "Mapping[str, float]": (lambda value: isinstance(value, Mapping), "mapping"),
    "Sequence[PhasesLike]": (_is_listed, "sequence of tables"),
    "Sequence[Composition]": (_all(partial(_is_named, "Composition")), "sequence of compositions"),
    "Sequence[CompositionLike]": (lambda value: isinstance(value, Iterable), "sequence"),
    "Energies": (partial(_is_one_of, ["measured", "table"]), "'measured' or 'table'"),
}

_RECORDS = ("PhaseTable", "StabilityWindow", "WindowAnalysis", "PairResult", "PairAnalysis",
            "Thresholds")  # fmt: skip
"""Known by name, not imported: who asks has them."""


@lru_cache(maxsize=256)
def _kinds(annotation: str) -> tuple[Kind, ...]:
    """What an annotation allows; empty where it says nothing that can be looked at."""
    parts = re.split(r" \| (?![^\[]*\])", annotation)
    if "Path" in parts and "str" in parts:
        parts.remove("str")  # a path is text, too
    kinds: list[Kind] = []
    for part in parts:
        record = part.removeprefix("Sequence[").removesuffix("]")
        if part in _KINDS:
            kinds.append(_KINDS[part])
        elif part.startswith("Callable["):
            kinds.append((callable, "function"))
        elif part.startswith("Literal["):
            choices = re.findall(r"[\w-]+", part.removeprefix("Literal["))
            named = " or ".join(repr(choice) for choice in choices)
            kinds.append((partial(_is_one_of, choices), named))
        elif record in _RECORDS and record != part:
            kinds.append((_all(partial(_is_named, record)), f"sequence of {record}"))
        elif record in _RECORDS:
            kinds.append((partial(_is_named, record), record))
        else:
            return ()
    return tuple(kinds)


def _an(wanted: str) -> str:
    if wanted.startswith(("True", "text", "None", "'")):
        return wanted
    return f"{'an' if wanted[0] in 'aeiou' else 'a'} {wanted}"


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split()).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else f"{text[:57]}... ({type(value).__name__})"
