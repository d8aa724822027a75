"""What a system is open to: a metal at a voltage, gases at their pressures, carbon in excess.

A reservoir exchanges its substance freely, so that the chemical potential is given and not the
amount. Here every potential is linear in one parameter, the one along which equilibria are traced:
the voltage, mu = -z V; the temperature at fixed pressure, mu = H - T (S - k ln p); or the logarithm
of a pressure at fixed temperature, mu = mu(T, 1 bar) + kT ln p. The grand potential of a phase is
then linear too, and the trace stays exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.composition import parse
from ..core.errors import FormulaError
from ..core.ions import charge_of

__all__ = ["Potential", "Reservoir", "element_potentials", "metal"]


@dataclass(frozen=True, slots=True)
class Potential:
    """A chemical potential, linear in the parameter: ``value + rate * t`` [eV]."""

    value: float
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Reservoir:
    """A substance that is exchanged freely.

    Attributes
    ----------
    formula : str
        Of the substance, as it is written in reactions.
    potential : Potential
        Of one formula unit, relative to the elements at 0.
    ion_charge : int
        Charge z of the working ion whose metal this is, with the parameter its voltage; 0 of any
        other substance.
    """

    formula: str
    potential: Potential
    ion_charge: int = 0


def metal(ion: str) -> Reservoir:
    """The metal of a working ion at a voltage V, which is the parameter: mu = -z V.

    Raises
    ------
    FormulaError
        If it is no working ion.

    Examples
    --------
    >>> metal("Mg").potential
    Potential(value=0.0, rate=-2.0)
    """
    charge = charge_of(ion)
    return Reservoir(ion, Potential(0.0, -float(charge)), charge)


def element_potentials(reservoirs: Sequence[Reservoir]) -> dict[str, Potential]:
    """Potentials of the elements that reservoirs fix together.

    Parameters
    ----------
    reservoirs : sequence of Reservoir

    Returns
    -------
    dict of str to Potential
        Of every element of the reservoirs, per atom.

    Raises
    ------
    FormulaError
        If they do not fix every one of their elements, or fix one of them twice.

    Examples
    --------
    Oxygen and carbon dioxide together fix carbon: mu(C) = mu(CO2) - mu(O2).

    >>> air = [Reservoir("O2", Potential(-0.5)), Reservoir("CO2", Potential(-4.5))]
    >>> element_potentials(air)["C"]
    Potential(value=-4.0, rate=0.0)
    """
    if len(reservoirs) == 1 and len(parse(reservoirs[0].formula).elements) == 1:
        only = parse(reservoirs[0].formula)
        of = reservoirs[0].potential
        return {only.elements[0]: Potential(of.value / only.atoms, of.rate / only.atoms)}
    compositions = [parse(reservoir.formula) for reservoir in reservoirs]
    elements = sorted({element for c in compositions for element in c.elements})
    matrix = np.array([[c.amount(element) for element in elements] for c in compositions])
    names = ", ".join(reservoir.formula for reservoir in reservoirs)
    rank = int(np.linalg.matrix_rank(matrix)) if len(elements) else 0
    if rank < len(reservoirs):
        raise FormulaError(
            f"{names} fix the potential of an element twice, because they turn into each other: "
            "leave one of them out"
        )
    if rank < len(elements):
        raise FormulaError(
            f"{names} do not fix the potentials of {', '.join(elements)}: add the pressure of "
            f"another gas of these elements, such as O2"
        )
    given = np.array([[r.potential.value, r.potential.rate] for r in reservoirs])
    solved = np.linalg.solve(matrix, given).tolist() if len(elements) else []
    return {e: Potential(*row) for e, row in zip(elements, solved, strict=True)}


def exchanged(reservoirs: Sequence[Reservoir], atoms: dict[str, float]) -> dict[str, float]:
    """Formula units of each reservoir that hold these atoms of the open elements.

    Parameters
    ----------
    reservoirs : sequence of Reservoir
    atoms : dict of str to float
        Taken up > 0, given off < 0.

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> air = [Reservoir("O2", Potential(-0.5)), Reservoir("CO2", Potential(-4.5))]
    >>> exchanged(air, {"C": 1.0, "O": 1.0})
    {'O2': -0.5, 'CO2': 1.0}
    """
    if len(reservoirs) == 1:
        (only,) = reservoirs
        element, n = next(iter(parse(only.formula).amounts.items()))
        return {only.formula: atoms[element] / n}
    matrix = np.array([[parse(r.formula).amount(element) for r in reservoirs] for element in atoms])
    if not len(reservoirs):
        return {}
    solved = np.linalg.solve(matrix, np.array(list(atoms.values()))).tolist()
    return {r.formula: float(x) for r, x in zip(reservoirs, solved, strict=True)}
