"""Finished results as readable tables for the terminal; nothing is computed here."""

from typing import TYPE_CHECKING

from ..core.lazy_names import lazy_names

if TYPE_CHECKING:
    from .coatings import *
    from .datasets import *
    from .layout import *
    from .names import *
    from .pairs import *
    from .screenings import *
    from .series import *
    from .sintering import *
    from .space_charge import *
    from .stacks import *
    from .strain import *
    from .topotaxy import *
    from .windows import *

__getattr__, __all__ = lazy_names(
    __name__,
    {
        ".coatings": ["coating_tables"],
        ".datasets": [
            "accuracy_tables",
            "calibration_tables",
            "dataset_tables",
            "distance_tables",
            "phase_tables",
            "verify_tables",
            "voltage_tables",
        ],
        ".layout": ["Reference", "html_of", "options_line", "rows_table", "terminal_text"],
        ".names": ["name_tables"],
        ".pairs": ["pair_tables"],
        ".screenings": ["screening_summary"],
        ".series": ["series_tables"],
        ".sintering": ["map_tables", "sinter_tables"],
        ".space_charge": ["space_charge_tables"],
        ".stacks": ["stack_tables"],
        ".strain": ["strain_tables"],
        ".topotaxy": ["topotactic_tables"],
        ".windows": ["profile_tables", "window_tables"],
    },
)
