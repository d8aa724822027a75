"""`sse-window coatings`: coatings between an electrolyte and an electrode, by rank."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .coating_filters import filter_options
from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import Common, common_options, voltage_range_option
from .running import EXIT_INTERRUPTED, RunOptions, run_options

if TYPE_CHECKING:
    from ..cells.coating_search import CoatingSearch

__all__ = ["coatings"]

SHOWN = 20
"""Ranks that a table shows."""


@click.command(cls=Command)
@click.argument("electrolyte")
@click.argument("electrode")
@click.option(
    "--among",
    metavar="FILE",
    help="The formulas of a list, and the well-known coatings beside them.",
)
@click.option(
    "--all",
    "elements",
    metavar="ELEMENTS",
    help="Every compound with these elements (&, |, ! and brackets); else every one with the ion.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="Show the first N (20) and the well-known ones; of a file, write only these.",
)
@voltage_range_option
@filter_options
@run_options
@figure_options
@common_options
@click.pass_context
def coatings(
    ctx: click.Context,
    electrolyte: str,
    electrode: str,
    among: str | None,
    elements: str | None,
    top: int | None,
    voltage: tuple[float, float] | None,
    filters: dict[str, Any],
    where: RunOptions,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Coatings between an electrolyte and an electrode: which compounds pass, and by what rank.

    Every compound of the dataset that holds the ion is held against both sides: worst reaction
    energies, stability window, energy above hull, band gap. Before a positive electrode the filters
    are those of Xiao 2019, before a negative one (Li, graphite) those of Honrao 2021; whatever is
    rejected is so with its reason, and well-known coatings are always shown. No migration barriers
    are known here: the rank is not about rate. With -o FILE all candidates go into the file; a
    picture (.png, .svg, .pdf) maps one reaction energy against the other.

    \b
    Examples:
      sse-window coatings LPSCl NMC811
      sse-window coatings LGPS LCO --among candidates.txt --min-oxidation 4.0
      sse-window coatings LPSCl Li --all "Li & (F | Cl | N)" --top 10
      sse-window coatings LLZO NMC622 -o coatings.csv
    """
    from .. import api, plots, terminal
    from ..results.rows import row
    from ..results.schema import COATING

    style = figure.style(common.prepare_output(PICTURES), "double")
    if among is not None and elements is not None:
        raise click.UsageError("--among and --all exclude each other")
    if where.resume and common.output is None:
        raise click.UsageError("--resume goes with -o FILE: what is kept lies beside it")
    common.spare_inputs(among)
    table = common.table()
    options = {
        "electrolyte": electrolyte,
        "electrode": electrode,
        "among": among,
        "all": elements,
        "top": top,
        "voltage_range_V": voltage,
        **filters,
        "without_ion": filters.get("contains_ion") is False,
        "no_overlap": filters.get("window_overlap") is False,
    }

    def write(search: CoatingSearch) -> None:
        kept = [
            found
            for found in search.results
            if top is None or found.well_known or (found.rank or top + 1) <= top
        ]
        about = {
            "filters": search.filters.to_dict(),
            "funnel": [step.to_dict() for step in search.funnel],
            "bare": search.bare.to_dict(),
        }
        common.emit(
            kept,
            table.provenance,
            {"search": about},
            rows=lambda: [row(result, COATING) for result in kept],
            text=lambda: terminal.coating_tables(search, top or SHOWN),
            style=style,
            sheet=lambda **how: plots.coatings_figure(search, **how),
            options=options,
        )

    try:
        api.coatings(
            electrolyte,
            electrode,
            common.ion,
            among=among,
            elements=elements,
            voltage_range_V=voltage,
            details=top or SHOWN,
            phases=table,
            progress=_said(common),
            output=common.output,
            write=write,
            **asdict(where),
            **filters,
        )
    except KeyboardInterrupt:
        kept_too = "; finished candidates are kept, go on with --resume" if common.output else ""
        click.echo(f"sse-window: interrupted{kept_too}", err=True)
        ctx.exit(EXIT_INTERRUPTED)


def _said(common: Common) -> Callable[[int, int], None] | None:
    """Progress on stderr, for a person at a terminal."""
    if common.quiet or not sys.stderr.isatty():
        return None

    def told(done: int, total: int) -> None:
        click.echo(f"\rcandidates: {done} of {total}", nl=done == total, err=True)

    return told
