"""`sse-window sinter`: phases heated together in an atmosphere."""

from __future__ import annotations

import math
from typing import Literal

import click

from .completion import electrode_names, formula_names
from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import Common, FiniteFloat, common_options, compare_option

__all__ = ["sinter"]

ATMOSPHERES = (
    "air", "wet-air", "O2", "N2", "Ar", "CO2", "CO", "H2", "H2O", "Cl2", "SO2", "S2",
)  # fmt: skip


def _pressures(
    ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]
) -> dict[str, float]:
    """Pressures in bar, by gas, of texts such as O2=0.21; the last of a gas counts."""
    found = {}
    for text in texts:
        gas, _, value = text.partition("=")
        try:
            pressure = float(value)
        except ValueError:
            pressure = math.nan
        if not gas.strip() or math.isnan(pressure):
            raise click.BadParameter(f"{text!r} is not understood; write such as O2=0.21, in bar")
        found[gas.strip()] = pressure
    return found


@click.command(cls=Command)
@click.argument("a", shell_complete=formula_names)
@click.argument("b", required=False, shell_complete=electrode_names)
@click.option(
    "--temperature",
    nargs=2,
    type=FiniteFloat(),
    metavar="LO HI",
    help="Range in kelvin (300 1300).",
)
@click.option(
    "--atmosphere",
    type=click.Choice(ATMOSPHERES, case_sensitive=False),
    default="air",
    show_default=True,
    help="Gases that are exchanged.",
)
@click.option(
    "--pressure",
    "pressures",
    callback=_pressures,
    multiple=True,
    metavar="GAS=BAR",
    help="Another pressure, or a further gas, such as CO2=0.0004; repeatable.",
)
@click.option(
    "--additive",
    "additives",
    multiple=True,
    metavar="C",
    help="A sintering aid, or carbon, as third component; repeatable.",
)
@click.option("--by-metal", is_flag=True, help="Which metal of B drives the reaction.")
@click.option(
    "--energies",
    type=click.Choice(["measured", "table"]),
    help="Measured enthalpies and entropies, or the table; else measured where all have them and "
    "no dataset is named.",
)
@click.option(
    "--map",
    "as_map",
    is_flag=True,
    help="Phases in equilibrium against temperature and oxygen pressure.",
)
@click.option(
    "--log-pressure",
    nargs=2,
    type=FiniteFloat(),
    metavar="LO HI",
    help="Range of --map: decimal logarithm of the oxygen pressure in bar (-20 0).",
)
@compare_option
@figure_options
@common_options
def sinter(
    a: str,
    b: str | None,
    temperature: tuple[float, float] | None,
    atmosphere: str,
    pressures: dict[str, float],
    additives: tuple[str, ...],
    by_metal: bool,
    energies: Literal["measured", "table"] | None,
    as_map: bool,
    log_pressure: tuple[float, float] | None,
    compare: str | None,
    figure: FigureOptions,
    common: Common,
) -> None:
    """One phase, or two in contact, heated in an atmosphere.

    One phase: where it takes up or gives off gas. Two: their worst mutual reaction at every
    temperature, with products and gases, and the onset (-5 meV per non-gas atom). Cations are
    conserved, gases of the atmosphere exchanged. Energies are measured ones where every phase has
    them, else those of the dataset with gases fitted to it; each answer says which, with its error
    in kelvin. With -o heat.svg (.png, .pdf) draws energy and products against temperature.

    \b
    Examples:
      sse-window sinter LLZO LCO
      sse-window sinter LLZO NMC811 --by-metal --temperature 773 1273
      sse-window sinter LLZO LCO --additive Li3BO3 --atmosphere wet-air
      sse-window sinter CaCO3 --atmosphere CO2 --pressure CO2=0.1
      sse-window sinter Li2CO3 C --atmosphere Ar --pressure CO=0.001
      sse-window sinter LCO --map -o map.png
      (pair LLZO LCO shows what happens at room temperature, at a voltage)
    """
    from .. import api, plots, terminal
    from ..results.rows import entry_rows
    from ..results.schema import SINTER, STABILITY_MAP

    picture = common.prepare_output(PICTURES)
    style = figure.style(picture, "double")
    if log_pressure and not as_map:
        raise click.UsageError("--log-pressure goes with --map")
    if by_metal and b is None:
        raise click.UsageError("--by-metal asks about the second phase: name it")
    if as_map:
        unused = {
            "--atmosphere": atmosphere != "air", "--pressure": bool(pressures),
            "--additive": bool(additives), "--by-metal": by_metal, "--compare": bool(compare),
        }  # fmt: skip
        for flag, is_given in unused.items():
            if is_given:
                raise click.UsageError(f"{flag} means nothing to --map: leave it out")
    if picture and compare:
        raise click.UsageError("--compare is not drawn: leave it out, or write a table")
    if picture and by_metal:
        raise click.UsageError("--by-metal is not drawn: leave it out, or write a table")
    if common.dataset or common.entries or common.exclude or compare:
        if energies == "measured":
            raise click.UsageError(
                "--energies measured takes none of --dataset, --entries, --exclude, --compare"
            )
        energies = "table"
    span = temperature or api.TEMPERATURE_RANGE_K
    tables = common.tables(compare)
    options = {
        "temperature_K": temperature,
        "atmosphere": None if as_map or atmosphere == "air" else atmosphere,
        "pressures_bar": pressures or None,
        "additives": list(additives),
        "by_metal": by_metal,
        "energies": energies,
        "log_pressure_range": log_pressure,
        "compare": compare,
    }
    if as_map:
        found = api.stability_map(
            a,
            b,
            temperature_K=span,
            log_pressure=log_pressure or api.LOG_PRESSURE_RANGE,
            energies=energies,
            phases=tables[0],
        )
        common.emit(
            [found],
            found.dataset,
            rows=lambda: entry_rows(found, "fields", STABILITY_MAP),
            text=lambda: terminal.map_tables(found),
            style=style,
            sheet=lambda **how: plots.stability_map_figure(found, **how),
            options=options,
        )
        return
    results = [
        api.sinter(
            a,
            b,
            temperature_K=span,
            atmosphere=atmosphere,
            pressures_bar=pressures,
            additives=additives,
            by_metal=by_metal,
            energies=energies,
            ion=common.ion,
            phases=table,
        )
        for table in tables
    ]
    common.emit(
        results,
        results[0].dataset,
        rows=lambda: [row for result in results for row in entry_rows(result, "points", SINTER)],
        text=lambda: [line for result in results for line in terminal.sinter_tables(result)],
        style=style,
        sheet=lambda **how: plots.sinter_figure(results[0], **how),
        options=options,
    )
