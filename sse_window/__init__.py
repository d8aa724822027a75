"""Electrochemical stability windows and interfaces of solid electrolytes, from formation energies.

>>> import sse_window as sw
>>> round(sw.stability_window("LGPS").reduction_potential_V, 2)
1.72
"""

from .api import pair, stability_window
from .cells import PairResult
from .composition import Composition, parse
from .dataset import available, load
from .errors import SSEWindowError
from .phases import PhaseTable, Provenance
from .sources import open_table
from .windows import StabilityWindow, decomposition_energy

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
