"""Gases fitted to tables of computed energies."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.facts.packaged import data_file
from sse_window.facts.thermochemistry import gas_properties, measured_substances
from sse_window.phases.gas_fits import fit_gases
from sse_window.phases.table import PhaseTable
from sse_window.sources.datasets import PACKAGED, load


def test_a_table_of_measured_enthalpies_asks_for_the_measured_gas():
    known = {
        formula: substance.formation_enthalpy_eV / parse(formula).atoms
        for formula, substance in measured_substances().items()
        if len(parse(formula).elements) > 1
    }
    fits = fit_gases(PhaseTable.from_formulas(known))
    for gas in ("CO2", "H2O"):
        measured = gas_properties(gas).formation_enthalpy_eV
        assert fits[gas].enthalpy_eV == pytest.approx(measured, abs=1e-9)
        assert fits[gas].scatter_eV == pytest.approx(0.0, abs=1e-9)
    assert fits["O2"].scatter_eV == pytest.approx(0.0, abs=1e-9)
    # What is left is the scatter of entropies about their mean.
    assert 20.0 < fits["CO2"].temperature_error_K < 80.0


def test_a_shift_of_the_carbonates_goes_to_the_gas(table):
    shifted = table.formation_energy_per_atom.copy()
    for row, formula in enumerate(table.formulas.tolist()):
        amounts = table.composition(row)
        if formula.endswith("CO3") and len(amounts) == 3:
            shifted[row] += 0.1 * amounts["C"] / float(table.atoms[row])
    moved = fit_gases(table.with_energies(shifted, "carbonates lifted"))["CO2"]
    assert moved.enthalpy_eV - fit_gases(table)["CO2"].enthalpy_eV == pytest.approx(0.1)


def test_without_the_solids_there_is_no_fit(li_p_s):
    assert fit_gases(li_p_s) == {}


@pytest.mark.parametrize("name", sorted(PACKAGED))
def test_stored_fits_are_those_of_the_tables(name):
    stored = json.loads(data_file("gas_fits.json").read_text(encoding="utf-8"))["datasets"][name]
    found = fit_gases(load(name))
    assert set(stored) == set(found)
    for gas, fit in found.items():
        assert stored[gas]["enthalpy_eV"] == pytest.approx(fit.enthalpy_eV, abs=1e-6)
        assert stored[gas]["scatter_eV"] == pytest.approx(fit.scatter_eV, abs=1e-6)
        residuals = [r["residual_eV"] for r in stored[gas]["reactions"]]
        assert residuals == pytest.approx([r.residual_eV for r in fit.reactions], abs=1e-6)
        if gas != "O2":
            assert np.mean(residuals) == pytest.approx(0.0, abs=1e-6)


def test_packaged_values():
    legacy, oqmd = fit_gases(load("mp-legacy")), fit_gases(load("oqmd"))
    assert legacy["CO2"].enthalpy_eV == pytest.approx(-5.03, abs=0.01)
    assert oqmd["CO2"].enthalpy_eV == pytest.approx(-4.43, abs=0.01)
    assert legacy["H2O"].enthalpy_eV == pytest.approx(-3.418, abs=0.002)
    assert oqmd["H2O"].enthalpy_eV == pytest.approx(-2.822, abs=0.002)
    for fits in (legacy, oqmd):
        assert fits["O2"].temperature_error_K > 300.0
        assert 40.0 < fits["CO2"].temperature_error_K < 105.0
