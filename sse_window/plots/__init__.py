"""Pictures of finished results."""

from .bars import draw_windows
from .interphase import draw_interphase
from .pair import draw_pair
from .profile import draw_profile
from .profile_html import draw_profile_html
from .series import draw_series
from .space_charge import draw_space_charge
from .strain import draw_strain
from .topotaxy import draw_topotactic

__all__ = [
    "draw_interphase",
    "draw_pair",
    "draw_profile",
    "draw_profile_html",
    "draw_series",
    "draw_space_charge",
    "draw_strain",
    "draw_topotactic",
    "draw_windows",
]
