"""Errors of formation energies by class of compounds, most of each shared by the whole class.

What a class of compounds is off by on average is known from measurement; sulfides are off together,
oxides are off together. Inside a class errors cancel in a reaction and leave the scatter of the
plain model (:mod:`~sse_window.equilibria.energy_errors`), so that the variance of a class is split
into that independent part and a rest that all its compounds share:

    sigma^2 = sigma_plain^2 + sigma_shared^2,   sigma = sqrt(pi/2) MAE

with the mean absolute deviation MAE of compounds that no fit has seen, normally distributed.
"""

from __future__ import annotations

import math

import numpy as np

from ..core.composition import Composition
from ..phases.energy_classes import energy_class
from ..phases.table import PhaseTable
from .energy_errors import DRAWS, SEED, ErrorModel, PhaseSpread

__all__ = ["class_error_model", "class_spread", "error_model", "sigma_of"]

_SIGMA_PER_MAE = math.sqrt(math.pi / 2.0)
_MOLECULES = ("liquid", "gas")


def class_error_model(
    table: PhaseTable, composition: Composition, draws: int = DRAWS, seed: int = SEED
) -> ErrorModel:
    """Errors by class of a table; one plain error for all where it does not state its errors.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
        Whose class gives the typical error that results state.
    draws, seed : int

    Returns
    -------
    ErrorModel

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4})
    >>> class_error_model(table, parse("Li2S")).sigma_eV_per_atom
    0.02
    """
    plain = ErrorModel(draws=draws, seed=seed)
    if not table.provenance.error_by_class:
        return plain
    sigma = sigma_of(table, energy_class(composition.amounts))
    return ErrorModel(
        sigma_eV_per_atom=max(sigma, plain.sigma_eV_per_atom),
        draws=draws,
        seed=seed,
        spread=class_spread,
    )


def class_spread(table: PhaseTable) -> PhaseSpread:
    """Standard deviations of the phases of a table that states its errors by class.

    Parameters
    ----------
    table : PhaseTable

    Returns
    -------
    PhaseSpread
        Molecules that stand at their measured enthalpy have no error.
    """
    states = table.properties.get("measured_state")
    classes: list[str] = []
    sigma = np.zeros(len(table))
    for row in range(len(table)):
        name = energy_class(table.composition(row))
        if name is not None and states is not None and states[row] in _MOLECULES:
            name = "molecule"
        classes.append(name or "element")
        sigma[row] = sigma_of(table, name)
    plain = ErrorModel().sigma_eV_per_atom
    own = np.minimum(sigma, plain)
    return PhaseSpread(
        own_eV_per_atom=own,
        shared_eV_per_atom=np.sqrt(sigma**2 - own**2),
        classes=classes,
    )


def sigma_of(table: PhaseTable, name: str | None) -> float:
    """Standard deviation of the energies of a class [eV/atom].

    Parameters
    ----------
    table : PhaseTable
    name : str or None
        None is an element, which is exact. Of a class too rarely measured, the mean of all others
        is taken; molecules of a calibrated table, which are as measured, are exact.

    Returns
    -------
    float
    """
    known = dict(table.provenance.error_by_class)
    if name is None or not known:
        return 0.0
    if name == "molecule":
        return known.get(name, 0.0) * _SIGMA_PER_MAE
    mean = sum(known.values()) / len(known)
    return known.get(name, mean) * _SIGMA_PER_MAE


def error_model(
    table: PhaseTable,
    composition: Composition,
    draws: int = DRAWS,
    seed: int = SEED,
    sigma_eV_per_atom: float | None = None,
) -> ErrorModel:
    """Errors by class, or one independent error for every compound where one is given.

    Parameters
    ----------
    table, composition, draws, seed : see :func:`class_error_model`
    sigma_eV_per_atom : float, optional

    Returns
    -------
    ErrorModel

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4})
    >>> error_model(table, parse("Li2S"), sigma_eV_per_atom=0.05).sigma_eV_per_atom
    0.05
    """
    if sigma_eV_per_atom is None:
        return class_error_model(table, composition, draws, seed)
    return ErrorModel(sigma_eV_per_atom=sigma_eV_per_atom, draws=draws, seed=seed)
