"""Electrochemical stability windows and interfaces of solid electrolytes, from formation energies.

>>> import sse_window as sw
>>> round(sw.stability_window("LGPS").reduction_potential_V, 2)
1.72
"""

# Not even typing is imported here: the command line hears interrupts only after this module.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from .cells.pairs import PairResult
    from .core.composition import Composition, parse
    from .core.errors import SSEWindowError
    from .equilibria.windows import StabilityWindow, decomposition_energy
    from .notebook.cells import coatings, stack
    from .notebook.heat import sinter, stability_map
    from .notebook.pairs import pair
    from .notebook.screenings import screen
    from .notebook.shown import Answers
    from .notebook.tuning import series, space_charge, strain, topotactic
    from .notebook.windows import profile, stability_window, window
    from .phases.table import PhaseTable, Provenance
    from .sources.datasets import available, load
    from .sources.opening import open_table

    __version__: str

__all__ = [
    "Answers",
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
    "profile",
    "screen",
    "series",
    "sinter",
    "space_charge",
    "stability_map",
    "stability_window",
    "stack",
    "strain",
    "topotactic",
    "window",
]

_HOMES = {
    ".cells.pairs": ["PairResult"],
    ".core.composition": ["Composition", "parse"],
    ".core.errors": ["SSEWindowError"],
    ".equilibria.windows": ["StabilityWindow", "decomposition_energy"],
    ".notebook.cells": ["coatings", "stack"],
    ".notebook.heat": ["sinter", "stability_map"],
    ".notebook.pairs": ["pair"],
    ".notebook.screenings": ["screen"],
    ".notebook.shown": ["Answers"],
    ".notebook.tuning": ["series", "space_charge", "strain", "topotactic"],
    ".notebook.windows": ["profile", "stability_window", "window"],
    ".phases.table": ["PhaseTable", "Provenance"],
    ".sources.datasets": ["available", "load"],
    ".sources.opening": ["open_table"],
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from .core.version import __version__

        return __version__
    from .core.lazy_names import names_of

    return names_of(__name__, _HOMES)(name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
