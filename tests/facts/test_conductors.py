import csv
import math
import tomllib
from collections import Counter

import pytest

from sse_window.core.composition import parse
from sse_window.core.elements import SYMBOLS
from sse_window.core.ions import CHARGE
from sse_window.facts.conductors import IonicFact, facts
from sse_window.facts.packaged import data_file

FACTS = facts()
CONTENT = tomllib.loads(data_file("conductors.toml").read_text(encoding="utf-8"))
with data_file("ionic_conductivities.csv").open(encoding="utf-8", newline="") as stream:
    SAMPLES = list(csv.DictReader(stream))
KINDS = {"measured", "computed", "estimate"}
THRESHOLD = 1e-9  # S/cm, the default of interphases


def fact(**changes) -> IonicFact:
    values = {
        "formula": "LiX", "ion": "Li", "conductivity_S_per_cm": 1e-6, "bound": None,
        "spread_S_per_cm": None, "conducting": None, "kind": "measured", "note": "", "source": "",
    }  # fmt: skip
    return IonicFact(**(values | changes))


@pytest.mark.parametrize("entry", CONTENT["ionic"], ids=lambda entry: entry["formula"])
def test_ionic_entry(entry):
    required = {"formula", "ion", "kind", "note", "source"}
    optional = {"conductivity_S_per_cm", "bound", "spread_S_per_cm", "conducts"}
    assert required <= set(entry) <= required | optional
    assert entry["ion"] in CHARGE
    assert entry["kind"] in KINDS
    assert entry["source"].strip()
    assert parse(entry["formula"]).amount(entry["ion"]) > 0
    # A number, or evidence without one: never both, never neither.
    assert ("conductivity_S_per_cm" in entry) != ("conducts" in entry)
    assert entry.get("bound") in {None, "at least", "at most"}
    if "conducts" in entry:
        assert entry["note"] and "bound" not in entry and "spread_S_per_cm" not in entry


@pytest.mark.parametrize("entry", CONTENT["ionic"], ids=lambda entry: entry["formula"])
def test_conductivities_are_of_solids_near_room_temperature(entry):
    value = entry.get("conductivity_S_per_cm")
    if value is not None:
        assert isinstance(value, float)
        assert 1e-20 < value < 0.1
        low, high = entry.get("spread_S_per_cm", (value, value))
        assert low <= value <= high


@pytest.mark.parametrize("entry", CONTENT["ionic"], ids=lambda entry: entry["formula"])
def test_what_was_extrapolated_or_guessed_is_called_an_estimate(entry):
    text = f"{entry['note']} {entry['source']}"
    if "extrapolated" in text or "order of magnitude" in text:
        assert entry["kind"] == "estimate"


# Measured above room temperature, so the number itself must not stand in the table: formula,
# that number [S/cm], its temperature [K], activation energies [eV] from the entry's note.
@pytest.mark.parametrize(
    ("formula", "hot", "kelvin", "activation_eV"),
    [
        ("Li2ZrO3", 1e-4, 598, (0.50, 0.68)),
        ("Li8ZrO6", 4.8e-8, 454, (0.5, 0.5)),
        ("LiPO3", 2.5e-8, 553, (0.5, 0.5)),
        ("LiTi2(PO4)3", 1e-6, 333, (0.4, 0.4)),
        ("Li2SO4", 2e-7, 473, (1.10, 1.10)),
    ],
)
def test_extrapolation_to_room_temperature(formula, hot, kelvin, activation_eV):
    boltzmann_eV_per_K = 8.617333e-5
    limits = [
        hot * math.exp(-energy / boltzmann_eV_per_K * (1 / 298.15 - 1 / kelvin))
        for energy in activation_eV
    ]
    (found,) = [entry for entry in CONTENT["ionic"] if entry["formula"] == formula]
    assert found["kind"] == "estimate"
    # Within the two activation energies, to the one digit that is given.
    assert 0.8 * min(limits) <= found["conductivity_S_per_cm"] <= 1.25 * max(limits)


