"""Measured gases and solids: values of the sources, and what lies outside them."""

from __future__ import annotations

import pytest

from sse_window.core.errors import DataError
from sse_window.facts.thermochemistry import gas_properties, measured_gases, measured_substances

# Chase, NIST-JANAF Thermochemical Tables (1998), as in the gas tables of pymatgen (Bartel et al.,
# Nat. Commun. 2018, 9, 4168, doi:10.1038/s41467-018-06682-4): H(T) - H(298) - T S(T), eV per O.
MU_O = {300: -0.3188, 500: -0.5400, 700: -0.7745, 800: -0.8955, 1000: -1.1440, 1300: -1.5300,
        1500: -1.7948}  # fmt: skip


@pytest.mark.parametrize(("temperature", "expected"), MU_O.items())
def test_oxygen_potential(temperature, expected):
    assert gas_properties("O2").potential(temperature) / 2 == pytest.approx(expected, abs=0.002)


@pytest.mark.parametrize("formula", ["O2", "N2", "H2", "Cl2", "F2"])
def test_against_the_tables_of_pymatgen(formula):
    from pymatgen.analysis.compatibility.computed_entries import G_ELEMS

    element = formula[:-1]
    for temperature in range(300, 2001, 100):
        theirs = G_ELEMS[str(temperature)][element]
        ours = gas_properties(formula).potential(temperature) / 2
        assert ours == pytest.approx(theirs, abs=0.003), temperature


def test_pressure_and_curve():
    oxygen = gas_properties("O2")
    kT = 8.617333e-5 * 1000.0
    assert oxygen.potential(1000.0, 0.1) - oxygen.potential(1000.0) == pytest.approx(
        -2.302585 * kT, abs=1e-6
    )
    # The slope between two temperatures of the table is minus the entropy there.
    slope = (oxygen.potential(851.0) - oxygen.potential(849.0)) / 2.0
    assert -slope * 96485.332 == pytest.approx(238.1, abs=0.2)


@pytest.mark.parametrize(
    ("temperature", "pressure", "message"),
    [
        (250.0, 1.0, "298 to 2000 K"),
        (2500.0, 1.0, "298 to 2000 K"),
        (float("nan"), 1.0, "298 to 2000 K"),
        (500.0, 0.0, "above 0"),
        (500.0, -1.0, "above 0"),
        (500.0, float("inf"), "above 0"),
    ],
)
def test_outside_the_data(temperature, pressure, message):
    with pytest.raises(DataError, match=message):
        gas_properties("O2").potential(temperature, pressure)


def test_unknown_gas():
    with pytest.raises(DataError, match="no thermodynamic data of the gas C4"):
        gas_properties("C4H10")


# CRC Handbook of Chemistry and Physics, 95th ed. (2014), kJ/mol and J/(mol K).
@pytest.mark.parametrize(
    ("formula", "enthalpy", "entropy"),
    [
        ("Li2CO3", -1215.9, 90.4),
        ("CaO", -634.9, 38.1),
        ("Co3O4", -891.0, 102.5),
        ("C", 0.0, 5.7),
        ("S", 0.0, 32.1),
        ("Br", 0.0, 76.1),
    ],
)
def test_measured_solids(formula, enthalpy, entropy):
    found = measured_substances()[formula]
    assert found.formation_enthalpy_eV * 96.48533212 == pytest.approx(enthalpy, abs=0.05)
    assert found.entropy_eV_per_K * 96485.33212 == pytest.approx(entropy, abs=0.05)


def test_how_many():
    assert len(measured_gases()) == 16
    assert 500 < len(measured_substances()) < 530
