"""`sse-window names`: every name that stands for a composition."""

from __future__ import annotations

import click
from click.core import ParameterSource

from ..core.errors import FormulaError
from .help import Command
from .options import Common, options_of

__all__ = ["names"]


@click.command(cls=Command)
@click.argument("wanted", nargs=-1, metavar="[NAME]...")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(("electrolyte", "electrode", "coating", "additive")),
    multiple=True,
    help="Only these; repeatable.",
)
@options_of("ion", "format", "columns", "output")
@click.pass_context
def names(
    ctx: click.Context, wanted: tuple[str, ...], kinds: tuple[str, ...], common: Common
) -> None:
    """Names that work as formulas, with composition, operating range and source.

    Electrolytes, electrodes with both states of charge, coatings and additives. With names as
    arguments only those; --ion shows the electrodes of one working ion only.

    \b
    Examples:
      sse-window names
      sse-window names LGPS NMC811
      sse-window names --kind electrode --ion Na --format csv
    """
    from .. import api, terminal
    from ..results import records
    from ..results.rows import row
    from ..results.schema import NAMES

    common.prepare_output()
    for text in wanted:
        if not any(text in (known.name, *known.aliases) for known in api.known_names()):
            composition = api.composition(text).formula
            raise FormulaError(f"{text!r} is no name: it stands for itself, {composition}")
    # Without --ion electrodes of every ion are shown, not those of the default one.
    given = ctx.get_parameter_source("ion") is not ParameterSource.DEFAULT
    found = [
        known
        for known in api.known_names()
        if (not kinds or known.kind in kinds)
        and (not given or known.ion in (None, common.ion))
        and (not wanted or set(wanted) & {known.name, *known.aliases})
    ]
    common.emit(
        found,
        records.NO_DATASET,
        rows=lambda: [row(known, NAMES) for known in found],
        text=lambda: terminal.name_tables(found),
    )
