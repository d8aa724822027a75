"""`sse-window space-charge`: layers that screen a potential step which the user states."""

from __future__ import annotations

import click

from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import Common, FiniteFloat, common_options

__all__ = ["space_charge"]


@click.command("space-charge", cls=Command)
@click.option(
    "--step",
    type=FiniteFloat(),
    required=True,
    metavar="V",
    help="Potential of the interface against the bulk; with two sides, over both.",
)
@click.option(
    "--density",
    "densities",
    type=FiniteFloat(),
    multiple=True,
    required=True,
    metavar="N",
    help="Mobile ions per m3; twice for two sides in series.",
)
@click.option(
    "--permittivity",
    "permittivities",
    type=FiniteFloat(),
    multiple=True,
    required=True,
    metavar="E",
    help="Relative permittivity; once for all sides, or once per side.",
)
@click.option(
    "--sites",
    type=FiniteFloat(),
    multiple=True,
    metavar="N",
    help="Sites for mobile ions per m3, which limit accumulation; once for all, or per side.",
)
@click.option(
    "--conductivity",
    type=FiniteFloat(),
    metavar="S/cm",
    help="Of the depleted layer, for its area resistance; without it none is given.",
)
@click.option(
    "--temperature",
    type=FiniteFloat(),
    default=298.15,
    show_default=True,
    metavar="K",
    help="In K.",
)
@click.option(
    "--between",
    nargs=2,
    metavar="ELECTRODE ELECTROLYTE",
    help="Show what bulk data say of these two; the step is still yours.",
)
@figure_options
@common_options
def space_charge(
    step: float,
    densities: tuple[float, ...],
    permittivities: tuple[float, ...],
    sites: tuple[float, ...],
    conductivity: float | None,
    temperature: float,
    between: tuple[str, str] | None,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Space-charge layers that screen a potential step which you state.

    Width, charge, Debye length and capacitance for one mobile ion on a fixed background. The step
    between two phases needs their Fermi levels or defect energies: it cannot be had from formation
    energies, and is never computed. With -o layer.svg (.png, .pdf) draws potential and ions.

    \b
    Examples:
      sse-window space-charge --step 1.0 --density 2.67e28 --permittivity 60
      sse-window space-charge --step 1.0 --density 1e24 --density 1e25 --permittivity 10
      sse-window space-charge --step 0.5 --density 1e24 --permittivity 10 --between LCO LPS
    """
    from .. import api, plots, terminal
    from ..results import records
    from ..results.rows import row
    from ..results.schema import SPACE_CHARGE

    picture = common.prepare_output(PICTURES)
    style = figure.style(picture, "single")
    if between is None:
        common.refuse("space-charge without --between", "dataset", "entries", "exclude", "refresh")
    table = common.table() if between is not None else None
    result = api.space_charge(
        step,
        densities,
        permittivities,
        sites_per_m3=sites or None,
        conductivity_S_per_cm=conductivity,
        temperature_K=temperature,
        ion=common.ion,
        between=between,
        phases=table,
    )
    options = {
        "step_V": step,
        "density_per_m3": list(densities),
        "permittivity": list(permittivities),
        "sites_per_m3": list(sites),
        "conductivity_S_per_cm": conductivity,
        "temperature_K": temperature,
        "between": between,
    }
    common.emit(
        [result],
        records.NO_DATASET if table is None else table.provenance,
        rows=lambda: [row(layer, SPACE_CHARGE) for layer in result.layers],
        text=lambda: terminal.space_charge_tables(result),
        style=style,
        sheet=lambda **how: plots.space_charge_figure(
            result, datasets=[] if table is None else [table.provenance], **how
        ),
        options=options,
    )
