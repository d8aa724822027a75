"""`sse-window series`: windows and reactions along a series of compositions."""

from __future__ import annotations

from typing import Any

import click

from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import Common, common_options, voltage_range_option
from .running import RunOptions, run, run_options

__all__ = ["series"]


@click.command(cls=Command)
@click.argument("template")
@click.option("--x", "x", metavar="LO:HI:STEP", help="Values of x; or a list, 0,0.25,0.5.")
@click.option("--y", "y", metavar="LO:HI:STEP", help="Values of a second variable, y.")
@click.option(
    "--electrode",
    "electrodes",
    multiple=True,
    metavar="E",
    help="Also react every member with this electrode; repeatable.",
)
@click.option("--additive", metavar="C", help="Third component of every pair, such as C.")
@voltage_range_option
@run_options
@figure_options
@common_options
@click.pass_context
def series(
    ctx: click.Context,
    template: str,
    x: str | None,
    y: str | None,
    electrodes: tuple[str, ...],
    additive: str | None,
    voltage: tuple[float, float] | None,
    where: RunOptions,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Windows and reactions along a series of compositions.

    TEMPLATE is a formula with expressions in braces (Li{7-x}La3Zr{2-x}Ta{x}O12), sets
    (Li10{Ge,Si,Sn}P2S12), or both; a single letter is a variable. Each member is one window, with
    the reaction that limits it and a mark where its neighbouring phases change. With -o series.svg
    (.png, .pdf) draws limits, energy above hull, and reactions; with -o series.parquet a long
    series runs as a screening does, in parallel and with --resume.

    \b
    Examples:
      sse-window series "Li{7-x}La3Zr{2-x}Ta{x}O12" --x 0:2:0.25
      sse-window series "Li10{Ge,Si,Sn}P2S12" --electrode LCO
      sse-window series "Li{6-x}PS{5-x}Cl{1+x}" --x 0:1:0.1 -o argyrodites.svg
      sse-window series "Li{7-x}La3Zr{2-x}Ta{x}O12" --x 0:2:0.0001 -o garnets.parquet
      (window LGPS shows one composition with all its steps)
    """
    ranges = {name: text for name, text in (("x", x), ("y", y)) if text is not None}
    options = {
        "template": template,
        **ranges,
        "electrodes": list(electrodes),
        "additive": additive,
        "voltage_range_V": voltage,
    }
    from ..core.formula_template import FormulaTemplate

    others = [name for name in FormulaTemplate(template).variables if name not in "xy"]
    if others:
        raise click.UsageError(f"variable {others[0]} in TEMPLATE: call variables x and y")
    if not electrodes and (additive or voltage):
        raise click.UsageError("--additive and --voltage go with --electrode")
    if common.output is not None and common.output.suffix.lower() == ".parquet":
        if additive:
            raise click.UsageError("--additive is not part of a screening: leave out -o .parquet")
        figure.style(False, "double")
        common.spare_inputs()
        _run(ctx, common, template, ranges, electrodes, voltage, options, where)
        return
    if where.given:
        raise click.UsageError(f"{where.given[0]} goes with a long series: give -o FILE.parquet")
    from .. import api, plots, terminal
    from ..results.rows import entry_rows, row
    from ..results.schema import SERIES, SERIES_PAIR

    picture = common.prepare_output(PICTURES)
    style = figure.style(picture, "double")
    table = common.table()
    points = api.series(
        template,
        common.ion,
        electrodes=electrodes,
        additive=additive,
        voltage_range_V=voltage,
        all_steps=not picture and common.resolved_format in ("json", "jsonl"),
        phases=table,
        **ranges,
    )
    if picture:
        if len({point.choices for point in points}) > 1 and points[0].values:
            raise click.UsageError("a picture shows one variable or one set: take the other out")
        if len(points[0].values) > 1:
            raise click.UsageError("a picture shows one variable: keep the other at one value")
    common.emit(
        points,
        table.provenance,
        rows=lambda: [
            found
            for point in points
            for found in (
                entry_rows(point, "pairs", SERIES_PAIR) if point.pairs else [row(point, SERIES)]
            )
        ],
        text=lambda: terminal.series_tables(points),
        style=style,
        sheet=lambda **how: plots.series_figure(points, template=template, **how),
        options=options,
    )


def _run(
    ctx: click.Context,
    common: Common,
    template: str,
    ranges: dict[str, str],
    electrodes: tuple[str, ...],
    voltage: tuple[float, float] | None,
    options: dict[str, Any],
    where: RunOptions,
) -> None:
    """A long series as a screening of its members, each with its place in the series."""
    from ..core.formula_template import FormulaTemplate, values_of_range
    from ..runs.screening import Plan
    from ..runs.selection import Selection

    values = {name: values_of_range(text) for name, text in ranges.items()}
    members = list(FormulaTemplate(template).points(values))
    columns: dict[str, list[Any]] = {
        name: [member.values[name] for member in members] for name in members[0].values
    }
    if members[0].choices:
        columns["choices"] = ["; ".join(member.choices) for member in members]
    selection = Selection(
        tuple(member.formula for member in members), None, columns, f"series {template}"
    )
    plan = Plan(common.ion, electrodes, voltage or None)
    run(ctx, common, common.table(), selection, plan, options, where)
