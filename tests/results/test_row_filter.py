"""Conditions: what may be said, what it means, and that nothing that was typed is ever run."""

from __future__ import annotations

import time

import pytest

from sse_window.core.errors import DataError
from sse_window.results.row_filter import condition

COLUMNS = {
    "formula": "text",
    "x": "number",
    "rank": "whole",
    "made": "truth",
    "Band gap (eV)": "number",
}
LI2S = ["Li2S", 2.0, 3, True, 3.5]
UNKNOWN = [None, None, None, None, None]


@pytest.mark.parametrize(
    "text",
    [
        "x > 1",
        "1 < x <= 2 < rank",
        "x > 1 & rank == 3",
        "x < 1 | rank == 3",
        "x > 1 and not (rank == 2 or rank == 4)",
        "~(x < 1) & ~formula.str.contains('Na')",
        "made and made == True and made != False",
        "x in [1, 2] and x in (2.0,)",
        "rank not in [-1, 2]",
        "formula in ['Li2S', \"Li3P\"]",
        "formula not in []",
        "formula.str.contains('2') and formula.str.startswith('Li') and formula.str.endswith('S')",
        "formula.str.contains('li2', case=False)",
        "formula < 'Na'",
        "formula != 'a & b | @`c`'",
        "x + rank * 2 - 1 / 4 == 7.75 and -x < 0",
        "`Band gap (eV)` > 3 & `Band gap (eV)` - x > 1",
        "x.notnull() & rank.notna() & formula != None",
        "  x > 1",
    ],
)
def test_what_can_be_said(text):
    assert condition(text, COLUMNS)(LI2S)
    assert not condition(f"not ({text})", COLUMNS)(LI2S)


@pytest.mark.parametrize(
    "text",
    [
        "x > 1",
        "x != 1",
        "not x > 1",
        "x == x",
        "x + 1 != 0",
        "formula not in ['a']",
        "~formula.str.contains('Na')",
        "made or not made",
        "x > 1 and 1 > 0",
    ],
)
def test_of_the_unknown_nothing_holds(text):
    assert not condition(text, COLUMNS)(UNKNOWN)
    assert not condition(text, COLUMNS)([None, float("nan"), None, None, None])


def test_the_unknown_can_be_asked_for():
    for text in ("x.isnull()", "x.isna()", "x == None", "not x.notnull()", "x > 1 or x.isna()"):
        assert condition(text, COLUMNS)(UNKNOWN), text
    assert condition("x > 1 or rank == 3", COLUMNS)(["Li2S", None, 3, True, None])
    assert not condition("x / (rank - 3) > 0 or x / (rank - 3) <= 0", COLUMNS)(LI2S)


def test_text_is_no_regular_expression():
    holds = condition("formula.str.contains('.*(')", COLUMNS)
    assert not holds(LI2S)
    assert holds(["a.*(b", *LI2S[1:]])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('formula.__class__.__init__.__globals__["sys"].modules == 1', "__globals__"),
        ("formula.to_csv('{path}') == 1", "formula.to_csv"),
        ("formula.to_csv('{path}').isnull()", "formula.to_csv"),
        ("formula.str.cat(formula) == ''", "formula.str.cat"),
        ("formula.str.replace('a', 'b') == ''", "formula.str.replace"),
        ("formula.str == ''", "formula.str"),
        ("formula.str.contains(formula)", "formula.str.contains"),
        ("formula.str.contains('a', regex=True)", "regex=True"),
        ("formula.str.contains(*['a'])", "contains"),
        ("formula.str.endswith('a', **{})", "endswith"),
        ("x.isnull(1)", r"x.isnull\(1\)"),
        ("open('{path}', 'w').write('a') == 1", "open"),
        ("__import__('os').system('touch {path}') == 0", "__import__"),
        ("[open('{path}', 'w') for _ in [1]] == 1", "open"),
        ("(lambda: open('{path}', 'w'))() == 1", "lambda"),
        ("(y := x) > 1", ":="),
        ("f'{x}' == formula", "f'"),
        ("b'a' == formula", "b'a'"),
        ("x if made else made", "if made"),
        ("formula[0] == 'L'", r"formula\[0\]"),
        ("x > 10**10**10", r"10 \*\* 10"),
        ("x > 1 << 10", "1 << 10"),
        ("rank % 2 == 0", "rank % 2"),
        ("rank // 2 == 0", "rank // 2"),
        ("rank ^ 2 == 0", r"rank \^ "),
        ("x is None", "x is None"),
        ("x == ...", r"\.\.\."),
        ("x > 1j", "1j"),
        ("x > " + "9" * 400, "999"),
        ("x > " + "9" * 5000, "integer|999"),
        ("abs(x) > 1", r"abs\(x\)"),
        ("@x > 1", "without @"),
        ("formula * 1000000000 == 'a'", "'formula' is no number"),
        ("'a' * 1000000000 == formula", "is no number"),
        ("formula > 1", "cannot be compared"),
        ("x in ['a']", "cannot be compared"),
        ("x in [rank]", "in a list"),
        ("'Li' in formula", "is no list"),
        ("x and made", "'x' is no condition"),
        ("~x > 1", "'x' is no condition"),
        ("`Band gap` > 1", "did you mean 'Band gap .eV.'"),
        ("x > 1; made", "invalid syntax"),
        ("x = 1", "invalid syntax"),
        ("(" * 300 + "x > 1" + ")" * 300, "brackets|nested"),
        ("not " * 5000 + "made", "too many|nested|made"),
        ("x > " + "-" * 9000 + "1", "too many"),
        ("x == " + "+".join("1" * 500), "too many"),
        ("x in [" + "1," * 20_000 + "]", "shorten"),
        ("x > 1\x00", "null"),
    ],
)
def test_anything_else_is_refused_in_one_line_and_never_run(tmp_path, text, named):
    path = tmp_path / "written"
    begun = time.monotonic()
    with pytest.raises(DataError, match=named) as caught:
        condition(text.replace("{path}", str(path)), COLUMNS)
    assert time.monotonic() - begun < 2
    assert not path.exists()
    assert str(caught.value).startswith("--where ")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_calculations_stay_small():
    product = "x > " + " * ".join(["1e200"] * 20)
    assert not condition(product, COLUMNS)(LI2S)