@pytest.mark.parametrize(
    "entry", CONTENT["electronic"], ids=lambda entry: "-".join(entry["formulas"])
)
def test_electronic_entry(entry):
    required = {"formulas", "character", "kind", "reason", "source"}
    assert required <= set(entry) <= required | {"conductivity_S_per_cm"}
    assert entry["character"] in {"conductor", "insulator"}
    assert entry["kind"] in KINDS
    assert entry["reason"].strip() and entry["source"].strip()
    for formula in entry["formulas"]:
        assert parse(formula).atoms > 0
    if "conductivity_S_per_cm" in entry:
        conducts = entry["conductivity_S_per_cm"] >= THRESHOLD
        assert conducts == (entry["character"] == "conductor")


def test_every_phase_stands_once():
    ionic = Counter(parse(entry["formula"]).reduced_formula for entry in CONTENT["ionic"])
    electronic = Counter(
        parse(formula).reduced_formula
        for entry in CONTENT["electronic"]
        for formula in entry["formulas"]
    )
    assert max(ionic.values()) == max(electronic.values()) == 1
    assert set(FACTS.ionic_facts) == set(ionic) | {row["formula"] for row in SAMPLES}
    assert set(FACTS.electronic_facts) == set(electronic)


def test_compiled_samples():
    assert len(SAMPLES) == 599
    # Of some only a bound was published; no number stands for it.
    assert sum(row["bound"] == "at most" for row in SAMPLES) == 37
    assert "1e-15" not in {row["conductivity_S_per_cm"] for row in SAMPLES}
    for row in SAMPLES:
        assert parse(row["composition"]).reduced_formula == row["formula"]
        assert "Li" in parse(row["formula"]).amounts
        assert row["doi"].startswith("10."), row


def test_forms_of_a_phase_are_kept_apart():
    # doi:10.1016/j.jssc.2009.05.020 (tetragonal) and others (cubic), as compiled.
    garnet = FACTS.ionic("Li7La3Zr2O12")
    assert garnet.kind == "measured"
    assert garnet.conductivity_S_per_cm == 3e-4  # cited, before the compilation
    assert garnet.spread_S_per_cm == (1.6e-6, 5.69e-4)
    assert {"I41/acd", "Ia-3d"} <= {form.form.split(",")[0] for form in garnet.forms}
    phosphate = FACTS.ionic("LiTi2(PO4)3")
    assert phosphate.conductivity_S_per_cm is None  # five samples, no mean
    assert phosphate.spread_S_per_cm == (2e-7, 1.61e-4)  # with the estimate that it replaces
    assert phosphate.conducts(1e-9) is True
    assert phosphate.conducts(1e-5) is None


def test_a_measurement_comes_before_an_estimate():
    zirconate = FACTS.ionic("Li2ZrO3")
    assert (zirconate.conductivity_S_per_cm, zirconate.kind) == (6.1e-10, "measured")
    assert zirconate.conducts(THRESHOLD) is False
    assert zirconate.disputed(THRESHOLD)  # the estimate reaches 5.7e-9
    bound = FACTS.ionic("Li4P2O7")
    assert (bound.conductivity_S_per_cm, bound.bound) == (1e-10, "at most")
    assert bound.conducts(THRESHOLD) is False
    assert bound.conducts(1e-11) is None


@pytest.mark.parametrize("formula", ["LiCl", "Li2CO3"])
def test_an_order_of_magnitude_at_the_threshold_has_no_side(formula):
    assert FACTS.ionic(formula).conductivity_S_per_cm == THRESHOLD
    assert FACTS.ionic(formula).conducts(THRESHOLD) is None


@pytest.mark.parametrize("formula", ["Na2S", "Na3P", "LiBr", "Li2TiO3"])
def test_what_nobody_cited_is_not_known(formula):
    assert FACTS.ionic(formula) is None


