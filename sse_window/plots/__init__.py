"""Pictures of finished results."""

from .accuracy import calibration_figure, voltages_figure
from .bars import windows_figure
from .coatings import coatings_figure
from .heat_map import heat_map_figure
from .interphase import interphase_figure
from .pair import pair_figure
from .profile import profile_figure
from .profile_html import write_profile_page
from .series import series_figure
from .sintering import sinter_figure
from .space_charge import space_charge_figure
from .stability_map import stability_map_figure
from .stack import stack_figure
from .strain import strain_figure
from .style import Style
from .topotaxy import topotactic_figure

__all__ = [
    "Style",
    "calibration_figure",
    "coatings_figure",
    "heat_map_figure",
    "interphase_figure",
    "pair_figure",
    "profile_figure",
    "series_figure",
    "sinter_figure",
    "space_charge_figure",
    "stability_map_figure",
    "stack_figure",
    "strain_figure",
    "topotactic_figure",
    "voltages_figure",
    "windows_figure",
    "write_profile_page",
]
