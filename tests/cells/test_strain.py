"""Volumes of electrodes: published cells, mixtures solved by hand, the user's own cells."""

from __future__ import annotations

import json
import math

import pytest
from click.testing import CliRunner

from sse_window.api import strain as ask
from sse_window.cells.strain import MEASURED, OF_PHASES, strain
from sse_window.cli import main
from sse_window.core.errors import DataError
from sse_window.facts.cell_volumes import packaged_hosts, read_hosts


@pytest.mark.parametrize(
    ("electrode", "fraction", "percent"),
    [
        # Koerver et al., Energy Environ. Sci. 2018, 11, 2142, doi:10.1039/c8ee00907d, Fig. 2a.
        ("LCO", 0.79, 1.12), ("LCO", 0.60, 2.19), ("LCO", 0.46, -0.1),
        ("NMC111", 0.24, -2.02), ("NMC622", 0.26, -3.57), ("NMC811", 0.40, -1.68),
        ("NMC811", 0.21, -4.82), ("NCA", 0.17, -5.72), ("graphite", 0.95, 13.17), ("LTO", 1.0, 0.0),
    ],
)  # fmt: skip
def test_published_cells(electrode, fraction, percent):
    (found,) = strain([electrode], packaged_hosts()).electrodes
    assert found.basis == MEASURED and "doi:10.1039/c8ee00907d" in found.source
    (point,) = [p for p in found.points if abs(p.ion_fraction - fraction) < 1e-9]
    assert 100 * point.volume_change == pytest.approx(percent, abs=1e-9)


def test_silicon_grows_by_its_partial_molar_volume():
    # 8.85 cm3/mol from silicon to Li15Si4 (Koerver et al. 2018): 3.75 x 8.85 / (28.0855 / 2.33).
    (found,) = strain(["Si"], packaged_hosts()).electrodes
    assert found.partial_molar_volume_cm3_per_mol == pytest.approx(8.85, rel=1e-9)
    assert found.volume_change_over_range == pytest.approx(3.75 * 8.85 * 2.33 / 28.0855, rel=1e-4)


def test_anodes_that_change_phase(table):
    (tin,) = ask("Sn", phases="mp-legacy").electrodes
    assert tin.basis == OF_PHASES and tin.points[0].composition == "Sn"
    # Li22Sn5 holds 2.6 times the volume of tin (Winter, Besenhard, Electrochim. Acta 1999, 45, 31,
    # doi:10.1016/S0013-4686(99)00191-7: 260 %); the packaged volumes are good to about 10 %.
    assert tin.volume_change_over_range == pytest.approx(2.3, abs=0.35)
    fractions = [p.ion_fraction for p in tin.points]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    (antimony,) = ask("Sb", "Na", phases="mp-legacy").electrodes
    assert antimony.points[-1].composition == "Na3Sb"
    (indium,) = ask("Li-In", phases="mp-legacy").electrodes
    assert indium.points[0].composition == "In"


@pytest.mark.parametrize(
    ("electrode", "ion"),
    [
        ("LFP", "Li"),
        ("FePO4", "Li"),
        ("TiS2", "Li"),
        ("NaxCoO2", "Na"),
        ("ZMO", "Zn"),
        ("graphite", "K"),
    ],
)
def test_hosts_that_keep_their_framework_are_never_taken_from_packaged_volumes(electrode, ion):
    # Packaged FePO4 is another polymorph, 38 % too large: LiFePO4 would shrink on lithiation.
    with pytest.raises(DataError, match=f"no measured unit cells of '{electrode}'"):
        ask(electrode, ion, phases="mp-legacy")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"electrodes": []}, "no electrode"),
        ({"electrodes": ["LCO"], "mass_fractions": [1.0]}, "two electrodes"),
        ({"electrodes": ["LCO", "NMC811"], "mass_fractions": [1.0]}, "1 shares by mass"),
        ({"electrodes": ["LCO", "NMC811"], "mass_fractions": [-1.0, 2.0]}, "0 or more"),
        ({"electrodes": ["LCO", "NMC811"], "ion_fractions": [0.5]}, "1 ion fractions"),
        ({"electrodes": ["LCO", "NMC811"], "upto_V": math.nan}, "upper voltage"),
        ({"electrodes": ["Li"]}, "metal of the ion itself"),
    ],
)
def test_questions_without_an_answer(arguments, words):
    with pytest.raises(DataError, match=words):
        ask(**arguments)


def test_cells_of_the_user(tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text(
        "electrode,formula,volume_A3,voltage_V\n"
        "mine,LiMnO2,50.0,3.0\nmine,Li0.5MnO2,49.0,3.6\nmine,MnO2,45.0,4.2\n"
    )
    found = ask("mine", cells=path).electrodes[0]
    assert [p.ion_fraction for p in found.points] == [1.0, 0.5, 0.0]
    assert [round(100 * p.volume_change, 6) for p in found.points] == [0.0, -2.0, -10.0]
    # From 49 to 45 cubic angstrom over half an ion: 8 cubic angstrom an ion, 4.818 cm3/mol.
    assert found.points[2].partial_molar_volume_cm3_per_mol == pytest.approx(8 * 0.602214, rel=1e-6)
    assert found.points[1].voltage_V == pytest.approx(3.6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("electrode,formula\nx,LiO\n", "no column 'volume_A3'"),
        ("electrode,formula,volume_A3\nx,LiQq,5\n", "line 2"),
        ("electrode,formula,volume_A3\nx,LiO,zero\n", "line 2"),
        ("electrode,formula,volume_A3\nx,LiO,-5\n", "above 0"),
        ("electrode,formula,volume_A3\nx,LiO,5\nx,LiS,6\n", "not of the framework"),
        ("electrode,formula,volume_A3\nx,LiO,5\nx,Li2O2,6\n", "each once"),
        ("electrode,formula,volume_A3\nx,Li,5\n", "no framework"),
        ("electrode,formula,volume_A3\n", "no cells"),
        ("", "no column"),
    ],
)
def test_cells_that_cannot_be_read(tmp_path, text, words):
    path = tmp_path / "cells.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=words):
        read_hosts(path)
    with pytest.raises(DataError, match="cannot read"):
        read_hosts(tmp_path / "none.csv")
    (tmp_path / "cells.toml").write_text("cell = 3")
    with pytest.raises(DataError, match="no table of cells"):
        read_hosts(tmp_path / "cells.toml")


def test_command(tmp_path):
    runner = CliRunner()
    found = runner.invoke(main, ["strain", "LCO", "NMC811", "--format", "json"])
    (record,) = json.loads(found.stdout)["results"]
    point = record["electrodes"][0]["points"][1]
    assert {"ion_fraction", "voltage_V", "volume_change"} <= set(point)
    assert record["mix"][0]["mass_fractions"]
    rows = runner.invoke(main, ["strain", "LCO", "--format", "csv"]).stdout.splitlines()
    assert len(rows) == 7 and rows[0].startswith("electrode,")
    picture = tmp_path / "volume.svg"
    assert runner.invoke(main, ["strain", "LCO", "NMC811", "-o", str(picture)]).exit_code == 0
    assert "Volume change" in picture.read_text("utf-8")
    assert runner.invoke(main, ["strain", "LCO", "--upto", "4.1"]).exit_code == 2
    assert runner.invoke(main, ["strain", "LCO", "NMC811", "--shares", "a:b"]).exit_code == 2
    failed = runner.invoke(main, ["strain", "NaCl", "LiXx"])
    assert failed.exit_code == 1 and failed.stderr.count("\n") == 1
