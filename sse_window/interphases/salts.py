"""Compounds that insulate because of their chemistry, whatever gap was computed for them.

Semilocal functionals close the gap of many insulators. Where formal charges balance, three kinds of
compounds are insulators all the same, open d shells or not:

1. fluorides, chlorides and bromides, peroxides and superoxides;
2. salts of complex anions of oxygen (phosphates, sulfates, carbonates, nitrates, borates ...), with
   every oxygen bound in one;
3. oxides, sulfides, halides and iodides of closed shells.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..core.composition import Composition
from ..core.tolerances import PROPORTION
from ..equilibria.oxidation_states import admissible_states, lowest_cation_state

__all__ = ["closed_gap", "salt"]

_ANIONS = frozenset({"O", "F", "Cl", "Br", "S", "I"})
_HALIDES = frozenset({"F", "Cl", "Br"})

# Highest state, and how many oxygens bind to one centre at most.
_CENTRES = {
    "P": ("phosphate", 5, 4), "S": ("sulfate", 6, 4), "C": ("carbonate", 4, 3),
    "N": ("nitrate", 5, 3), "B": ("borate", 3, 4), "Si": ("silicate", 4, 4),
    "As": ("arsenate", 5, 4), "Cl": ("perchlorate", 7, 4),
}  # fmt: skip

# States without mobile electrons: noble-gas shells, filled d shells, lone pairs; Mn(2+), whose half
# filled shell is as good as closed; and ions of the lanthanides, whose f electrons stay on them.
_CLOSED: dict[str, tuple[int, ...]] = {
    "H": (1,), "Li": (1,), "Na": (1,), "K": (1,), "Rb": (1,), "Cs": (1,),
    "Be": (2,), "Mg": (2,), "Ca": (2,), "Sr": (2,), "Ba": (2,),
    "Sc": (3,), "Y": (3,), "La": (3,), "Ti": (4,), "Zr": (4,), "Hf": (4,), "Th": (4,),
    "V": (5,), "Nb": (5,), "Ta": (5,), "Cr": (6,), "Mo": (6,), "W": (6,), "U": (6,),
    "Mn": (2, 7), "Tc": (7,), "Re": (7,), "Os": (8,),
    "Cu": (1,), "Ag": (1,), "Au": (1,), "Zn": (2,), "Cd": (2,), "Hg": (2,),
    "B": (3,), "Al": (3,), "Ga": (3,), "In": (1, 3), "Tl": (1, 3),
    "C": (4,), "Si": (4,), "Ge": (2, 4), "Sn": (2, 4), "Pb": (2, 4),
    "N": (3, 5), "P": (3, 5), "As": (3, 5), "Sb": (3, 5), "Bi": (3, 5),
    "S": (4, 6), "Se": (4, 6), "Te": (4, 6), "Cl": (1, 3, 5, 7), "Br": (1, 3, 5, 7),
    "I": (1, 3, 5, 7),
    "Ce": (3, 4), "Pr": (3,), "Nd": (3,), "Pm": (3,), "Sm": (3,), "Eu": (2, 3), "Gd": (3,),
    "Tb": (3,), "Dy": (3,), "Ho": (3,), "Er": (3,), "Tm": (3,), "Yb": (2, 3), "Lu": (3,),
}  # fmt: skip

_LONE_PAIRS = frozenset({"In", "Tl", "Ge", "Sn", "Pb", "As", "Sb", "Bi"})

_OCTET = {
    "H": -1, "C": -4, "Si": -4, "Ge": -4, "N": -3, "P": -3, "As": -3, "Sb": -3,
    "O": -2, "S": -2, "Se": -2, "Te": -2, "F": -1, "Cl": -1, "Br": -1, "I": -1,
}  # fmt: skip

_NONMETALS = frozenset({*_OCTET, "B"})

_CORRELATED = frozenset({"V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu"})

_LOW_SPIN = frozenset({"Ru", "Rh", "Pd", "Os", "Ir", "Pt"})

# Sulfurs or seleniums that bind to one centre at most.
_THIO_CENTRES = {"P": 4, "Si": 4, "Ge": 4, "Sn": 4, "As": 4, "Sb": 4, "B": 3}


def salt(composition: Composition) -> str | None:
    """Which kind of insulator a compound is by its formal charges; None where they do not say.

    Only the composition counts: a molecule of the same formula insulates too.

    Parameters
    ----------
    composition : Composition

    Returns
    -------
    str or None
        In words.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> salt(parse("LiFePO4")), salt(parse("FeF3")), salt(parse("La2Zr2O7"))
    ('phosphate', 'fluoride', 'oxide of closed shells')
    >>> print(salt(parse("Co3O4")), salt(parse("LiTiS2")), salt(parse("ZrCl")))
    None None None
    """
    if len(composition.elements) < 2:
        return None
    for states in admissible_states(composition):
        found = _kind(composition, states)
        if found is not None:
            return found
    return None


def _kind(composition: Composition, states: Mapping[str, float]) -> str | None:
    anions = {element for element, state in states.items() if state < 0.0}
    if not anions <= _ANIONS or not anions:
        return None
    cations = {element: state for element, state in states.items() if state > 0.0}
    if not all(_common(element, state) for element, state in cations.items()):
        return None
    closed = all(_closed(element, state) for element, state in cations.items())
    name = max(anions, key=composition.amount)
    if anions <= _HALIDES and all(states[anion] == -1.0 for anion in anions):
        return {"F": "fluoride", "Cl": "chloride", "Br": "bromide"}[name]
    if "O" in anions and states["O"] > -2.0:
        bound = {-1.0: "peroxide", -0.5: "superoxide"}.get(states["O"], "oxide of bound oxygen")
        return bound if closed else None
    if "O" in anions:
        complex_anion = _complex_anion(composition, cations)
        if complex_anion and anions <= _HALIDES | {"O"}:
            return complex_anion
    if not closed:
        return None
    words = {"O": "oxide", "S": "sulfide", "I": "iodide", "F": "fluoride"}
    return f"{words.get(name, 'halide')} of closed shells"


def _common(element: str, state: float) -> bool:
    """Not below every common state: subhalides and suboxides are metals."""
    lowest = lowest_cation_state(element)
    return lowest is not None and state >= lowest


def _closed(element: str, state: float) -> bool:
    """A closed shell, or several of them side by side (Pb3O4)."""
    shells = _CLOSED.get(element, ())
    mixed = element in _LONE_PAIRS and min(shells) < state < max(shells)
    return state in shells or mixed


def _complex_anion(composition: Composition, cations: Mapping[str, float]) -> str | None:
    """Name of the anion that binds most of the oxygen, where all of it is bound."""
    room = {
        element: composition.amount(element) * most
        for element, (_, state, most) in _CENTRES.items()
        if cations.get(element) == state
    }
    if not room or composition.amount("O") > sum(room.values()) * (1.0 + PROPORTION):
        return None
    return _CENTRES[max(room, key=lambda element: room[element])][0]


def closed_gap(composition: Composition) -> str | None:
    """Kind of compound whose gap semilocal functionals may close; None for all others.

    A gap computed below a threshold does not say that one of them conducts; that it insulates does
    not follow from its formal charges either, unlike with a :func:`salt`.

    Parameters
    ----------
    composition : Composition

    Returns
    -------
    str or None
        In words, in the plural.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> closed_gap(parse("InAs")), closed_gap(parse("CoO")), closed_gap(parse("Li2FeGeS4"))
    ('semiconductors of closed shells', 'oxides of 3d metals', 'salts of thio anions')
    >>> print(closed_gap(parse("Ni3S2")), closed_gap(parse("Li15Ge4")))
    None None
    """
    elements = set(composition.elements)
    if elements <= _NONMETALS:
        return "compounds of nonmetals"
    if elements & _LOW_SPIN and elements & {"S", "Se"} and not elements & {"O"}:
        return "chalcogenides of platinum metals"
    for states in admissible_states(composition):
        negative = {element: state for element, state in states.items() if state < 0.0}
        cations = {element: state for element, state in states.items() if state > 0.0}
        if any(_OCTET.get(element) != state for element, state in negative.items()):
            continue
        if not all(_common(element, state) for element, state in cations.items()):
            continue
        if all(state in _CLOSED.get(element, ()) for element, state in cations.items()):
            return "semiconductors of closed shells"
        if negative.keys() & {"O", "I"} and _CORRELATED & set(cations):
            return "oxides of 3d metals" if "O" in negative else "iodides of 3d metals"
        room = sum(composition.amount(e) * n for e, n in _THIO_CENTRES.items() if e in cations)
        bound = composition.amount("S") + composition.amount("Se")
        if set(negative) <= {"S", "Se"} and bound <= room * (1.0 + PROPORTION):
            return "salts of thio anions"
    return None
