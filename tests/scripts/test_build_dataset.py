"""The parts of scripts/build_dataset.py; the whole is checked by what it wrote."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import build_dataset
import measured_enthalpies
import source_tables
from measured_table import Measured
from source_tables import BuildError

from sse_window.sources.datasets import load


def test_a_nitride_is_not_a_missing_value():
    rows = source_tables.parse_rows(b"formula,target\nNaN,-0.1\nInF,0.25\n", "x.csv")
    assert rows == [("NaN", -0.1), ("InF", 0.25)]


def test_a_value_that_is_no_number_stops_the_build():
    with pytest.raises(BuildError, match=r"x\.csv: NaN is nan"):
        source_tables.parse_rows(b"formula,target\nNaN,nan\n", "x.csv")


def test_another_archive_stops_the_build(tmp_path):
    path = tmp_path / "crabnet-1.0.1.tar.gz"
    path.write_bytes(b"something else")
    with pytest.raises(BuildError, match="SHA-256 is"):
        source_tables.Source(path)


def test_gaps_of_one_composition_written_in_several_ways():
    rows = [("Cu9S5", 2.3), ("Cu1.8S1", 0.0), ("ZnO", 3.4), ("Zn2O2", 3.35), ("AgBr", 2.5)]
    assert source_tables.agreeing_medians(rows, 0.1) == {"ZnO": pytest.approx(3.375), "AgBr": 2.5}


def test_a_measured_gap_of_zero_is_none():
    assert build_dataset.without_zeros({"Na2SO4": 0.0, "AgBr": 2.5}) == {"AgBr": 2.5}


def test_the_lowest_gap_of_all_polymorphs():
    rows = [("K4Mn4O8", 1.33), ("K2Mn2O4", 0.9), ("KMnO2", 1.1), ("Cr3Ni1", 0.0)]
    assert source_tables.lowest(rows) == {"KMnO2": 0.9, "Cr3Ni": 0.0}


def test_measured_comes_before_oqmd_before_mp():
    lithia = Measured("Li2O", "s", -2.06, 0.01, measured_enthalpies.MEASURED_SOURCE)
    joined = build_dataset.Properties(
        measured_gap={"A": 1.0}, oqmd_gap={"A": 0.5, "Li2O": 5.0}, mp_gap={"A": 0.4, "B": 0.3},
        volume={"B": 12.34567}, measured={"Li2O": lithia},
    ).columns(["A", "B", "C", "Li2O"])  # fmt: skip
    assert joined["band_gap_source"].tolist() == ["measured", "MP", None, "OQMD"]
    np.testing.assert_array_equal(joined["band_gap_eV"], [1.0, 0.3, np.nan, 5.0])
    np.testing.assert_array_equal(joined["band_gap_computed_eV"], [0.5, 0.3, np.nan, 5.0])
    np.testing.assert_array_equal(joined["volume_per_atom_A3"], [np.nan, 12.3457, np.nan, np.nan])
    assert joined["measured_source"].tolist() == [
        None,
        None,
        None,
        measured_enthalpies.MEASURED_SOURCE,
    ]


def test_failed_calculations_are_found_by_bounds():
    measured = {
        formula: Measured(formula, "s", value, None, "book")
        for formula, value in {"SmF3": -4.607, "Li2O": -2.06}.items()
    }
    energies = {"Mg2B": -29.4, "LaF3": -4.48, "LiF": -5.2, "NaLaAu2": -2.78, "LuPt": -1.34}
    found = build_dataset.unphysical_energies(energies, measured)
    assert sorted(found) == ["LiF", "Mg2B", "NaLaAu2"]


def test_a_table_with_other_rows_or_energies_stops_the_build():
    with pytest.raises(BuildError, match="rows"):
        build_dataset.check_legacy({"Li2O": -2.0})


def test_other_energies_stop_the_build(monkeypatch):
    monkeypatch.setattr(build_dataset, "EXPECTED_ROWS", {"all": 1, "Li": 1})
    monkeypatch.setattr(build_dataset, "EXPECTED_ENERGIES", {"Li3PS4": -1.2657})
    build_dataset.check_legacy({"Li3PS4": -1.26568})
    with pytest.raises(BuildError, match=r"Li3PS4 at -1\.2658 eV/atom"):
        build_dataset.check_legacy({"Li3PS4": -1.2658})
    monkeypatch.setattr(build_dataset, "EXPECTED_ROWS", {"all": 2, "Li": 2})
    with pytest.raises(BuildError, match="an element"):
        build_dataset.check_legacy({"Li3PS4": -1.2657, "Li": 0.0})


def test_what_is_kept_of_a_large_table():
    oqmd = load("oqmd")
    compounds = oqmd.select(np.flatnonzero(np.diff(oqmd.offsets) > 1))
    (further,) = np.nonzero(~build_dataset.near_hull(compounds))
    assert 0 < len(further) < 60
    calibrated = load("oqmd-calibrated")
    rows = [calibrated.index(formula) for formula in compounds.formulas[further]]
    assert (calibrated.e_above_hull[rows] == 0.0).all()
    measured = np.isfinite(compounds.properties["measured_formation_energy_per_atom_eV"])
    assert (compounds.e_above_hull[measured] > build_dataset.NEAR_HULL_WITH_ION_eV_per_atom).any()


@pytest.mark.parametrize(
    ("cas", "formula", "molar_mass", "expected"),
    [
        ("7647-14-5", "ClNa", 58.44, "NaCl"),
        ("7647-14-5", "ClNa", None, "NaCl"),  # nothing to check against
        ("7647-14-5", "ClNa", 74.55, None),  # the mass of another salt
        ("0-0-0", "HLaS-", None, None),  # an ion
        ("0-0-0", None, None, None),  # unknown
        ("57-13-6", "CH4N2O", 60.06, None),  # urea: an isomer could be meant
        ("144-55-8", "CHNaO3", 84.01, "NaHCO3"),  # a salt
        ("12055-62-8", "HoO", 377.86, "Ho2O3"),  # by its name
        ("1317-36-8", "OPb", 230.12, "PbO"),  # litharge with the density of massicot
        ("507-25-5", "CI4", 519.6, None),  # misprinted
    ],
)
def test_substances_of_the_handbook(cas, formula, molar_mass, expected):
    formulas = {} if formula is None else {cas: formula}
    masses = {} if molar_mass is None else {cas: molar_mass}
    found = measured_enthalpies._composition(cas, formulas, masses)
    assert (None if found is None else found.reduced_formula) == expected


def test_a_name_that_contradicts_the_handbook_stops_the_build():
    with pytest.raises(BuildError, match="12055-62-8 is Ho2O3"):
        measured_enthalpies._composition("12055-62-8", {}, {"12055-62-8": 180.9})


def test_files_that_drifted_are_named(tmp_path):
    built, packaged = tmp_path / "built", tmp_path / "packaged"
    for folder in (built, packaged):
        folder.mkdir()
        (folder / "same.json").write_text("1")
        (folder / "other.json").write_text(folder.name)
    (built / "new.json").write_text("1")
    (packaged / "by_hand.toml").write_text("")
    assert build_dataset.differing(built, packaged) == ["new.json", "other.json"]
