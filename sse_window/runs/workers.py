"""Where the work of a long run is done: in this process, in others, or on a Dask cluster.

All three are executors of :mod:`concurrent.futures`, so that a run is written once. A task gets the
phase table by a reference that costs nothing to send: see :meth:`Workers.share`.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import logging
import mmap
import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from types import FrameType
from typing import Any, ParamSpec, TypeVar

from ..core.errors import DataError, SSEWindowError
from ..core.files import open_at_once
from ..phases.table import PhaseTable

__all__ = [
    "SharedTable",
    "Workers",
    "available_cpus",
    "cluster",
    "here",
    "processes",
    "processes_can_share",
    "table_of",
]

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

_HANDLES, _HANDLES_EACH = 20, 4
"""Open files of a run besides those there are: pipes, the shared table, checkpoint and output; and
of each worker."""

_LOCK = "lock"
_YOUNG_s = 60.0

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
    # Workers end when the other end of this pipe is closed, whatever they are doing.
    told, end = context.Pipe(duplex=False)
    with (
        _shared_folder() as folder,
        _environment(_SINGLE_THREAD),
        told,
        end,
        _pool(count, mp_context=context, initializer=_begin, initargs=(told,)) as executor,
    ):
        try:
            paths = (folder / f"phases-{i}" for i in itertools.count())
            yield Workers(
                executor,
                _AHEAD * count,
                lambda table: SharedTable.write(table, next(paths)),
                (BrokenProcessPool,),
                "a worker process died: killed, or out of memory (then give fewer --jobs)",
            )
        except BaseException:
            end.close()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _start_forkserver() -> None:
    """Start the process that workers are copies of, deaf to interrupts from its first moment on."""
    from multiprocessing import forkserver, resource_tracker

    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def processes_can_share(count: int = 2) -> bool:
    """Whether this system has the semaphores and file handles for processes to work together."""
    try:
        multiprocessing.Lock()
        open_at_once(_HANDLES + _HANDLES_EACH * count)
    except (OSError, ImportError):  # no /dev/shm, as in some containers
        return False
    return True


class _Pool(ProcessPoolExecutor):
    """Lets no interrupt come between the start of a process and the knowledge of it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with _interrupts_later():
            return super().submit(_unless_ending, fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with _interrupts_later():
            super().shutdown(wait, cancel_futures=cancel_futures)


@contextmanager
def _pool(count: int, **settings: Any) -> Iterator[ProcessPoolExecutor]:
    try:
        open_at_once(_HANDLES + _HANDLES_EACH * count)
        if settings["mp_context"].get_start_method() == "forkserver":
            _start_forkserver()
        executor = _Pool(count, **settings)
    except (OSError, ImportError, NotImplementedError) as error:
        # No shared memory for semaphores, or too few file handles.
        reason = getattr(error, "strerror", None) or error
        few = getattr(error, "errno", None) in (errno.EMFILE, errno.ENFILE)
        handles = ", or a higher ulimit -n" if few else ""
        raise SSEWindowError(
            f"this system does not let processes work together ({reason}): give --jobs 1{handles}"
        ) from None
    with executor:
        yield executor


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Put interrupts off until the end of the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append((number, frame))

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handled = {number: handler for number, handler in before.items() if callable(handler)}
    for number in handled:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
        for late, frame in came:
            handled[signal.Signals(late)](late, frame)


@contextmanager
def _shared_folder() -> Iterator[Path]:
    """A folder for files that processes share; those of runs that were killed are deleted."""
    import filelock

    user = os.getuid() if hasattr(os, "getuid") else 0
    prefix = f"sse-window-{user}-"
    for lock in Path(tempfile.gettempdir()).glob(f"{prefix}*/{_LOCK}"):
        with contextlib.suppress(OSError, filelock.Timeout, NotImplementedError):
            there = lock.lstat()
            # A younger one may be about to be locked by the run that made it.
            if there.st_uid == user and time.time() - there.st_mtime > _YOUNG_s:
                with filelock.FileLock(lock, timeout=0.0):
                    shutil.rmtree(lock.parent)
    try:
        folder = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    except OSError as error:
        raise SSEWindowError(
            f"cannot write in {tempfile.gettempdir()}: {error.strerror or error}; set TMPDIR to "
            "a folder with space"
        ) from None
    with folder as name:
        held = filelock.FileLock(Path(name) / _LOCK)
        with contextlib.suppress(OSError, NotImplementedError):  # then it is not cleaned either
            held.acquire()
        try:
            yield Path(name)
        finally:
            held.release()


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
    except (OSError, TimeoutError, ValueError, TypeError, AssertionError) as error:
        # A file of something else ends in an assertion of Dask's.
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


class _Work:
    """What a worker process is doing: it may end in the midst of a task, not of an answer.

    Half an answer in the pipe would be waited for without end.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = self._ending = False

    def do(self, fn: Callable[..., T], args: Any, kwargs: Any) -> T:
        with self._lock:
            if self._ending:
                os._exit(1)
            self._busy = True
        try:
            return fn(*args, **kwargs)
        finally:
            with self._lock:
                self._busy = False

    def end(self) -> None:
        with self._lock:
            if self._busy:
                os._exit(1)
            self._ending = True


@cache
def _work() -> _Work:
    return _Work()


def _unless_ending(fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    return _work().do(fn, args, kwargs)


def _begin(told: Connection) -> None:
    """Set up a worker process: interrupts are the parent's, and so is its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        ends = (parent.sentinel, told)
        threading.Thread(target=_end_with, args=ends, daemon=True).start()


def _end_with(parent: int, told: Connection) -> None:
    if parent in wait_for([parent, told]):
        os._exit(1)
    _work().end()
    wait_for([parent])
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
