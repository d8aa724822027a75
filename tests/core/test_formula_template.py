"""Templates: what stands in braces is arithmetic, and nothing else."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError
from sse_window.core.formula_template import FormulaTemplate, values_of_range


def formulas(template, **ranges):
    found = FormulaTemplate(template).points({n: values_of_range(r) for n, r in ranges.items()})
    return [point.formula for point in found]


@pytest.mark.parametrize(
    ("template", "ranges", "expected"),
    [
        ("Li{7-x}La3Zr{2-x}Ta{x}O12", {"x": "0,2"}, ["Li7La3Zr2O12", "Li5La3Ta2O12"]),
        ("Li{7-3x}Al{x}La3Zr2O12", {"x": "0.25,0.25"}, ["Li6.25Al0.25La3Zr2O12"] * 2),
        ("Li{2(3-x)}O{3 - x}", {"x": "1"}, ["Li4O2"]),
        ("Li{1+x}Al{x}Ti{2-x}(PO4)3", {"x": "0.3"}, ["Li1.3Al0.3Ti1.7(PO4)3"]),
        ("Li3PS{4-x}(BH4){x}", {"x": "0,1"}, ["Li3PS4", "Li3PS3(BH4)"]),
        ("Na{3-x}P{x/3}S4", {"x": "1"}, ["Na2P0.333333333S4"]),
        ("{x}Li2S-{1-x}P2S5", {"x": "0,0.75,1"}, ["1P2S5", "0.75Li2S-0.25P2S5", "1Li2S"]),
        ("Li{6+x}P{1-x}{Ge,Si}{x}S5I", {"x": "0.5"}, ["Li6.5P0.5Ge0.5S5I", "Li6.5P0.5Si0.5S5I"]),
        ("{Li,Na}3PS4", {}, ["Li3PS4", "Na3PS4"]),
        ("Li{a}Cl{b-a}", {"a": "1", "b": "2,3"}, ["LiCl", "LiCl2"]),
    ],
)
def test_members(template, ranges, expected):
    assert formulas(template, **ranges) == expected


def test_order_of_the_members():
    points = list(
        FormulaTemplate("Li{x}{Cl,Br}{y}").points(
            {"x": values_of_range("1:2:1"), "y": values_of_range("1:2:1")}
        )
    )
    assert [p.choices[0] for p in points] == ["Cl"] * 4 + ["Br"] * 4
    assert [(p.values["x"], p.values["y"]) for p in points[:4]] == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_tenths_are_tenths():
    assert formulas("Li{1-x}Cl", x="0.1:0.9:0.2")[-1] == "Li0.1Cl"
    assert values_of_range("0:1:0.1")[3] == Fraction(3, 10)
    assert len(values_of_range("0:2:0.1")) == 21


@pytest.mark.parametrize(
    ("template", "ranges", "words"),
    [
        ("Li3PS4", {}, "nothing in braces"),
        ("Li{}S", {}, "is empty"),
        ("Li{7-x", {"x": "0"}, "not closed"),
        ("Li7-x}O", {"x": "0"}, "not closed, or not opened"),
        ("Li{{x}}O", {"x": "0"}, "not closed, or not opened"),
        ("Li{Ge}O", {}, "two members"),
        ("Li{Ge,ge}O", {}, "no part of a formula"),
        ("Li{Ge,Ge}O", {}, "stands twice"),
        ("Li{__import__('os').system('x')}O", {}, "not understood"),
        ("Li{x**9}O", {"x": "9"}, "not expected"),
        ("Li{x.real}O", {"x": "9"}, "not understood|not expected"),
        ("Li{(x}O", {"x": "1"}, "bracket is not closed"),
        ("Li{x+}O", {"x": "1"}, "too early"),
        ("Li{1/x}O", {"x": "0"}, "divided by zero"),
        ("Li{1-x}O", {"x": "2"}, "negative"),
        ("Li{x}O", {}, "no values for x"),
        ("Li{x}O", {"x": "1", "y": "1"}, "no variable y"),
        ("Li{x}", {"x": "0"}, "nothing is left"),
        ("Li{x}O{y}", {"x": "0:1:0.001", "y": "0:1:0.0005"}, "larger step"),
        ("L" * 2000, {}, "longer than"),
    ],
)
def test_what_is_no_template(template, ranges, words):
    with pytest.raises(FormulaError, match=words):
        formulas(template, **ranges)


@pytest.mark.parametrize("text", ["", "a", "1:2", "2:1:0.1", "0:1:0", "0:1:-1", "0:1:1e-9", "1/0"])
def test_what_is_no_range(text):
    with pytest.raises(FormulaError, match="range"):
        values_of_range(text)


@given(st.text("0123456789x+-*/(). ", max_size=9))
@settings(max_examples=300, deadline=None)
def test_expressions_agree_with_python_or_are_refused(text):
    try:
        found = formulas(f"Li{{{text}}}O", x="3")
        amount = parse(found[0]).amount("Li")
    except FormulaError:
        return
    # Python itself as the oracle, on text of digits and signs alone.
    import re

    text = re.sub(r"(?<![\d.])0+(?=\d)", "", text)  # 01 is no number to Python
    spelled = re.sub(r"(?<=[0-9x.)])\s*(?=[x(])", "*", text).replace("x", "(3)")
    expected = eval(spelled, {"__builtins__": {}})
    assert amount == pytest.approx(float(expected), abs=1e-8, rel=1e-9)
