"""A Dask cluster of two worker processes, one of them killed in the middle."""

from __future__ import annotations

import pytest
from processes import finish, kept, kill, run, start, until

from sse_window.sources import datasets

pytestmark = pytest.mark.slow

ELECTRODES = ("--electrode", "NMC811", "--electrode", "Li")


@pytest.fixture
def question(table, tmp_path):
    """Pairs that keep two workers busy for a few seconds, on a dataset that loads at once."""
    part = table.within(["Li", "Ge", "P", "S", "Cl", "O", "Co", "Ni", "Mn"])
    path = tmp_path / "small.parquet"
    datasets.write(part, path)
    formulas = tmp_path / "series.txt"
    series = [
        f"Li{10 - x / 100:g}Ge{1 - x / 400:g}P2S{12 - x / 90:g}Cl{x / 90:g}" for x in range(1, 200)
    ]
    formulas.write_text("\n".join(["Xx", *series]))
    return ("screen", formulas, "--dataset", path, *ELECTRODES)


def test_a_cluster_that_loses_a_worker_gives_the_serial_result(dask_cluster, question, tmp_path):
    serial, output = tmp_path / "serial.csv", tmp_path / "cluster.csv"
    alone = start(*question, "-o", serial, "--jobs", 1)
    process = start(*question, "-o", output, "--scheduler", dask_cluster.file)
    until(lambda: kept(output) >= 20)
    assert kept(output) < 200
    kill(dask_cluster.workers[0].pid)
    code, _, err = finish(process)
    assert code == 3
    assert all(" of 200, " in line for line in err.splitlines()), err
    assert finish(alone)[0] == 3
    assert output.read_bytes() == serial.read_bytes()


def test_a_cluster_that_dies_loses_no_finished_row(dask_cluster, question, tmp_path):
    output = tmp_path / "cluster.csv"
    process = start(*question, "-o", output, "--scheduler", dask_cluster.file)
    until(lambda: kept(output) >= 20)
    dask_cluster.close()
    code, _, err = finish(process)
    assert code == 1
    assert "run again with --resume" in err
    finished = kept(output)
    assert finished >= 20
    out, _ = run(*question, "-o", output, "--jobs", 1, "--resume", code=3)
    assert f"{finished} of them kept from an earlier run" in " ".join(out.split())
