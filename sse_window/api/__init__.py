"""The one door: every public question by one name, and the phases that answers rest on.

Commands, tables, pictures and the report ask here, as Python users do; a question loads only what
it needs.
"""

from typing import TYPE_CHECKING

from ..core.lazy_names import lazy_names

if TYPE_CHECKING:
    from .cells import *
    from .heat import *
    from .pairs import *
    from .phases import *
    from .questions import *
    from .screening import *
    from .tuning import *

__getattr__, __all__ = lazy_names(
    __name__,
    {
        ".cells": ["coatings", "stack"],
        ".heat": [
            "LOG_PRESSURE_RANGE",
            "TEMPERATURE_RANGE_K",
            "sinter",
            "stability_map",
            "with_gases_at",
        ],
        ".phases": [
            "DEFAULT",
            "PACKAGED",
            "accuracy",
            "available",
            "calibration",
            "calibration_points",
            "composition",
            "compositions_in",
            "distances",
            "electrode",
            "electrode_voltages",
            "electrodes",
            "export_dataset",
            "fetch",
            "import_dataset",
            "is_of_a_dataset",
            "known_names",
            "load",
            "open_table",
            "phases_in",
            "provenance_of",
            "remove_dataset",
            "sources_of",
            "verify",
        ],
        ".pairs": ["compare_pairs", "pair", "pair_curves", "pairs_elsewhere"],
        ".questions": [
            "SEED",
            "TOLERANCE_eV_per_atom",
            "compare_windows",
            "measured_windows",
            "products_over_voltage",
            "stability_window",
            "ternary",
            "windows_elsewhere",
        ],
        ".screening": ["screen"],
        ".tuning": ["series", "space_charge", "strain", "topotactic"],
    },
)
