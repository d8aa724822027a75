"""`sse-window verify`: ask pymatgen the same question on the same phases."""

from __future__ import annotations

import click

from .completion import formula_names
from .help import Command
from .options import Common, common_options

__all__ = ["verify"]

EXIT_DISAGREED = 4

EXAMPLES = ("LGPS", "LLZO", "LPS", "LPSCl", "LATP", "Li4Ti5O12")
"""Checked when no formula is given: phases on, above and absent from the hull."""


@click.command(cls=Command)
@click.argument("formulas", nargs=-1, metavar="[FORMULA]...", shell_complete=formula_names)
@common_options
@click.pass_context
def verify(ctx: click.Context, formulas: tuple[str, ...], common: Common) -> None:
    """Compare voltage profiles and hull energies with pymatgen's on the same phases.

    Prints the largest difference in volts and in eV/atom; exit code 4 if one is beyond tolerance.

    \b
    Examples:
      sse-window verify
      sse-window verify LGPS Li6PS5Cl
    """
    from .. import api, terminal
    from ..results.rows import row
    from ..results.schema import COMPARISON

    common.prepare_output()
    compositions = [api.composition(formula) for formula in formulas or EXAMPLES]
    table = common.table(*(formulas or EXAMPLES))
    comparisons = [
        api.verify(composition, common.ion, phases=table) for composition in compositions
    ]
    common.emit(
        comparisons,
        table.provenance,
        rows=lambda: [row(c, COMPARISON) for c in comparisons],
        text=lambda: terminal.verify_tables(comparisons, table.provenance),
    )
    if not all(c.agrees for c in comparisons):
        ctx.exit(EXIT_DISAGREED)
