"""A colour for every phase, the same one in every picture unless two would share it in one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

__all__ = ["phase_colours"]

# Paul Tol, "Colour schemes" (2021), light and its like between: told apart by every kind of colour
# vision where they touch, and light enough for text on them.
_COLOURS = (
    "#77AADD", "#EE8866", "#EEDD88", "#99DDFF", "#FFAABB", "#44BB99", "#BBCC33", "#AAAA00",
    "#CC99BB", "#88CCAA", "#DDAA77", "#AABBEE", "#DDDDDD",
)  # fmt: skip


def phase_colours(formulas: Iterable[str]) -> dict[str, str]:
    """Colours of the phases of one picture.

    Parameters
    ----------
    formulas : iterable of str

    Returns
    -------
    dict of str to str
        A phase has the colour that its formula decides on; where another one of the picture has
        taken it, the next that is free.

    Examples
    --------
    >>> one = phase_colours(["Li2S", "Li3P"])
    >>> one["Li2S"] == phase_colours(["LiCl", "Li2S"])["Li2S"]
    True
    >>> len(set(phase_colours(["A", "B", "C", "D", "E"]).values()))
    5
    """
    free = list(range(len(_COLOURS)))
    found: dict[str, str] = {}
    for formula in sorted(set(formulas)):
        wanted = zlib.crc32(formula.encode()) % len(_COLOURS)
        if not free:
            free = list(range(len(_COLOURS)))
        place = min(free, key=lambda slot: (slot - wanted) % len(_COLOURS))
        free.remove(place)
        found[formula] = _COLOURS[place]
    return found
