"""Candidates for coatings worked through in parts, which are kept on disk as they are finished."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from ..cells.coating_filters import CoatingFilters
from ..cells.coatings import CoatingQuestion, CoatingResult, evaluate_all, question
from ..core.errors import SSEWindowError
from ..core.record import plain
from ..phases.table import PhaseTable
from ..results.schema import program_version
from .checkpoints import Checkpoint, checkpoint_of
from .workers import (
    SharedTable,
    Workers,
    available_cpus,
    cluster,
    here,
    processes,
    processes_can_share,
    table_of,
)

__all__ = ["evaluated", "evaluated_resumably"]

_PART = 512
"""Candidates that are worked out at once: more need memory, fewer need time."""

_WORTH_PROCESSES = 512
"""With fewer candidates, starting processes takes longer than they save."""

_FIELDS = tuple(f.name for f in fields(CoatingResult) if f.name != "dataset")

Asked: TypeAlias = tuple[str, str, str, tuple[float, float], CoatingFilters]
"""What makes a question anew where the table is: names, ion, range and filters."""

Rows: TypeAlias = list[list[Any]]
Told: TypeAlias = Callable[[int, int], None] | None


def evaluated(
    asked: CoatingQuestion,
    formulas: Sequence[str],
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    progress: Told = None,
) -> list[CoatingResult]:
    """First stage of every candidate, in the same order.

    Parameters
    ----------
    asked : CoatingQuestion
    formulas : sequence of str
    jobs : int, optional
        Processes on this machine, at most one for each part of the candidates; as many as it has
        processors if left out.
    scheduler : str, optional
        Address or scheduler file of a Dask cluster.
    progress : callable, optional
        Told how many candidates are finished, and of how many.

    Returns
    -------
    list of CoatingResult
    """
    kept: dict[int, Rows] = {}
    todo = list(range(0, len(formulas), _PART))
    with _crew(len(todo), jobs, scheduler) as workers:
        _work(asked, formulas, workers, todo, kept.update, 0, progress)
    return _results(asked, (kept[begin] for begin in todo))


@contextmanager
def evaluated_resumably(
    asked: CoatingQuestion,
    formulas: Sequence[str],
    output: Path,
    *,
    resume: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    progress: Told = None,
) -> Iterator[list[CoatingResult]]:
    """:func:`evaluated` with every finished part kept beside an output file.

    A context manager: what is kept is removed when its block ends without an error, that is, when
    the output has been written.

    Parameters
    ----------
    asked, formulas, jobs, scheduler, progress : see :func:`evaluated`
    output : Path
        That is going to be written.
    resume : bool
        Go on with what an earlier run has kept.

    Yields
    ------
    list of CoatingResult

    Raises
    ------
    OutputError, DataError
        See :class:`~sse_window.runs.checkpoints.Checkpoint`.
    """
    with Checkpoint(checkpoint_of(output), _identity(asked, formulas), resume=resume) as kept:
        todo = [begin for begin in range(0, len(formulas), _PART) if begin not in kept.done]
        done = len(formulas) - sum(min(_PART, len(formulas) - begin) for begin in todo)

        def keep(part: dict[int, Rows]) -> None:
            kept.append(part.items())

        if todo:
            with _crew(len(todo), jobs, scheduler) as workers:
                _work(asked, formulas, workers, todo, keep, done, progress)
        rows = (kept.rows(begin) for begin in range(0, len(formulas), _PART))
        yield _results(asked, rows)
        kept.remove()


def _crew(parts: int, jobs: int | None, scheduler: str | None) -> AbstractContextManager[Workers]:
    """Workers; none besides this process for a short list, or where processes cannot share."""
    if scheduler is not None:
        return cluster(scheduler)
    if jobs is None:
        many = parts * _PART > _WORTH_PROCESSES
        cpus = available_cpus()
        jobs = cpus if many and processes_can_share(cpus) else 1
    jobs = min(jobs, parts)
    return processes(jobs) if jobs > 1 else here()


def _work(
    asked: CoatingQuestion,
    formulas: Sequence[str],
    workers: Workers,
    todo: Sequence[int],
    keep: Callable[[dict[int, Rows]], None],
    done: int,
    progress: Told,
) -> None:
    shared = workers.share(asked.table)
    said: Asked = (
        asked.electrolyte,
        asked.electrode,
        asked.ion,
        asked.states[0].voltage_range_V,
        asked.filters,
    )
    pending: dict[Future[Rows], int] = {}
    waiting = list(reversed(todo))
    try:
        while waiting or pending:
            while waiting and len(pending) < workers.depth:
                begin = waiting.pop()
                part = list(formulas[begin : begin + _PART])
                pending[workers.executor.submit(_rows, shared, said, part)] = begin
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                begin = pending.pop(future)
                rows = future.result()
                keep({begin: rows})
                done += len(rows)
                if progress is not None:
                    progress(done, len(formulas))
    except workers.lost as error:
        raise SSEWindowError(
            f"{workers.loss}; finished candidates are kept: run again with --resume"
        ) from error


def _rows(shared: SharedTable | PhaseTable, said: Asked, formulas: Sequence[str]) -> Rows:
    """The task of a worker: values of every candidate, as JSON holds them."""
    found = evaluate_all(_question(shared, said), formulas)
    return [[plain(getattr(each, name)) for name in _FIELDS] for each in found]


@lru_cache(maxsize=1)
def _question(shared: SharedTable | PhaseTable, said: Asked) -> CoatingQuestion:
    electrolyte, electrode, ion, span, filters = said
    asked = question(table_of(shared), electrolyte, electrode, ion, voltage_range_V=span)
    return replace(asked, filters=filters)


def _results(asked: CoatingQuestion, parts: Iterator[Rows]) -> list[CoatingResult]:
    found = []
    for values in (values for rows in parts for values in rows):
        named: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in zip(_FIELDS, values, strict=True)
        }
        found.append(CoatingResult(**named, dataset=asked.table.provenance))
    return found


def _identity(asked: CoatingQuestion, formulas: Sequence[str]) -> dict[str, Any]:
    """What decides the rows, for a checkpoint to tell runs apart."""
    listed = hashlib.sha256(json.dumps(list(formulas)).encode()).hexdigest()
    table = asked.table
    phases = hashlib.sha256("\n".join(table.formulas.tolist()).encode())
    phases.update(table.formation_energy_per_atom.tobytes())
    return {
        "candidates": f"{len(formulas)}, sha256 {listed}",
        "electrolyte": asked.electrolyte,
        "electrode": asked.electrode,
        "ion": asked.ion,
        "voltage_range_V": list(asked.states[0].voltage_range_V),
        "filters": asked.filters.to_dict(),
        "dataset": table.provenance.to_dict(),
        "phases": f"{len(table)} phases, sha256 {phases.hexdigest()}",
        "program_version": program_version(),
    }
