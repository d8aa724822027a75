"""`sse-window pair`: chemical and electrochemical reactions of an electrolyte with an electrode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .completion import electrode_names, formula_names
from .error_bars import ErrorBars, error_bar_options
from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import (
    Common,
    common_options,
    compare_option,
    e_above_hull_option,
    gas_option,
    voltage_range_option,
)

if TYPE_CHECKING:
    from ..results.answers import PairAnalysis

__all__ = ["pair"]


@click.command(cls=Command)
@click.argument("electrolyte", shell_complete=formula_names)
@click.argument("electrode", shell_complete=electrode_names)
@voltage_range_option
@click.option(
    "--additive",
    "additives",
    multiple=True,
    metavar="C",
    shell_complete=formula_names,
    help="Third component, such as carbon or PVDF; repeatable, each an answer of its own.",
)
@click.option(
    "--state",
    type=click.Choice(["discharged", "charged"]),
    help="Only this state of a known electrode, in tables and pictures.",
)
@e_above_hull_option
@gas_option
@error_bar_options
@compare_option
@figure_options
@common_options
def pair(
    electrolyte: str,
    electrode: str,
    voltage: tuple[float, float] | None,
    additives: tuple[str, ...],
    state: str | None,
    e_above_hull: float | None,
    gas_K: float | None,
    error_bars: ErrorBars,
    compare: str | None,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Reactions of an electrolyte with an electrode, and the interphase that forms.

    A known electrode (LCO, NMC811, LFP, graphite) is taken discharged and charged, over its
    operating range; a formula as given. "total" counts from the two phases as they are, "mutual"
    from each side's own equilibrium: what the contact adds. With -o pair.svg (.png, .pdf) draws the
    reaction energies against the mixing fraction.

    \b
    Examples:
      sse-window pair LGPS LCO
      sse-window pair LLZO LiCoO2 --voltage 3.0 4.2 --format json
      sse-window pair LPSCl NMC811 --additive C --uncertainty=200
      sse-window pair LLZO LCO --additive carbon --additive PVDF
    """
    from .. import api, plots, terminal
    from ..results.rows import row
    from ..results.schema import PAIR

    picture = common.prepare_output(PICTURES)
    style = figure.style(picture, "double")
    if picture and error_bars.draws:
        raise click.UsageError("--uncertainty is not drawn: leave it out, or write a table")
    if picture and len(additives) > 1:
        raise click.UsageError("a picture shows one --additive: take the others out")
    api.composition(electrolyte)
    tables = common.tables(compare, electrolyte, electrode, *additives)
    if gas_K is not None:
        tables = [api.with_gases_at(table, gas_K) for table in tables]
    results: Sequence[PairAnalysis] = api.compare_pairs(
        electrolyte,
        electrode,
        common.ion,
        phases=tables,
        voltage_range_V=voltage,
        additive=additives,
        e_above_hull=e_above_hull,
        **error_bars.question(),
    )
    if state is not None:
        states = dict.fromkeys(result.electrode_state for result in results)
        results = [result for result in results if result.electrode_state == state]
        if not results:
            raise click.UsageError(
                f"--state {state}: {electrode} is taken {' and '.join(states)} only"
            )
    options = {
        "voltage_range_V": voltage,
        "electrode_state": state,
        "additive": ", ".join(additives) or None,
        "e_above_hull_eV_per_atom": e_above_hull,
        "gas_temperature_K": gas_K,
        **error_bars.options(),
        "compare": compare,
    }
    if not picture and gas_K is None and common.shows_elsewhere(compare):
        results = api.pairs_elsewhere(results)
    common.emit(
        results,
        tables[0].provenance,
        rows=lambda: [row(result, PAIR) for result in results],
        text=lambda: terminal.pair_tables(results),
        style=style,
        sheet=lambda **how: plots.pair_figure([api.pair_curves(r) for r in results], **how),
        options=options,
    )
