"""Classes of compounds whose computed energies share an error.

The error of a computed formation energy is mostly that of the anion, and of nonmetals in complex
anions: compounds of one class are wrong together, and by about as much. Alloys, which cancel most
of it, and molecules, which have nothing in common with solids, are classes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from .formal_charges import formal_charges

__all__ = ["CLASSES", "energy_class"]

_OXYANIONS = {
    "S": "sulfate", "N": "nitrate", "C": "carbonate", "P": "phosphate", "Si": "silicate",
    "B": "borate",
}  # fmt: skip
_ANIONS = {
    "F": "fluoride", "O": "oxide", "N": "nitride", "Cl": "chloride", "Br": "bromide",
    "I": "iodide", "S": "sulfide", "Se": "selenide", "Te": "telluride", "As": "arsenide",
    "P": "phosphide",
}  # fmt: skip
_LAST = {"H": "hydride", "C": "carbide", "Si": "silicide", "B": "boride"}

CLASSES = (
    "oxide", "peroxide", *_OXYANIONS.values(), "other oxyanion", "fluoride", "chloride", "bromide",
    "iodide", "sulfide", "selenide", "telluride", "nitride", "phosphide", "arsenide", "hydride",
    "carbide", "silicide", "boride", "self-bonded anion", "alloy", "molecule",
)  # fmt: skip
"""All classes; ``molecule`` is a matter of the measured state, not of the composition."""


def energy_class(amounts: Mapping[str, float]) -> str | None:
    """Class of a solid by its composition.

    Parameters
    ----------
    amounts : mapping of str to float
        Atoms of each element.

    Returns
    -------
    str or None
        None for an element, which is the zero of formation energies and has no error.

    Examples
    --------
    >>> energy_class({"Li": 6, "P": 1, "S": 5, "Cl": 1})
    'sulfide'
    >>> energy_class({"Li": 2, "S": 1, "O": 4}), energy_class({"Li": 2, "O": 2})
    ('sulfate', 'peroxide')
    >>> energy_class({"Li": 15, "Ge": 4}), energy_class({"Na": 1, "Cl": 3})
    ('alloy', 'self-bonded anion')
    """
    if len(amounts) < 2:
        return None
    charges = formal_charges(amounts)
    carried = {x: -s * amounts[x] for x, s in charges.state.items() if s < 0.0}
    hydrogen = "H" in amounts and not charges.cation.get("H")
    if not carried:
        if charges.neutral:
            return "self-bonded anion"
        if hydrogen:
            return "hydride"
        return next((name for x, name in _LAST.items() if x in amounts), "alloy")
    most = max(carried, key=lambda x: (carried[x], x))
    if charges.neutral.get(most, 0.0) > amounts[most] / 2.0:
        return "self-bonded anion"
    if most == "O":
        if charges.state["O"] > -1.5:
            return "peroxide"
        centres = {x: n for x, n in charges.centre.items() if n}
        if centres:
            # The centres of a complex anion hold most of its oxygen; a trace of one does not.
            held = {x: n * (charges.state.get(x) or _FIXED[x]) for x, n in centres.items()}
            best = max(held, key=lambda x: (held[x], x))
            if held[best] >= carried["O"] / 3.0:
                return _OXYANIONS.get(best, "other oxyanion")
        return "oxide"
    return _ANIONS[most]


_FIXED = {"C": 4.0, "Si": 4.0, "B": 3.0}
