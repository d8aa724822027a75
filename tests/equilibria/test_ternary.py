"""Ternary diagrams: by hand, against pymatgen, and against the trace of the voltage profile."""

from __future__ import annotations

import pytest
from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
from pymatgen.core import Composition as PymatgenComposition
from pymatgen.core import Element

from sse_window import load, parse
from sse_window.core.errors import DataError
from sse_window.equilibria.ternary import ternary_diagram
from sse_window.equilibria.windows import stability_window


def test_fields_and_voltages_by_hand(li_p_s):
    found = ternary_diagram(li_p_s, parse("Li3PS4"))
    names = [phase.formula for phase in found.phases]
    voltages = {
        frozenset(names[place] for place in field.phases): round(field.voltage_V, 5)
        for field in found.fields
    }
    assert voltages == {
        frozenset({"Li", "Li2S", "Li3P"}): 0.0,
        frozenset({"Li2S", "Li3P", "P"}): 1.2,
        frozenset({"Li2S", "Li3PS4", "P"}): 1.84,
        frozenset({"P2S5", "Li3PS4", "P"}): 1.97333,
        frozenset({"Li2S", "Li3PS4", "S"}): 2.1,
        frozenset({"P2S5", "Li3PS4", "S"}): 2.18333,
    }
    assert found.fractions == pytest.approx((3 / 8, 1 / 8, 4 / 8))


@pytest.mark.slow
@pytest.mark.parametrize("formula", ["Li3PS4", "LiCoO2", "Li3YCl6"])
def test_fields_are_those_of_pymatgen(formula):
    table = load("mp-legacy")
    found = ternary_diagram(table, parse(formula))
    phases = table.within(found.corners).competitors()
    diagram = PhaseDiagram(
        [
            PDEntry(PymatgenComposition(f), float(e) * PymatgenComposition(f).num_atoms)
            for f, e in zip(phases.formulas, phases.formation_energy_per_atom, strict=True)
        ]
    )
    ours = {
        frozenset(
            PymatgenComposition(found.phases[p].formula).reduced_formula for p in field.phases
        ): field.voltage_V
        for field in found.fields
    }
    theirs = {
        frozenset(diagram.qhull_entries[i].composition.reduced_formula for i in facet): facet
        for facet in diagram.facets
    }
    assert set(ours) == set(theirs)
    for names, facet in theirs.items():
        potentials = diagram._get_facet_chempots(facet)
        assert ours[names] == pytest.approx(-float(potentials[Element("Li")]), abs=1e-6)


def test_an_open_triangle_holds_the_products_of_the_profile():
    table = load("mp-legacy")
    window = stability_window(table, parse("Li10GeP2S12"))
    found = ternary_diagram(table, parse("Li10GeP2S12"), voltage_V=2.0)
    assert found.corners == ("Ge", "P", "S")
    assert all(field.voltage_V is None for field in found.fields)
    step = next(s for s in window.steps if s.voltage_low_V < 2.0 < s.voltage_high_V)
    assert {product.formula for product in step.products} <= {p.formula for p in found.phases}


@pytest.mark.parametrize(
    ("formula", "voltage", "said"),
    [
        ("Li10GeP2S12", None, "give the voltage"),
        ("Li3PS4", 2.0, "leave the voltage out"),
        ("Li2S", None, "three corners"),
        ("Li9.54Si1.74P1.44S11.7Cl0.3", 2.0, "three corners"),
    ],
)
def test_what_is_no_triangle_is_said(formula, voltage, said):
    with pytest.raises(DataError, match=said):
        ternary_diagram(load("mp-legacy"), parse(formula), voltage_V=voltage)
