"""Pictures of finished results."""

from typing import TYPE_CHECKING

from ..core.lazy_names import lazy_names

if TYPE_CHECKING:
    from .accuracy import *
    from .bars import *
    from .coatings import *
    from .heat_map import *
    from .interphase import *
    from .pair import *
    from .profile import *
    from .profile_html import *
    from .profiles import *
    from .series import *
    from .sintering import *
    from .space_charge import *
    from .stability_map import *
    from .stack import *
    from .strain import *
    from .style import *
    from .ternary import *
    from .topotaxy import *

__getattr__, __all__ = lazy_names(
    __name__,
    {
        ".accuracy": ["calibration_figure", "voltages_figure"],
        ".bars": ["windows_figure"],
        ".coatings": ["coatings_figure"],
        ".heat_map": ["heat_map_figure"],
        ".interphase": ["interphase_figure"],
        ".pair": ["pair_figure"],
        ".profile": ["profile_figure"],
        ".profile_html": ["write_profile_page"],
        ".profiles": ["MOST_PROFILES", "profiles_figure"],
        ".series": ["series_figure"],
        ".sintering": ["sinter_figure"],
        ".space_charge": ["space_charge_figure"],
        ".stability_map": ["stability_map_figure"],
        ".stack": ["stack_figure"],
        ".strain": ["strain_figure"],
        ".style": ["Style"],
        ".ternary": ["ternary_figure"],
        ".topotaxy": ["topotactic_figure"],
    },
)
