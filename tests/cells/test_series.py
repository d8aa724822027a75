"""Series against single questions, hand-made systems, and published products."""

from __future__ import annotations

import json

import pyarrow.parquet
import pytest
from click.testing import CliRunner
from hand_made import pair

from sse_window.api import series, stability_window
from sse_window.cells.series import composition_series
from sse_window.cli import main
from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError, UnknownElementsError
from sse_window.core.formula_template import FormulaTemplate, values_of_range
from sse_window.equilibria.chemical_system import ChemicalSystem
from sse_window.equilibria.open_equilibria import open_equilibria
from sse_window.equilibria.phase_energies import phase_energy
from sse_window.phases.table import PhaseTable


def pinned_driving_force(table, formula):
    """E_D at 0 V of a composition put on the hull [eV/atom]."""
    composition = parse(formula)
    hull = phase_energy(table, composition, 0.0).energy
    return open_equilibria(table, composition, "Li").decomposition_energy(hull, 0.0)


@pytest.mark.parametrize(
    ("formula", "driving_force", "low", "high"),
    [
        # From an independent linear program on the same table (mp-legacy): eV/atom, put on the
        # hull, and the window in V, printed to three and two decimals; the last one is rounding.
        ("Li7La3Zr2O12", -0.014, 0.05, 2.91),
        ("Li6.25Al0.25La3Zr2O12", -0.028, 0.28, 3.18),
        ("Li6.5La3Zr1.5Ta0.5O12", -0.050, 0.54, 3.11),
        ("Li6.25Ga0.25La3Zr2O12", -0.060, 1.05, 3.18),
        ("Li6.5La3Zr1.5Nb0.5O12", -0.072, 0.62, 3.18),
        ("Li7La3Hf2O12", 0.0, 0.0, 2.91),
    ],
)
def test_doped_garnets(table, formula, driving_force, low, high):
    assert pinned_driving_force(table, formula) == pytest.approx(driving_force, abs=1e-3)
    window = stability_window(formula, phases="mp-legacy")
    assert window.reduction_potential_V == pytest.approx(low, abs=5.1e-3)
    assert window.oxidation_potential_V == pytest.approx(high, abs=5.1e-3)


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        ("Li3PS3O", 1.72, 2.34), ("Li3PSO3", 1.72, 2.34), ("Li6PS4OCl", 1.72, 2.11),
        ("Li10GeP2S11.7O0.3", 1.72, 2.25), ("Li6PS5I", 1.72, 2.14),
        ("Li6.5P0.5Ge0.5S5I", 1.72, 2.14), ("Li6.5P0.5Si0.5S5I", 1.69, 2.14),
        ("Li10SiP2S12", 1.69, 2.21), ("Li10SnP2S12", 1.73, 2.23),
    ],
)  # fmt: skip
def test_substituted_sulfides(formula, low, high):
    # Independent linear program on the same table, printed to two decimals.
    window = stability_window(formula, phases="mp-legacy")
    assert window.reduction_potential_V == pytest.approx(low, abs=5.1e-3)
    assert window.oxidation_potential_V == pytest.approx(high, abs=5.1e-3)


@pytest.mark.parametrize(
    ("formula", "voltage", "products"),
    [
        # Ong et al., Energy Environ. Sci. 2013, 6, 148, doi:10.1039/c2ee23355j, Tables 1 and 3;
        # rows in which a later database generation exchanged a phase are left out.
        ("Li10SiP2O12", None, "Li4SiO4 Li3PO4"),
        ("Li10SiP2O12", 0.0, "Li21Si5 Li2O Li3P"),
        ("Li10GeP2O12", 5.0, "GeP2O7 O2"),
        ("Li10GeP2O12", 0.0, "Li15Ge4 Li2O Li3P"),
        ("Li10SnP2O12", None, "Li8SnO6 Li2SnO3 Li3PO4"),
        ("Li10SnP2O12", 5.0, "SnP2O7 O2"),
        ("Li10GeP2S12", None, "Li4GeS4 Li3PS4"),
        ("Li10SnP2S12", None, "Li4SnS4 Li3PS4"),
        ("Li10SnP2S12", 0.0, "Li17Sn4 Li2S Li3P"),
        ("Li9P3S12", None, "Li3PS4"),
        ("Li10SiP2Se12", 5.0, "SiSe2 PSe Se"),
        ("Li10SiP2Se12", 0.0, "Li21Si5 Li2Se Li3P"),
        ("Li10SnP2Se12", 5.0, "SnPSe3 PSe Se"),
        ("Li10SnP2Se12", 0.0, "Li17Sn4 Li2Se Li3P"),
    ],
)
def test_published_products(table, formula, voltage, products):
    expected = {parse(product).reduced_formula for product in products.split()}
    composition = parse(formula)
    if voltage is None:
        # What it falls apart into: the phase itself, where it is on the hull, is set aside.
        reduced = composition.reduced_formula
        apart = table.index(reduced) is not None and reduced not in expected
        others = table.exclude([reduced]) if apart else table
        system = ChemicalSystem.of(others, composition.elements)
        found = {p.formula for p in system.products(system.equilibrium(composition), composition)}
    else:
        window = stability_window(formula, phases="mp-legacy")
        step = [s for s in window.steps if s.voltage_low_V <= voltage][-1 if voltage else 0]
        found = {product.formula for product in step.products} - {"Li"}
    assert found == expected