@pytest.mark.parametrize(
    ("formula", "holds"),
    [
        ("LiCoO2", True), ("Li0.5CoO2", True), ("CoO2", True), ("LiMn2O4", True),
        ("LiNi0.8Mn0.1Co0.1O2", True), ("NaNiO2", True), ("LiMn1.5Ni0.5O4", True),
        ("Li2MnO3", False), ("Li2CoO2", False), ("LiAlO2", False), ("Mn2O3", False),
        ("LiFePO4", False),
    ],
)  # fmt: skip
def test_frameworks_of_cathodes_conduct_whatever_their_ion_content(formula, holds):
    composition = parse(formula)
    found = FACTS.electronic(composition.reduced_formula, composition.amounts)
    assert (found is not None and found.character == "conductor") is holds


def test_every_element_is_a_metal_or_has_an_entry():
    covered = {
        symbol for symbol in SYMBOLS if FACTS.electronic(parse(symbol).reduced_formula) is not None
    }
    assert covered & FACTS.metals == set()
    # Astatine has never been seen in bulk: nothing is known, and nothing is claimed.
    assert covered | FACTS.metals == set(SYMBOLS) - {"At"}
    assert len(CONTENT["metals"]) == len(FACTS.metals)


@pytest.mark.parametrize(
    ("formula", "character"),
    [
        ("Li3P", "insulator"),
        ("Li3N", "insulator"),
        ("P", "insulator"),
        ("S", "insulator"),
        ("O2", "insulator"),
        ("I2", "insulator"),
        ("C", "conductor"),
        ("Si", "conductor"),
        ("Ge", "conductor"),
        ("LiC6", "conductor"),
    ],
)
def test_exceptions_to_the_gap_rule(formula, character):
    found = FACTS.electronic(parse(formula).reduced_formula)
    assert found is not None
    assert found.character == character


def test_nothing_is_claimed_of_other_phases():
    assert FACTS.electronic("Li2S") is None
    assert FACTS.ionic("La2O3") is None
    assert not FACTS.is_metal("Xx")


@pytest.mark.parametrize("element", ["Li", "In", "Zr", "Y", "Ti", "Sn", "Bi"])
def test_metals(element):
    assert FACTS.is_metal(element)


@pytest.mark.parametrize("element", ["H", "C", "Si", "Ge", "P", "As", "S", "Se", "O", "Cl"])
def test_elements_that_are_no_metals(element):
    assert not FACTS.is_metal(element)


# Verdicts that published interphases rest on.
@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Li3P", True),
        ("Li3N", True),
        ("Li3PO4", True),
        ("LiI", True),
        ("Li15Ge4", True),
        ("Li2O", False),
        ("Li2S", False),
        ("LiF", False),
        ("LiP7", False),
        ("Li4P2O7", False),
        ("LiAlO2", False),
    ],
)
def test_verdict_at_the_default_threshold(formula, expected):
    found = FACTS.ionic(parse(formula).reduced_formula)
    assert found is not None
    assert found.conducts(THRESHOLD) is expected


@pytest.mark.parametrize(
    ("changes", "threshold", "expected"),
    [
        ({}, 0.9e-6, True),
        ({}, 1e-6, None),
        ({}, 1.1e-6, False),
        ({"bound": "at least"}, 1e-6, True),
        ({"bound": "at least"}, 1e-5, None),
        ({"bound": "at most"}, 1e-6, False),
        ({"bound": "at most"}, 1e-7, None),
        ({"conductivity_S_per_cm": None, "conducting": True}, 1.0, True),
        ({"conductivity_S_per_cm": None, "conducting": False}, 1e-30, False),
    ],
)
def test_limits_leave_open_what_they_do_not_decide(changes, threshold, expected):
    assert fact(**changes).conducts(threshold) is expected


@pytest.mark.parametrize(
    ("spread", "expected"),
    [(None, False), ((1e-10, 1e-8), True), ((1e-9, 1e-8), False), ((1e-12, 1e-10), False)],
)
def test_spread_across_the_threshold_is_a_dispute(spread, expected):
    assert fact(spread_S_per_cm=spread).disputed(THRESHOLD) is expected
