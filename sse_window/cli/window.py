"""`sse-window window`: limits, width, energy above hull and the reactions beyond each limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .completion import formula_names
from .error_bars import ErrorBars, error_bar_options
from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import (
    Common,
    FiniteFloat,
    common_options,
    compare_option,
    e_above_hull_option,
    gas_option,
    reference_option,
    tolerance_option,
)

if TYPE_CHECKING:
    from ..plots.sheet import Sheet
    from ..results.answers import Electrode

__all__ = ["window"]

BEHIND = ("graphite", "LTO", "S", "LFP", "LCO", "LNMO")
"""Electrodes behind the bars of lithium electrolytes: one of each kind; of other ions, all."""


@click.command(cls=Command)
@click.argument(
    "formulas", nargs=-1, required=True, metavar="FORMULA...", shell_complete=formula_names
)
@e_above_hull_option
@gas_option
@tolerance_option
@click.option(
    "--sensitivity", is_flag=True, help="Show what sets each limit, and the limit without it."
)
@click.option(
    "--voltage",
    type=FiniteFloat(min=0.0),
    metavar="V",
    help="Say what forms at this voltage vs the metal (0 is against it), and whether it conducts.",
)
@click.option("--steps", is_flag=True, help="Show every step of the voltage profiles, too.")
@error_bar_options
@compare_option
@reference_option
@click.option(
    "--behind",
    multiple=True,
    metavar="ELECTRODE",
    help="Electrode whose operating range stands behind the bars of a picture; repeatable.",
)
@click.option(
    "--measured", is_flag=True, help="Mark measured limits in a picture, where any are cited."
)
@figure_options
@common_options
def window(
    formulas: tuple[str, ...],
    e_above_hull: float | None,
    gas_K: float | None,
    tolerance: float | None,
    sensitivity: bool,
    voltage: float | None,
    steps: bool,
    error_bars: ErrorBars,
    compare: str | None,
    reference: str | None,
    behind: tuple[str, ...],
    measured: bool,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Stability windows of one or more electrolytes.

    Prints the reduction and oxidation potential, what forms beyond each, the energy above hull, and
    what the window rests on. Around the window lie the voltages at which less than --tolerance
    drives a decomposition. With -o bars.svg (.png, .pdf) draws the windows as bars, the tolerated
    voltages lighter, in front of the operating ranges of electrodes.

    \b
    Examples:
      sse-window window LGPS LLZO Li6.5La3Zr1.5Ta0.5O12
      sse-window window LGPS LPSCl --voltage 0
      sse-window window LPSCl --sensitivity --uncertainty=200
      sse-window window LGPS --compare mp-legacy,oqmd
      sse-window window Na3PS4 --ion Na --format json
    """
    from .. import api, plots, terminal
    from ..results.rows import entry_rows, row
    from ..results.schema import PROFILE, WINDOW

    picture = common.prepare_output(PICTURES)
    style = figure.style(picture, "double")
    if steps and picture:
        raise click.UsageError("--steps is not drawn: leave it out, or draw with profile")
    if behind and not picture:
        raise click.UsageError("--behind goes with a picture: give -o FILE.png, .svg or .pdf")
    if measured and not picture:
        raise click.UsageError("--measured goes with a picture: give -o FILE.png, .svg or .pdf")
    for formula in formulas:
        api.composition(formula)
    shown = common.reference(reference)
    tables = common.tables(compare, *formulas)
    if gas_K is not None:
        tables = [api.with_gases_at(table, gas_K) for table in tables]
    results = [
        result
        for formula in formulas
        for result in api.compare_windows(
            formula,
            common.ion,
            phases=tables,
            e_above_hull=e_above_hull,
            tolerance_eV_per_atom=api.TOLERANCE_eV_per_atom if tolerance is None else tolerance,
            sensitivity=sensitivity,
            voltage_V=voltage,
            **error_bars.question(),
        )
    ]
    if gas_K is None and common.shows_elsewhere(compare):
        results = api.windows_elsewhere(results)
    options = {
        "e_above_hull_eV_per_atom": e_above_hull,
        "gas_temperature_K": gas_K,
        "tolerance_eV_per_atom": tolerance,
        "sensitivity": sensitivity or None,
        "voltage_V": voltage,
        **error_bars.options(),
        "compare": compare,
    }

    def rows() -> list[dict[str, Any]]:
        if steps:
            return [found for result in results for found in entry_rows(result, "steps", PROFILE)]
        return [row(result, WINDOW) for result in results]

    def text() -> list[Any]:
        profiles = terminal.profile_tables(results, shown) if steps else []
        return [*terminal.window_tables(results, shown), *profiles]

    def sheet(**how: Any) -> Sheet:
        return plots.windows_figure(
            results,
            labels=[
                f"{name} [{table.provenance.name}]" if compare else name
                for name in formulas
                for table in tables
            ],
            uncertainties=[r.uncertainty for r in results if r.uncertainty] or None,
            measured=api.measured_windows(results) if measured else (),
            electrodes=_electrodes(behind, common.ion),
            reference=shown,
            **how,
        )

    common.emit(
        results,
        tables[0].provenance,
        rows=rows,
        text=text,
        style=style,
        sheet=sheet,
        options=options,
    )


def _electrodes(wanted: tuple[str, ...], ion: str) -> list[Electrode]:
    from .. import api

    if not wanted:
        return [e for e in api.electrodes(ion) if ion != "Li" or e.name in BEHIND]
    found = []
    for name in wanted:
        electrode = api.electrode(name, ion)
        if electrode is None:
            known = ", ".join(e.name for e in api.electrodes(ion))
            raise click.UsageError(f"--behind {name}: no such electrode; known are {known}")
        found.append(electrode)
    return found
