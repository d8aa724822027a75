"""`sse-window profile`: every step of the voltage profile, as a table or a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .completion import formula_names
from .error_bars import ErrorBars, error_bar_options
from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import (
    Common,
    common_options,
    e_above_hull_option,
    gas_option,
    reference_option,
)

if TYPE_CHECKING:
    from ..plots.sheet import Sheet

__all__ = ["profile"]


@click.command(cls=Command)
@click.argument("formula", shell_complete=formula_names)
@e_above_hull_option
@gas_option
@click.option("--energy", is_flag=True, help="In pictures, add the decomposition energy.")
@click.option(
    "--interphase",
    is_flag=True,
    help="In pictures, draw what forms at every voltage as volume fractions instead.",
)
@error_bar_options
@reference_option
@figure_options
@common_options
def profile(
    formula: str,
    e_above_hull: float | None,
    gas_K: float | None,
    energy: bool,
    interphase: bool,
    error_bars: ErrorBars,
    reference: str | None,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Voltage profile: ions exchanged and phase equilibria at every voltage.

    With -o profile.png (.svg, .pdf, .html) draws the profile with the window shaded; --energy adds
    the decomposition energy, --uncertainty a band.

    \b
    Examples:
      sse-window profile LGPS
      sse-window profile LGPS -o lgps.png --energy
      sse-window profile LGPS -o interphase.svg --interphase
      sse-window profile MgSc2Se4 --ion Mg -o steps.csv
    """
    from .. import api, plots, terminal
    from ..results.rows import entry_rows
    from ..results.schema import PROFILE

    picture = common.prepare_output(PICTURES if interphase else (*PICTURES, ".html"))
    page = common.output is not None and common.output.suffix.lower() == ".html"
    style = figure.style(picture and not page, "double")
    for asked, flag in ((interphase, "--interphase"), (energy, "--energy")):
        if asked and not picture:
            raise click.UsageError(f"{flag} goes with a picture: give -o FILE.png, .svg or .pdf")
    if interphase and (energy or error_bars.draws):
        flag = "--energy" if energy else "--uncertainty"
        raise click.UsageError(f"{flag} is not drawn beside --interphase: leave one out")
    api.composition(formula)
    shown = common.reference(reference)
    table = common.table()
    if gas_K is not None:
        table = api.with_gases_at(table, gas_K)
    result = api.stability_window(
        formula,
        common.ion,
        phases=table,
        e_above_hull=e_above_hull,
        **error_bars.question(),
    )
    options = {
        "e_above_hull_eV_per_atom": e_above_hull,
        **error_bars.options(),
    }
    if page:
        assert common.output is not None
        plots.write_profile_page(
            result,
            common.output,
            uncertainty=result.uncertainty,
            reference=shown.shift,
            options=common.options(**options),
        )
        common.notice(f"drew {common.output}")
        return

    def sheet(**how: Any) -> Sheet:
        if interphase:
            products = api.products_over_voltage(result, phases=table)
            return plots.interphase_figure(result, products, reference=shown.shift, **how)
        return plots.profile_figure(
            result,
            energy=energy,
            uncertainty=result.uncertainty,
            reference=shown.shift,
            **how,
        )

    common.emit(
        [result],
        table.provenance,
        rows=lambda: entry_rows(result, "steps", PROFILE),
        text=lambda: terminal.profile_tables([result], shown),
        style=style,
        sheet=sheet,
        options=options,
    )
