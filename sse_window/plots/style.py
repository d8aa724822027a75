"""How a picture is set: width, font, and what is written around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ..core.errors import OutputError

__all__ = ["DOUBLE", "SINGLE", "WIDTH_IN", "Labels", "Style"]

Labels = Literal["full", "short", "none"]
"""``full``, only what cannot be told from the axes (``short``), or nothing inside the picture."""

WIDTH_IN: dict[str, float] = {"single": 3.35, "double": 7.0}
"""Column widths of the field's journals [inch]."""

_NARROWEST_IN, _WIDEST_IN = 2.5, 20.0
_BETWEEN_COLUMNS_IN = 5.0


@dataclass(frozen=True, slots=True)
class Style:
    """How a picture is set.

    Attributes
    ----------
    width_in : float
        [inch]
    font : str or None
        Name of a font of this machine; None is the one that comes with the program.
    labels : str
        ``full``, ``short`` or ``none``.
    caption : bool
        Write where the numbers come from at the foot.
    title : str or None
        In place of the picture's own heading; empty for none.
    dpi : int
        Resolution of bitmaps.

    Raises
    ------
    OutputError
        If no picture can be set so.

    Examples
    --------
    >>> Style.of("single").width_in, Style.of("4.5").column
    (3.35, 'single')
    """

    width_in: float = WIDTH_IN["double"]
    font: str | None = None
    labels: Labels = "full"
    caption: bool = True
    title: str | None = None
    dpi: int = 300

    def __post_init__(self) -> None:
        if not (math.isfinite(self.width_in) and _NARROWEST_IN <= self.width_in <= _WIDEST_IN):
            raise OutputError(
                f"no picture {self.width_in:g} inches wide: choose single, double, or "
                f"{_NARROWEST_IN:g} to {_WIDEST_IN:g}"
            )
        if not 50 <= self.dpi <= 1200:
            raise OutputError(f"no picture of {self.dpi} dots per inch: choose 50 to 1200")

    @classmethod
    def of(cls, width: str) -> Style:
        """The style of a width: ``single``, ``double``, or a number of inches."""
        try:
            return cls(WIDTH_IN[width] if width in WIDTH_IN else float(width))
        except ValueError:
            raise OutputError(
                f"no picture of width {width!r}: choose single, double, or a number of inches"
            ) from None

    @property
    def column(self) -> str:
        """The layout that fits: that of a ``single`` or of a ``double`` column."""
        return "single" if self.width_in < _BETWEEN_COLUMNS_IN else "double"


SINGLE, DOUBLE = Style(WIDTH_IN["single"]), Style(WIDTH_IN["double"])
