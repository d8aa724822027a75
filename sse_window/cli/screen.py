"""`sse-window screen`: many compositions or pairs into a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from .completion import electrode_names
from .help import Command
from .options import (
    GROUPS,
    Common,
    FiniteFloat,
    compare_option,
    options_of,
    tolerance_option,
    voltage_range_option,
)
from .running import RunOptions, run, run_options

if TYPE_CHECKING:
    from ..results.answers import PhaseTable
    from ..runs.selection import Selection

__all__ = ["screen"]


@click.command(cls=Command)
@click.argument("file", required=False)
@click.option(
    "--column",
    metavar="NAME",
    help="Column of FILE that holds the formulas, if it is not formula or electrolyte.",
)
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
@voltage_range_option
@click.option("--steps", is_flag=True, help="Keep the steps of every voltage profile, as JSON.")
@click.option(
    "--where",
    "condition",
    metavar="CONDITION",
    help="Write only rows for which this holds, by column names: comparisons, in [...], + - * /, "
    "and, or, not, x.str.contains('Li') (startswith, endswith; plain text), x.isnull().",
)
@click.option(
    "--sort", metavar="[-]COLUMN", help="Sort rows by a column; with - before it, descending."
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Write only N rows.")
@run_options
@tolerance_option
@compare_option
@options_of(*(group for group in GROUPS if group != "cite"))
@click.pass_context
def screen(
    ctx: click.Context,
    file: str | None,
    column: str | None,
    expression: str | None,
    max_e_above_hull: float | None,
    electrodes: tuple[str, ...],
    voltage: tuple[float, float] | None,
    steps: bool,
    condition: str | None,
    sort: str | None,
    top: int | None,
    where: RunOptions,
    tolerance: float | None,
    compare: str | None,
    common: Common,
) -> None:
    """Stability windows, or reactions with electrodes, of many compositions.

    FILE holds one formula a line, or is a CSV, JSON or Parquet file with a column "formula" (or
    "electrolyte", and possibly "electrode"); further columns are carried through. "-" is standard
    input. Results go to the .parquet, .csv or .jsonl file after -o, in the order of the list; what
    cannot be answered is a row with its reason, and makes the exit code 3. Finished rows are kept
    beside that file: after an interruption, --resume goes on from there. Of pairs, --columns
    without reactions, gases and interphase are worked out far faster than full rows.

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
    if column is not None and expression is not None:
        raise click.UsageError("--column goes with FILE")
    if max_e_above_hull is not None and expression is None:
        raise click.UsageError("--max-e-above-hull goes with --all")
    # Standard input may be a file as well.
    common.spare_inputs("/dev/stdin" if file == "-" else file)
    table, *beside = common.tables(compare)
    selection = _selection(table, file, column, expression, max_e_above_hull)
    if voltage and not electrodes and selection.electrodes is None:
        raise click.UsageError("--voltage is the range of electrodes: name one with --electrode")
    compared = tuple(other.provenance.name for other in beside)
    plan = screening.Plan(common.ion, electrodes, voltage or None, steps, compared)
    if tolerance is not None:
        plan = replace(plan, tolerance_eV_per_atom=tolerance)
    options = {
        "list": selection.source if expression is None else None,
        "column": column,
        "all": expression,
        "max_e_above_hull_eV_per_atom": max_e_above_hull,
        "electrodes": electrodes,
        "voltage_range_V": voltage,
        "steps": steps,
        "tolerance_eV_per_atom": tolerance,
        "where": condition,
        "sort": sort,
        "top": top,
        "columns": common.columns,
        "compare": compare,
    }
    run(
        ctx,
        common,
        table,
        selection,
        plan,
        options,
        where,
        choice=Choice(condition, sort, top, common.columns),
        beside=beside,
    )


def _selection(
    table: PhaseTable,
    file: str | None,
    column: str | None,
    expression: str | None,
    max_e_above_hull: float | None,
) -> Selection:
    from ..runs.lists import read_list
    from ..runs.selection import select_phases

    if expression is not None:
        return select_phases(table, expression, max_e_above_hull)
    assert file is not None
    return read_list(file, column)
