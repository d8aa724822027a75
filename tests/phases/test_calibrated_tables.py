"""What no calibration may change, what it has to mend, and what it is known to reach."""

import json

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.equilibria.windows import stability_window
from sse_window.facts.names import resolve
from sse_window.facts.packaged import data_file
from sse_window.phases.calibration import systematic_error
from sse_window.sources.datasets import PACKAGED, load, provenance_of


@pytest.fixture(scope="module")
def raw():
    return load("mp-legacy")


@pytest.fixture(scope="module")
def calibrated():
    return load("mp-calibrated")


def above(table, formula):
    return table.e_above_hull[table.index(resolve(formula).reduced_formula)]


@pytest.mark.parametrize(
    ("formula", "meV"), [("LGPS", 19), ("LPSCl", 83), ("LLZO", 7), ("Li7P3S11", 20)]
)
def test_known_electrolytes_stay_where_they_are_above_the_hull(raw, calibrated, formula, meV):
    assert 1000 * above(calibrated, formula) == pytest.approx(meV, abs=0.6)
    assert above(calibrated, formula) == pytest.approx(above(raw, formula), abs=0.001)


@pytest.mark.parametrize("name", ["mp-calibrated", "oqmd-calibrated"])
@pytest.mark.parametrize("formula", ["LiNbO3", "LiTi2(PO4)3", "LiCoO2", "Li3InCl6"])
def test_these_stay_on_the_hull(name, formula):
    assert above(load(name), formula) == 0.0


def test_artefacts_leave_the_hull(raw, calibrated):
    for formula in ("LiS4", "ClO2", "S8O", "NaCl3"):
        assert above(raw, formula) == 0.0
        assert above(calibrated, formula) > 0.03
    assert 0.16 < above(calibrated, "LiS4") < 0.23


@pytest.mark.parametrize(
    ("formula", "reduction", "oxidation"),
    # What a right fit reaches; measured: Li2S 2.28-2.32, LiI 2.80, LiBr 3.64 V. Coefficients of
    # the same form fitted to fewer compounds move the limits by up to 0.05 V.
    [
        ("Li2S", 0.0, 2.33),
        ("LiI", 0.0, 2.80),
        ("LiBr", 0.0, 3.62),
        ("Li3PS4", 1.98, 2.62),
        ("LGPS", 1.98, 2.46),
        ("LLZO", 0.20, 3.06),
    ],
)
def test_windows(calibrated, formula, reduction, oxidation):
    window = stability_window(calibrated, resolve(formula))
    assert window.reduction_potential_V == pytest.approx(reduction, abs=0.05)
    assert window.oxidation_potential_V == pytest.approx(oxidation, abs=0.05)


@pytest.mark.parametrize(
    ("formula", "energy"),
    # Values of an independent conversion of the same energies.
    [
        ("Li7La3Zr2O12", -3.128), ("Li10Ge(PS6)2", -1.203), ("Li3PS4", -1.186),
        ("Li2S", -1.507), ("LiBr", -1.840),
    ],
)  # fmt: skip
def test_mp2020_energies(formula, energy):
    table = load("mp-2020")
    found = table.formation_energy_per_atom[table.index(formula)]
    assert found == pytest.approx(energy, abs=0.001)


def test_mp2020_windows():
    table = load("mp-2020")
    assert stability_window(table, resolve("LiBr")).oxidation_potential_V == pytest.approx(
        3.68, abs=0.01
    )
    assert stability_window(table, resolve("LiI")).oxidation_potential_V == pytest.approx(
        2.85, abs=0.01
    )


def test_molecules_are_as_measured(raw, calibrated):
    # CRC Handbook, 95th edition, kJ/mol of formula: CO2 -393.5, SO2 -296.8, H2O (liquid) -285.8.
    for formula, enthalpy, atoms in (("CO2", -393.5, 3), ("SO2", -296.8, 3), ("H2O", -285.8, 3)):
        row = calibrated.index(formula)
        measured = enthalpy / 96.48533 / atoms
        assert calibrated.formation_energy_per_atom[row] == pytest.approx(measured, abs=1e-3)
        assert raw.formation_energy_per_atom[row] < measured - 0.3


@pytest.mark.parametrize("name", ["mp-calibrated", "oqmd-calibrated"])
def test_left_out_compounds_decide(name):
    found = provenance_of(name)["calibration"]["mean_absolute_deviation_eV_per_atom"]
    plain = found["all but alloys"]
    assert plain["fitted"] < plain["compound_left_out"] <= plain["chemical_system_left_out"]
    assert plain["chemical_system_left_out"] < 0.8 * plain["raw"]
    for anion in ("sulfate", "nitrate", "oxide"):
        assert found[anion]["chemical_system_left_out"] < found[anion]["raw"]
    # No unit of these is corrected, so that they stay as they were.
    for untouched in ("alloy", "selenide", "hydride"):
        assert found[untouched]["fitted"] == found[untouched]["raw"]


def test_energies_are_the_raw_ones_less_the_error_that_the_provenance_states(raw, calibrated):
    stated = provenance_of("mp-calibrated")["calibration"]["coefficients_eV"]
    compounds = np.flatnonzero(np.diff(raw.offsets) > 1)
    states = raw.properties["measured_state"]
    for row in np.random.default_rng(3).choice(compounds, 200, replace=False):
        if states[row] in ("liquid", "gas"):
            continue
        d = systematic_error(raw.composition(row), stated)
        expected = raw.formation_energy_per_atom[row] - d
        assert calibrated.formation_energy_per_atom[row] == pytest.approx(expected, abs=2e-8)


def test_elements_stay_at_zero(calibrated):
    single = np.diff(calibrated.offsets) == 1
    assert (calibrated.formation_energy_per_atom[single] == 0.0).all()
    assert systematic_error(parse("S8").amounts, {"S neutral": -0.66}) == 0.0


@pytest.mark.parametrize("name", PACKAGED)
def test_every_packaged_dataset_states_its_error_by_class(name):
    errors = provenance_of(name)["error_by_class_eV_per_atom"]
    assert {"oxide", "sulfide", "chloride", "alloy"} <= errors.keys()
    assert all(0.0 <= error < 0.6 for error in errors.values())


def test_repriced_tables_share_the_phases_of_their_base(raw, calibrated):
    assert (raw.formulas == calibrated.formulas).all()
    with data_file("mp-calibrated.json").open(encoding="utf-8") as file:
        base = json.load(file)["base"]
    assert base == {"name": "mp-legacy", "file": "phases.parquet", "sha256": raw.provenance.sha256}
