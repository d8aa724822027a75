"""Formal charges of a composition, as shares that change continuously with it.

A composition alone does not say which atoms carry which charge, but the balance of charges nearly
does: sulfur is an anion in La2O2S, where lanthanum pays for oxygen and sulfur, and the centre of an
anion in La2(SO4)3, where it cannot. The rules below take elements by electronegativity and never
decide by a threshold: an amount of lithium more or less changes a share a little, not from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..core.elements import ELECTRONEGATIVITY

__all__ = ["ANIONS", "CENTRES", "FormalCharges", "formal_charges", "lowest_state"]

ANIONS: dict[str, int] = {
    "F": 1, "O": 2, "N": 3, "Cl": 1, "Br": 1, "I": 1, "S": 2, "Se": 2, "Te": 2, "As": 3, "P": 3,
}  # fmt: skip
"""Charge of each anion; the order is the one in which they claim charge, and the reverse of the
one in which they give it up to be centres."""

CENTRES: dict[str, tuple[int, int]] = {
    "As": (3, 5), "P": (3, 5), "Te": (4, 6), "Se": (4, 6), "S": (4, 6), "I": (1, 7), "Br": (1, 7),
    "Cl": (1, 7), "N": (1, 5),
}  # fmt: skip
"""Elements that are anions or centres of anions: lowest common and highest positive state."""

_ALWAYS_CENTRES: dict[str, tuple[int, int]] = {"C": (4, 4), "Si": (4, 4), "B": (3, 3)}

# Lowest common and highest state of metals with hard anions, highest with S, Se, Te, P and As.
_STATES: dict[str, tuple[int, int, int]] = {
    "Ti": (2, 4, 4), "V": (2, 5, 5), "Cr": (2, 6, 3), "Mn": (2, 7, 2), "Fe": (2, 3, 2),
    "Co": (2, 4, 2), "Ni": (2, 4, 2), "Cu": (1, 2, 1), "Zn": (2, 2, 2), "Ga": (3, 3, 3),
    "Ge": (2, 4, 4), "Zr": (4, 4, 4), "Nb": (2, 5, 5), "Mo": (2, 6, 4), "Tc": (4, 7, 4),
    "Ru": (3, 8, 4), "Rh": (3, 4, 3), "Pd": (2, 4, 2), "Ag": (1, 2, 1), "Cd": (2, 2, 2),
    "In": (1, 3, 3), "Sn": (2, 4, 4), "Sb": (3, 5, 5), "Hf": (4, 4, 4), "Ta": (5, 5, 5),
    "W": (4, 6, 6), "Re": (4, 7, 7), "Os": (4, 8, 4), "Ir": (3, 6, 3), "Pt": (2, 6, 4),
    "Au": (1, 3, 1), "Hg": (1, 2, 2), "Tl": (1, 3, 1), "Pb": (2, 4, 2), "Bi": (3, 5, 3),
    "Po": (2, 4, 4), "Ce": (3, 4, 3), "Pr": (3, 4, 3), "Tb": (3, 4, 3), "Eu": (2, 3, 3),
    "Sm": (2, 3, 3), "Yb": (2, 3, 3), "Th": (4, 4, 4), "Pa": (4, 5, 5), "U": (3, 6, 4),
    "Np": (3, 6, 4), "Pu": (3, 6, 3), "Am": (3, 4, 3), "Xe": (2, 8, 2), "Kr": (2, 2, 2),
    "H": (1, 1, 1),
}  # fmt: skip
_ONE = frozenset(["Li", "Na", "K", "Rb", "Cs", "Fr"])
_TWO = frozenset(["Be", "Mg", "Ca", "Sr", "Ba", "Ra"])
_SOFT = frozenset(["S", "Se", "Te", "P", "As"])
_HARD = frozenset(["F", "O", "N", "Cl", "Br", "I"])
_IONIC = _HARD | {"S"}


def _states(symbol: str, soft: bool) -> tuple[int, int]:
    """Lowest common and highest state of an element that is no anion."""
    if symbol in _ONE:
        return 1, 1
    if symbol in _TWO:
        return 2, 2
    low, hard, with_soft = _STATES.get(symbol, (3, 3, 3))
    return low, with_soft if soft else hard


def lowest_state(symbol: str) -> int:
    """Lowest common state of a metal.

    Examples
    --------
    >>> lowest_state("Zr"), lowest_state("Fe")
    (4, 2)
    """
    return _states(symbol, soft=False)[0]


@dataclass(frozen=True, slots=True)
class FormalCharges:
    """How the atoms of one composition share its charges.

    Attributes
    ----------
    anion : dict
        Atoms of each anion that carry their whole charge (an O of -1 counts half).
    neutral : dict
        Atoms of each anion-forming element that carry none: bonded to each other.
    centre : dict
        Atoms of each nonmetal that are centres of complex anions.
    cation : dict
        Atoms of each metal in their lowest common state or above (a Zr of +2 counts half).
    oxidised : dict
        Charge of each metal beyond its lowest common state, the most electropositive first.
    state : dict
        Mean state of each anion-forming element.
    """

    anion: dict[str, float]
    neutral: dict[str, float]
    centre: dict[str, float]
    cation: dict[str, float]
    oxidised: dict[str, float]
    state: dict[str, float]


def formal_charges(amounts: Mapping[str, float]) -> FormalCharges:
    """Share out the charges of a composition.

    Every nonmetal that can be an anion is one as long as the metals, in their highest states, can
    pay for it. Where they cannot, the least electronegative becomes a centre, with the metals in
    their lowest common state; what is then still missing, the anions go without, the least
    electronegative first: peroxides, polysulfides, trichlorides.

    Parameters
    ----------
    amounts : mapping of str to float
        Atoms of each element; charges are shared out over all of them.

    Returns
    -------
    FormalCharges

    Examples
    --------
    >>> formal_charges({"Li": 2, "S": 1, "O": 4}).centre
    {'S': 1.0}
    >>> formal_charges({"La": 2, "O": 2, "S": 1}).anion
    {'O': 2.0, 'S': 1.0}
    >>> formal_charges({"Li": 2, "O": 2}).state
    {'O': -1.0}
    >>> formal_charges({"Li": 1, "S": 4}).neutral
    {'S': 3.5}
    """
    anions = {x: amounts[x] for x in ANIONS if x in amounts}
    hydrides = "H" in amounts and not (_HARD | _SOFT) & anions.keys()
    if hydrides or not anions:
        return FormalCharges({}, {}, {}, {}, {}, {})
    soft = not _HARD & anions.keys()
    fixed = {x: amounts[x] for x in _ALWAYS_CENTRES if x in amounts}
    metals = {x: n for x, n in amounts.items() if x not in anions and x not in fixed}
    low = sum(n * _states(x, soft)[0] for x, n in metals.items())
    high = sum(n * _states(x, soft)[1] for x, n in metals.items())
    inside = sum(n * _ALWAYS_CENTRES[x][1] for x, n in fixed.items())

    state = {x: -float(ANIONS[x]) for x in anions}
    claimed = sum(n * ANIONS[x] for x, n in anions.items())
    centre: dict[str, float] = {}
    most_electronegative = next(iter(anions))
    for x in reversed(anions):
        missing = claimed - high - inside
        if missing <= 0.0 or x == most_electronegative or x not in CENTRES:
            break
        n, q = anions[x], ANIONS[x]
        lowest, highest = CENTRES[x]
        paid = min(highest, -q + missing / n)  # with the metals in their highest states
        usual = min(highest, -q + (claimed - low - inside) / n)
        weight = min(1.0, paid + q)
        state[x] = (1.0 - weight) * paid + weight * usual
        claimed -= n * (state[x] + q)
    # What the metals cannot pay for, the anions go without, the least electronegative first.
    missing = claimed - high - inside
    for x in reversed(anions):
        if missing <= 0.0:
            break
        if state[x] < 0.0:
            given = min(missing, -state[x] * anions[x])
            state[x] += given / anions[x]
            missing -= given
    anion, neutral = {}, {}
    for x, n in anions.items():
        if state[x] > 0.0:
            centre[x] = n * min(1.0, state[x] / CENTRES[x][0]) if x in CENTRES else 0.0
            neutral[x] = n - centre[x]
        else:
            anion[x] = n * -state[x] / ANIONS[x]
            neutral[x] = n - anion[x]
    # Phosphides, arsenides and tellurides are not ionic enough for a charge that metals would have.
    balance = sum(-n * state[x] for x, n in anions.items() if x in _IONIC or state[x] > 0.0)
    cation: dict[str, float] = {}
    for x in sorted([*metals, *fixed], key=ELECTRONEGATIVITY.__getitem__):
        n = amounts[x]
        lowest = _ALWAYS_CENTRES[x][0] if x in fixed else _states(x, soft)[0]
        share = max(0.0, min(n, balance / lowest))
        balance -= share * lowest
        (centre if x in fixed else cation)[x] = share
    oxidised: dict[str, float] = {}
    for x in sorted(metals, key=ELECTRONEGATIVITY.__getitem__):
        lowest, highest = _states(x, soft)
        share = max(0.0, min(metals[x] * (highest - lowest), balance))
        balance -= share
        if share:
            oxidised[x] = share
    neutral = {x: n for x, n in neutral.items() if n > 0.0}
    return FormalCharges(anion, neutral, centre, cation, oxidised, state)
