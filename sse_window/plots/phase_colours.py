"""A colour for every phase, the same one in every picture unless two would share it in one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

__all__ = ["phase_colours"]

# Paul Tol, "Colour schemes" (2021), light and its like between: told apart by every kind of colour
# vision where they touch, and light enough for text on them.
_COLOURS = (
    "#77AADD", "#EE8866", "#EEDD88", "#99DDFF", "#FFAABB", "#44BB99", "#BBCC33", "#AAAA00",
    "#CC99BB", "#88CCAA", "#DDAA77", "#AABBEE", "#DDDDDD",
)  # fmt: skip

# Phases that form beside most electrolytes have places of their own, so that none takes another's.
_PLACES = {
    "Li2S": 0, "P2S7": 1, "Li3PO4": 2, "LiCl": 3, "LiS4": 4, "S": 5, "Li2O": 6, "LiP": 7, "GeS2": 8,
    "P": 9, "LiP7": 10,
    "Li3P": 0, "Li3PS4": 1, "LiI": 2, "Li3P7": 3, "Li4GeS4": 4, "LiBr": 5, "Li3N": 6,
}  # fmt: skip


def phase_colours(formulas: Iterable[str], colours: Sequence[str] = _COLOURS) -> dict[str, str]:
    """Colours of the phases of one picture.

    Parameters
    ----------
    formulas : iterable of str
    colours : sequence of str
        To choose from.

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
    count = len(colours)
    free = list(range(count))
    found: dict[str, str] = {}
    for formula in sorted(set(formulas), key=lambda f: (f not in _PLACES, f)):
        wanted = _PLACES.get(formula, zlib.crc32(formula.encode())) % count
        free = free or list(range(count))
        place = min(free, key=lambda slot: (slot - wanted) % count)
        free.remove(place)
        found[formula] = colours[place]
    return found
