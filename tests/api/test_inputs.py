from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
from pymatgen.core import Composition as PymatgenComposition
from pymatgen.core import Lattice, Structure
from pymatgen.entries.computed_entries import ComputedEntry

import sse_window as sw
from sse_window import api
from sse_window.api.inputs import formula_of, formulas_of, phases_of
from sse_window.core.composition import parse
from sse_window.core.errors import DataError, SSEWindowError

# Hand-made formation energies of METHOD-like size [eV/atom], with elements that are not at zero.
ELEMENTS = {"Li": -1.9, "P": -5.4, "S": -4.1}
FORMATION = {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}


def entries(kind=ComputedEntry):
    found = []
    for formula, formation in FORMATION.items():
        composition = PymatgenComposition(formula)
        total = formation * composition.num_atoms
        total += sum(n * ELEMENTS[str(e)] for e, n in composition.items())
        found.append(kind(composition, total))
    return [*found, *(kind(PymatgenComposition(e), energy) for e, energy in ELEMENTS.items())]


ROCK_SALT = Structure.from_spacegroup(
    "Fm-3m", Lattice.cubic(5.1), ["Li", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]
)


@pytest.mark.parametrize(
    "value",
    ["Li3PS4", parse("Li3PS4"), PymatgenComposition("Li3PS4"), ComputedEntry("Li3PS4", -30.0),
     np.str_("Li3PS4")],
)  # fmt: skip
def test_compositions_of_any_kind(value):
    assert parse(formula_of(value)).amounts == {"Li": 3.0, "P": 1.0, "S": 4.0}
    assert formulas_of(value) == (formula_of(value),)


def test_structures_and_species():
    assert parse(formula_of(ROCK_SALT)).reduced_formula == "LiCl"
    charged = ROCK_SALT.copy().add_oxidation_state_by_element({"Li": 1, "Cl": -1})
    assert parse(formula_of(charged)).reduced_formula == "LiCl"
    assert parse(formula_of(charged.composition)).reduced_formula == "LiCl"


@pytest.mark.parametrize(
    "values",
    [["LGPS", "Li3PS4"], ("LGPS", "Li3PS4"), pd.Series(["LGPS", "Li3PS4"], index=[7, 3]),
     np.array(["LGPS", "Li3PS4"]), (f for f in ("LGPS", "Li3PS4"))],
)  # fmt: skip
def test_lists_of_any_kind(values):
    assert formulas_of(values) == ("LGPS", "Li3PS4")


@pytest.mark.slow
@given(st.text(min_size=1, max_size=20))
def test_text_is_never_taken_apart(text):
    assert formulas_of(text) == (text,)


