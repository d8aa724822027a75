"""`sse-window pair`: chemical and electrochemical reactions of an electrolyte with an electrode."""

from __future__ import annotations

import click

from .options import Common, common_options

__all__ = ["pair"]

PICTURES = (".png", ".svg", ".pdf")


@click.command()
@click.argument("electrolyte")
@click.argument("electrode")
@click.option(
    "--voltage",
    nargs=2,
    type=float,
    metavar="LOW HIGH",
    help="Operating range, V vs the metal; else that of the known electrode.",
)
@click.option("--additive", metavar="C", help="Third component, such as C or a coating.")
@click.option(
    "--e-above-hull",
    type=float,
    metavar="X",
    help="Energy above hull to assume for the electrolyte, eV/atom.",
)
@common_options
def pair(
    electrolyte: str,
    electrode: str,
    voltage: tuple[float, float] | None,
    additive: str | None,
    e_above_hull: float | None,
    common: Common,
) -> None:
    """Reactions of an electrolyte with an electrode, and the interphase that forms.

    A known electrode (LCO, NMC811, LFP, graphite, Li) is taken discharged and charged, over its
    operating range; a formula as given. "total" counts from the two phases as they are, "mutual"
    from each side's own equilibrium: what the contact adds.

    \b
    Examples:
      sse-window pair LGPS LCO
      sse-window pair LLZO LiCoO2 --voltage 3.0 4.2 --format json
      sse-window pair LPSCl NMC811 --additive C -o pair.svg
    """
    from .. import cells, records, reports

    picture = common.prepare_output(PICTURES)
    table = common.table()
    results = cells.pair(
        table,
        electrolyte,
        electrode,
        common.ion,
        voltage_range_V=voltage,
        additive=additive,
        e_above_hull=e_above_hull,
    )
    if picture:
        from .. import plots

        assert common.output is not None
        plots.draw_pair(results, common.output)
        common.notice(f"drew {common.output}")
        return
    common.emit(
        results,
        table,
        rows=lambda: [records.pair_row(result) for result in results],
        text=lambda: reports.pair_tables(results),
        voltage_range_V=voltage,
        additive=additive,
        e_above_hull_eV_per_atom=e_above_hull,
    )
