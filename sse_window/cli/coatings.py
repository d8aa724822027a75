"""`sse-window coatings`: coatings between an electrolyte and an electrode, by rank."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from .figures import FigureOptions, figure_options
from .help import Command
from .options import Common, FiniteFloat, common_options

if TYPE_CHECKING:
    from ..cells.coating_search import CoatingSearch

__all__ = ["coatings"]

EXIT_INTERRUPTED = 128 + signal.SIGINT

PICTURES = (".png", ".svg", ".pdf")

SHOWN = 20
"""Ranks that a table shows."""


@click.command(cls=Command)
@click.argument("electrolyte")
@click.argument("electrode")
@click.option("--among", metavar="FILE", help="Only the formulas of a list.")
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
@click.option(
    "--voltage",
    nargs=2,
    type=FiniteFloat(),
    metavar="LOW HIGH",
    help="Operating range of the electrode, V vs the metal; else its own.",
)
@click.option(
    "--min-gap", type=FiniteFloat(min=0.0), metavar="X",
    help="Band gap above X eV (0.5; before a negative electrode 1).",
)  # fmt: skip
@click.option(
    "--max-e-above-hull", type=FiniteFloat(min=0.0), metavar="X",
    help="Energy above hull below X eV/atom (0.005; before a negative electrode 0.03).",
)  # fmt: skip
@click.option(
    "--min-oxidation", type=FiniteFloat(min=0.0), metavar="V",
    help="Oxidised at V or higher (the upper end of the electrode's range).",
)  # fmt: skip
@click.option(
    "--max-reduction", type=FiniteFloat(min=0.0), metavar="V",
    help="Reduced at V or lower (before a negative electrode the lower end of its range).",
)  # fmt: skip
@click.option(
    "--min-width", type=FiniteFloat(min=0.0), metavar="V",
    help="Window of V or more (before a negative electrode 1).",
)  # fmt: skip
@click.option(
    "--min-reaction-energy", type=FiniteFloat(max=0.0), metavar="X",
    help="Worst reaction energy with every side above X eV/atom (-0.1 before a positive one).",
)  # fmt: skip
@click.option(
    "--overlap/--no-overlap",
    default=None,
    help="Whether its window has to overlap that of the electrolyte (before a positive electrode).",
)
@click.option("--radioactive", is_flag=True, help="Let radioactive elements pass.")
@click.option("--without-ion", is_flag=True, help="Let compounds pass that hold no working ion.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes; as many as there are processors unless the list is short.",
)
@click.option(
    "--scheduler", metavar="ADDRESS|FILE", help="Work on a Dask cluster that is running there."
)
@click.option("--resume", is_flag=True, help="Go on with a run with -o that was interrupted.")
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
    min_gap: float | None,
    max_e_above_hull: float | None,
    min_oxidation: float | None,
    max_reduction: float | None,
    min_width: float | None,
    min_reaction_energy: float | None,
    overlap: bool | None,
    radioactive: bool,
    without_ion: bool,
    jobs: int | None,
    scheduler: str | None,
    resume: bool,
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
    from .. import api, terminal
    from ..results.rows import row
    from ..results.schema import COATING

    style = figure.style(common.prepare_output(PICTURES), "double")
    if among is not None and elements is not None:
        raise click.UsageError("--among and --all exclude each other")
    if resume and common.output is None:
        raise click.UsageError("--resume goes with -o FILE: what is kept lies beside it")
    if jobs is not None and scheduler is not None:
        raise click.UsageError("--jobs and --scheduler exclude each other")
    common.spare_inputs(among)
    given: dict[str, Any] = {
        "min_band_gap_eV": min_gap,
        "max_e_above_hull_eV_per_atom": max_e_above_hull,
        "min_oxidation_potential_V": min_oxidation,
        "max_reduction_potential_V": max_reduction,
        "min_window_width_V": min_width,
        "min_reaction_energy_eV_per_atom": min_reaction_energy,
        "window_overlap": overlap,
        "radioactive": radioactive or None,
        "contains_ion": False if without_ion else None,
    }
    # A limit of the reduction potential is what the overlap stands for.
    if max_reduction is not None and overlap is None:
        given["window_overlap"] = False
    thresholds = {name: value for name, value in given.items() if value is not None}
    table = common.table()
    options = {
        "electrolyte": electrolyte,
        "electrode": electrode,
        "among": among,
        "all": elements,
        "top": top,
        "voltage_range_V": voltage,
        "radioactive": radioactive,
        **{name: value for name, value in thresholds.items() if name != "radioactive"},
    }

    def write(search: CoatingSearch) -> None:
        if style is not None:
            from .. import plots

            shaped = common.options(**options)
            common.draw(plots.coatings_figure(search, style=style, options=shaped))
            return
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
            **options,
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
            resume=resume,
            jobs=jobs,
            scheduler=scheduler,
            **thresholds,
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