@pytest.mark.parametrize("value", [None, 3, 2.5, True, b"LiCl", {"Li": 1}, object(), ["LiCl"], str])
def test_anything_else_is_one_sentence(value):
    with pytest.raises(TypeError, match="is no composition") as caught:
        formula_of(value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("values", [3, b"LiCl", {"Li": 1}, [None], [["LiCl"]], object()])
def test_lists_of_anything_else(values):
    with pytest.raises(TypeError, match="is no composition"):
        formulas_of(values)


@pytest.mark.parametrize(
    "phases", [entries(), PhaseDiagram(entries(PDEntry)), pd.Series(entries())]
)
def test_phases_from_entries(phases):
    window = api.stability_window("Li3PS4", phases=phases)
    assert window.reduction_potential_V == pytest.approx(1.84)
    assert window.oxidation_potential_V == pytest.approx(2.18333, abs=1e-5)
    assert window.dataset.name == "entries"


def test_coatings_and_stacks_take_them():
    table = phases_of(entries())
    typed = api.stack(["Li", "Li3PS4", "Li2S", "Li"], phases=table)
    given = api.stack(
        [PymatgenComposition("Li"), parse("Li3PS4"), entries()[0], "Li"], phases=table
    )
    assert [c.reaction for c in given.contacts] == [c.reaction for c in typed.contacts]
    found = api.coatings(parse("Li3PS4"), "Li", candidates="Li2S", phases=table)
    assert "Li2S" in [result.coating for result in found.results]


def test_lowest_of_several_entries_counts():
    listed = [*entries(), ComputedEntry("Li3PS4", 0.0)]
    assert np.array_equal(
        phases_of(listed).formation_energy_per_atom, phases_of(entries()).formation_energy_per_atom
    )


@pytest.mark.parametrize(
    ("phases", "error", "message"),
    [
        ([], DataError, "empty list"),
        (entries()[:-1], DataError, "no entry of the element S"),
        ([3], TypeError, "is no entry"),
        (7, TypeError, "is no entry"),
        ({"Li": 1}, TypeError, "is no entry"),
        ([*entries(), ComputedEntry("LiS4", float("nan"))], DataError, "no number"),
    ],
)
def test_phases_that_are_none(phases, error, message):
    with pytest.raises(error, match=message):
        phases_of(phases)


def test_questions_take_them():
    table = phases_of(entries())
    typed = api.stability_window("Li3PS4", phases=table)
    for value in (parse("Li3PS4"), PymatgenComposition("Li3PS4"), entries()[3]):
        assert api.stability_window(value, phases=table).to_dict() == typed.to_dict()
    less = api.stability_window("Li2S", phases=table, exclude="P2S5")
    assert "without P2S5" in less.dataset.additions
    pairs = api.pair(parse("Li3PS4"), PymatgenComposition("Li"), phases=table)
    assert pairs[0].electrolyte == "Li3PS4"


@pytest.mark.parametrize("value", [None, 3, b"LiCl", {"Li": 1}, [1], object(), float("nan"), ""])
@pytest.mark.parametrize(
    "question",
    ["stability_window", "pair", "pair with", "series", "exclude", "coatings", "layers", "layer",
     "sinter", "strain", "ion"],
)  # fmt: skip
def test_no_question_fails_from_inside(question, value):
    ask = {
        "stability_window": lambda: api.stability_window(value, phases=TABLE),
        "pair": lambda: api.pair(value, "Li", phases=TABLE),
        "pair with": lambda: api.pair("Li3PS4", value, phases=TABLE),
        "series": lambda: api.series(value, x=[0], phases=TABLE),
        "coatings": lambda: api.coatings(value, "Li", phases=TABLE),
        "layers": lambda: api.stack(value, phases=TABLE),
        "layer": lambda: api.stack(["Li", value, "Li"], phases=TABLE),
        "sinter": lambda: api.sinter(value, phases=TABLE),
        "strain": lambda: api.strain(value, phases=TABLE),
        "ion": lambda: api.stability_window("Li2S", value, phases=TABLE),
        "exclude": lambda: api.stability_window("Li2S", phases=TABLE, exclude=[value]),
    }[question]
    with pytest.raises((SSEWindowError, TypeError)) as caught:
        ask()
    assert str(caught.value)


TABLE = sw.PhaseTable.from_formulas(FORMATION)


def test_odd_windows_voltages_and_ranges():
    window = api.stability_window("Li2S", phases=TABLE)
    assert sw.decomposition_energy(window, 5.0) < 0.0
    with pytest.raises(TypeError, match="a stability window is wanted"):
        sw.decomposition_energy("Li2S", 5.0)
    for voltage in (-1.0, float("nan"), float("inf")):
        with pytest.raises(SSEWindowError, match="0 or more"):
            sw.decomposition_energy(window, voltage)
    for span in ((1.0,), (1.0, 2.0, 3.0), 2.0, "12x", ("a", "b")):
        with pytest.raises(
            (SSEWindowError, TypeError), match=r"give (two|a pair of) numbers|two ends|a range"
        ):
            api.pair("Li2S", "Li3P", voltage_range_V=span, phases=TABLE)


def test_numbers_of_other_kinds_give_answers_that_can_be_written():
    kinds = (np.float32(0.25), Fraction(1, 4), np.float64(0.25))
    texts = {
        json.dumps(sw.window("LiS4", phases=TABLE, tolerance_eV_per_atom=n).to_dict())
        for n in kinds
    }
    assert len(texts) == 1
    ends = [(2, 3), [2.0, 3.0], np.array([2.0, 3.0]), (Fraction(2), np.float32(3.0))]
    pairs = [api.pair("Li2S", "S", phases=TABLE, voltage_range_V=span) for span in ends]
    assert len({json.dumps([each.to_dict() for each in found]) for found in pairs}) == 1
