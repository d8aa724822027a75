"""Many compositions or pairs: worked on side by side, and kept as they come.

Work goes out in tasks of neighbouring chemical systems, so that a worker sets up each set of phases
once for all compositions that need it. Rows come back in any order, are kept in a checkpoint beside
the output, and end up in the order of the list. A run that was interrupted goes on from there.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..cells.states import electrode_states
from ..core.errors import DataError, OutputError, SSEWindowError
from ..core.files import check_writable
from ..core.ions import charge_of
from ..phases.table import PhaseTable
from ..results import rows as result_rows
from ..results.columns import DATASET, carried, kind_of, of_kind
from ..results.files import SUFFIXES, Choice, choose, write_rows
from ..results.schema import SCHEMA, Kind, program_version
from .checkpoints import Checkpoint, checkpoint_of
from .first_stage import energies_suffice, energy_items, narrowed
from .selection import Selection
from .tasks import OK, Finished, Item, Plan, screen_items
from .workers import Workers, available_cpus, cluster, here, processes, processes_can_share

__all__ = ["Plan", "Progress", "Summary", "crew", "screen"]

_WINDOWS_PER_TASK = 1024
_STATES_PER_TASK = 64
"""They take a tenth of a second at most: little is lost where a run ends."""

_TASKS = 64
"""A list of windows is divided into as many at least, if these are of 64 windows or more."""

_MOST_JOBS = 256

_WORTH_PROCESSES = 500
"""Windows, or a fifth as many pairs, that take longer than it takes to start processes."""

_SHOWN = 10
"""Rows that a summary shows."""

_REASONS = 1000
"""Different messages of failed rows that a summary counts."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    done, total : int
        Items of the list; done ones include those of the run that is gone on with.
    resumed : int
        Items that were done before this run.
    failed : int
        Rows without an answer, of this run.
    """

    done: int
    total: int
    resumed: int
    failed: int


@dataclass(frozen=True)
class Summary:
    """What became of a run.

    Attributes
    ----------
    items : int
        Compositions or pairs in the list.
    resumed : int
        Of these, finished by an earlier run.
    rows : int
        Rows that were worked out.
    failed : int
        Of these, without an answer.
    reasons : tuple of (str, int)
        Messages of failed rows and how often each occurs, commonest first.
    written : int
        Rows in the file, after choosing.
    seconds : float
    output : Path, optional
        None once the file is no longer there.
    columns : tuple of str
    first_rows : tuple of tuple
        The first rows of the file.
    """

    items: int
    resumed: int
    rows: int
    failed: int
    reasons: tuple[tuple[str, int], ...]
    written: int
    seconds: float
    output: Path | None
    columns: tuple[str, ...]
    first_rows: tuple[tuple[Any, ...], ...]


def crew(
    count: int, plan: Plan, *, jobs: int | None = None, scheduler: str | None = None
) -> AbstractContextManager[Workers]:
    """Workers for a run of this size.

    Parameters
    ----------
    count : int
        Items.
    plan : Plan
    jobs : int, optional
        Processes on this machine; as many as it has processors if left out, or none besides this
        one where starting them would take longer than the work.
    scheduler : str, optional
        Address or scheduler file of a Dask cluster.

    Returns
    -------
    context manager of Workers

    Raises
    ------
    DataError
        If there are many times more jobs than processors.
    """
    if scheduler is not None:
        return cluster(scheduler)
    most = max(_MOST_JOBS, 4 * available_cpus())
    if jobs is None:
        states = 5 * max(2 * len(plan.electrodes), 1)
        many = count * states > 5 * _WORTH_PROCESSES
        cpus = available_cpus()
        jobs = cpus if many and processes_can_share(cpus) else 1
    elif jobs > most:
        raise DataError(
            f"{jobs} jobs on {available_cpus()} processors: give at most {most}, or none for as "
            "many as there are processors"
        )
    return processes(jobs) if jobs > 1 else here()


def screen(
    table: PhaseTable,
    selection: Selection,
    output: str | Path,
    plan: Plan | None = None,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    choice: Choice | None = None,
    beside: Sequence[PhaseTable] = (),
    on_progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Screen a list of compositions or pairs into a file.

    Parameters
    ----------
    table : PhaseTable
    selection : Selection
        See :func:`~sse_window.runs.lists.read_list` and
        :func:`~sse_window.runs.selection.select_phases`.
    output : str or Path
        A ``.parquet``, ``.csv`` or ``.jsonl`` file. One that is there stays as it is until the new
        one is complete. Finished rows are kept beside it in a file that ends in ``.checkpoint``.
    plan : Plan, optional
        What is asked of every composition; its stability window if left out.
    jobs, scheduler : optional
        Where the work is done, see :func:`crew`.
    resume : bool
        Go on with the rows of a run that was interrupted.
    choice : Choice, optional
        Which rows are written, and in which order.
    beside : sequence of PhaseTable
        Further datasets, named by ``plan.compare``, that answer beside the first one.
    on_progress : callable, optional
        Called whenever rows have been kept.

    Returns
    -------
    Summary

    Raises
    ------
    OutputError
        If the output cannot be written, or finished rows are there and `resume` is not set.
    DataError
        If the finished rows belong to another list, other options or another dataset.
    FormulaError, UnknownElementsError
        If an electrode of the plan cannot be read, or the dataset lacks its elements or the ion.
    SSEWindowError
        If a worker was killed; finished rows are kept.
    KeyboardInterrupt
        When interrupted; finished rows are kept.

    Examples
    --------
    >>> import tempfile
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> output = Path(tempfile.mkdtemp()) / "windows.csv"
    >>> summary = screen(table, Selection(("Li3PS4", "Li2S", "Xx")), output)
    >>> summary.written, summary.failed, summary.reasons
    (3, 1, (("formula 'Xx': no element 'Xx'", 1),))
    >>> output.read_text().splitlines()[2][:28]
    'Li2S,ok,,Li2S,Li,true,0.0,st'
    """
    begun = time.monotonic()
    run = _Run(table, selection, Path(output), plan or Plan(), choice or Choice(), tuple(beside))
    run.check()
    with Checkpoint(checkpoint_of(run.output), run.identity(), resume=resume) as checkpoint:
        resumed = len(checkpoint.done)
        asked = list(run.items())
        few = None
        if not (run.energies_alone or run.plan.steps or run.beside or selection.electrodes):
            few = narrowed(table, run.plan, asked, run.choice)
        wanted = [item for item in asked if few is None or item[0] in few.items]
        todo = sum(item[0] not in checkpoint.done for item in wanted)
        if todo:
            with crew(todo, run.plan, jobs=jobs, scheduler=scheduler) as workers:
                run.work(workers, wanted, checkpoint, resumed, on_progress)
        others: dict[int, int] = {} if few is None else few.left_out
        left_out = sum(rows for item, rows in others.items() if item not in checkpoint.done)
        summary = run.finish(checkpoint, resumed, begun, left_out)
        checkpoint.remove()
    return summary


