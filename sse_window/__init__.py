"""Electrochemical stability windows and interfaces of solid electrolytes, from formation energies.

>>> import sse_window as sw
>>> round(sw.stability_window("LGPS").reduction_potential_V, 2)
1.72
"""

from typing import TYPE_CHECKING

from .core.lazy_names import names_of

if TYPE_CHECKING:
    from .api import (
        coatings,
        pair,
        series,
        sinter,
        space_charge,
        stability_window,
        stack,
        strain,
        topotactic,
    )
    from .cells.pairs import PairResult
    from .core.composition import Composition, parse
    from .core.errors import SSEWindowError
    from .equilibria.windows import StabilityWindow, decomposition_energy
    from .phases.table import PhaseTable, Provenance
    from .sources.datasets import available, load
    from .sources.opening import open_table

__all__ = [
    "Composition",
    "PairResult",
    "PhaseTable",
    "Provenance",
    "SSEWindowError",
    "StabilityWindow",
    "available",
    "coatings",
    "decomposition_energy",
    "load",
    "open_table",
    "pair",
    "parse",
    "series",
    "sinter",
    "space_charge",
    "stability_window",
    "stack",
    "strain",
    "topotactic",
]

__getattr__ = names_of(
    __name__,
    {
        ".api": [
            "coatings",
            "pair",
            "series",
            "sinter",
            "space_charge",
            "stability_window",
            "stack",
            "strain",
            "topotactic",
        ],
        ".cells.pairs": ["PairResult"],
        ".core.composition": ["Composition", "parse"],
        ".core.errors": ["SSEWindowError"],
        ".equilibria.windows": ["StabilityWindow", "decomposition_energy"],
        ".phases.table": ["PhaseTable", "Provenance"],
        ".sources.datasets": ["available", "load"],
        ".sources.opening": ["open_table"],
    },
)
