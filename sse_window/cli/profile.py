"""`sse-window profile`: every step of the voltage profile, as a table or a picture."""

from __future__ import annotations

import click

from .completion import formula_names
from .figures import FigureOptions, figure_options
from .help import Command
from .options import (
    Common,
    common_options,
    e_above_hull_option,
    gas_option,
    reference_option,
    uncertainty_options,
)

__all__ = ["profile"]

INTERPHASE_PICTURES = (".png", ".svg", ".pdf")
PICTURES = (*INTERPHASE_PICTURES, ".html")


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
@uncertainty_options
@reference_option
@figure_options
@common_options
def profile(
    formula: str,
    e_above_hull: float | None,
    gas_K: float | None,
    energy: bool,
    interphase: bool,
    draws: int | None,
    seed: int | None,
    energy_error: float | None,
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
    from .. import api, terminal
    from ..results.rows import entry_rows
    from ..results.schema import PROFILE

    picture = common.prepare_output(INTERPHASE_PICTURES if interphase else PICTURES)
    page = common.output is not None and common.output.suffix.lower() == ".html"
    style = figure.style(picture and not page, "double")
    for asked, flag in ((interphase, "--interphase"), (energy, "--energy")):
        if asked and not picture:
            raise click.UsageError(f"{flag} goes with a picture: give -o FILE.png, .svg or .pdf")
    if interphase and (energy or draws):
        flag = "--energy" if energy else "--uncertainty"
        raise click.UsageError(f"{flag} is not drawn beside --interphase: leave one out")
    if draws is None:
        for option, given in (("--seed", seed), ("--energy-error", energy_error)):
            if given is not None:
                raise click.UsageError(f"{option} goes with --uncertainty")
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
        draws=draws,
        seed=api.SEED if seed is None else seed,
        energy_error_eV_per_atom=energy_error,
    )
    options = {
        "e_above_hull_eV_per_atom": e_above_hull,
        "draws": draws,
        "seed": seed,
        "energy_error_eV_per_atom": energy_error,
    }
    if picture:
        from .. import plots

        shaped = common.options(**options)
        if style is None:
            assert common.output is not None
            plots.write_profile_page(
                result,
                common.output,
                uncertainty=result.uncertainty,
                reference=shown.shift,
                options=shaped,
            )
            common.notice(f"drew {common.output}")
        elif interphase:
            products = api.products_over_voltage(result, phases=table)
            common.draw(
                plots.interphase_figure(
                    result, products, style=style, reference=shown.shift, options=shaped
                )
            )
        else:
            common.draw(
                plots.profile_figure(
                    result,
                    style=style,
                    energy=energy,
                    uncertainty=result.uncertainty,
                    reference=shown.shift,
                    options=shaped,
                )
            )
        return
    common.emit(
        [result],
        table.provenance,
        rows=lambda: entry_rows(result, "steps", PROFILE),
        text=lambda: terminal.profile_tables([result], shown),
        **options,
    )
