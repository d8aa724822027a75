"""`sse-window strain`: volume of electrodes and of their mixtures against the state of charge."""

from __future__ import annotations

from pathlib import Path

import click

from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import Common, FiniteFloat, common_options

__all__ = ["strain"]


def _numbers(
    ctx: click.Context, param: click.Parameter, text: str | None
) -> tuple[float, ...] | None:
    """Numbers with colons between, such as 45:55."""
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.replace(",", ":").split(":"))
    except ValueError:
        raise click.BadParameter(f"{text!r} is not understood; write such as 45:55") from None


@click.command(cls=Command)
@click.argument("electrodes", nargs=-1, required=True, metavar="ELECTRODE...")
@click.option(
    "--upto",
    type=FiniteFloat(),
    metavar="V",
    help="Upper voltage of a mixture, vs the metal; else a series of them.",
)
@click.option(
    "--shares",
    callback=_numbers,
    metavar="A:B",
    help="Shares of a mixture by mass; else those that keep the volume.",
)
@click.option(
    "--fractions",
    callback=_numbers,
    metavar="X:Y",
    help="Filled share of the ion sites of every material, in place of a voltage.",
)
@click.option(
    "--cells",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own measured unit cells: CSV with electrode, formula, volume_A3, voltage_V.",
)
@figure_options
@common_options
def strain(
    electrodes: tuple[str, ...],
    upto: float | None,
    shares: tuple[float, ...] | None,
    fractions: tuple[float, ...] | None,
    cells: Path | None,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Volume of electrodes against lithium content and voltage, and zero-strain mixtures.

    Measured unit cells where there are any (LCO, NMC, NCA, graphite, Si, LTO, your own), volumes of
    phases for anodes that change phase (Sn, Sb, Al, In, S). Two or more active materials at one
    potential: the shares by mass that keep the volume, for every upper voltage. Strain, never
    stress. With -o volume.svg (.png, .pdf) draws both.

    \b
    Examples:
      sse-window strain LCO NMC811
      sse-window strain LCO NMC811 --upto 4.1
      sse-window strain LCO NMC811 --shares 45:55 --fractions 0.60:0.40
      sse-window strain Sn --format json
      (pair LGPS LCO shows the volume change of what forms between them)
    """
    from .. import api, plots, terminal
    from ..results.records import NO_DATASET
    from ..results.rows import entry_rows
    from ..results.schema import STRAIN

    picture = common.prepare_output(PICTURES)
    style = figure.style(picture, "single")
    common.spare_inputs(cells)
    if upto is not None and fractions is not None:
        raise click.UsageError("--upto and --fractions exclude each other")
    if len(electrodes) == 1 and (upto is not None or shares or fractions):
        raise click.UsageError("--upto, --shares and --fractions need two electrodes or more")
    table = common.table()
    result = api.strain(
        electrodes,
        common.ion,
        upto_V=upto,
        mass_fractions=shares,
        ion_fractions=fractions,
        cells=cells,
        phases=table,
    )
    if result.dataset is None:
        common.refuse("measured unit cells", "dataset", "entries", "exclude", "refresh")
    options = {
        "upto_V": upto,
        "shares": shares,
        "ion_fractions": fractions,
        "cells": None if cells is None else str(cells),
    }
    common.emit(
        [result],
        result.dataset or NO_DATASET,
        rows=lambda: [row for e in result.electrodes for row in entry_rows(e, "points", STRAIN)],
        text=lambda: terminal.strain_tables(result),
        style=style,
        sheet=lambda **how: plots.strain_figure(result, **how),
        options=options,
    )
