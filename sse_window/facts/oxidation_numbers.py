"""Formal oxidation states that elements take, and whether any of them balance a composition."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from ..core.elements import ELECTRONEGATIVITY
from ..core.tolerances import PROPORTION

__all__ = [
    "NONMETALS",
    "STATES",
    "S_BLOCK",
    "charge_sides",
    "left_over_charge",
    "uniform_charge",
]

# Symbol, common states, and after a bar the highest possible state where it is above them. Common
# states as in Greenwood and Earnshaw, Chemistry of the Elements, 2nd ed. (1997), and in pymatgen's
# periodic table, less the negative states of carbonyls and intermetallics.
_TABLE = """
H -1 1; Li 1; Be 2; B 3; C -4 4; N -3 3 5; O -2; F -1; Na 1; Mg 2; Al 3; Si -4 4; P -3 3 5;
S -2 4 6; Cl -1 1 3 5 7; K 1; Ca 2; Sc 3; Ti 3 4; V 2 3 4 5; Cr 2 3 6; Mn 2 3 4 | 7; Fe 2 3 | 6;
Co 2 3 | 4; Ni 2 | 4; Cu 1 2 | 3; Zn 2; Ga 3; Ge -4 2 4; As -3 3 5; Se -2 4 6; Br -1 1 3 5 | 7;
Rb 1; Sr 2; Y 3; Zr 4; Nb 4 5; Mo 4 6; Ru 3 4 5 | 6; Rh 3 | 6; Pd 2 4; Ag 1 | 3; Cd 2; In 1 3;
Sn -4 2 4; Sb -3 3 5; Te -2 4 6; I -1 1 3 5 7; Cs 1; Ba 2; La 3; Ce 3 4; Pr 3 | 4; Nd 3; Sm 2 3;
Eu 2 3; Gd 3; Tb 3 | 4; Dy 3; Ho 3; Er 3; Tm 3; Yb 2 3; Lu 3; Hf 4; Ta 5; W 4 6; Re 4 5 6 7;
Os 4 5 6 8; Ir 3 4 5 | 6; Pt 2 4 | 6; Au 1 3 | 5; Hg 1 2; Tl 1 3; Pb 2 4; Bi -3 3 | 5; Th 4; U 4 6
"""


def _read(table: str) -> dict[str, tuple[tuple[int, ...], int]]:
    """Common states, and the highest possible one, of each element."""
    found = {}
    for row in table.replace("\n", " ").split(";"):
        symbol, *states = row.split("|")[0].split()
        common = tuple(int(state) for state in states)
        found[symbol] = (common, int(row.split("|")[1]) if "|" in row else max(common))
    return found


STATES = _read(_TABLE)

NONMETALS = frozenset(
    {"H", "B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "As", "Se", "Br", "Te", "I"}
)
S_BLOCK = frozenset({"Li", "Be", "Na", "Mg", "K", "Ca", "Rb", "Sr", "Cs", "Ba"})

# An anion of these is bound to others of its kind in some compounds: any mean above the lowest.
_CHAINS = NONMETALS - {"H", "N", "O", "F", "Cl", "Br"} | {"Ge", "Sn", "Sb", "Bi"}
# Peroxides, superoxides and azides.
_MOLECULAR = {"O": (-2.0, -1.0, -0.5), "N": (-3.0, -1.0 / 3.0)}

_EQUALLY_ELECTRONEGATIVE = 0.025
"""Elements closer on Pauling's scale (As 2.18, P 2.19, H 2.20) share no charge to be counted."""
_ASSIGNMENTS = 4096
"""Assignments that are looked through for one composition; more are as good as unknown."""


