"""Whatever is given in place of an argument: an answer, or an error that says what to give."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sse_window as sw
from sse_window import api
from sse_window.core.arguments import check_arguments
from sse_window.core.errors import SSEWindowError

WRONG = [
    None, "", "nonsense", "\udce9", "x" * 5000, 5, -1, 3.5, float("nan"), float("inf"), 10**400,
    True, b"Li2S", [], {}, (), ["Li2S", 3], [None], [["Li2S"]], (3, 1), ("a", "b"), [float("nan")],
    np.array([1.0, 2.0]), np.array([]), np.array("Li2S"), object(), int, 1 + 2j, {1, 2}, range(3),
    {"Li": 2.0},
]  # fmt: skip

# Said by Python of something that was used for what it is not.
UNEXPLAINED = re.compile(
    r"object is not|has no attribute|unsupported operand|not supported between|unhashable|"
    r"must be real number|expected str|ufunc|cannot unpack|expected string"
)


def questions(folder: Path) -> dict[str, tuple[Callable[..., Any], dict[str, Any]]]:
    table = api.load("mp-legacy").within(["Li", "P", "S", "Co", "O", "Cl"])
    return {
        "stability_window": (sw.stability_window, {"formula": "LPS", "phases": table}),
        "pair": (sw.pair, {"electrolyte": "LPS", "electrode": "LCO", "phases": table}),
        "coatings": (
            sw.coatings,
            {"electrolyte": "LPS", "electrode": "LCO", "among": folder / "list.txt",
             "phases": table},
        ),
        "stack": (sw.stack, {"layers": ["Li", "LPS", "LCO"], "phases": table}),
        "series": (sw.series, {"template": "Li{3-x}PS4", "x": [0.0, 0.5], "phases": table}),
        "sinter": (sw.sinter, {"a": "Li3PO4", "b": "LCO", "phases": table}),
        "space_charge": (
            sw.space_charge, {"step_V": 0.5, "density_per_m3": 1e25, "permittivity": 10.0},
        ),
        "strain": (sw.strain, {"electrodes": ["LCO", "graphite"]}),
        "topotactic": (
            sw.topotactic,
            {"states": {"Li3PS4": -0.95, "Li1PS4": -0.5}, "phases": table},
        ),
        "verify": (api.verify, {"formula": "LPS", "phases": table}),
        "phases_in": (api.phases_in, {"wanted": "Li-S", "phases": table}),
        "accuracy": (api.accuracy, {"phases": table}),
        "compare_windows": (api.compare_windows, {"formula": "LPS", "phases": [table]}),
        "compare_pairs": (
            api.compare_pairs, {"electrolyte": "LPS", "electrode": "LCO", "phases": [table]},
        ),
        "open_table": (api.open_table, {"name": "mp-legacy"}),
        "with_gases_at": (api.with_gases_at, {"table": table, "temperature_K": 298.15}),
        "import_dataset": (api.import_dataset, {"path": folder / "list.txt", "name": "mine"}),
        "remove_dataset": (api.remove_dataset, {"name": "mine"}),
        "provenance_of": (api.provenance_of, {"name_or_path": "mp-legacy"}),
        "composition": (api.composition, {"text": "LPS"}),
    }  # fmt: skip


def cases(function: Callable[..., Any], given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            for wrong in WRONG:
                if name not in ("output", "jobs", "scheduler", "refresh", "details", "draws"):
                    yield name, wrong
    yield from ((name, object()) for name in given)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(questions(Path())))
@pytest.mark.filterwarnings("ignore")
def test_wrong_arguments_are_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("Li2S\nLi3PO4\n")
    function, given = questions(tmp_path)[name]
    tried = refused = 0
    for argument, wrong in cases(function, given):
        tried += 1
        try:
            function(**{**given, argument: wrong})
        except (SSEWindowError, TypeError) as error:
            refused += 1
            assert str(error) and not UNEXPLAINED.search(str(error)), (argument, wrong, error)
    assert refused > tried / 4


@pytest.mark.parametrize(
    ("annotation", "right", "wrong"),
    [
        ("int | None", [None, 3, np.int64(3)], [3.5, True, "3", 10**30]),
        ("float", [1, 2.5, np.float64(2.5)], [None, "2.5", True, 10**400, [2.5]]),
        ("bool", [True, np.bool_(False)], [1, None, "yes"]),
        ("str | Path", ["a", Path("a")], [None, b"a", ["a"]]),
        ("Sequence[float] | None", [None, [1.0], (2,), np.array([1.0])], ["1.0", 1.0, [None]]),
        ("Iterable[str]", [["a"], (), iter("a")], ["a", 3, ["a", 3], {"a": 1}]),
        ("Literal['class', 'element']", ["class"], ["other", None, 3]),
        ("Mapping[str, float] | None", [None, {}], [[], "a", 3]),
        ("CompositionLike", ["Li2S", None, 3], []),
    ],
)
def test_annotations_are_what_is_checked(annotation: str, right: list, wrong: list) -> None:
    def function(value): ...

    function.__annotations__["value"] = annotation
    for value in right:
        check_arguments(function, {"value": value})
    for value in wrong:
        with pytest.raises(TypeError, match=r"^value: .* is no .*: give ") as refused:
            check_arguments(function, {"value": value})
        assert "\n" not in str(refused.value)


def test_further_keywords_are_not_looked_at() -> None:
    def series(template: str, **ranges: float) -> None:
        check_arguments(series, locals())

    series("Li", x=[0.0, 1.0])
