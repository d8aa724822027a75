import tomllib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError
from sse_window.facts.electrodes import electrodes
from sse_window.facts.names import canonical_name, names, resolve
from sse_window.facts.packaged import data_file

# The names that the command line promises.
CONTRACT = {
    "LGPS": "Li10GeP2S12",
    "LLZO": "Li7La3Zr2O12",
    "LPS": "Li3PS4",
    "LPSCl": "Li6PS5Cl",
    "LATP": "Li1.3Al0.3Ti1.7(PO4)3",
    "LAGP": "Li1.5Al0.5Ge1.5(PO4)3",
    "LLTO": "Li0.33La0.55666667TiO3",
    "LiPON": "Li2PO2N",
    "LCO": "LiCoO2",
    "LNO": "LiNiO2",
    "LMO": "LiMn2O4",
    "LFP": "LiFePO4",
    "NMC111": "LiNi0.3333333Mn0.3333333Co0.3333333O2",
    "NMC622": "LiNi0.6Mn0.2Co0.2O2",
    "NMC811": "LiNi0.8Mn0.1Co0.1O2",
    "NCA": "LiNi0.8Co0.15Al0.05O2",
    "LNMO": "LiNi0.5Mn1.5O4",
    "LTO": "Li4Ti5O12",
    "graphite": "C",
    "Li": "Li",
    "Li-In": "InLi",
}

ELECTROLYTES = tomllib.loads(data_file("electrolytes.toml").read_text(encoding="utf-8"))[
    "electrolyte"
]

CHARGES = {
    "Li": 1, "Na": 1, "Zn": 2, "Al": 3, "Y": 3, "In": 3, "La": 3, "Ge": 4, "Si": 4, "Sn": 4,
    "Ti": 4, "Zr": 4, "P": 5, "Ta": 5, "Cl": -1, "Br": -1, "I": -1, "O": -2, "S": -2, "N": -3,
}  # fmt: skip


def message(text: str) -> str:
    with pytest.raises(FormulaError) as caught:
        resolve(text)
    return str(caught.value)


@pytest.mark.parametrize(("name", "formula"), CONTRACT.items())
def test_promised_name(name, formula):
    assert resolve(name).formula == formula
    assert canonical_name(name) == name
    assert names()[name] == formula


@pytest.mark.parametrize("entry", ELECTROLYTES, ids=lambda entry: entry["name"])
def test_electrolyte_entry(entry):
    assert set(entry) == {"name", "aliases", "formula", "source", "note"}
    assert entry["source"].strip()
    composition = parse(entry["formula"])
    charge = sum(n * CHARGES[element] for element, n in composition.amounts.items())
    assert charge == pytest.approx(0.0, abs=1e-6)
    for name in (entry["name"], *entry["aliases"]):
        assert resolve(name) == composition
        assert canonical_name(name) == entry["name"]


def test_no_name_has_two_meanings():
    spellings = Counter(
        [name for entry in ELECTROLYTES for name in (entry["name"], *entry["aliases"])]
        + sorted({name for e in electrodes() for name in (e.name, *e.aliases)})
    )
    assert max(spellings.values()) == 1


def test_only_lipon_is_also_another_formula():
    # Any further clash would take a compound out of reach without a word.
    clashes = set()
    for name in [name for e in ELECTROLYTES for name in (e["name"], *e["aliases"])] + [
        name for e in electrodes() for name in (e.name, *e.aliases)
    ]:
        try:
            formula = parse(name)
        except FormulaError:
            continue
        if formula.reduced_formula != resolve(name).reduced_formula:
            clashes.add(name)
    # TNO (titanium niobium oxide) would be read with tritium.
    assert clashes == {"LiPON", "TNO"}
    assert resolve("Li1P1N1O1").amounts == {"Li": 1.0, "P": 1.0, "N": 1.0, "O": 1.0}


@pytest.mark.parametrize(
    ("name", "formula"),
    [("S", "S"), ("sulfur", "S"), ("TiS2", "TiS2"), ("Na", "Na"), ("silicon", "Si")],
)
def test_name_that_is_a_composition_keeps_it(name, formula):
    assert resolve(name).formula == formula


@pytest.mark.parametrize("formula", ["Li3PS4", "CO", "Co", "Li6.5La3Zr1.5Ta0.5O12", " La2O3 "])
def test_formulas_pass_as_typed(formula):
    assert resolve(formula) == parse(formula)
    assert canonical_name(formula) is None


def test_surrounding_blanks_do_not_matter():
    assert resolve(" LGPS\n").formula == "Li10GeP2S12"
    assert canonical_name(" NCM622 ") == "NMC622"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lgps", "LGPS"),
        ("lipon", "LiPON"),
        ("LIPON", "LiPON"),
        ("nmc811", "NMC811"),
        ("Graphite", "graphite"),
        ("li-in", "Li-In"),
        ("licoo2", "LiCoO2"),
        ("li7la3zr2o12", "Li7La3Zr2O12"),
    ],
)
def test_wrong_case_is_suggested(typed, meant):
    assert message(typed) == f"no formula or name {typed!r}; did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("LPGS", "LGPS"),
        ("LLOZ", "LLZO"),
        ("LLZ0", "LLZO"),
        ("NMC-811", "NMC811"),
        ("nmc 622", "NMC622"),
        ("graphit", "graphite"),
        ("argyrodit", "argyrodite"),
    ],
)
def test_near_name_is_suggested(typed, meant):
    assert message(typed).endswith(f"; did you mean {meant!r}?")