def test_members_are_single_questions(table):
    points = series("Li{7-x}La3Zr{2-x}Ta{x}O12", x="0:2:0.5", phases="mp-legacy")
    for point in points:
        alone = stability_window(point.window.formula, phases="mp-legacy")
        assert point.window.reduction_potential_V == alone.reduction_potential_V
        assert point.window.oxidation_potential_V == alone.oxidation_potential_V
    last = points[-1].window
    assert last.formula == "Li5La3Ta2O12" and last.in_dataset
    lows = [p.window.reduction_potential_V for p in points]
    assert lows == sorted(lows)


def test_pairs_are_single_pairs(table):
    (point,) = series("Li10{Ge,Si}P2S12", electrodes="LCO")[:1]
    discharged, charged = pair(table, "Li10GeP2S12", "LCO")
    energies = [met.chemical_mutual_eV_per_atom for met in point.pairs]
    assert energies == [p.chemical.mutual.reaction_energy for p in (discharged, charged)]
    assert point.pairs[0].interphase_class == discharged.interphase.interphase_class


def test_neighbours_change_where_they_change():
    # On the line from Li2S to P2S5, Li3PS4 at x = 1/4 parts two pairs of neighbours.
    table = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95})
    template = FormulaTemplate("{1-x}Li2S*{x}P2S5")
    points = list(
        composition_series(table, template, {"x": values_of_range("0:1:0.125")}, all_steps=False)
    )
    assert [p.neighbours for p in points[1:4]] == [
        ("Li2S", "Li3PS4"), ("Li3PS4",), ("Li3PS4", "P2S5"),
    ]  # fmt: skip
    # At x = 1/4 there is Li3PS4 alone, on the edge of both: the change shows beyond it.
    assert [p.x for p in points if p.phase_set_changes] == [0.375]


def test_rows_of_two_variables_start_anew():
    table = PhaseTable.from_formulas({"LiCl": -2.0, "LiBr": -1.5, "Li2O": -2.0})
    points = list(
        composition_series(
            table,
            FormulaTemplate("Li{2+y}Cl{x}Br{2-x}O{y/2}"),
            {"x": values_of_range("0:2:1"), "y": values_of_range("0:1:0.5")},
        )
    )
    assert len(points) == 9 and points[0].y == 0.0
    assert not any(p.phase_set_changes for p in points if p.y == 0.0)


def test_members_that_cannot_be_answered(table):
    with pytest.raises(FormulaError, match=r"template 'Li\{x\}Zz'"):
        series("Li{x}Zz", x="1")
    with pytest.raises(UnknownElementsError):
        series("Li{x}Rn", x="1", phases="mp-legacy")
    with pytest.raises(FormulaError, match="no values for x"):
        series("Li{x}O")


@pytest.mark.slow
def test_command(tmp_path):
    runner = CliRunner()
    base = ["series", "Li{7-x}La3Zr{2-x}Ta{x}O12", "--x", "0:1:0.5"]
    records = json.loads(runner.invoke(main, [*base, "--format", "json"]).stdout)["results"]
    assert [r["x"] for r in records] == [0.0, 0.5, 1.0]
    for key in ("limiting_reaction_reduction", "phase_set_changes", "steps", "neighbours"):
        assert all(key in record for record in records)
    rows = runner.invoke(main, [*base, "--format", "csv"]).stdout.splitlines()
    assert len(rows) == 4 and rows[0].startswith("formula,x,")
    table = runner.invoke(main, base)
    assert table.exit_code == 0 and "neighbours change" in table.stdout
    picture = tmp_path / "series.svg"
    assert runner.invoke(main, [*base, "-o", str(picture)]).exit_code == 0
    assert picture.stat().st_size > 1000
    pairs = runner.invoke(
        main, ["series", "Li10{Ge,Sn}P2S12", "--electrode", "LFP", "--format", "csv"]
    )
    assert len(pairs.stdout.splitlines()) == 5
    assert runner.invoke(main, ["series", "Li3PS4"]).exit_code == 1
    assert runner.invoke(main, [*base, "--voltage", "1", "2"]).exit_code == 2
    assert runner.invoke(main, [*base, "--jobs", "2"]).exit_code == 2
    assert runner.invoke(main, ["series", "Li{1-a}Cl", "--x", "0,1"]).exit_code == 2


@pytest.mark.slow
def test_a_long_series_is_a_screening(tmp_path):
    runner = CliRunner()
    output = tmp_path / "series.parquet"
    base = ["series", "Li{6-x}PS{5-x}Cl{1+x}", "--x", "0:1:0.02", "--jobs", "1", "-q"]
    done = runner.invoke(main, [*base, "-o", str(output)])
    assert done.exit_code == 0
    found = pyarrow.parquet.read_table(output).to_pylist()
    points = series("Li{6-x}PS{5-x}Cl{1+x}", x="0:1:0.02", all_steps=False)
    assert [row["x"] for row in found] == [point.x for point in points]
    for row, point in zip(found, points, strict=True):
        assert row["formula"] == point.window.formula
        assert row["oxidation_potential_V"] == pytest.approx(
            point.window.oxidation_potential_V, abs=1e-9
        )