@lru_cache(maxsize=1024)
def charge_sides(elements: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Every split into cations and more electronegative anions."""
    order = sorted(elements, key=lambda e: (ELECTRONEGATIVITY[e], e))
    return tuple(
        (tuple(order[:k]), tuple(order[k:]))
        for k in range(1, len(order))
        if ELECTRONEGATIVITY[order[k]] - ELECTRONEGATIVITY[order[k - 1]] > _EQUALLY_ELECTRONEGATIVE
    )


class _Split(NamedTuple):
    """Charges that cations and anions can have: factors of amounts, in the order of `elements`."""

    elements: tuple[str, ...]
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    bound: tuple[tuple[tuple[float, float], ...], ...]


@lru_cache(maxsize=1024)
def _splits(elements: tuple[str, ...]) -> tuple[_Split, ...] | None:
    """What charges the elements of a composition allow; None where formal states mean nothing."""
    if any(e not in STATES for e in elements) or len(elements) < 2:
        return None
    hardest = max(elements, key=lambda e: ELECTRONEGATIVITY[e])
    if hardest not in NONMETALS - {"H", "B", "C", "Si", "P", "As"}:
        return None
    found = []
    for positive, negative in charge_sides(elements):
        if any(max(STATES[e][0]) < 0 for e in positive):
            continue
        if any(min(STATES[e][0]) > 0 for e in negative):
            continue
        metals = [e not in NONMETALS and e not in S_BLOCK for e in positive]
        lowest = tuple(
            0.0 if metal else float(min(s for s in STATES[e][0] if s > 0))
            for e, metal in zip(positive, metals, strict=True)
        )
        highest = tuple(float(STATES[e][1]) for e in positive)
        states_of = [_MOLECULAR.get(e, (float(min(STATES[e][0])),)) for e in negative]
        bound = tuple(
            tuple(
                (state, 0.0 if e in _CHAINS else state)
                for e, state in zip(negative, states, strict=True)
            )
            for states in itertools.product(*states_of)
        )
        found.append(_Split((*positive, *negative), lowest, highest, bound))
    return tuple(found)


@lru_cache(maxsize=1024)
def _assignments(
    elements: tuple[str, ...],
) -> tuple[tuple[tuple[str, ...], tuple[tuple[int, ...], ...]], ...] | None:
    """Assignments of one common state to each element, for every split; None where too many."""
    if any(e not in STATES for e in elements):
        return None
    found = []
    for positive, negative in charge_sides(elements):
        options = [[s for s in STATES[e][0] if s > 0] for e in positive]
        options += [[s for s in STATES[e][0] if s < 0][:1] for e in negative]
        if math.prod(map(len, options)) > _ASSIGNMENTS:
            return None
        found.append(((*positive, *negative), tuple(itertools.product(*options))))
    return tuple(found)


def left_over_charge(amounts: Mapping[str, float]) -> float | None:
    """Charge that remains whatever known oxidation states the elements take, mixed ones included.

    Parameters
    ----------
    amounts : mapping of str to float
        Atoms per formula unit.

    Returns
    -------
    float or None
        Electrons per formula unit, 0 where the charge can be balanced; None where formal states
        mean nothing (alloys, elements without listed states).

    Examples
    --------
    >>> left_over_charge({"Li": 2.3, "C": 0.7, "B": 0.3, "O": 3.0})
    0.0
    >>> round(left_over_charge({"Li": 2.3, "B": 0.7, "C": 0.3, "O": 3.0}), 6)
    -0.4
    """
    splits = _splits(tuple(amounts))
    if splits is None:
        return None
    best = math.inf
    for elements, lowest, highest, bound in splits:
        counts = [amounts[e] for e in elements]
        anions = counts[len(lowest) :]
        low = high = 0.0
        for n, least, most in zip(counts, lowest, highest, strict=False):
            low += n * least
            high += n * most
        for k, states in enumerate(bound):
            below, above = low, high
            for n, (state, loose) in zip(anions, states, strict=True):
                below += n * state
                above += n * loose
            rest = below if below > 0.0 else min(above, 0.0)
            if abs(rest) <= PROPORTION:
                return 0.0
            # What is left over is counted with oxide and nitride ions.
            if k == 0 and abs(rest) < abs(best):
                best = rest
    return best if math.isfinite(best) else None


def uniform_charge(amounts: Mapping[str, float]) -> float | None:
    """Smallest charge that remains with each element in one of its common states.

    Parameters
    ----------
    amounts : mapping of str to float

    Returns
    -------
    float or None
        Electrons per formula unit; None where there is no assignment, or too many.

    Examples
    --------
    >>> round(uniform_charge({"Li": 0.33, "La": 0.56, "Ti": 1.0, "O": 3.0}), 6)
    0.01
    """
    assignments = _assignments(tuple(amounts))
    if assignments is None:
        return None
    best = math.inf
    for elements, options in assignments:
        counts = [amounts[e] for e in elements]
        for states in options:
            charge = math.fsum(map(mul, counts, states))
            best = charge if abs(charge) < abs(best) else best
    return best if math.isfinite(best) else None
