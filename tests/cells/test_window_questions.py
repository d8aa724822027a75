"""Analyses beside a result, and databases side by side."""

from __future__ import annotations

import pytest
from hand_made import pair

from sse_window.cells.pair_questions import analyse_pair, compare_pairs
from sse_window.cells.states import electrode_states
from sse_window.cells.window_questions import analyse_window, compare_windows
from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError
from sse_window.equilibria.windows import stability_window
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.sources import datasets


@pytest.fixture(scope="module")
def oqmd():
    return datasets.load("oqmd")


# Stability windows on OQMD [V], from an independent prototype of the same definitions.
OQMD = [
    ("Li3PS4", 1.722, 2.372),
    ("Li10GeP2S12", 1.722, 2.301),
    ("Li6PS5Cl", 1.722, 2.165),
    ("Li7La3Zr2O12", 0.065, 2.698),
    ("Li3InCl6", 2.388, 4.280),
    ("Li2S", 0.0, 2.165),
    ("LiNbO3", 1.762, 3.763),
]


@pytest.mark.parametrize(("formula", "low", "high"), OQMD)
def test_windows_on_oqmd(oqmd, formula, low, high):
    window = stability_window(oqmd, parse(formula))
    assert window.reduction_potential_V == pytest.approx(low, abs=1e-3)
    assert window.oxidation_potential_V == pytest.approx(high, abs=1e-3)


def test_spread_over_databases(published, oqmd):
    windows = [stability_window(t, parse("Li7La3Zr2O12")) for t in (published, oqmd)]
    spread = compare_windows(windows)
    assert spread.datasets == ("mp-legacy", "oqmd")
    assert spread.oxidation_spread_V == pytest.approx(2.914 - 2.698, abs=2e-3)
    assert spread.reduction_spread_V == pytest.approx(0.065 - 0.049, abs=2e-3)
    assert spread.oxidation_products_differ == (
        len({tuple(p.formula for p in w.oxidation.products) for w in windows}) > 1
    )


def test_a_limit_in_one_database_only_has_no_spread():
    low, none = (
        PhaseTable.from_formulas(energies, Provenance(name, "", "", ""))
        for name, energies in (("a", {"Li2S": -1.4}), ("b", {"Li2S": -1.4, "Li4S": -0.01}))
    )
    first = stability_window(low, parse("S"))
    second = stability_window(none, parse("Li2S"))
    spread = compare_windows([first, second])
    assert spread.oxidation_potentials_V[0] is None
    assert spread.oxidation_spread_V is None
    both = compare_windows([first, first])
    assert both.oxidation_spread_V == 0.0
    assert not both.oxidation_products_differ


def test_pairs_over_databases(table, oqmd):
    pairs = [pair(t, "Li3PS4", "LiCoO2")[0] for t in (table, oqmd)]
    spread = compare_pairs(pairs)
    energies = [p.chemical.mutual.reaction_energy for p in pairs]
    assert spread.chemical_spread_eV_per_atom == pytest.approx(abs(energies[0] - energies[1]))
    assert len(spread.interphase_classes) == 2


def test_analyses_stand_beside_the_keys_of_the_window(table):
    plain = analyse_window(table, parse("Li4Ti5O12")).to_dict()
    assert plain["formula"] == "Li4Ti5O12"
    assert plain["sensitivity"] is None
    assert plain["uncertainty"] is None
    full = analyse_window(table, parse("Li4Ti5O12"), sensitivity=True, draws=20).to_dict()
    assert full["sensitivity"]["oxidation"]["limiting_phase"] == "Li7Ti10O24"
    assert full["uncertainty"]["draws"] == 20
    assert full["steps"] == plain["steps"]


def test_analysed_pair_with_additive(table):
    (state,) = electrode_states(table, "LiCoO2")
    analysed = analyse_pair(table, "LPS", state, additive="C", draws=10).to_dict()
    assert analysed["additive"]["additive"] == "C"
    assert analysed["additive"]["added_chemical_mutual_eV_per_atom"] <= 0.0
    assert analysed["uncertainty"]["draws"] == 10


def test_phases_known_to_be_off_are_named(published):
    result = pair(published, "Li3PS4", "LiCoO2")[0]
    named = {d.formula: d.deviation_eV_per_atom for d in result.phases_off_measurement}
    # CRC handbook: CoSO4 -1.53 eV/atom; mp-legacy has -1.88.
    assert named["CoSO4"] == pytest.approx(-0.35, abs=0.01)
    assert all(abs(d) > 0.1 for d in named.values())


@pytest.mark.parametrize("voltage", [20.1, 1700.0, 1e9])
def test_a_voltage_that_no_electrode_has_is_asked_about(oqmd, voltage):
    with pytest.raises(FormulaError, match="were mV meant"):
        analyse_window(oqmd, parse("LiF"), "Li", voltage_V=voltage)
    assert analyse_window(oqmd, parse("LiF"), "Li", voltage_V=20.0).interphase is not None