@dataclass(frozen=True)
class _Run:
    """One call of :func:`screen`."""

    table: PhaseTable
    selection: Selection
    output: Path
    plan: Plan
    choice: Choice
    beside: tuple[PhaseTable, ...] = ()

    @property
    def pairs(self) -> bool:
        return bool(self.plan.electrodes) or self.selection.electrodes is not None

    @property
    def worked_out(self) -> dict[str, Kind]:
        return self.plan.columns(pairs=self.pairs)

    @property
    def further(self) -> dict[str, str]:
        return carried(self.selection.columns, self.worked_out)

    @cached_property
    def energies_alone(self) -> bool:
        """No reaction and no interphase need be worked out for what is written."""
        if self.beside or self.selection.electrodes is not None:
            return False
        given = {k: kind for k, kind in self.columns().items() if k not in self.worked_out}
        return energies_suffice(self.plan, self.choice, given)

    def columns(self) -> dict[str, Kind]:
        """All columns of the file: worked out, carried through, and where the energies are from."""
        kinds = {
            name: kind_of(self.selection.columns[column]) for column, name in self.further.items()
        }
        return {**self.worked_out, **kinds, **dict.fromkeys(DATASET, "text")}

    def check(self) -> None:
        """Find what is wrong with the question before the work, not after it."""
        if self.plan.electrodes and self.selection.electrodes is not None:
            raise DataError(
                f"{self.selection.source} names an electrode for every row: leave out --electrode, "
                "or the column 'electrode'"
            )
        charge_of(self.plan.ion)
        self.table.require([self.plan.ion])
        for electrode in self.plan.electrodes:
            electrode_states(self.table, electrode, self.plan.ion, self.plan.voltage_range_V)
        self.choice.check(self.columns())
        check_writable(self.output, SUFFIXES)

    def identity(self) -> dict[str, Any]:
        """What decides the rows, for a checkpoint to tell runs apart."""
        listed = json.dumps([self.selection.formulas, self.selection.electrodes]).encode()
        tables = (self.table, *self.beside)
        phases = hashlib.sha256()
        for table in tables:
            phases.update("\n".join(table.formulas.tolist()).encode())
            for column in (table.formation_energy_per_atom, table.e_above_hull):
                phases.update(column.tobytes())
        return {
            "list": f"{len(self.selection)} rows, sha256 {hashlib.sha256(listed).hexdigest()}",
            **asdict(self.plan),
            "energies_alone": self.energies_alone,
            "dataset": self.table.provenance.to_dict(),
            "beside": [table.provenance.to_dict() for table in self.beside],
            "phases": f"{sum(map(len, tables))} phases, sha256 {phases.hexdigest()}",
            "program_version": program_version(),
            "columns": list(self.worked_out),
        }

    def items(self) -> Iterator[Item]:
        electrodes = self.selection.electrodes or itertools.repeat(None)
        yield from zip(itertools.count(), self.selection.formulas, electrodes, strict=False)

    def work(
        self,
        workers: Workers,
        wanted: Sequence[Item],
        checkpoint: Checkpoint,
        resumed: int,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        shared, *others = (workers.share(table) for table in (self.table, *self.beside))
        plan, pairs = self.plan, self.pairs
        work = energy_items if self.energies_alone else screen_items
        status = list(self.worked_out).index("status")
        # Divided as in a run that was not interrupted: what is worked out together warms up the
        # same, and rounds the same.
        before = frozenset(checkpoint.done)
        tasks = (
            left
            for task in _tasks(wanted, plan, pairs=pairs and not self.energies_alone)
            if (left := [item for item in task if item[0] not in before])
        )
        total = len(before.union(item[0] for item in wanted))
        pending: set[Future[Finished]] = set()
        failed = 0

        def keep(done: set[Future[Finished]]) -> None:
            nonlocal failed
            for future in done:
                if _answered(future):
                    finished = future.result()
                    checkpoint.append(finished)
                    failed += sum(row[status] != OK for _, rows in finished for row in rows)
            if on_progress is not None:
                on_progress(Progress(len(checkpoint.done), total, resumed, failed))

        try:
            while True:
                for task in itertools.islice(tasks, workers.depth - len(pending)):
                    submitted = workers.executor.submit(work, shared, plan, pairs, task, *others)
                    pending.add(submitted)
                if not pending:
                    return
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                keep(done)
                for future in done:
                    future.result()
        except KeyboardInterrupt:
            keep({future for future in pending if future.done()})
            raise
        except workers.lost as error:
            keep({future for future in pending if future.done()})
            raise SSEWindowError(
                f"{workers.loss}; {len(checkpoint.done)} of {len(self.selection)} are kept in "
                f"{checkpoint.path}: run again with --resume"
            ) from error

    def finish(self, checkpoint: Checkpoint, resumed: int, begun: float, left_out: int) -> Summary:
        """Write the file from the finished rows, and say what is in it."""
        columns = self.columns()
        origin = result_rows.origin_row(self.table.provenance.to_dict())
        constant = [origin[name] for name in DATASET]
        further = [
            of_kind(self.selection.columns[column], columns[name])
            for column, name in self.further.items()
        ]

        def rows_of(item: int) -> list[list[Any]]:
            beside = [values[item] for values in further]
            return [[*row, *beside, *constant] for row in checkpoint.rows(item)]

        items = sorted(checkpoint.done)
        counts = _Counts(list(columns))
        counted = counts.counting(rows_of)
        if replace(self.choice, columns=None) == Choice():
            chosen = (row for item in items for row in counted(item))
        else:
            places = choose(counted, items, columns, self.choice)
            chosen = (rows_of(item)[i] for item, i in places)
        if self.choice.columns is not None:
            kept = [list(columns).index(name) for name in self.choice.columns]
            chosen = ([row[place] for place in kept] for row in chosen)
            columns = {name: columns[name] for name in self.choice.columns}
        metadata = {
            "schema": SCHEMA,
            "plan": asdict(self.plan),
            "source": self.selection.source,
        }
        try:
            written = write_rows(
                self.output,
                counts.showing(chosen),
                columns,
                metadata,
            )
        except OutputError as error:
            raise OutputError(
                f"{error}; all rows are kept in {checkpoint.path}: run again with --resume"
            ) from error
        return Summary(
            items=len(self.selection),
            resumed=resumed,
            rows=counts.rows + left_out,
            failed=counts.failed,
            reasons=tuple(counts.reasons.most_common()),
            written=written,
            seconds=time.monotonic() - begun,
            output=self.output,
            columns=tuple(columns),
            first_rows=tuple(tuple(row) for row in counts.first),
        )


class _Counts:
    """What passes by while the file is written."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._status, self._message = columns.index("status"), columns.index("message")
        self.rows = self.failed = 0
        self.reasons: Counter[str] = Counter()
        self.first: list[Sequence[Any]] = []

    def counting(
        self, rows_of: Callable[[int], list[list[Any]]]
    ) -> Callable[[int], list[list[Any]]]:
        def counted(item: int) -> list[list[Any]]:
            rows = rows_of(item)
            self.rows += len(rows)
            for row in rows:
                if row[self._status] != OK:
                    self.failed += 1
                    # Of very many different reasons the first ones will do.
                    if len(self.reasons) < _REASONS or row[self._message] in self.reasons:
                        self.reasons[row[self._message]] += 1
            return rows

        return counted

    def showing(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        for row in rows:
            if len(self.first) < _SHOWN:
                self.first.append(row)
            yield row


def _answered(future: Future[Finished]) -> bool:
    return not future.cancelled() and future.exception() is None


def _tasks(items: Sequence[Item], plan: Plan, *, pairs: bool) -> Iterator[list[Item]]:
    """Parts of the work.

    Windows in the order of the list, as they will be written; of pairs whole chemical systems,
    neighbours together, very large ones divided.
    """
    if not pairs:
        size = min(max(len(items) // _TASKS, 64), _WINDOWS_PER_TASK)
        for begin in range(0, len(items), size):
            yield list(items[begin : begin + size])
        return
    size = max(_STATES_PER_TASK // max(2 * len(plan.electrodes), 1), 1)
    task: list[Item] = []
    for _, group in itertools.groupby(sorted(items, key=_system), key=_system):
        while part := list(itertools.islice(group, size)):
            if task and len(task) + len(part) > size:
                yield task
                task = []
            task += part
    if task:
        yield task


def _system(item: Item) -> tuple[list[str], str]:
    """What looks like the elements of an item: a guess that only its neighbours depend on."""
    return sorted(set(re.findall("[A-Z][a-z]?", item[1]))), item[2] or ""
