"""Random errors: what they depend on, their scatter, and which phases can be left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import SSEWindowError
from sse_window.equilibria.chemical_system import ChemicalSystem
from sse_window.equilibria.energy_errors import DrawnPhases, ErrorModel, PhaseSpread
from sse_window.phases.table import PhaseTable


def by_formula(table, **options):
    errors = ErrorModel(**options).errors(table)
    return {formula: errors[:, i] for i, formula in enumerate(table.formulas.tolist())}


def test_elements_are_exact_and_compounds_gaussian(li_p_s):
    errors = by_formula(li_p_s, draws=4000)
    for element in ("Li", "P", "S"):
        assert not errors[element].any()
    compounds = np.array([errors[f] for f in ("Li2S", "Li3P", "P2S5", "Li3PS4")])
    # Standard error of a mean of 4000: 0.0003; of a standard deviation: 0.0002 eV/atom.
    assert compounds.mean(axis=1) == pytest.approx(np.zeros(4), abs=0.0013)
    assert compounds.std(axis=1) == pytest.approx(np.full(4, 0.02), abs=0.001)
    assert np.corrcoef(compounds) == pytest.approx(np.eye(4), abs=0.06)


def test_seed_decides_and_nothing_else(li_p_s):
    same, again = ErrorModel(seed=7).errors(li_p_s), ErrorModel(seed=7).errors(li_p_s)
    assert np.array_equal(same, again)
    assert not np.allclose(same, ErrorModel(seed=8).errors(li_p_s))
    doubled = ErrorModel(sigma_eV_per_atom=0.04, seed=7).errors(li_p_s)
    assert doubled == pytest.approx(2 * same)
    # The first draws of many are the draws of few.
    assert np.array_equal(ErrorModel(draws=10, seed=7).errors(li_p_s), same[:10])


def test_errors_of_a_phase_do_not_depend_on_the_others(table):
    part = by_formula(table.within(["Li", "P", "S"]), draws=5)
    whole = by_formula(table.within(["Li", "P", "S", "Ge", "Cl"]), draws=5)
    assert len(whole) > len(part)
    for formula, errors in part.items():
        assert np.array_equal(errors, whole[formula])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0}, "0 draws: at least 1"),
        ({"sigma_eV_per_atom": -0.1}, "-0.1 eV/atom"),
        ({"sigma_eV_per_atom": float("nan")}, "nan eV/atom"),
        ({"seed": -1}, "seed -1"),
    ],
)
def test_bad_options(li_p_s, options, message):
    with pytest.raises(SSEWindowError, match=message):
        ErrorModel(**options).errors(li_p_s)


@pytest.mark.slow
def test_scatter_of_ternary_from_binary_oxides(table):
    # Hautier et al., Phys. Rev. B 2012, 85, 155208, doi:10.1103/PhysRevB.85.155208: computed minus
    # measured reaction energies of ternary from binary oxides have a standard deviation of
    # 0.024 eV/atom. Errors of 0.02 eV/atom on every compound have the same.
    rng = np.random.default_rng(3)
    ternary = table.select(np.flatnonzero(table.competing & (np.diff(table.offsets) == 3)))
    formulas = [f for f in ternary.formulas.tolist() if "O" in parse(f).amounts]
    assert len(formulas) > 3000
    scatter = []
    for formula in rng.choice(formulas, 150, replace=False):
        composition = parse(str(formula))
        near = table.within(composition.elements)
        oxides = [
            row
            for row in range(len(near))
            if len(near.composition(row)) == 1
            or (len(near.composition(row)) == 2 and "O" in near.composition(row))
        ]
        system = ChemicalSystem(near.select(np.array(oxides)), composition.elements)
        vertex = system.equilibrium(composition)  # amounts are fractions of the atoms
        errors = by_formula(near, draws=100)
        products = [errors[str(f)] for f in system.phases.formulas[vertex.columns]]
        scatter.append(errors[composition.reduced_formula] - vertex.amounts @ products)
    assert np.std(scatter) == pytest.approx(0.024, abs=0.0015)


def test_phases_left_out_are_in_no_equilibrium(table):
    # The same energies with nothing known of the hull: every phase is kept.
    near = table.within(["Li", "Fe", "P", "O"])
    blind = replace(
        near,
        e_above_hull=np.full(len(near), np.nan),
        competing=np.ones(len(near), bool),
    )
    elements = ["Li", "Fe", "P", "O"]
    few = DrawnPhases(near, elements, ErrorModel(draws=40, seed=1))
    all_ = DrawnPhases(blind, elements, ErrorModel(draws=40, seed=1))
    assert len(all_.table) == len(near)
    assert near.competing.sum() < len(few.table) < len(near)
    for formula in ("LiFePO4", "Li3Fe2(PO4)3", "LiFe5O8"):
        composition = parse(formula)
        assert few.hull_energies(composition) == pytest.approx(
            all_.hull_energies(composition), abs=1e-9
        )


def test_phase_energies_follow_the_rules_for_one_phase(li_p_s):
    drawn = DrawnPhases(li_p_s, ["Li", "P", "S"], ErrorModel(draws=50, seed=1))
    hull = drawn.hull_energies(parse("Li3PS4"))
    known = drawn.phase(parse("Li3PS4"))
    errors = by_formula(li_p_s, draws=50, seed=1)["Li3PS4"]
    assert known.own == pytest.approx(-0.95 + errors)
    assert np.all(known.energies(hull) >= hull)
    absent = drawn.phase(parse("Li7PS6"))
    assert absent.own is None
    assert absent.note == "Li7PS6 is not in the dataset: taken on the hull"
    assert np.array_equal(absent.energies(hull), hull)
    lifted = drawn.phase(parse("Li3PS4"), 0.05)
    assert lifted.energies(hull) == pytest.approx(hull + 0.05)


def test_without_errors_every_draw_is_the_table(table):
    drawn = DrawnPhases(table, ["Li", "P", "S"], ErrorModel(0.0, 3, 1))
    system = ChemicalSystem(table.within(["Li", "P", "S"]), ["Li", "P", "S"])
    expected = system.equilibrium(parse("Li7P3S11")).cost
    assert drawn.hull_energies(parse("Li7P3S11")) == pytest.approx(np.full(3, expected), abs=1e-10)


def test_one_phase_table():
    table = PhaseTable.from_formulas({"Li": 0.0})
    drawn = DrawnPhases(table, ["Li"], ErrorModel(draws=4, seed=1))
    assert drawn.hull_energies(parse("Li")).tolist() == [0.0] * 4


def test_errors_of_a_class_hang_together(table):
    near = table.within(["Li", "P", "S", "O"])
    anion = ["S" if "S" in near.composition(i) else "O" for i in range(len(near))]

    def spread(phases):
        assert phases is near
        return PhaseSpread(np.full(len(near), 0.01), np.full(len(near), 0.03), anion)

    errors = ErrorModel(draws=3000, spread=spread).errors(near)
    a, b, c, d = (errors[:, near.index(f)] for f in ("Li2S", "P2S5", "Li2O", "P2O5"))
    assert not errors[:, near.index("S")].any()
    # 0.01 of its own and 0.03 shared: correlation 0.9 within a class, none between classes.
    expected = np.array([[1, 0.9, 0, 0], [0.9, 1, 0, 0], [0, 0, 1, 0.9], [0, 0, 0.9, 1]])
    assert np.corrcoef([a, b, c, d]) == pytest.approx(expected, abs=0.06)
    assert a.std() == pytest.approx(np.hypot(0.01, 0.03), rel=0.05)
