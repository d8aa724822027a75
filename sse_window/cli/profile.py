"""`sse-window profile`: every step of the voltage profile, as a table or a picture."""

from __future__ import annotations

import click

from .options import Common, common_options

__all__ = ["profile"]

PICTURES = (".png", ".svg", ".pdf", ".html")


@click.command()
@click.argument("formula")
@click.option(
    "--e-above-hull",
    type=float,
    metavar="X",
    help="Energy above hull to assume for the composition, eV/atom.",
)
@common_options
def profile(formula: str, e_above_hull: float | None, common: Common) -> None:
    """Voltage profile: ions exchanged and phase equilibria at every voltage.

    With -o profile.png (.svg, .pdf, .html) draws the profile, with the window shaded and the
    decomposition energy beside it.

    \b
    Examples:
      sse-window profile LGPS
      sse-window profile LGPS -o lgps.png
      sse-window profile MgSc2Se4 --ion Mg -o steps.csv
    """
    from .. import names, records, reports
    from ..windows import stability_window

    picture = common.prepare_output(PICTURES)
    composition = names.resolve(formula)
    table = common.table()
    window = stability_window(table, composition, common.ion, e_above_hull=e_above_hull)
    if picture:
        from .. import plots

        assert common.output is not None
        plots.draw_profile(window, common.output)
        common.notice(f"drew {common.output}")
        return
    common.emit(
        [window],
        table,
        rows=lambda: records.step_rows(window),
        text=lambda: reports.profile_tables([window]),
        e_above_hull_eV_per_atom=e_above_hull,
    )
