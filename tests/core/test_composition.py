from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymatgen.core import Composition as PymatgenComposition

from sse_window.core.amounts import fraction_of
from sse_window.core.composition import format_amount, parse, recased, reduced_formula
from sse_window.core.elements import SYMBOLS
from sse_window.core.errors import FormulaError


@pytest.mark.parametrize(
    ("formula", "amounts"),
    [
        ("Li10GeP2S12", {"Li": 10, "Ge": 1, "P": 2, "S": 12}),
        ("Li1.3Al0.3Ti1.7(PO4)3", {"Li": 1.3, "Al": 0.3, "Ti": 1.7, "P": 3, "O": 12}),
        ("[(NH4)2{SO4}]3", {"N": 6, "H": 24, "S": 3, "O": 12}),
        ("LiCl·H2O", {"Li": 1, "Cl": 1, "H": 2, "O": 1}),
        ("0.75Li2S*0.25P2S5", {"Li": 1.5, "S": 2.0, "P": 0.5}),
        ("Li₃PS₄", {"Li": 3, "P": 1, "S": 4}),
        (" Li3 P S4 ", {"Li": 3, "P": 1, "S": 4}),
        ("Li.5CoO2", {"Li": 0.5, "Co": 1, "O": 2}),
        ("LiCoLi0.5O2", {"Li": 1.5, "Co": 1, "O": 2}),
        ("NaN", {"Na": 1, "N": 1}),
        ("Li0NaCl", {"Na": 1, "Cl": 1}),
    ],
)
def test_reads_formulas(formula, amounts):
    assert parse(formula).amounts == pytest.approx(amounts)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("", "empty formula"),
        ("   ", "empty formula"),
        ("LiXx2", "no element 'Xx'"),
        ("Li-2O", "negative"),
        ("Li1-xCoO2", "write a variable amount as a number"),
        ("Li+", "charges"),
        ("(Li", "never closed"),
        ("Li)2", "closes nothing"),
        ("(Li]2", "closes nothing"),
        ("()", "empty brackets"),
        ("2", "no element"),
        ("(2)", "follows nothing"),
        ("Li·", "beside the dot"),
        ("licoo2", "capital letter"),
        ("Li1e400", "must lie between"),
        ("Li#", "cannot read '#'"),
        ("Li0", "no element"),
    ],
)
def test_refuses_with_one_clear_line(formula, message):
    with pytest.raises(FormulaError, match=message) as caught:
        parse(formula)
    assert "\n" not in str(caught.value)


amounts = st.dictionaries(
    st.sampled_from(SYMBOLS), st.integers(1, 40).map(float), min_size=1, max_size=7
)


@pytest.mark.filterwarnings("ignore:No Pauling electronegativity")  # pymatgen, of noble gases
@given(amounts)
def test_reduced_formula_is_that_of_pymatgen(composition):
    assert reduced_formula(composition)[0] == PymatgenComposition(composition).reduced_formula


@given(amounts)
def test_reduced_formula_reads_back(composition):
    formula, factor = reduced_formula(composition)
    back = parse(formula).amounts
    assert {e: n * factor for e, n in back.items()} == pytest.approx(composition)


@given(amounts, st.integers(1, 9))
def test_reduced_formula_does_not_depend_on_the_formula_unit(composition, factor):
    scaled = {element: n * factor for element, n in composition.items()}
    assert reduced_formula(scaled)[0] == reduced_formula(composition)[0]


@given(st.text(max_size=30))
def test_nothing_but_a_formula_error_comes_out(text):
    try:
        composition = parse(text)
    except FormulaError:
        return
    assert composition.atoms > 0


def test_amounts_typed_to_seven_decimals_are_recognised():
    typed = parse("LiNi0.3333333Mn0.3333333Co0.3333333O2")
    assert typed.reduced_formula == parse("Li3NiMnCoO6").reduced_formula
    assert typed.amounts["Ni"] == 1 / 3
    assert typed.formula == "LiNi0.3333333Mn0.3333333Co0.3333333O2"
    assert parse("Ni0.3333O").amounts["Ni"] == 0.3333
    assert parse("Ni0.33333O").amounts["Ni"] == 1 / 3
    assert parse("Li0.1234567Co").amounts["Li"] == 0.1234567


def test_molar_mass_and_atoms():
    lco = parse("LiCoO2")
    assert lco.atoms == 4
    assert lco.molar_mass == pytest.approx(97.873, abs=1e-3)  # g/mol, IUPAC masses


@pytest.mark.parametrize(
    ("amount", "text"),
    [(1.0, ""), (2.0, "2"), (0.5, "0.5"), (1 / 3, "0.3333"), (1e-6, "1e-06"), (12345.6, "12345.6")],
)
def test_format_amount(amount, text):
    assert format_amount(amount) == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [("licoo2", "LiCoO2"), ("LI7LA3ZR2O12", "Li7La3Zr2O12"), ("hello", None), ("LiCoO2", None)],
)
def test_recased(text, meant):
    assert recased(text) == meant


def test_simple_formulas_are_read_as_all_others(table, monkeypatch):
    formulas = [*table.formulas[::37].tolist(), "Li6.4La3Zr1.4Ta0.6O12", "Li0PO4", "((Li))2(PO4)3"]
    formulas += ["[Li2(S3)2]1.5", "Li1.33333PS4", "Li0.333333CoO2", "Li7.000001La3Zr2O12"]
    for typed in formulas:
        composition = parse(typed)
        with monkeypatch.context() as patch:
            patch.setattr("sse_window.core.composition.simple_amounts", lambda text: None)
            other = parse(typed)
        assert list(composition.amounts.items()) == list(other.amounts.items())
        assert composition.read_as == other.read_as


@pytest.mark.parametrize(
    "typed",
    ["Li007", "Li3#", "Li#2", "(LiPO4", "LiPO4)2", "{Li2(S3)2]1.5", "Li()2", "Li1.5.2", "Xx"],
)
def test_what_looks_simple_is_refused_as_before(typed):
    with pytest.raises(FormulaError):
        parse(typed)


@given(st.floats(1e-6, 1e3), st.integers(1, 10))
def test_fractions_are_the_nearest(amount, decimals):
    amount = round(amount, decimals)
    nearest = [Fraction(amount).limit_denominator(largest) for largest in (10_000, 60)]
    precisions = [1e-12 * max(amount, 1.0), 5e-6]
    wanted = next(
        (
            (fraction.numerator, fraction.denominator)
            for fraction, precision in zip(nearest, precisions, strict=True)
            if fraction and abs(float(fraction) - amount) <= precision
        ),
        None,
    )
    if amount > 0.0:
        assert fraction_of(amount) == wanted


@given(st.floats(-10.0, 20_000.0) | st.integers(0, 10**9).map(lambda n: n / 20_000))
def test_amounts_are_rounded_to_four_decimals(amount):
    nearest = round(amount)
    careful = float(f"{amount:.10g}")
    if abs(careful) < 0.1:
        wanted = f"{careful:.4g}"
    elif abs(careful) < 1e4:
        wanted = f"{careful:.4f}".rstrip("0").rstrip(".")
    else:
        wanted = f"{careful:.6g}"
    if 0.5 < amount < 1e4 and abs(amount - nearest) < 1e-10 * nearest:
        wanted = str(nearest)
    assert format_amount(amount) == ("" if wanted == "1" else wanted)
