"""`sse-window stack`: layers from the negative to the positive electrode, contact by contact."""

from __future__ import annotations

import click

from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import Common, common_options

__all__ = ["stack"]


@click.command(cls=Command)
@click.argument("layers", nargs=-1, required=True, metavar="LAYER...")
@click.option(
    "--suggest",
    is_flag=True,
    help="Look for a layer or coating that leaves less at the worst contact and junction.",
)
@figure_options
@common_options
def stack(layers: tuple[str, ...], suggest: bool, figure: FigureOptions, common: Common) -> None:
    """A stack of layers: which contacts react, and where no potential suits both sides.

    Name the negative electrode, one or more electrolytes or coatings, and the positive electrode,
    in order. The outer layers are held against the electrodes over their operating ranges, in both
    states of charge; between two layers their closed reaction counts, and whether their windows
    overlap: where they do not, both react even unmixed. No potential profile is drawn through a
    layer, because the electrodes do not fix it there. With -o stack.svg (.png, .pdf) draws the
    windows as blocks, with what reacts at every border.

    \b
    Examples:
      sse-window stack Li LPSCl Li3InCl6 NMC811
      sse-window stack Li LLZO Li3BO3 LCO --suggest
      sse-window stack Na Na3PS4 NaxCoO2 --ion Na --format json
      (pair LGPS LCO shows one contact with all its reactions)
    """
    from .. import api, plots, terminal
    from ..results.rows import entry_rows
    from ..results.schema import STACK

    style = figure.style(common.prepare_output(PICTURES), "double")
    table = common.table(*layers)
    result = api.stack(layers, common.ion, suggest=suggest, phases=table)
    options = {"layers": " | ".join(layers), "suggest": suggest}
    common.emit(
        [result],
        table.provenance,
        rows=lambda: entry_rows(result, "contacts", STACK),
        text=lambda: terminal.stack_tables(result),
        style=style,
        sheet=lambda **how: plots.stack_figure(result, **how),
        options=options,
    )
