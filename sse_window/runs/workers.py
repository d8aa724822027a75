"""Where the work of a long run is done: in this process, in others, or on a Dask cluster.

All three are executors of :mod:`concurrent.futures`, so that a run is written once. A task gets the
phase table by a reference that costs nothing to send: see :meth:`Workers.share`.
"""

from __future__ import annotations

import itertools
import logging
import mmap
import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from ..core.errors import DataError, SSEWindowError
from ..phases.table import PhaseTable

__all__ = ["SharedTable", "Workers", "available_cpus", "cluster", "here", "processes", "table_of"]

P = ParamSpec("P")
T = TypeVar("T")

_CONNECT_TIMEOUT_s = 15.0

_SINGLE_THREAD = dict.fromkeys(
    [
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ],
    "1",
)
"""The matrices of an equilibrium have a dozen rows: threads of a linear algebra library would only
wait for each other, and for those of the other workers."""

_ALIGNMENT = 64
"""Arrays in a shared file begin at multiples of this many bytes, a line of the cache."""

_AHEAD = 4
"""Tasks per worker that are handed out, so that none waits for the next."""

_LEAST_ON_CLUSTER = 256
"""Tasks that a cluster is handed, so that one which grows with its work does so."""


@dataclass(frozen=True)
class Workers:
    """An executor with what a run has to know of it.

    Attributes
    ----------
    executor : Executor
    depth : int
        Tasks to hand out before results are waited for.
    share : callable
        Phase table to what a task takes in its place.
    lost : tuple of type
        Errors that mean that workers died.
    loss : str
        The same in words.
    """

    executor: Executor
    depth: int
    share: Callable[[PhaseTable], Any]
    lost: tuple[type[BaseException], ...] = ()
    loss: str = ""


class _Here(Executor):
    """Does each task as soon as it is submitted."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def here() -> Iterator[Workers]:
    """In this process alone.

    Examples
    --------
    >>> with here() as workers:
    ...     workers.executor.submit(divmod, 7, 2).result()
    (3, 1)
    """
    yield Workers(_Here(), 1, lambda table: table)


@contextmanager
def processes(count: int) -> Iterator[Workers]:
    """Processes on this machine, which end with this one however it ends.

    Parameters
    ----------
    count : int

    Yields
    ------
    Workers
    """
    from concurrent.futures.process import BrokenProcessPool

    forking = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forking else "spawn")
    if forking:
        # Workers are copies of one process that has imported what they need.
        context.set_forkserver_preload(["sse_window.runs.tasks"])
    with (
        tempfile.TemporaryDirectory(prefix="sse-window-") as folder,
        _environment(_SINGLE_THREAD),
        ProcessPoolExecutor(count, mp_context=context, initializer=_begin) as executor,
    ):
        try:
            paths = (Path(folder) / f"phases-{i}" for i in itertools.count())
            yield Workers(
                executor,
                _AHEAD * count,
                lambda table: SharedTable.write(table, next(paths)),
                (BrokenProcessPool,),
                "a worker process died: killed, or out of memory (then give fewer --jobs)",
            )
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def cluster(scheduler: str) -> Iterator[Workers]:
    """Workers of a Dask cluster that is running.

    Parameters
    ----------
    scheduler : str
        Address (``tcp://host:8786``) or scheduler file.

    Yields
    ------
    Workers

    Raises
    ------
    DataError
        If Dask is not installed, or no scheduler answers there.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise DataError(
            "--scheduler needs Dask: install it with 'pip install sse-window[dask]'"
        ) from None
    try:
        key = "scheduler_file" if Path(scheduler).is_file() else "address"
        connect: Any = distributed.Client
        client = connect(timeout=_CONNECT_TIMEOUT_s, **{key: scheduler})
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise DataError(f"no Dask scheduler at {scheduler}: {reason}") from None
    with _silenced("distributed"), client:
        depth = max(_AHEAD * sum(client.nthreads().values()), _LEAST_ON_CLUSTER)

        def share(table: PhaseTable) -> Any:
            # A task rather than data that is sent once: should the workers that hold the table
            # die, the scheduler makes it again on others.
            with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}):
                return client.submit(pickle.loads, pickle.dumps(table), pure=False)

        with client.get_executor(pure=False) as executor:
            try:
                yield Workers(
                    executor,
                    depth,
                    share,
                    (distributed.KilledWorker, CancelledError),
                    "the Dask cluster lost its scheduler, or worker after worker",
                )
            finally:
                executor.shutdown(wait=False)


@contextmanager
def _silenced(package: str) -> Iterator[None]:
    """Without log messages of a package: what goes wrong is said once, by whoever asked."""
    loggers = [
        logging.getLogger(name)
        for name in logging.root.manager.loggerDict
        if name.split(".")[0] == package
    ]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def available_cpus() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Environment variables for processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _begin() -> None:
    """Set up a worker process: interrupts are the parent's, and so is its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


@dataclass(frozen=True, slots=True)
class SharedTable:
    """A phase table in a file whose arrays all processes of a machine map instead of copying.

    Attributes
    ----------
    path : Path
    lengths : tuple of int
        Bytes of the arrays, one after the other; the pickled rest follows.
    """

    path: Path
    lengths: tuple[int, ...]

    @classmethod
    def write(cls, table: PhaseTable, path: Path) -> SharedTable:
        """Write a table for other processes to map.

        Raises
        ------
        SSEWindowError
            If the temporary folder is full.
        """
        buffers: list[pickle.PickleBuffer] = []
        rest = pickle.dumps(table, protocol=5, buffer_callback=buffers.append)
        lengths = []
        try:
            with path.open("wb") as file:
                for buffer in buffers:
                    data = buffer.raw()
                    lengths.append(len(data))
                    file.write(data)
                    file.write(bytes(-len(data) % _ALIGNMENT))
                file.write(rest)
        except OSError as error:
            raise SSEWindowError(
                f"cannot write {path}: {error.strerror or error}; set TMPDIR to a folder with space"
            ) from None
        return cls(path, tuple(lengths))

    def open(self) -> PhaseTable:
        """The table; its arrays are read-only and come out of the file as they are needed."""
        with self.path.open("rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        begin = 0
        parts = []
        for length in self.lengths:
            parts.append(data[begin : begin + length])
            begin += length + -length % _ALIGNMENT
        table: PhaseTable = pickle.loads(data[begin:], buffers=parts)
        return table


@lru_cache(maxsize=4)
def _opened(shared: SharedTable) -> PhaseTable:
    return shared.open()


def table_of(shared: SharedTable | PhaseTable) -> PhaseTable:
    """The table that a task was given, opened once per process."""
    return _opened(shared) if isinstance(shared, SharedTable) else shared
