"""Searches for coatings that are interrupted, resumed, and worked through by several processes."""

from __future__ import annotations

import pytest
from processes import finish, kept, kill, run, start, until

from sse_window.cells.coatings import evaluate_all, question
from sse_window.core.errors import DataError, OutputError
from sse_window.phases.table import PhaseTable
from sse_window.runs import coating_candidates
from sse_window.runs.checkpoints import checkpoint_of
from sse_window.runs.coating_candidates import evaluated, evaluated_resumably
from sse_window.sources import datasets

TABLE = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95})
CANDIDATES = ["Li3P", "Li3PS4", "LiXx2", "P2S5", "Li2S"]


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setattr(coating_candidates, "_PART", 2)
    return question(TABLE, "P2S5", "Li2S", voltage_range_V=(1.0, 2.0))


def said(found):
    """What is said of each, without noise in the last digits."""
    return [
        (each.coating, each.status, each.failed_filters, f"{each.with_electrolyte_eV_per_atom:.9f}")
        if each.with_electrolyte_eV_per_atom
        else (each.coating, each.status)
        for each in found
    ]


def interrupt(done: int, total: int) -> None:
    raise KeyboardInterrupt


def test_an_interrupted_search_goes_on_where_it_ended(asked, tmp_path):
    output = tmp_path / "coatings.csv"
    whole = evaluate_all(asked, CANDIDATES)
    with (
        pytest.raises(KeyboardInterrupt),
        evaluated_resumably(asked, CANDIDATES, output, progress=interrupt),
    ):
        pass
    assert checkpoint_of(output).is_file()
    with (
        pytest.raises(OutputError, match="--resume"),
        evaluated_resumably(asked, CANDIDATES, output),
    ):
        pass
    told: list[tuple[int, int]] = []
    with evaluated_resumably(
        asked, CANDIDATES, output, resume=True, progress=lambda *done: told.append(done)
    ) as found:
        assert said(found) == said(whole)
        assert checkpoint_of(output).is_file()
    assert told == [(4, 5), (5, 5)]  # the first two were there
    assert not checkpoint_of(output).exists()


def test_what_is_kept_stays_until_the_output_is_written(asked, tmp_path):
    output = tmp_path / "coatings.csv"
    with (
        pytest.raises(OSError, match="full"),
        evaluated_resumably(asked, CANDIDATES, output),
    ):
        raise OSError("disk full")
    with evaluated_resumably(asked, CANDIDATES, output, resume=True) as found:
        assert len(found) == len(CANDIDATES)


def test_another_question_does_not_go_on_with_this_one(asked, tmp_path):
    output = tmp_path / "coatings.csv"
    with (
        pytest.raises(KeyboardInterrupt),
        evaluated_resumably(asked, CANDIDATES, output, progress=interrupt),
    ):
        pass
    other = question(TABLE, "Li3PS4", "Li2S", voltage_range_V=(1.0, 2.0))
    with (
        pytest.raises(DataError, match="another run"),
        evaluated_resumably(other, CANDIDATES, output, resume=True),
    ):
        pass


def test_only_a_long_list_is_shared_out(asked, monkeypatch):
    asked_for = []

    def noted(jobs):
        asked_for.append(jobs)
        return coating_candidates.here()

    monkeypatch.setattr(coating_candidates, "processes", noted)
    monkeypatch.setattr(coating_candidates, "processes_can_share", lambda cpus: True)
    monkeypatch.setattr(coating_candidates, "available_cpus", lambda: 4)
    evaluated(asked, CANDIDATES)
    evaluated(asked, CANDIDATES, jobs=1)
    assert asked_for == []
    evaluated(asked, CANDIDATES, jobs=100_000)
    assert asked_for == [3]  # no more than there are parts
    monkeypatch.setattr(coating_candidates, "_WORTH_PROCESSES", 2)
    evaluated(asked, CANDIDATES)
    assert asked_for == [3, 3]


@pytest.mark.slow
def test_processes_give_the_same(asked):
    assert said(evaluated(asked, CANDIDATES, jobs=2)) == said(evaluate_all(asked, CANDIDATES))


@pytest.fixture
def search(table, tmp_path):
    """A search of several parts, on a dataset that loads at once."""
    elements = ["Li", "Ge", "P", "S", "Cl", "O", "Co", "B", "F", "Si", "Al", "Zr"]
    small = tmp_path / "small.parquet"
    datasets.write(table.within(elements), small)
    return ("coatings", "LPS", "LCO", "--dataset", small)


@pytest.mark.slow
def test_a_killed_search_goes_on_to_the_same_file(search, tmp_path):
    whole, output = tmp_path / "whole.csv", tmp_path / "coatings.csv"
    run(*search, "-o", whole, "--jobs", 1)
    process = start(*search, "-o", output, "--jobs", 2)
    until(lambda: kept(output) >= 1)
    kill(process.pid)
    process.communicate()
    assert not output.exists()
    assert checkpoint_of(output).is_file()
    run(*search, "-o", output, "--resume")
    assert output.read_bytes() == whole.read_bytes()
    assert not checkpoint_of(output).exists()


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_finds_the_same(dask_cluster, search, tmp_path):
    whole, output = tmp_path / "whole.csv", tmp_path / "coatings.csv"
    run(*search, "-o", whole, "--jobs", 1)
    process = start(*search, "-o", output, "--scheduler", dask_cluster.file)
    until(lambda: kept(output) >= 1)
    kill(dask_cluster.workers[0].pid)
    assert finish(process)[0] == 0
    assert output.read_bytes() == whole.read_bytes()
