"""Electrochemical stability windows and interfaces of solid electrolytes, from formation energies.

>>> import sse_window as sw
>>> round(sw.stability_window("LGPS").reduction_potential_V, 2)
1.72
"""

from .api import pair, stability_window
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
    "decomposition_energy",
    "load",
    "open_table",
    "pair",
    "parse",
    "stability_window",
]