def test_unknown_element_is_named_beside_the_suggestion():
    assert message("LPGS") == "formula 'LPGS': no element 'L'; did you mean 'LGPS'?"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("LiXx2", "formula 'LiXx2': no element 'Xx'"),
        ("", "empty formula: give one such as Li3PS4"),
        ("   ", "empty formula: give one such as Li3PS4"),
        ("Li+", "formula 'Li+': charges are not part of a composition; leave them out"),
        ("Li-2O", "formula 'Li-2O': amounts cannot be negative; ranges such as 1-x must be "
         "written as a number"),
    ],
)  # fmt: skip
def test_what_resembles_nothing_keeps_its_own_error(typed, problem):
    found = message(typed)
    assert "did you mean" not in found
    assert found == problem


def test_nothing_is_suggested_for_what_is_no_formula_at_all():
    found = message("NotAFormula")
    assert found.startswith("formula 'NotAFormula': ")
    assert "did you mean" not in found


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("NaSICON", "Na1S1I1C1O1N1"),
        ("NVP", "N1V1P1"),
        ("LiPSCl", "Li1P1S1Cl1"),
        ("LiTFSI", "Li1H1F1S1I1"),
        ("LiBOB", "Li1B2O1"),
        ("LiCoO", "Li1Co1O1"),
        ("PVC", "P1V1C1"),
    ],
)
def test_letters_that_decompose_into_symbols_are_asked_about(typed, spelt):
    assert message(typed).startswith(f"no name {typed!r} is known: write {spelt} for the compound")
    assert resolve(spelt).amounts == parse(typed).amounts


@pytest.mark.parametrize(
    "typed", ["LiOH", "LiSCN", "KCN", "BiOCl", "LiZnN", "TiNiSn", "NaCl", "CO", "SiC", "ZrMnAsO"]
)
def test_letters_that_are_a_compound_are_answered(typed):
    assert resolve(typed).formula == typed


@pytest.mark.parametrize("typed", ["(beta)", "beta", "(cubic)", "Vac", "cubic", "β", "Lao.51"])
def test_no_absurd_suggestion(typed):
    found = message(typed)
    assert not any(absurd in found for absurd in ("BeTa", "CuBiC", "VAc", "LaO"))


def test_names_put_electrolytes_first_and_leave_aliases_out():
    found = list(names())
    assert found.index("LGPS") < found.index("LCO")
    assert "NCM811" not in found
    assert len(found) == len(set(found))


@pytest.mark.slow
@given(st.text(max_size=12))
def test_any_text_is_a_composition_or_one_clear_line(text):
    try:
        composition = resolve(text)
    except FormulaError as error:
        assert str(error)
        assert not str(error).endswith(f"did you mean {text!r}?")
    else:
        assert composition.atoms > 0


@pytest.mark.slow
@given(st.sampled_from(sorted(names())), st.data())
def test_every_suggestion_resolves(name, data):
    position = data.draw(st.integers(0, len(name) - 1))
    typed = name[:position] + data.draw(st.sampled_from("lLxX1-")) + name[position + 1 :]
    try:
        resolve(typed)
    except FormulaError as error:
        _, found, suggestion = str(error).rpartition("; did you mean ")
        if found:
            assert resolve(suggestion.rstrip("?").strip("'")).atoms > 0


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("LiPON (Li2PO2N)", "Li2PO2N"),
        ("LLTO (Li0.33La0.56TiO3)", "Li0.33La0.56TiO3"),
        ("LATP  (Li1.3Al0.3Ti1.7(PO4)3)", "Li1.3Al0.3Ti1.7(PO4)3"),
        ("LCO (Li0.5CoO2)", "Li0.5CoO2"),
        ("Li (OH)", "LiOH"),
    ],
)
def test_a_name_with_its_formula_in_brackets_is_that_formula(text, formula):
    assert resolve(text).reduced_formula == parse(formula).reduced_formula


@pytest.mark.parametrize("name", ["LLZO", "LGPS", "LPS", "LCO", "NMC811"])
@pytest.mark.parametrize("way", ["{f} ({n})", "{f}({n})", "{n} ({f})", "t-{n}", "β-{n}", "c-{n}"])
def test_names_and_formulas_explain_each_other(name, way):
    meant = resolve(name)
    text = way.format(f=meant.formula, n=name)
    found = resolve(text)
    assert found.reduced_formula == meant.reduced_formula
    if "-" in text:
        assert "the form is left out" in found.said_reading


@pytest.mark.parametrize("text", ["Li2S (LGPS)", "Li3PS4(LLZO)"])
def test_a_name_that_is_not_the_formula_before_it_is_no_answer(text):
    with pytest.raises(FormulaError):
        resolve(text)
