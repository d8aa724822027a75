"""Gases that fit a table of computed energies: their enthalpies against measured decompositions.

Computed molecules are 0.5 to 1.7 eV off, and a measured gas beside raw computed solids is off by
what the scheme of corrections does to its anions. What counts is the reaction, so that the enthalpy
of the gas is taken from decompositions whose enthalpy is measured:

    H(gas) = dH(measured) - [E(solid products) - E(reactant)]   per molecule,

mean over the reactions; their scatter is the error bar. Computed solids have no entropy, so that
the gas carries the mean measured entropy of the reactions.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.composition import Composition, parse
from ..core.record import Record
from ..facts.thermochemistry import (
    STANDARD_TEMPERATURE_K,
    gas_properties,
    measured_substances,
)
from .table import PhaseTable

__all__ = ["FittedReaction", "GasFit", "fit_gases"]

_REACTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    # Carbonates of lithium and of metals 2+, to their oxides.
    "CO2": (
        ("Li2CO3", "Li2O"),
        ("MgCO3", "MgO"),
        ("CaCO3", "CaO"),
        ("SrCO3", "SrO"),
        ("BaCO3", "BaO"),
        ("MnCO3", "MnO"),
        ("ZnCO3", "ZnO"),
        ("CdCO3", "CdO"),
        ("PbCO3", "PbO"),
    ),
    "H2O": (("Mg(OH)2", "MgO"), ("Ca(OH)2", "CaO")),
    # Oxides that give off oxygen below 1700 K in air.
    "O2": (
        ("Ag2O", "Ag"),
        ("CuO", "Cu2O"),
        ("Co3O4", "CoO"),
        ("MnO2", "Mn2O3"),
        ("Mn2O3", "Mn3O4"),
        ("Fe2O3", "Fe3O4"),
    ),
}

_REFERENCE = frozenset({"O2"})
"""Elements: their energy is 0 in every table, so that only the scatter about it is taken."""

_NO_SCATTER = 2
"""Reactions that a scatter takes at least."""


@dataclass(frozen=True, slots=True)
class FittedReaction(Record):
    """One decomposition of the fit, per molecule of the gas.

    Attributes
    ----------
    reactant, product : str
    residual_eV : float
        Enthalpy of the gas that this reaction alone asks for, minus the one of the fit.
    """

    reactant: str
    product: str
    residual_eV: float


@dataclass(frozen=True, slots=True)
class GasFit(Record):
    """A gas beside the solids of one table.

    Attributes
    ----------
    formula : str
    enthalpy_eV : float
        Per molecule, on the scale of the formation energies of the table.
    scatter_eV : float
        Standard deviation of the reactions; of O2 their root mean square about 0.
    entropy_eV_per_K : float
        Mean measured entropy of the reactions, per molecule: the solids of the table have none.
    temperature_error_K : float
        Root mean square error of the measured decomposition temperatures dH/dS, each predicted
        from the other reactions.
    reactions : tuple of FittedReaction
    """

    formula: str
    enthalpy_eV: float
    scatter_eV: float
    entropy_eV_per_K: float
    temperature_error_K: float
    reactions: tuple[FittedReaction, ...]


def fit_gases(table: PhaseTable) -> dict[str, GasFit]:
    """Fit carbon dioxide, water and oxygen to a table.

    Parameters
    ----------
    table : PhaseTable

    Returns
    -------
    dict of str to GasFit
        By formula; without a gas for which fewer than two reactions have all their solids in the
        table.

    Examples
    --------
    >>> from sse_window.sources.datasets import load
    >>> fit = fit_gases(load("mp-legacy"))["CO2"]
    >>> round(fit.enthalpy_eV, 2), round(fit.scatter_eV, 2)
    (-5.03, 0.12)
    """
    found = {}
    for gas, pairs in _REACTIONS.items():
        asked = [_reaction(table, gas, parse(a), parse(b)) for a, b in pairs]
        known = [reaction for reaction in asked if reaction is not None]
        if len(known) < _NO_SCATTER:
            continue
        enthalpies = [reaction.gas_enthalpy for reaction in known]
        if gas in _REFERENCE:
            mean = 0.0
            scatter = math.sqrt(statistics.fmean(h * h for h in enthalpies))
        else:
            mean, scatter = statistics.fmean(enthalpies), statistics.stdev(enthalpies)
        entropy = statistics.fmean(reaction.entropy for reaction in known)
        found[gas] = GasFit(
            formula=gas,
            enthalpy_eV=mean,
            scatter_eV=scatter,
            entropy_eV_per_K=entropy,
            temperature_error_K=_left_out(known, reference=gas in _REFERENCE),
            reactions=tuple(
                FittedReaction(r.reactant, r.product, r.gas_enthalpy - mean) for r in known
            ),
        )
    return found


@dataclass(frozen=True, slots=True)
class _Reaction:
    """A decomposition per molecule of the gas [eV, eV/K]."""

    reactant: str
    product: str
    gas_enthalpy: float  # that brings the computed solids to the measured enthalpy
    enthalpy: float
    entropy: float


def _left_out(known: Sequence[_Reaction], *, reference: bool) -> float:
    """Error of the temperatures of decomposition, each from the fit of the others [K]."""
    errors = []
    for reaction in known:
        others = [other for other in known if other is not reaction]
        gas = 0.0 if reference else statistics.fmean(o.gas_enthalpy for o in others)
        entropy = statistics.fmean(o.entropy for o in others)
        computed = reaction.enthalpy - reaction.gas_enthalpy + gas
        errors.append(computed / entropy - reaction.enthalpy / reaction.entropy)
    return math.sqrt(statistics.fmean(error * error for error in errors))


def _reaction(
    table: PhaseTable, gas: str, reactant: Composition, product: Composition
) -> _Reaction | None:
    """One decomposition; None where a solid is not in the table."""
    molecule = parse(gas)
    metal = next(e for e in reactant.elements if e not in molecule.elements)
    units = reactant.amount(metal) / product.amount(metal)
    kept = units * product.amount("O")
    released = (reactant.amount("O") - kept) / molecule.amount("O")
    energies = []
    for composition in (reactant, product):
        row = table.index(composition.reduced_formula)
        if row is None:
            return None
        energies.append(float(table.formation_energy_per_atom[row]) * composition.atoms)
    measured = [measured_substances()[c.reduced_formula] for c in (reactant, product)]
    unit = [c.atoms / parse(c.reduced_formula).atoms for c in (reactant, product)]
    enthalpies = [m.formation_enthalpy_eV * n for m, n in zip(measured, unit, strict=True)]
    entropies = [m.entropy_eV_per_K * n for m, n in zip(measured, unit, strict=True)]
    properties = gas_properties(gas)
    solids = (units * enthalpies[1] - enthalpies[0]) / released
    reaction_enthalpy = solids + properties.formation_enthalpy_eV
    computed = (units * energies[1] - energies[0]) / released
    standard = properties.entropy_eV_per_K[0]
    assert properties.temperature_K[0] == STANDARD_TEMPERATURE_K
    reaction_entropy = (units * entropies[1] - entropies[0]) / released + standard
    return _Reaction(
        reactant.formula,
        product.formula,
        reaction_enthalpy - computed,
        reaction_enthalpy,
        reaction_entropy,
    )
