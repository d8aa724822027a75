"""`sse-window topotactic`: ions in and out of one framework, from the user's states."""

from __future__ import annotations

from pathlib import Path

import click

from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import GROUPS, Common, options_of

__all__ = ["topotactic"]


@click.command(cls=Command)
@click.option(
    "--states",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="States of one framework: CSV or JSON with formula and formation_energy_per_atom_eV, "
    "pymatgen entries, or a folder of vasprun.xml.",
)
@click.option("--reactant", metavar="FORMULA", help="The pristine state; else the first one.")
@figure_options
@options_of(*GROUPS, reads_files=True)
def topotactic(states: Path, reactant: str | None, figure: FigureOptions, common: Common) -> None:
    """Topotactic window: where a framework neither takes up nor gives off ions.

    From the energies of states that differ in nothing but the working ion's content follow the
    steps of its framework, the onsets of ion uptake and release, and how far each state lies above
    the full hull; beside them stands the decomposition window. With -o window.svg (.png, .pdf)
    draws both windows and the hull of the framework.

    \b
    Examples:
      sse-window topotactic --states LixPS5Cl.csv --reactant LPSCl
      sse-window topotactic --states runs/ --reactant LLZO -o llzo.svg
      sse-window topotactic --states NaxMnO2.json --ion Na --format json
      (window LGPS shows the decomposition alone)
    """
    from .. import api, plots, terminal
    from ..results.rows import entry_rows
    from ..results.schema import TOPOTACTIC

    picture = common.prepare_output(PICTURES)
    style = figure.style(picture, "single")
    common.spare_inputs(states)
    table = common.table()
    result = api.topotactic(
        states,
        common.ion,
        reactant=reactant,
        phases=table,
        corrections=common.corrections,
        allow_mixed=common.allow_mixed,
    )
    options = {"states": str(states), "reactant": reactant}
    common.emit(
        [result],
        table.provenance,
        rows=lambda: entry_rows(result, "states", TOPOTACTIC),
        text=lambda: terminal.topotactic_tables(result),
        style=style,
        sheet=lambda **how: plots.topotactic_figure(result, **how),
        options=options,
    )
