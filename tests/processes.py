"""Whole processes of the command line, for tests that interrupt them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sse_window.runs.checkpoints import checkpoint_of

DEADLINE_s = 60.0


def start(*arguments, preexec_fn=None):
    """`sse-window` in a session of its own, as a terminal would start it."""
    return subprocess.Popen(
        [sys.executable, "-m", "sse_window", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=preexec_fn,
    )


def finish(process):
    """Exit code, stdout and stderr of a process that should end by itself."""
    out, err = process.communicate(timeout=2 * DEADLINE_s)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def run(*arguments, code=0, **options):
    returned, out, err = finish(start(*arguments, **options))
    assert returned == code, (returned, out, err)
    return out, err


def until(condition):
    """Wait until something is the case; what it is."""
    deadline = time.monotonic() + DEADLINE_s
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
    return found


def kept(output: Path) -> int:
    """Finished items in the checkpoint of an output."""
    path = checkpoint_of(output)
    whole = path.read_bytes().rpartition(b"\n")[0].splitlines() if path.exists() else []
    parts = [json.loads(line.rpartition(b" ")[0])["part"] for line in whole[1:]]
    return sum(count for part, count in parts if part == count - 1)


def in_session(session: int) -> dict[int, int]:
    """Living processes of a session and their parents."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            state, parent, group_session = fields[0], int(fields[1]), int(fields[3])
            if group_session == session and state != "Z":
                found[int(entry.name)] = parent
    return found


def workers_of(process) -> list[int]:
    """Processes that were started by one that the main process started."""
    living = in_session(process.pid)
    helpers = {pid for pid, parent in living.items() if parent == process.pid}
    return [pid for pid, parent in living.items() if parent in helpers]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


class DaskCluster:
    """Scheduler and two workers on loopback, each a process of its own."""

    def __init__(self, folder):
        self.file = folder / "scheduler.json"
        self.processes = []
        self._start("dask_scheduler", "--host", "127.0.0.1", "--port", 0)
        until(self.file.exists)
        self.workers = [self._worker(), self._worker()]

    def _start(self, module, *arguments):
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", self.file]
        command += ["--no-dashboard", *arguments]
        process = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    def _worker(self):
        return self._start("dask_worker", "--nthreads", 1, "--no-nanny", "--host", "127.0.0.1")

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()
