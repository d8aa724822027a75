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
    FiniteFloat,
    common_options,
    e_above_hull_option,
    gas_option,
    reference_option,
)

if TYPE_CHECKING:
    from ..plots.sheet import Sheet

__all__ = ["profile"]


@click.command(cls=Command)
@click.argument(
    "formulas", nargs=-1, required=True, metavar="FORMULA...", shell_complete=formula_names
)
@e_above_hull_option
@gas_option
@click.option("--energy", is_flag=True, help="In pictures, add the decomposition energy.")
@click.option(
    "--interphase",
    is_flag=True,
    help="In pictures, draw what forms at every voltage as volume fractions instead.",
)
@click.option(
    "--ternary",
    is_flag=True,
    help="In pictures, draw the phases of three elements and the ion's potential between them.",
)
@click.option(
    "--voltage",
    type=FiniteFloat(min=0.0),
    metavar="V",
    help="With --ternary: of three elements besides the ion, what is there at this voltage.",
)
@error_bar_options
@reference_option
@figure_options
@common_options
def profile(
    formulas: tuple[str, ...],
    e_above_hull: float | None,
    gas_K: float | None,
    energy: bool,
    interphase: bool,
    ternary: bool,
    voltage: float | None,
    error_bars: ErrorBars,
    reference: str | None,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Voltage profiles: ions exchanged and phase equilibria at every voltage.

    With -o profile.png (.svg, .pdf, .html) draws the profile with the window shaded; --energy adds
    the decomposition energy, --uncertainty a band. Several formulas are drawn into one picture.
    With --ternary it is a triangle of three conserved elements: the ion and two others, or three
    others at a --voltage.

    \b
    Examples:
      sse-window profile LGPS
      sse-window profile LGPS LPSCl LLZO -o three.svg
      sse-window profile LGPS -o lgps.png --energy
      sse-window profile LGPS -o interphase.svg --interphase
      sse-window profile Li3PS4 --ternary -o li-p-s.svg
      sse-window profile MgSc2Se4 --ion Mg -o steps.csv
    """
    from .. import api, plots, terminal
    from ..results.rows import entry_rows
    from ..results.schema import PROFILE

    picture = common.prepare_output(
        PICTURES if interphase or ternary or len(formulas) > 1 else (*PICTURES, ".html")
    )
    page = common.output is not None and common.output.suffix.lower() == ".html"
    style = figure.style(picture and not page, "double")
    kinds = {"--interphase": interphase, "--energy": energy, "--ternary": ternary}
    asked = [flag for flag, given in kinds.items() if given]
    if asked and not picture:
        raise click.UsageError(f"{asked[0]} goes with a picture: give -o FILE.png, .svg or .pdf")
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)} are different pictures: leave one out")
    if asked and asked != ["--energy"] and error_bars.draws:
        raise click.UsageError(f"--uncertainty is not drawn beside {asked[0]}: leave one out")
    if picture and len(formulas) > 1 and (asked or error_bars.draws):
        flag = asked[0] if asked else "--uncertainty"
        raise click.UsageError(f"{flag} is drawn for one formula: leave the others out")
    if picture and len(formulas) > plots.MOST_PROFILES:
        raise click.UsageError(f"at most {plots.MOST_PROFILES} profiles fit into one picture")
    if voltage is not None and not ternary:
        raise click.UsageError("--voltage goes with --ternary")
    if ternary:
        for flag, given in (("--e-above-hull", e_above_hull), ("--gas", gas_K)):
            if given is not None:
                raise click.UsageError(f"{flag} does not act on --ternary: leave it out")
    for formula in formulas:
        api.composition(formula)
    shown = common.reference(reference)
    table = common.table(*formulas)
    if ternary:
        triangle = api.ternary(formulas[0], common.ion, voltage_V=voltage, phases=table)
        assert style is not None
        common.draw(
            plots.ternary_figure(
                triangle,
                name=formulas[0],
                style=style,
                reference=shown,
                options=common.options(voltage_V=voltage),
            )
        )
        return
    if gas_K is not None:
        table = api.with_gases_at(table, gas_K)
    results = [
        api.stability_window(
            formula,
            common.ion,
            phases=table,
            e_above_hull=e_above_hull,
            **error_bars.question(),
        )
        for formula in formulas
    ]
    result = results[0]
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
            reference=shown,
            options=common.options(**options),
        )
        common.notice(f"drew {common.output}")
        return

    def sheet(**how: Any) -> Sheet:
        if len(results) > 1:
            return plots.profiles_figure(results, names=formulas, reference=shown, **how)
        if interphase:
            products = api.products_over_voltage(result)
            return plots.interphase_figure(
                result, products, name=formulas[0], reference=shown, **how
            )
        return plots.profile_figure(
            result,
            name=formulas[0],
            energy=energy,
            uncertainty=result.uncertainty,
            reference=shown,
            **how,
        )

    common.emit(
        results,
        table.provenance,
        rows=lambda: [row for each in results for row in entry_rows(each, "steps", PROFILE)],
        text=lambda: terminal.profile_tables(results, shown),
        style=style,
        sheet=sheet,
        options=options,
    )
