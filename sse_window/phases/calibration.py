"""Systematic errors of formation energies, by what a compound is made of.

The residual of a computed formation energy against the measured enthalpy is described by

    d = sum_k b_k n_k / n_atoms

with one coefficient b_k [eV] for every kind of unit and n_k units of it in the formula: anions in
proportion to their charge, nonmetals as centres of complex anions by ligand, metals that carry a
Hubbard U in oxides and fluorides, and metals in proportion to their oxidation. A calibrated energy
is the computed one less d. Alloys, carbides, silicides, phosphides, borides and hydrides have no
such unit and stay as they are, elements stay at 0.

Units are counted by :func:`~sse_window.phases.formal_charges.formal_charges`, so that d changes
continuously with the composition.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from .formal_charges import formal_charges

__all__ = ["systematic_error", "units"]

_HUBBARD = frozenset(["V", "Cr", "Mn", "Fe", "Co", "Ni", "Mo", "W"])
_DIVALENT_CORE = frozenset(["Eu", "Yb"])
"""Lanthanides computed with the core of their divalent ion: the trivalent ones are wrong."""
_LIGANDS = (("O", ("O", "N")), ("S", ("S",)), ("F", ("F",)), ("halide", ("Cl", "Br", "I")))
_OXYGEN = ((-2.0, "O(2-)"), (-1.0, "O peroxide"), (-0.5, "O superoxide"), (0.0, ""))


def units(amounts: Mapping[str, float]) -> dict[str, float]:
    """Units of one composition that energies are corrected for.

    Parameters
    ----------
    amounts : mapping of str to float
        Atoms of each element; of twice as many follow twice as many units.

    Returns
    -------
    dict
        Number of each kind of unit in these atoms.

    Examples
    --------
    >>> units({"Li": 2, "S": 1, "O": 4})
    {'O(2-)': 4.0, 'S in O': 1.0, 'Li': 2.0}
    >>> units({"Li": 1, "S": 4})
    {'S(2-)': 0.5, 'S neutral': 3.5, 'Li': 1.0}
    >>> units({"Li": 1, "Al": 1})
    {}
    """
    if len(amounts) < 2:
        return {}
    amounts = {x: float(n) for x, n in amounts.items()}
    charges = formal_charges(amounts)
    found: dict[str, float] = {}
    for x, n in charges.anion.items():
        if x == "O":
            found |= {k: n_k for k, n_k in _oxygen(charges.state[x], amounts[x]).items() if n_k}
        elif n:
            found[_anion(x)] = n
    for x, n in charges.neutral.items():
        if x in ("S", "Se", "Cl", "Br", "I", "F"):
            found[f"{x} neutral"] = n
    if not charges.state:
        return {}
    carried = {x: -s * amounts[x] for x, s in charges.state.items() if s < 0.0}
    total = sum(carried.values())
    if not total:
        return found
    positive = {
        x: (charges.state[x] if x in charges.state else _FIXED[x]) * amounts[x]
        for x in charges.centre
    }
    paid = sum(positive.values())
    shares: dict[str, float] = {}
    left = paid
    for name, members in _LIGANDS:
        share = min(left, sum(carried.get(x, 0.0) for x in members))
        shares[name] = share / paid if paid else 0.0
        left -= share
    for x, n in charges.centre.items():
        for name, share in shares.items():
            if n * share:
                found[f"{x} in {name}"] = n * share
    hard = (carried.get("O", 0.0) + carried.get("F", 0.0)) / total
    for x, n in charges.cation.items():
        if x == "H":
            oxygen = carried.get("O", 0.0) / total
            if n * oxygen:
                found["H in O"] = n * oxygen
            if n * (1.0 - oxygen):
                found["H"] = n * (1.0 - oxygen)
            continue
        if n:
            found[x] = n
        if x in _HUBBARD and n * hard:
            found[f"{x} with U"] = n * hard
    for x in _DIVALENT_CORE & charges.oxidised.keys():
        found[f"{x}(3+)"] = charges.oxidised[x]
    return found


def systematic_error(amounts: Mapping[str, float], coefficients: Mapping[str, float]) -> float:
    """What a computed formation energy of these atoms is off by.

    Parameters
    ----------
    amounts : mapping of str to float
        Atoms of each element.
    coefficients : mapping of str to float
        b_k [eV per unit]; units without one count nothing.

    Returns
    -------
    float
        d [eV/atom]; negative is computed too stable.

    Examples
    --------
    >>> round(systematic_error({"Li": 2, "S": 1}, {"S(2-)": -0.6, "Li": 0.15}), 6)
    -0.1
    """
    counted = units(amounts)
    d = sum(coefficients.get(k, 0.0) * n for k, n in counted.items())
    return d / sum(amounts.values())


_FIXED = {"C": 4.0, "Si": 4.0, "B": 3.0}


def _anion(symbol: str) -> str:
    charge = {"N": "3-", "S": "2-", "Se": "2-", "Te": "2-", "P": "3-", "As": "3-"}.get(symbol, "-")
    return f"{symbol}({charge})"


def _oxygen(state: float, n: float) -> dict[str, float]:
    """Share out oxygen between the two kinds on either side of its mean state."""
    for (low, below), (high, above) in itertools.pairwise(_OXYGEN):
        if low <= state <= high:
            share = (state - low) / (high - low)
            return {k: n * x for k, x in ((below, 1.0 - share), (above, share)) if k and x}
    return {}
