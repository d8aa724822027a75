"""Executors, and the table that processes share."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import processes as commands
import pytest

from sse_window.core.caches import Cache
from sse_window.core.errors import DataError, SSEWindowError
from sse_window.runs import workers as workers_module
from sse_window.runs.workers import (
    SharedTable,
    available_cpus,
    cluster,
    here,
    processes,
    processes_can_share,
    table_of,
)


def test_a_shared_table_is_the_same_table(table, tmp_path):
    shared = SharedTable.write(table, tmp_path / "phases")
    opened = shared.open()
    assert opened.provenance == table.provenance
    assert opened.formulas.tolist() == table.formulas.tolist()
    for name in ("offsets", "numbers", "amounts", "formation_energy_per_atom", "competing"):
        column = getattr(opened, name)
        np.testing.assert_array_equal(column, getattr(table, name))
        assert not column.flags.writeable
        assert not column.flags.owndata  # a view of the file, not a copy of it
    assert set(opened.properties) == set(table.properties)
    assert table_of(shared) is table_of(shared)
    assert table_of(table) is table


def test_what_is_derived_is_not_sent(table):
    part = table.within(["Li", "P", "S"])
    before = len(pickle.dumps(part))
    assert part.attached(Cache).of("something large", lambda: "x" * 10**6)
    assert part.matrix(["Li"]).any()
    assert len(pickle.dumps(part)) == before


def test_no_room_for_a_shared_table(table):
    with pytest.raises(SSEWindowError, match="TMPDIR"):
        SharedTable.write(table.within(["Li"]), Path("/proc/none/phases"))


def _environment():
    return {name: os.environ.get(name) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")}


def test_processes_have_one_thread_each_and_leave_the_environment_alone():
    before = _environment()
    with processes(2) as workers:
        found = [workers.executor.submit(_environment) for _ in range(4)]
        assert all(set(future.result().values()) == {"1"} for future in found)
        assert workers.executor.submit(os.getpid).result() != os.getpid()
    assert _environment() == before


def test_here_keeps_errors_for_whoever_asks():
    with here() as workers:
        future = workers.executor.submit(divmod, 1, 0)
        with pytest.raises(ZeroDivisionError):
            future.result()
    assert available_cpus() >= 1


@pytest.mark.slow
def test_no_scheduler_there(monkeypatch):
    monkeypatch.setattr("sse_window.runs.workers._CONNECT_TIMEOUT_s", 0.5)
    with (
        pytest.raises(DataError, match="no Dask scheduler at tcp"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass


@pytest.mark.slow
def test_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(DataError, match=r"sse-window\[dask\]"), cluster("tcp://127.0.0.1:9"):
        pass


def test_an_error_does_not_wait_for_tasks_that_run():
    begun = time.monotonic()
    with pytest.raises(ZeroDivisionError), processes(2) as workers:
        futures = [workers.executor.submit(time.sleep, 300) for _ in range(5)]
        while not futures[1].running():
            time.sleep(0.01)
        raise ZeroDivisionError
    assert time.monotonic() - begun < 60


def test_an_interrupt_waits_until_a_task_is_handed_out(monkeypatch):
    came = []
    original = workers_module.ProcessPoolExecutor.submit

    def interrupted(self, fn, /, *args, **kwargs):
        os.kill(os.getpid(), signal.SIGINT)
        return original(self, fn, *args, **kwargs)

    monkeypatch.setattr(workers_module.ProcessPoolExecutor, "submit", interrupted)
    before = signal.signal(signal.SIGINT, lambda *_: came.append(len(came)))
    try:
        with processes(2) as workers:
            assert workers.executor.submit(divmod, 7, 2).result() == (3, 1)
    finally:
        signal.signal(signal.SIGINT, before)
    assert came == [0]


def test_files_of_runs_that_were_killed_are_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = [tmp_path / f"sse-window-{user}-{n}" for n, user in enumerate([os.getuid(), 4711])]
    for folder in left:
        folder.mkdir()
        (folder / "phases-0").write_bytes(b"x")
        (folder / "lock").touch()
        os.utime(folder / "lock", (0, 0))
    with processes(2):
        assert [folder.exists() for folder in left] == [False, True]
        (mine,) = (p for p in tmp_path.glob(f"sse-window-{os.getuid()}-*") if p.is_dir())
        os.utime(mine / "lock", (0, 0))
        with processes(2):
            assert mine.exists()
    assert not mine.exists()


def test_without_semaphores(monkeypatch):
    def refuse(*_, **__):
        raise FileNotFoundError(2, "No such file or directory")

    assert processes_can_share()
    monkeypatch.setattr("multiprocessing.Lock", refuse)
    assert not processes_can_share()
    monkeypatch.setattr("concurrent.futures.process.ProcessPoolExecutor.__init__", refuse)
    with pytest.raises(SSEWindowError, match="give --jobs 1"), processes(2):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("handles", [12, 20, 30])
def test_too_few_file_handles_are_said_before_any_process_begins(tmp_path, handles):
    (tmp_path / "list.txt").write_text("LGPS\nLPS\n")
    few = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (handles, handles))
    out, err = commands.run(
        "screen", tmp_path / "list.txt", "--jobs", 2, "-o", tmp_path / "x.csv", code=1,
        preexec_fn=few,
    )  # fmt: skip
    assert err.count("\n") == 1 and "Too many open files" in err and "--jobs 1" in err
    assert out == "" and [path.name for path in tmp_path.iterdir()] == ["list.txt"]
