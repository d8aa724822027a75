"""Finished results as readable tables for the terminal; nothing is computed here."""

from typing import TYPE_CHECKING

from ..core.lazy_names import names_of

if TYPE_CHECKING:
    from .coatings import coating_tables
    from .datasets import (
        accuracy_tables,
        calibration_tables,
        dataset_tables,
        phase_tables,
        verify_tables,
        voltage_tables,
    )
    from .layout import Reference, html_of, options_line, rows_table, terminal_text
    from .names import name_tables
    from .pairs import pair_tables
    from .screenings import screening_summary
    from .series import series_tables
    from .sintering import map_tables, sinter_tables
    from .space_charge import space_charge_tables
    from .stacks import stack_tables
    from .strain import strain_tables
    from .topotaxy import topotactic_tables
    from .windows import profile_tables, window_tables

__all__ = [
    "Reference",
    "accuracy_tables",
    "calibration_tables",
    "coating_tables",
    "dataset_tables",
    "html_of",
    "map_tables",
    "name_tables",
    "options_line",
    "pair_tables",
    "phase_tables",
    "profile_tables",
    "rows_table",
    "screening_summary",
    "series_tables",
    "sinter_tables",
    "space_charge_tables",
    "stack_tables",
    "strain_tables",
    "terminal_text",
    "topotactic_tables",
    "verify_tables",
    "voltage_tables",
    "window_tables",
]

__getattr__ = names_of(
    __name__,
    {
        ".coatings": ["coating_tables"],
        ".datasets": [
            "accuracy_tables",
            "calibration_tables",
            "dataset_tables",
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
