"""`sse-window window`: limits, width, energy above hull and the reactions beyond each limit."""

from __future__ import annotations

import click

from .options import Common, common_options

__all__ = ["window"]


@click.command(no_args_is_help=False)
@click.argument("formulas", nargs=-1, required=True, metavar="FORMULA...")
@click.option(
    "--e-above-hull",
    type=float,
    metavar="X",
    help="Energy above hull to assume for the compositions, eV/atom.",
)
@common_options
def window(formulas: tuple[str, ...], e_above_hull: float | None, common: Common) -> None:
    """Stability windows of one or more electrolytes.

    Prints the reduction and oxidation potential, what forms beyond each, the energy above hull, and
    what the window rests on.

    \b
    Examples:
      sse-window window LGPS LLZO Li6.5La3Zr1.5Ta0.5O12
      sse-window window Na3PS4 --ion Na --format json
    """
    from .. import names, records, reports
    from ..windows import stability_window

    common.prepare_output()
    compositions = [names.resolve(formula) for formula in formulas]
    table = common.table()
    windows = [
        stability_window(table, composition, common.ion, e_above_hull=e_above_hull)
        for composition in compositions
    ]
    common.emit(
        windows,
        table,
        rows=lambda: [records.window_row(w) for w in windows],
        text=lambda: reports.window_tables(windows),
        e_above_hull_eV_per_atom=e_above_hull,
    )
