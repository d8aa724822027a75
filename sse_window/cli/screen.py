"""`sse-window screen`: many compositions or pairs into a file."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .completion import electrode_names
from .help import Command
from .options import GROUPS, Common, FiniteFloat, compare_option, options_of, tolerance_option

if TYPE_CHECKING:
    from ..results.answers import PhaseTable
    from ..runs.screening import Progress, Summary
    from ..runs.selection import Selection

__all__ = ["screen"]

EXIT_SOME_FAILED = 3
EXIT_INTERRUPTED = 128 + signal.SIGINT

_ENDING = (signal.SIGINT, signal.SIGTERM)

_SAY_EVERY_s = 10.0


@click.command(cls=Command)
@click.argument("file", required=False)
@click.option(
    "--all",
    "expression",
    metavar="ELEMENTS",
    help="Instead of FILE every compound of the dataset with these elements: &, |, ! and brackets.",
)
@click.option(
    "--max-e-above-hull",
    type=FiniteFloat(min=0.0),
    metavar="X",
    help="With --all, only compounds up to X eV/atom above the hull.",
)
@click.option(
    "--electrode",
    "electrodes",
    multiple=True,
    metavar="E",
    shell_complete=electrode_names,
    help="Pair every composition with this electrode, one row for each state; repeatable.",
)
@click.option(
    "--voltage",
    nargs=2,
    type=FiniteFloat(),
    metavar="LOW HIGH",
    help="Operating range of the electrodes, V vs the metal; else that of each.",
)
@click.option("--steps", is_flag=True, help="Keep the steps of every voltage profile, as JSON.")
@click.option(
    "--where",
    metavar="CONDITION",
    help="Write only rows for which this holds, by column names: comparisons, in [...], + - * /, "
    "and, or, not, x.str.contains('Li') (startswith, endswith; plain text), x.isnull().",
)
@click.option(
    "--sort", metavar="[-]COLUMN", help="Sort rows by a column; with - before it, descending."
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Write only N rows.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=4096),
    metavar="N",
    help="Processes; as many as there are processors unless the list is short.",
)
@click.option(
    "--scheduler", metavar="ADDRESS|FILE", help="Work on a Dask cluster that is running there."
)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@tolerance_option
@compare_option
@options_of(*(group for group in GROUPS if group not in ("columns", "cite")))
@click.pass_context
def screen(
    ctx: click.Context,
    file: str | None,
    expression: str | None,
    max_e_above_hull: float | None,
    electrodes: tuple[str, ...],
    voltage: tuple[float, float] | None,
    steps: bool,
    where: str | None,
    sort: str | None,
    top: int | None,
    jobs: int | None,
    scheduler: str | None,
    resume: bool,
    tolerance: float | None,
    compare: str | None,
    common: Common,
) -> None:
    """Stability windows, or reactions with electrodes, of many compositions.

    FILE holds one formula a line, or is a CSV or Parquet file with a column "formula" (or
    "electrolyte", and possibly "electrode"); further columns are carried through. "-" is standard
    input. Results go to the .parquet, .csv or .jsonl file after -o, in the order of the list; what
    cannot be answered is a row with its reason, and makes the exit code 3. Finished rows are kept
    beside that file: after an interruption, --resume goes on from there.

    \b
    Examples:
      sse-window screen candidates.txt -o windows.csv
      sse-window screen --all "Li & (S | Cl) & !C" --max-e-above-hull 0.03 -o windows.parquet \\
        --where "oxidation_potential_V > 3" --sort -window_width_V --top 50
      sse-window screen candidates.csv --electrode Li --electrode NMC811 -o pairs.parquet --resume
    """
    from ..results.files import SUFFIXES, Choice
    from ..runs import screening

    if common.output is None:
        raise click.UsageError(f"-o FILE is missing: a {', '.join(SUFFIXES)} file for the results")
    if common.format in ("csv", "jsonl"):
        raise click.UsageError(
            "--format is that of the summary, table or json; the ending of -o decides on the file"
        )
    if (file is None) == (expression is None):
        raise click.UsageError("give either FILE or --all, such as --all 'Li & S'")
    if max_e_above_hull is not None and expression is None:
        raise click.UsageError("--max-e-above-hull goes with --all")
    if scheduler is not None and jobs is not None:
        raise click.UsageError("--jobs and --scheduler exclude each other")
    # Standard input may be a file as well.
    common.spare_inputs("/dev/stdin" if file == "-" else file)
    table, *beside = common.tables(compare)
    selection = _selection(table, file, expression, max_e_above_hull)
    if voltage and not electrodes and selection.electrodes is None:
        raise click.UsageError("--voltage is the range of electrodes: name one with --electrode")
    compared = tuple(other.provenance.name for other in beside)
    plan = screening.Plan(common.ion, electrodes, voltage or None, steps, compared)
    if tolerance is not None:
        plan = replace(plan, tolerance_eV_per_atom=tolerance)
    with _said(common, len(selection)) as on_progress:
        try:
            summary = screening.screen(
                table,
                selection,
                common.output,
                plan,
                jobs=jobs,
                scheduler=scheduler,
                resume=resume,
                choice=Choice(where, sort, top),
                beside=beside,
                on_progress=on_progress,
            )
        except KeyboardInterrupt:
            click.echo(
                "sse-window: interrupted; finished rows are kept, go on with --resume", err=True
            )
            ctx.exit(EXIT_INTERRUPTED)
    options = {
        "list": selection.source if expression is None else None,
        "all": expression,
        "max_e_above_hull_eV_per_atom": max_e_above_hull,
        "electrodes": electrodes,
        "voltage_range_V": voltage,
        "steps": steps,
        "tolerance_eV_per_atom": tolerance,
        "where": where,
        "sort": sort,
        "top": top,
        "compare": compare,
    }
    _report(summary, table, common, common.options(**options))
    if summary.failed:
        ctx.exit(EXIT_SOME_FAILED)


def _selection(
    table: PhaseTable, file: str | None, expression: str | None, max_e_above_hull: float | None
) -> Selection:
    from ..runs.selection import read_list, select_phases

    if expression is not None:
        return select_phases(table, expression, max_e_above_hull)
    assert file is not None
    return read_list(file)


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
