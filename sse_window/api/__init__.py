"""The one door: every public question by one name, and the phases that answers rest on.

Commands, tables, pictures and the report ask here, as Python users do; a question loads only what
it needs.
"""

from typing import TYPE_CHECKING

from ..core.lazy_names import names_of

if TYPE_CHECKING:
    from .cells import (
        coatings,
        stack,
    )
    from .heat import (
        LOG_PRESSURE_RANGE,
        TEMPERATURE_RANGE_K,
        sinter,
        stability_map,
        with_gases_at,
    )
    from .phases import (
        DEFAULT,
        PACKAGED,
        accuracy,
        available,
        calibration,
        calibration_points,
        composition,
        electrode,
        electrode_voltages,
        electrodes,
        export_dataset,
        fetch,
        import_dataset,
        is_of_a_dataset,
        known_names,
        load,
        open_table,
        phases_in,
        provenance_of,
        remove_dataset,
        sources_of,
        verify,
    )
    from .questions import (
        SEED,
        TOLERANCE_eV_per_atom,
        compare_pairs,
        compare_windows,
        pair,
        pair_curves,
        pairs_elsewhere,
        products_over_voltage,
        stability_window,
        windows_elsewhere,
    )
    from .screening import screen
    from .tuning import (
        series,
        space_charge,
        strain,
        topotactic,
    )

__all__ = [
    "DEFAULT",
    "LOG_PRESSURE_RANGE",
    "PACKAGED",
    "SEED",
    "TEMPERATURE_RANGE_K",
    "TOLERANCE_eV_per_atom",
    "accuracy",
    "available",
    "calibration",
    "calibration_points",
    "coatings",
    "compare_pairs",
    "compare_windows",
    "composition",
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
    "pair",
    "pair_curves",
    "pairs_elsewhere",
    "phases_in",
    "products_over_voltage",
    "provenance_of",
    "remove_dataset",
    "screen",
    "series",
    "sinter",
    "sources_of",
    "space_charge",
    "stability_map",
    "stability_window",
    "stack",
    "strain",
    "topotactic",
    "verify",
    "windows_elsewhere",
    "with_gases_at",
]

__getattr__ = names_of(
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
        ".questions": [
            "SEED",
            "TOLERANCE_eV_per_atom",
            "compare_pairs",
            "compare_windows",
            "pair",
            "pair_curves",
            "pairs_elsewhere",
            "products_over_voltage",
            "stability_window",
            "windows_elsewhere",
        ],
        ".screening": ["screen"],
        ".tuning": ["series", "space_charge", "strain", "topotactic"],
    },
)
