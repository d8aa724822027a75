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

__all__ = ["OpenTo", "Potential", "Reservoir", "metal", "open_to"]


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


@dataclass(frozen=True, slots=True)
class OpenTo:
    """What reservoirs fix together.

    Attributes
    ----------
    elements : dict of str to Potential
        Elements whose potentials are fixed, per atom.
    fixing : tuple of Reservoir
        The reservoirs that fix them, as many as elements.
    species : tuple of Reservoir
        Reservoirs that fix no potential of an element, only that of their own molecule: CO2 alone
        leaves oxygen free.
    """

    elements: dict[str, Potential]
    fixing: tuple[Reservoir, ...]
    species: tuple[Reservoir, ...]

    def exchanged(self, atoms: dict[str, float]) -> dict[str, float]:
        """Formula units of each fixing reservoir that hold these atoms of the open elements.

        Parameters
        ----------
        atoms : dict of str to float
            Of every element of `elements`.

        Returns
        -------
        dict of str to float
        """
        if len(self.fixing) == 1:
            (only,) = self.fixing
            ((element, n),) = parse(only.formula).amounts.items()
            return {only.formula: atoms[element] / n}
        if not self.fixing:
            return {}
        matrix = np.array(
            [[parse(r.formula).amount(element) for r in self.fixing] for element in self.elements]
        )
        solved = np.linalg.solve(matrix, np.array([atoms[e] for e in self.elements])).tolist()
        return {r.formula: float(x) for r, x in zip(self.fixing, solved, strict=True)}


def open_to(reservoirs: Sequence[Reservoir]) -> OpenTo:
    """Potentials that reservoirs fix together.

    Parameters
    ----------
    reservoirs : sequence of Reservoir

    Returns
    -------
    OpenTo

    Raises
    ------
    FormulaError
        If they fix something twice.

    Examples
    --------
    Oxygen and carbon dioxide together fix carbon: mu(C) = mu(CO2) - mu(O2).

    >>> air = [Reservoir("O2", Potential(-0.5)), Reservoir("CO2", Potential(-4.5))]
    >>> open_to(air).elements["C"]
    Potential(value=-4.0, rate=0.0)
    >>> open_to(air[1:]).species[0].formula
    'CO2'
    """
    elements: dict[str, Potential] = {}
    fixing: list[Reservoir] = []
    species: list[Reservoir] = []
    for group in _connected(reservoirs):
        compositions = [parse(reservoir.formula) for reservoir in group]
        names = sorted({element for c in compositions for element in c.elements})
        if len(group) == len(names) == 1:
            only, n = group[0].potential, compositions[0].atoms
            elements[names[0]] = Potential(only.value / n, only.rate / n)
            fixing += group
            continue
        matrix = np.array([[c.amount(element) for element in names] for c in compositions])
        if int(np.linalg.matrix_rank(matrix)) < len(group):
            raise FormulaError(
                f"{', '.join(r.formula for r in group)} turn into each other, so that their "
                "pressures are not independent: leave one of them out"
            )
        if len(group) < len(names):
            species += group
            continue
        given = np.array([[r.potential.value, r.potential.rate] for r in group])
        for element, (value, rate) in zip(names, np.linalg.solve(matrix, given), strict=True):
            elements[element] = Potential(float(value), float(rate))
        fixing += group
    return OpenTo(elements, tuple(fixing), tuple(species))


def _connected(reservoirs: Sequence[Reservoir]) -> list[list[Reservoir]]:
    """Groups of reservoirs that share elements, directly or through others."""
    groups: list[tuple[set[str], list[Reservoir]]] = []
    for reservoir in reservoirs:
        elements, members = set(parse(reservoir.formula).elements), [reservoir]
        for group in [g for g in groups if g[0] & elements]:
            groups.remove(group)
            elements, members = elements | group[0], [*group[1], *members]
        groups.append((elements, members))
    return [members for _, members in groups]
