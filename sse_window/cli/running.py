"""A long run from the command line: options, progress, one end that keeps what is finished."""

from __future__ import annotations

import functools
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from .common import Common

if TYPE_CHECKING:
    from ..results.answers import PhaseTable
    from ..results.files import Choice
    from ..runs.screening import Plan, Progress, Summary
    from ..runs.selection import Selection

__all__ = ["RunOptions", "run", "run_options"]

F = TypeVar("F", bound=Callable[..., Any])

EXIT_SOME_FAILED = 3

EXIT_INTERRUPTED = 128 + signal.SIGINT

_ENDING = (signal.SIGINT, signal.SIGTERM)

_SAY_EVERY_s = 10.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Where a long run is worked out, and whether it goes on from what is finished.

    Attributes
    ----------
    jobs : int or None
    scheduler : str or None
    resume : bool
    """

    jobs: int | None
    scheduler: str | None
    resume: bool

    @property
    def given(self) -> list[str]:
        """Those options that were given."""
        return [f"--{name}" for name, value in asdict(self).items() if value]


def run_options(function: F) -> F:
    """Give a command the options of a long run, as one argument `where`."""

    @click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Processes; as many as there are processors unless the list is short.",
    )
    @click.option(
        "--scheduler",
        metavar="ADDRESS|FILE",
        help="Work on a Dask cluster that is running there.",
    )
    @click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
    @functools.wraps(function)
    def command(jobs: int | None, scheduler: str | None, resume: bool, **values: Any) -> Any:
        if scheduler is not None and jobs is not None:
            raise click.UsageError("--jobs and --scheduler exclude each other")
        return function(where=RunOptions(jobs, scheduler, resume), **values)

    return cast(F, command)


def run(
    ctx: click.Context,
    common: Common,
    table: PhaseTable,
    selection: Selection,
    plan: Plan,
    options: dict[str, Any],
    where: RunOptions,
    *,
    choice: Choice | None = None,
    beside: Sequence[PhaseTable] = (),
) -> None:
    """Screen a selection into the output file, and say what became of it.

    Parameters
    ----------
    ctx : click.Context
        Its exit code is 3 where some rows failed, 130 where the run was interrupted.
    common : Common
    table : PhaseTable
    selection : Selection
    plan : Plan
    options : dict
        That shaped the results.
    where : RunOptions
    choice, beside
        See :func:`~sse_window.runs.screening.screen`.
    """
    from ..runs import screening

    assert common.output is not None
    with _said(common, len(selection)) as on_progress:
        try:
            summary = screening.screen(
                table,
                selection,
                common.output,
                plan,
                choice=choice,
                beside=beside,
                on_progress=on_progress,
                **asdict(where),
            )
        except KeyboardInterrupt:
            click.echo(
                "sse-window: interrupted; finished rows are kept, go on with --resume", err=True
            )
            ctx.exit(EXIT_INTERRUPTED)
    _report(summary, table, common, common.options(**options))
    if summary.failed:
        ctx.exit(EXIT_SOME_FAILED)


def _report(summary: Summary, table: PhaseTable, common: Common, options: dict[str, Any]) -> None:
    from .. import terminal as reports
    from ..results import records

    if common.format == "json":
        said = {**asdict(summary), "output": str(summary.output)}
        del said["columns"], said["first_rows"]
        document = records.document([], table.provenance, options)
        click.echo(records.json_text({**document, "results": [said]}), nl=False)
    else:
        click.echo(reports.terminal_text(reports.screening_summary(summary)), nl=False)


@contextmanager
def _said(common: Common, total: int) -> Iterator[Callable[[Progress], None] | None]:
    """Progress on stderr, for whoever looks; and one end that keeps what is finished."""
    previous = [signal.signal(number, _interrupt) for number in _ENDING]
    try:
        if common.quiet or sys.stderr is None:
            yield None
        elif sys.stderr.isatty():
            with _bar(total) as update:
                yield update
        else:
            yield _lines(total, to_the_end=bool(common.verbose))
    finally:
        for number, handler in zip(_ENDING, previous, strict=True):
            if signal.getsignal(number) is _interrupt:
                signal.signal(number, handler)


def _interrupt(*_: Any) -> NoReturn:
    # It takes less than a second from here to the end; whoever is impatient gains nothing.
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _bar(total: int) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("screening"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
        console=Console(stderr=True),
    )
    begun = time.monotonic()
    with bars:
        task = bars.add_task("", total=total, rate="", failed="", start=False)

        def update(progress: Progress) -> None:
            if not bars.tasks[0].started:
                # What an earlier run finished is no measure of the speed of this one.
                bars.update(task, completed=progress.resumed)
                bars.start_task(task)
            bars.update(
                task,
                completed=progress.done,
                rate=_rate(progress, time.monotonic() - begun),
                failed=f"{progress.failed} failed" if progress.failed else "",
            )

        yield update


def _rate(progress: Progress, seconds: float) -> str:
    return f"{(progress.done - progress.resumed) / max(seconds, 1e-3):.0f}/s"


def _lines(total: int, *, to_the_end: bool) -> Callable[[Progress], None]:
    """A line now and then, for a log."""
    begun = said = time.monotonic()

    def update(progress: Progress) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said < _SAY_EVERY_s and not (to_the_end and progress.done >= total):
            return
        said = now
        done = progress.done - progress.resumed
        left = (total - progress.done) * (now - begun) / max(done, 1)
        click.echo(
            f"sse-window: {progress.done} of {total}, {_rate(progress, now - begun)}, "
            f"{left:.0f} s left, {progress.failed} failed",
            err=True,
        )

    return update
