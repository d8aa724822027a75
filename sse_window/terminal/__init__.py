"""Finished results as readable tables for the terminal; nothing is computed here."""

from .coatings import coating_tables
from .datasets import (
    accuracy_tables,
    calibration_tables,
    dataset_tables,
    phase_tables,
    verify_tables,
    voltage_tables,
)
from .layout import Reference, options_line, rows_table, terminal_text
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
