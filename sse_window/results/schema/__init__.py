"""Every column of every result, once: JSON, CSV, Parquet, terminal, page and docs are made from it.

A result is a record (:mod:`sse_window.core.record`), the object of the JSON output. A table of
results is made of columns, each a place in the record. A further question gets its tuple of columns
here and an entry in :data:`TABLES`; nothing else needs to know of it.
"""

from __future__ import annotations

from functools import cache

from .cells import SERIES, SERIES_PAIR, SPACE_CHARGE, STRAIN, TOPOTACTIC
from .coatings import COATING
from .column import (
    ORIGIN,
    SCHEMA,
    STATUS,
    Column,
    Kind,
    label_and_unit,
    markdown,
    program_version,
)
from .datasets import ACCURACY, CALIBRATION, COMPARISON, DATASETS, DISTANCE, PHASES, VOLTAGES
from .heat import SINTER, STABILITY_MAP
from .names import NAMES
from .pairs import PAIR
from .screenings import screening
from .stacks import STACK
from .windows import PROFILE, WINDOW

__all__ = [
    "ACCURACY",
    "CALIBRATION",
    "COATING",
    "COMPARISON",
    "DATASETS",
    "DISTANCE",
    "NAMES",
    "ORIGIN",
    "PAIR",
    "PHASES",
    "PROFILE",
    "SCHEMA",
    "SERIES",
    "SERIES_PAIR",
    "SINTER",
    "SPACE_CHARGE",
    "STABILITY_MAP",
    "STACK",
    "STATUS",
    "STRAIN",
    "TABLES",
    "TOPOTACTIC",
    "VOLTAGES",
    "WINDOW",
    "Column",
    "Kind",
    "known_columns",
    "label_and_unit",
    "markdown",
    "program_version",
    "screening",
]

TABLES: dict[str, tuple[Column, ...]] = {
    "window": WINDOW,
    "profile": PROFILE,
    "pair": PAIR,
    "accuracy": ACCURACY,
    "calibration": CALIBRATION,
    "distance": DISTANCE,
    "voltages": VOLTAGES,
    "verify": COMPARISON,
    "datasets": DATASETS,
    "phases": PHASES,
    "series": SERIES_PAIR,
    "space-charge": SPACE_CHARGE,
    "strain": STRAIN,
    "sinter": SINTER,
    "sinter-map": STABILITY_MAP,
    "topotactic": TOPOTACTIC,
    "names": NAMES,
    "coatings": COATING,
    "stack": STACK,
}
"""Columns of the results of each question."""


@cache
def known_columns() -> dict[str, Column]:
    """Every column that result rows may hold, by key, in order.

    Returns
    -------
    dict of str to Column

    Examples
    --------
    >>> known_columns()["oxidation_potential_V"].missing
    'no limit'
    """
    known: dict[str, Column] = {}
    for columns in (PAIR, WINDOW, *TABLES.values(), STATUS):
        for column in columns:
            known.setdefault(column.key, column)
    return known
