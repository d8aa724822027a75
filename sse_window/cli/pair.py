"""`sse-window pair`: chemical and electrochemical reactions of an electrolyte with an electrode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .completion import electrode_names, formula_names
from .figures import FigureOptions, figure_options
from .help import Command
from .options import (
    Common,
    common_options,
    compare_option,
    e_above_hull_option,
    gas_option,
    uncertainty_options,
)

if TYPE_CHECKING:
    from ..results.answers import PairAnalysis

__all__ = ["pair"]

PICTURES = (".png", ".svg", ".pdf")


@click.command(cls=Command)
@click.argument("electrolyte", shell_complete=formula_names)
@click.argument("electrode", shell_complete=electrode_names)
@click.option(
    "--voltage",
    nargs=2,
    type=float,
    metavar="LOW HIGH",
    help="Operating range, V vs the metal; else that of the known electrode.",
)
@click.option(
    "--additive",
    "additives",
    multiple=True,
    metavar="C",
    shell_complete=formula_names,
    help="Third component, such as carbon or PVDF; repeatable, each an answer of its own.",
)
@e_above_hull_option
@gas_option
@uncertainty_options
@compare_option
@figure_options
@common_options
def pair(
    electrolyte: str,
    electrode: str,
    voltage: tuple[float, float] | None,
    additives: tuple[str, ...],
    e_above_hull: float | None,
    gas_K: float | None,
    draws: int | None,
    seed: int | None,
    energy_error: float | None,
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
    from .. import api, terminal
    from ..results.rows import row
    from ..results.schema import PAIR

    picture = common.prepare_output(PICTURES)
    style = figure.style(picture, "double")
    if draws is None:
        for option, given in (("--seed", seed), ("--energy-error", energy_error)):
            if given is not None:
                raise click.UsageError(f"{option} goes with --uncertainty")
    if picture and draws:
        raise click.UsageError("--uncertainty is not drawn: leave it out, or write a table")
    if picture and len(additives) > 1:
        raise click.UsageError("a picture shows one --additive: take the others out")
    api.composition(electrolyte)
    tables = common.tables(compare)
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
        draws=draws,
        seed=api.SEED if seed is None else seed,
        energy_error_eV_per_atom=energy_error,
    )
    options = {
        "voltage_range_V": voltage,
        "additive": ", ".join(additives) or None,
        "e_above_hull_eV_per_atom": e_above_hull,
        "gas_temperature_K": gas_K,
        "draws": draws,
        "seed": seed,
        "energy_error_eV_per_atom": energy_error,
        "compare": compare,
    }
    if style is not None:
        from .. import plots

        curves = [api.pair_curves(result) for result in results]
        shaped = common.options(**options)
        common.draw(plots.pair_figure(curves, style=style, options=shaped))
        return
    if gas_K is None and common.shows_elsewhere(compare):
        results = api.pairs_elsewhere(results)
    common.emit(
        results,
        tables[0].provenance,
        rows=lambda: [row(result, PAIR) for result in results],
        text=lambda: terminal.pair_tables(results),
        **options,
    )
