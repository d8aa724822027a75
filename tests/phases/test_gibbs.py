"""Gibbs energies of either source, in pieces that are linear."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import DataError
from sse_window.equilibria.windows import stability_window
from sse_window.facts.thermochemistry import gas_properties, measured_gases
from sse_window.phases.gibbs import HotPhases, all_measured, with_gases_at

CARBONATE = frozenset(["Li", "C", "O"])


def test_measured_phases_have_enthalpy_and_entropy():
    phases = HotPhases.measured(CARBONATE)
    row = phases.table.index("Li2CO3")
    assert phases.table.formation_energy_per_atom[row] * 6 * 96.48533 == pytest.approx(
        -1215.9, abs=0.1
    )
    assert phases.rates[row] * 6 * 96485.33 == pytest.approx(-90.4, abs=0.05)
    assert phases.table.provenance.name == "measured"
    assert len(phases.table.provenance.sha256) == 64
    table, rates = phases.at((500.0, 600.0), {"CO2": 0.1})
    gas = table.index("CO2")
    found = 3 * (table.formation_energy_per_atom[gas] + 550.0 * rates[gas])
    assert found == pytest.approx(phases.potential("CO2", 550.0, 0.1), abs=1e-9)


def test_an_element_without_data_is_named():
    with pytest.raises(DataError, match="Pm"):
        HotPhases.measured(frozenset(["Pm", "O"]))
    assert all_measured([parse("Li2CO3"), parse("O2")])
    assert not all_measured([parse("LiCoO2")])


def test_molecules_of_the_table_are_replaced_or_left_out(published):
    phases = HotPhases.of_table(published, CARBONATE)
    assert "CO" in phases.left_out
    assert phases.table.index("CO") is None
    assert phases.table.competing.all()
    at, rates = phases.at((400.0, 425.0), {})
    row = at.index("CO2")
    value = 3 * (at.formation_energy_per_atom[row] + 410.0 * rates[row])
    assert value == pytest.approx(phases.potential("CO2", 410.0), abs=1e-9)
    assert phases.potential("CO2", 400.0) == pytest.approx(
        -5.034 - 400.0 * 169.9 / 96485.33, abs=2e-3
    )
    with pytest.raises(DataError, match="no energy of the gas SO2"):
        phases.potential("SO2", 500.0)


def test_pieces_are_close_to_the_curve(table):
    phases = HotPhases.of_table(table, frozenset(["Li", "O"]))
    pieces = phases.pieces(310.0, 1210.0)
    assert pieces[0][0] == 310.0 and pieces[-1][1] == 1210.0
    assert all(a[1] == b[0] for a, b in itertools.pairwise(pieces))
    for low, high in pieces:
        value, rate = phases.linear("O2", (low, high), 0.21)
        middle = (low + high) / 2
        exact = gas_properties("O2").potential(middle, 0.21)
        assert value + rate * middle == pytest.approx(exact, abs=1e-4)
    assert HotPhases.measured(CARBONATE).pieces(300.0, 1300.0) == [(300.0, 1300.0)]


def test_gases_at_room_temperature_and_solids_at_zero(table):
    near = table.within(["Li", "Cl", "O"])
    warm = with_gases_at(near, 298.15)
    for formula, molecule in (("Cl2", -0.594), ("O2", -0.544)):
        row = near.index(formula)
        assert 2 * warm.formation_energy_per_atom[row] == pytest.approx(molecule, abs=0.002)
    solid = near.index("LiCl")
    assert warm.formation_energy_per_atom[solid] == near.formation_energy_per_atom[solid]
    assert "298.15 K and 1 bar" in warm.provenance.additions[-1]
    assert np.isnan(warm.e_above_hull).all()


@pytest.mark.parametrize("formula", ["LiCl", "Li2O2", "Li3InCl6", "Li2CO3", "LiAlCl4"])
def test_a_limit_at_temperature_is_not_said_to_be_at_zero(table, formula):
    cold = stability_window(table, parse(formula))
    warm = stability_window(with_gases_at(table, 298.15), parse(formula))
    noted = [step for step in cold.steps if step.gas_note]
    assert noted and all("0 K" in step.gas_note for step in noted)
    measured = set(measured_gases())
    for step in warm.steps:
        assert (step.gas_note is None) == (set(step.gases) <= measured)
