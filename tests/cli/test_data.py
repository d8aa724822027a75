"""Datasets from the command line: shown, exported, removed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from sse_window.cli import main
from sse_window.sources import datasets

MINE = "formula,formation_energy_per_atom_eV\nLi2S,-1.5\nP2S5,-0.6\nLi3PS4,-1.2\nLiP,-0.5\n"


def run(*args, code=0):
    done = CliRunner().invoke(main, args, prog_name="sse-window")
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(MINE)
    run("data", "import", str(path), "--name", "mine")
    return path


def test_phases_of_a_system_and_of_one_composition(mine):
    shown = json.loads(run("data", "show", "Li-S", "--dataset", "mine", "--format", "json").stdout)
    assert [phase["formula"] for phase in shown["results"]] == ["Li", "Li2S", "S"]
    assert shown["results"][1]["formation_energy_per_atom_eV"] == -1.5
    assert shown["dataset"]["name"] == "mine"
    (one,) = json.loads(run("data", "show", "Li3PS4", "--format", "json").stdout)["results"]
    assert one["band_gap_eV"] > 0
    near = run("data", "show", "Li-P-S", "--max-e-above-hull", "0").stdout
    count = near.split(" phases, ")[0].split()[-1]
    assert f"{count} phases, {count} on the hull" in near
    assert "Li48P16S61" not in near


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("show", "LiXx"), "Xx"),
        (("show", "Li7La3Zr2O13"), "holds no phase"),
        (("show", "Li-P", "--dataset", "nope"), "no dataset"),
        (("remove", "oqmd", "--yes"), "part of the package"),
        (("remove", "nope", "--yes"), "no dataset"),
    ],
)
def test_what_is_not_there(args, said):
    assert said in run("data", *args, code=1).stderr


def test_a_dataset_is_removed_whole_and_only_when_it_is_said(mine):
    assert "--yes" in run("data", "remove", "mine", code=2).stderr
    assert datasets.load("mine").formulas.size
    run("data", "remove", "mine", "--yes")
    assert not list(datasets.user_file("mine").parent.glob("mine*"))
    assert "no dataset" in run("window", "Li3PS4", "--dataset", "mine", code=1).stderr


def test_an_exported_dataset_reads_back_with_its_own_hull(mine, tmp_path):
    output = tmp_path / "fewer.parquet"
    run("data", "export", "--dataset", "mine", "--exclude", "Li3PS4", "-o", str(output))
    back = datasets.load(str(output))
    assert back.index("Li3PS4") is None
    assert back.e_above_hull[back.index("LiP")] == 0.0
    args = ("Li7P3S11", "--columns", "oxidation_potential_V", "--format", "csv")
    there = run("window", *args, "--dataset", str(output)).stdout
    assert there == run("window", *args, "--dataset", "mine", "--exclude", "Li3PS4").stdout
    assert "not markdown" in run("data", "export", "--format", "markdown", code=2).stderr
