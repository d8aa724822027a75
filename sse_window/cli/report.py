"""`sse-window report`: results as one HTML file to look at, sort and filter."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from .figures import PICTURES, FigureOptions, figure_options
from .help import Command

__all__ = ["report"]


@click.command(cls=Command)
@click.argument("results", type=click.Path(path_type=Path), metavar="RESULTS")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="The .html file, or a .svg, .png or .pdf map of pairs; it appears whole or not at all.",
)
@click.option(
    "--value",
    type=click.Choice(["open", "closed"]),
    help="In a map: reactions open to the ion over the operating range, or closed ones.",
)
@figure_options
@click.option(
    "--details/--no-details",
    default=None,
    help="Steps of every row, worked out again where the file holds none; by default for up to "
    "500 rows.",
)
@click.option(
    "--dataset",
    metavar="NAME|PATH",
    help="Dataset of the rows, if it is not known under the name they give; its hash must match.",
)
@click.option("-q", "--quiet", is_flag=True, help="No notices on stderr.")
@click.option("-v", "--verbose", count=True, help="Notices; twice: tracebacks of errors.")
@click.pass_context
def report(
    ctx: click.Context,
    results: Path,
    output: Path,
    value: str | None,
    figure: FigureOptions,
    details: bool | None,
    dataset: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Results of screen, window, pair, coatings or stack as one HTML file.

    Opens offline in any browser: a table to sort and filter, stability windows against the ranges
    of electrodes, a map of pairs, and for each row its steps, reactions, interphase and provenance.
    RESULTS is a .parquet, .csv, .jsonl or .json file.

    \b
    Examples:
      sse-window report results.parquet -o report.html
      sse-window report pairs.jsonl -o pairs.html --title "Sulfides on NMC811" --no-details
      sse-window report pairs.parquet -o map.svg --width single
    """
    from ..html_report import read_results, write_report

    ctx.meta["sse_window.verbose"] = verbose
    if output.suffix.lower() in PICTURES:
        from .. import plots

        if details is not None or dataset is not None:
            raise click.UsageError("--details and --dataset go with a page: give -o FILE.html")
        style = figure.style(True, "double")
        assert style is not None
        rows = read_results(results).rows
        plots.heat_map_figure(rows, value=value or "open", style=style).save(output)
        return
    if value is not None:
        raise click.UsageError("--value goes with a map: give -o FILE.svg")
    title = figure.title
    replace(figure, title=None).style(False, "double")
    read = write_report(results, output, title=title, details=details, dataset=dataset)
    if not quiet and (verbose or sys.stderr.isatty()):
        failed = sum(failure is not None for failure in read.failures)
        click.echo(
            f"sse-window: wrote {output}: {len(read.rows)} rows, {failed} of them failed", err=True
        )
