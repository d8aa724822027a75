"""Formulas as people type, copy and print them: read as they were meant, or refused with both."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sse_window.core.composition import Composition, parse
from sse_window.core.elements import ATOMIC_MASS
from sse_window.core.errors import FormulaError

READ = {
    "MgCl2.6H2O": ("MgCl2(H2O)6", "the hydrate MgCl2(H2O)6"),
    "MgCl2 6H2O": ("MgCl2(H2O)6", "the hydrate MgCl2(H2O)6"),
    "CaSO4.0.5H2O": ("Ca2(SO4)2H2O", "the hydrate CaSO4(H2O)0.5"),
    "LiCl 0.5 H2O": ("Li2Cl2H2O", "the hydrate LiCl(H2O)0.5"),
    "LiOH.H2O": ("LiOH3O", "the hydrate LiOH(H2O)"),
    "0.75 Li2S 0.25 P2S5": ("Li3PS4", "0.75 Li2S + 0.25 P2S5, by mole"),
    "0.2(Li2S) 0.8(GeS2)": ("Li2Ge4S9", "0.2 (Li2S) + 0.8 (GeS2), by mole"),
    "75Li2S-25P2S5": ("Li3PS4", "0.75 Li2S + 0.25 P2S5, by mole"),
    "75Li2S–25P2S5 (mol%)": ("Li3PS4", "0.75 Li2S + 0.25 P2S5, by mole"),
    "75 mol% Li2S - P2S5": ("Li3PS4", "0.75 Li2S + 0.25 P2S5, by mole"),
    "3Li2S + P2S5": ("Li3PS4", "3 Li2S + P2S5, by mole"),
    "P2S5-3Li2S": ("Li3PS4", "P2S5 + 3 Li2S, by mole"),
    "0.1LiI-0.9(0.75Li2S-0.25P2S5)": ("(LiI)0.1(Li1.5P0.5S2)0.9", "by mole"),
    "Al2O3.SiO2": ("Al2SiO5", "Al2O3·SiO2"),
    "β-Li3PS4": ("Li3PS4", "the form, β, is left out"),
    "(cubic) Li7La3Zr2O12": ("Li7La3Zr2O12", "the form, cubic, is left out"),
    "Li3PS4 glass": ("Li3PS4", "the form, glass, is left out"),
    "Li0.5□0.5CoO2": ("LiCo2O4", "vacancies hold no atoms"),
    "Li0.5Vac0.5CoO2": ("LiCo2O4", "vacancies hold no atoms"),
    "LiD": ("LiH", "D and T count as hydrogen"),
    "Li1,3Al0,3Ti1,7(PO4)3": ("Li1.3Al0.3Ti1.7(PO4)3", "commas are decimal points"),
    "Li1½CoO2": ("Li3Co2O4", "Li3/2CoO2"),
    r"$\mathrm{Li}_{10}\mathrm{GeP_2S}_{12}$": ("Li10GeP2S12", "Li10GeP2S12"),
    r"\ce{Li3PS4}": ("Li3PS4", "Li3PS4"),
    "Li<sub>3</sub>PS<sub>4</sub>": ("Li3PS4", "Li3PS4"),
    "Li1Al0Ti2(PO4)3": ("LiTi2(PO4)3", "Al of amount 0 left out"),
}

LITERAL = {
    "Li₃PS₄": "Li3PS4",
    " Li3\u00a0P\u2009S4 ": "Li3PS4",
    "\ufeffLi3PS4\u200b": "Li3PS4",
    "LiNi1/3Mn1/3Co1/3O2": "Li3NiMnCoO6",
    "Li6.5La3Zr1.5Ta0.5O12": "Li13La6Zr3TaO24",
    "CuSO4·5H2O": "CuSO4(H2O)5",
    "65Li2O·27B2O3·8SiO2": "Li130B54Si8O162",
    "Li 0.5 La 0.5 (Ti 0.9 Al 0.1 )O  3": "Li5La5Ti9AlO30",
    "Li6La3Nb 1.5 Y 0.5 O 12": "Li12La6Nb3YO24",
    "(Li2S)50 (P2S5)50": "Li2P2S6",
    "2LiCl": "LiCl",
}

REFUSED = {
    "Li2O 2SiO2": "may belong to Li2O or to SiO2.*Li2O · 2SiO2",
    "Li La Zr O 7 3 2 12": "did you mean 'Li7La3Zr2O12'",
    "Li PS  3 4": "cannot be told whose it is",
    "Li OCl 3": "cannot be told whose it is",
    "Li GeS2 3": "follows another number",
    "Li La5 3Nb2O12": "follows another number",
    "0.65Li S-0.35P2 2S5": "follows another number",
    "0.4(Li S) 0.6(GeS ) 2 2": "follows another number",
    "0.4 Li2S 0.3 P2S5 0.1 LiI": "add up to 0.8",
    "Li3.5Si0.5P05S4": "P05 is neither P5 nor P0.5",
    "LiHf2(P04)3": "nor PO4",
    "Li6·4La3Zr1·4Ta0·6O12": r"6·4 has two readings: write 6\.4 .* 6 · 4",
    "Cl0.5H2O": "two readings",
    "P2S5.3Li2S": "P2S5 · 3Li2S",
    "Na2O.11Al2O3": "Na2O · 11Al2O3",
    "LiO.5CoO2": "0.5 if O is a digit",
    "Lao.51Li0.34TiO2.94": "did you mean 'La0.51Li0.34TiO2.94'",
    "Lil.3Al0.3": "did you mean 'Li1.3Al0.3'",
    "(beta)": "names a form",
    "(cubic)": "names a form",
    "Vac": "no element with an amount above zero",
    "Ti0.": "digits are missing",
    "Li2O-P2O5": "says no amounts",
    "Li-P-S": "says no amounts",
    "Li1-0.3CoO2": "write 0.7 for a difference, or Li1 . 0.3CoO2",
    "Li1−0.3CoO2": "write 0.7 for a difference",
    "Li7La3Zr2O12-0.3Ga": "11.7 for a difference",
    "Li7La3Zr2O12-δ": "variable",
    "Li3PS4 – 10 wt%": "which compound makes up the 10 wt%",
    "5% LiI - Li3PS4": "mol% or wt%",
    "5 vol% LiI - Li3PS4": "mol% or wt%",
    "60 wt% Li2S - 60 wt% P2S5": "add up to 120",
    "5 wt% LiI - 5 mol% LiCl - Li3PS4": "use one of them",
    "0.7(Li2S-0.3P2S5)-": "nothing stands after the dash",
    "Li2S P2S5": "two compounds",
    "(Li,Na)3PS4": "write amounts",
    "Li+": "charges",
    "Li⁺": "charges",
    "PO43-": "charges",
    "Fe3+PO4": "charge",
    "LiFe2+PO4": "charge",
    "Li+ S6+ O2-": "charges",
    "⁷LiCl": "isotopes",
    "Li0.30(2)La0.567(1)TiO3": "uncertainty",
    "LiС": "cyrillic",
    "40.2Li2O·5.7Y2O3·54.1": "beside",
    "Li1/0O": "no number",
    "Li\x1b[31m": "control character",
}


@pytest.mark.parametrize("typed", READ)
def test_read_and_said(typed):
    formula, said = READ[typed]
    found = parse(typed)
    assert found.reduced_formula == parse(formula).reduced_formula
    assert said in found.read_as


@pytest.mark.parametrize("typed", LITERAL)
def test_read_as_it_stands(typed):
    found = parse(typed)
    assert found.reduced_formula == parse(LITERAL[typed]).reduced_formula
    assert found.read_as is None


@pytest.mark.parametrize("typed", REFUSED)
def test_refused_with_the_place(typed):
    with pytest.raises(FormulaError, match=REFUSED[typed]) as caught:
        parse(typed)
    assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)


def test_mass_percent():
    found = parse("Li3PS4 - 5 wt% Al2O3")
    al2o3 = 2 * ATOMIC_MASS["Al"] + 3 * ATOMIC_MASS["O"]
    share = found.amount("Al") / 2 * al2o3 / found.molar_mass
    assert share == pytest.approx(0.05, rel=1e-5)  # six digits of the coefficient
    assert found.read_as == "95 % Li3PS4 + 5 % Al2O3, by mass"
    assert parse(found.formula) == found


def test_long_text_is_shortened_in_the_message():
    with pytest.raises(FormulaError) as caught:
        parse("Li3PS4x" * 1000)
    assert len(str(caught.value)) < 300
    with pytest.raises(FormulaError, match="longer than"):
        parse("Li3PS4 " * 2000)


def test_formula_must_be_text():
    with pytest.raises(TypeError, match="a formula is text"):
        parse(None)  # type: ignore[arg-type]


# Any composition, in every notation -------------------------------------------------------------

_AMOUNTS = st.one_of(st.integers(1, 30).map(float), st.integers(1, 3000).map(lambda n: n / 100))
_ELEMENTS = ["Li", "Na", "La", "Zr", "Ti", "Al", "Ge", "P", "S", "O", "N", "F", "Cl", "I", "C", "B"]
_COMPOSITIONS = st.dictionaries(st.sampled_from(_ELEMENTS), _AMOUNTS, min_size=1, max_size=6)

_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _number(n: float) -> str:
    return "" if n == 1 else f"{n:g}"


def _write(composition: dict[str, float], style: str) -> str:
    pieces = []
    for element, n in composition.items():
        number = _number(n)
        pieces.append(
            {
                "plain": f"{element}{number}",
                "ones": f"{element}{n:g}",
                "subscripts": f"{element}{number.translate(_DIGITS)}",
                "latex": f"{element}$_{{{number}}}$" if number else element,
                "mathrm": rf"\mathrm{{{element}}}_{{{number}}}" if number else element,
                "html": f"{element}<sub>{number}</sub>",
                "spaced symbols": f"{element}{number} ",
                "spaced": f"{element} {n:g} ",
                "no-break": f"{element}{number}\u00a0",
                "zero-width": f"{element}\u200b{number}",
                "comma": f"{element}{number.replace('.', ',')}",
                "fraction": f"{element}{round(n * 100)}/100",
                "brackets": f"({element}){number}",
                "full width": f"{element}{number.replace('.', '．')}",
            }[style]
        )
    return "".join(pieces)


_STYLES = [
    "plain", "ones", "subscripts", "latex", "mathrm", "html", "spaced symbols", "spaced",
    "no-break", "zero-width", "comma", "fraction", "brackets", "full width",
]  # fmt: skip


def _as_typed(found: Composition, meant: dict[str, float]) -> bool:
    return found.amounts == pytest.approx(meant, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("style", _STYLES)
@given(composition=_COMPOSITIONS)
def test_every_notation_reads_back(style, composition):
    text = _write(composition, style)
    found = parse(text)
    assert _as_typed(found, composition)
    assert parse(found.formula) == found


_COMPOUNDS = st.dictionaries(
    st.sampled_from(_ELEMENTS), st.integers(1, 9).map(float), min_size=2, max_size=4
).map(lambda c: _write(c, "plain"))


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.integers(2, 9), _COMPOUNDS), min_size=2, max_size=4),
    st.sampled_from([" + ", "+", " - ", "-", "–", " · ", "*", "•"]),
)
def test_mixtures_by_mole(parts, sign):
    found = parse(sign.join(f"{n}{compound}" for n, compound in parts))
    meant: dict[str, float] = {}
    for n, compound in parts:
        for element, amount in parse(compound).amounts.items():
            meant[element] = meant.get(element, 0.0) + n * amount
    assert _as_typed(found, meant)
    assert found.read_as is None or "by mole" in found.read_as


@given(st.integers(1, 99), _COMPOUNDS, _COMPOUNDS)
def test_mixtures_by_mass(percent, first, second):
    found = parse(f"{first} - {percent} wt% {second}")
    masses = parse(first).molar_mass, parse(second).molar_mass
    meant: dict[str, float] = {}
    for share, compound, mass in zip(
        (100 - percent, percent), (first, second), masses, strict=True
    ):
        for element, amount in parse(compound).amounts.items():
            meant[element] = meant.get(element, 0.0) + share / mass * amount
    total = sum(meant.values())
    fractions = {element: n / found.atoms for element, n in found.amounts.items()}
    assert fractions == pytest.approx({e: n / total for e, n in meant.items()}, rel=1e-3)


@pytest.mark.slow
@given(_COMPOUNDS, st.integers(1, 12), st.sampled_from([".", " ", " · ", "·", "*"]))
def test_hydrates(host, n, dot):
    assume(not host[-1].isdigit() or int(re.findall(r"\d+$", host)[0]) > 0)
    found = parse(f"{host}{dot}{n}H2O")
    dry = parse(host)
    assert found.amount("O") == pytest.approx(dry.amount("O") + n)
    assert found.amount("H") == pytest.approx(2 * n)


# Slips, made anew for any composition: refused, or read as what was meant ------------------------


def _never_another(text: str, meant: dict[str, float]) -> None:
    try:
        found = parse(text)
    except FormulaError:
        return
    total = sum(meant.values())
    assert found.amounts == pytest.approx(
        {e: n * found.atoms / total for e, n in meant.items()}, rel=1e-5
    )


@given(_COMPOSITIONS)
def test_subscripts_that_a_pdf_moved_to_the_end(composition):
    composition = {element: n if n != 1 else 2.0 for element, n in composition.items()}
    numbers = " ".join(_number(n) for n in composition.values() if n != 1)
    _never_another(f"{' '.join(composition)} {numbers}", composition)
    _never_another(f"{''.join(composition)}  {numbers}", composition)


@given(_COMPOSITIONS, st.data())
def test_one_subscript_that_a_pdf_moved_behind_the_next_symbol(composition, data):
    composition = {"Li": 7.0, "La": 3.0} | composition
    elements = list(composition)
    k = data.draw(st.integers(0, len(elements) - 2))
    if composition[elements[k]] == 1:
        composition[elements[k]] = 2.0
    pieces = [f"{e}{_number(n)}" for e, n in composition.items()]
    pieces[k] = f"{elements[k]} "
    pieces[k + 1] += f" {_number(composition[elements[k]])} "
    _never_another("".join(pieces), composition)


@pytest.mark.slow
@given(_COMPOSITIONS)
def test_decimal_points_that_became_centred_dots(composition):
    text = _write(composition, "plain").replace(".", "·")
    _never_another(text, composition)


@given(_COMPOSITIONS, st.sampled_from(_ELEMENTS), st.integers(1, 99))
def test_decimal_point_that_was_lost(composition, element, hundredths):
    composition = {**composition, element: hundredths / 100}
    text = _write(composition, "plain")
    with pytest.raises(FormulaError):
        parse(text.replace(f"{element}0.", f"{element}0", 1))


_PIECES = st.sampled_from(
    ["Li", "O", "S", "P", "2", "3", " ", "-", "+", "·", ".", "(", ")", "[", "wt%", "mol%", "%",
     "0.5", "1/2", "H2O", "5", "x", "□", "beta", "_", "^", "$", "{", "}", "\\", ",", "D", "½",
     "<sub>"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=9).map("".join))
def test_what_is_read_reads_back_and_all_else_is_one_clear_line(text):
    try:
        found = parse(text)
    except FormulaError as error:
        assert "\n" not in str(error)
        return
    assert parse(found.formula).amounts == pytest.approx(found.amounts)
