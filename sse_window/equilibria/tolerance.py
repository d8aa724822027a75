"""The tolerance window: voltages at which little drives a decomposition."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..core.errors import FormulaError

__all__ = ["TOLERANCE_eV_per_atom", "check_e_above_hull", "lower_end", "upper_end"]

TOLERANCE_eV_per_atom = 0.03
"""Driving force that is taken to be within reach of kinetic stabilisation by default [eV/atom];
Li7La3Zr2O12 on lithium, which is seen to last, has 0.02 (Zhu, He, Mo, ACS Appl. Mater. Interfaces
2015, 7, 23685, doi:10.1021/acsami.5b07517)."""


_LARGEST_E_ABOVE_HULL_eV_per_atom = 1.0
"""Of the computed compounds of the Materials Project one in a hundred lies higher, of those that
were made none; a number above it is in meV."""


def check_e_above_hull(e_above_hull_eV_per_atom: float) -> None:
    """Refuse an energy above hull that cannot be one.

    Raises
    ------
    FormulaError
        If it is negative, not finite, or so high that it must be in meV.

    Examples
    --------
    >>> check_e_above_hull(25)
    Traceback (most recent call last):
    ...
    sse_window.core.errors.FormulaError: energy above hull 25 eV/atom: were meV meant? give 0.025
    for 25 meV/atom
    """
    given = e_above_hull_eV_per_atom
    if not 0.0 <= given < math.inf:
        raise FormulaError(f"energy above hull {given:g} eV/atom: give a number of 0 or more")
    if given > _LARGEST_E_ABOVE_HULL_eV_per_atom:
        raise FormulaError(
            f"energy above hull {given:g} eV/atom: were meV meant? give {given / 1000:g} for "
            f"{given:g} meV/atom"
        )


def lower_end(
    window_low_V: float, steps: Iterable[tuple[float, float]], tolerance_eV_per_atom: float
) -> float:
    """Lower end of the tolerance window.

    The driving force -E_D(V) less the energy above hull is 0 within the window, convex, and linear
    with slope -r within each step, r = z dn / n_atoms.

    Parameters
    ----------
    window_low_V : float
        Reduction potential.
    steps : iterable of (float, float)
        Lower end of each step [V] and its rate r [eV/(V atom)], from the window downwards.
    tolerance_eV_per_atom : float
        Driving force to be borne, >= 0.

    Returns
    -------
    float
        [V]; 0 where the driving force stays below the tolerance down to the metal.

    Examples
    --------
    Li3PS4 takes up 5 Li below 1.84 V, and 8 below 1.2 V: 5/8 and 1 eV per volt and atom.

    >>> round(lower_end(1.84, [(1.2, 0.625), (0.0, 1.0)], 0.03), 9)
    1.792
    """
    return _end(window_low_V, steps, tolerance_eV_per_atom)


def upper_end(
    window_high_V: float | None,
    steps: Iterable[tuple[float, float]],
    tolerance_eV_per_atom: float,
) -> float | None:
    """Upper end of the tolerance window; None where there is no limit.

    Parameters
    ----------
    window_high_V : float or None
        Oxidation potential.
    steps : iterable of (float, float)
        Upper end of each step [V], infinite for the last, and its rate -z dn / n_atoms
        [eV/(V atom)], from the window upwards.
    tolerance_eV_per_atom : float

    Returns
    -------
    float or None
    """
    if window_high_V is None:
        return None
    end = _end(window_high_V, steps, tolerance_eV_per_atom)
    return end if math.isfinite(end) else None


def _end(start: float, steps: Iterable[tuple[float, float]], tolerance: float) -> float:
    """Voltage, going from `start` away from the window, at which the tolerance is used up."""
    at, left = start, tolerance
    for end, rate in steps:
        used = rate * abs(end - at)
        if used >= left:
            return at + math.copysign(left / rate, end - at) if left > 0.0 else at
        at, left = end, left - used
    return at
