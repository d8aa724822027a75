"""Ions in and out of one framework: the window of an electrolyte that keeps its structure.

Decomposition needs atoms to move; where they cannot, an electrolyte gives and takes ions as an
electrode does. From the energies of states of one framework, which differ in nothing but the
content x of the working ion, follow the lower hull over x and its steps

    V = -[E(x2) - E(x1)] / (z (x2 - x1)),

with formation energies, in which the metal is 0 (Schwietert et al. [1]_, [2]_). The limits are the
onsets seen from the pristine state: the highest voltage at which taking ions up to any given
richer state is favourable, and the lowest at which giving them up to a poorer one is.

References
----------
.. [1] Schwietert et al., Nat. Mater. 2020, 19, 428, doi:10.1038/s41563-019-0576-0
.. [2] Schwietert, Vasileiadis, Wagemaker, JACS Au 2021, 1, 1488, doi:10.1021/jacsau.1c00228
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..core.composition import Composition, format_amount
from ..core.errors import DataError
from ..core.ions import charge_of, specific_capacity_mAh_per_g
from ..core.record import Record
from ..core.tolerances import ION_CONTENT, ENERGY_eV_per_atom
from ..phases.table import PhaseTable, Provenance
from .phase_energies import phase_energy
from .windows import stability_window

__all__ = ["FrameworkState", "TopotacticStep", "TopotacticWindow", "topotactic_window"]


@dataclass(frozen=True, slots=True)
class FrameworkState(Record):
    """One state of the framework, per formula unit of the pristine composition.

    Attributes
    ----------
    formula : str
        As given.
    ions_per_formula : float
        Ions x beside the framework of one pristine formula unit.
    formation_energy_eV_per_atom : float
        As given.
    e_above_framework_hull_eV_per_atom : float
        Above the lower hull over x, per atom of this state; 0 on it.
    e_above_hull_eV_per_atom : float or None
        Above the phase equilibria of the dataset; negative where the dataset knows nothing as
        stable. None where the dataset lacks an element.
    pristine : bool
    """

    formula: str
    ions_per_formula: float
    formation_energy_eV_per_atom: float
    e_above_framework_hull_eV_per_atom: float
    e_above_hull_eV_per_atom: float | None
    pristine: bool


@dataclass(frozen=True, slots=True)
class TopotacticStep(Record):
    """One step of the framework hull.

    Attributes
    ----------
    ions_low, ions_high : float
        Ions per pristine formula unit at its two ends.
    voltage_V : float
        As the states give it; below 0 V the metal forms before the richer state.
    capacity_mAh_per_g : float
        Per mass of the pristine composition.
    """

    ions_low: float
    ions_high: float
    voltage_V: float
    capacity_mAh_per_g: float


@dataclass(frozen=True)
class TopotacticWindow(Record):
    """Topotactic window of an electrolyte beside its decomposition window.

    Attributes
    ----------
    reactant : str
        Pristine composition.
    framework : str
        What does not move, per pristine formula unit.
    framework_atoms : float
        Atoms of it.
    working_ion : str
    status : str
    states : tuple of FrameworkState
        Ascending in ions.
    steps : tuple of TopotacticStep
        Descending in voltage, from the poorest state to the richest.
    reduction_potential_V : float or None
        Onset of ion uptake; None where no richer state was given.
    oxidation_potential_V : float or None
        Onset of ion release; None where no poorer state was given.
    stable_against_metal : bool or None
        No given state takes up ions above 0 V; None where no richer state was given.
    reduction_capacity_mAh_per_g, oxidation_capacity_mAh_per_g : float or None
        Charge between the pristine state and the richest or poorest one given.
    decomposition_window_V : tuple of float or None
        Reduction and oxidation potential of the decomposition.
    notes : tuple of str
    dataset : Provenance
        Of the decomposition and of the hull.
    """

    reactant: str
    framework: str
    framework_atoms: float
    working_ion: str
    status: str
    states: tuple[FrameworkState, ...]
    steps: tuple[TopotacticStep, ...]
    reduction_potential_V: float | None
    oxidation_potential_V: float | None
    stable_against_metal: bool | None
    reduction_capacity_mAh_per_g: float | None
    oxidation_capacity_mAh_per_g: float | None
    decomposition_window_V: tuple[float | None, float | None]
    notes: tuple[str, ...]
    dataset: Provenance


@dataclass(frozen=True, slots=True)
class _Point:
    """A state per pristine formula unit: ions and formation energy [eV]."""

    composition: Composition
    ions: float
    energy: float
    atoms: float


def topotactic_window(
    table: PhaseTable,
    states: Sequence[tuple[Composition, float]],
    ion: str = "Li",
    *,
    reactant: Composition | None = None,
    notes: Sequence[str] = (),
) -> TopotacticWindow:
    """Window in which a framework neither takes up nor gives off ions.

    Parameters
    ----------
    table : PhaseTable
        For the decomposition window and the energies above the full hull.
    states : sequence of (Composition, float)
        States of one framework and their formation energies [eV/atom], of one reference.
    ion : str
        Working ion.
    reactant : Composition, optional
        The pristine state, one of `states`; the first of them if left out.
    notes : sequence of str
        Said beside the result.

    Returns
    -------
    TopotacticWindow

    Raises
    ------
    DataError
        If the states are not of one framework, there are fewer than two contents, one content
        stands twice, an energy is not finite, or the reactant is none of them.

    Examples
    --------
    A framework X with 0 to 3 Li at 0, -2, -3.5 and -4 eV steps at 2, 1.5 and 0.5 V.

    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"LiCl": -2.5})
    >>> energies = {"Cl": 0.0, "LiCl": -2.0 / 2, "Li2Cl": -3.5 / 3, "Li3Cl": -4.0 / 4}
    >>> states = [(parse(formula), energy) for formula, energy in energies.items()]
    >>> found = topotactic_window(table, states, reactant=parse("LiCl"))
    >>> [round(step.voltage_V, 9) for step in found.steps]
    [2.0, 1.5, 0.5]
    >>> found.reduction_potential_V, found.oxidation_potential_V
    (1.5, 2.0)
    """
    charge = charge_of(ion)
    said = list(notes)
    if not states:
        raise DataError("no states of the framework: give two or more")
    pristine = states[0][0] if reactant is None else reactant
    if reactant is None:
        said.append(f"pristine state not named: {pristine.formula}, the first one, was taken")
    points = _points(states, pristine, ion)
    home = next((p for p in points if _same(p.ions, pristine.amount(ion))), None)
    if home is None:
        contents = ", ".join(p.composition.formula for p in points)
        raise DataError(
            f"the pristine composition {pristine.formula} is none of the states: {contents}"
        )
    hull = _lower_hull(points)
    molar_mass = pristine.molar_mass

    def capacity(ions: float) -> float:
        return specific_capacity_mAh_per_g(ions, charge, molar_mass)

    steps = tuple(
        TopotacticStep(
            low.ions, high.ions, _voltage(low, high, charge), capacity(high.ions - low.ions)
        )
        for low, high in pairwise(hull)
    )
    richer = [_voltage(home, p, charge) for p in points if p.ions > home.ions]
    poorer = [_voltage(p, home, charge) for p in points if p.ions < home.ions]
    uptake = max(richer) if richer else None
    reduction = None if uptake is None else max(uptake, 0.0)
    oxidation = min(poorer) if poorer else None
    if oxidation is not None and oxidation < 0.0:
        said.append(
            f"{pristine.formula} gives off {ion} even against the metal: less stable than its "
            "poorer states"
        )
        oxidation = 0.0
    if uptake is None:
        said.append(
            f"no state with more {ion} than {pristine.formula} was given: no reduction limit"
        )
    if oxidation is None:
        said.append(
            f"no state with less {ion} than {pristine.formula} was given: no oxidation limit"
        )
    if reduction is not None and oxidation is not None and reduction > oxidation:
        said.append(
            f"{pristine.formula} lies above the hull of its framework: it would part into a poorer "
            "and a richer state, and has no window of its own"
        )
    window = stability_window(table, pristine, ion)
    said += window.notes
    below = _above_full_hull(table, points)
    if any(value is not None and value < -ENERGY_eV_per_atom for value in below):
        said.append(
            "a state lies below the hull of the dataset: are energies and corrections of one kind?"
        )
    return TopotacticWindow(
        reactant=pristine.formula,
        framework=_framework_text(pristine, ion),
        framework_atoms=pristine.atoms - pristine.amount(ion),
        working_ion=ion,
        status="ok",
        states=tuple(
            FrameworkState(
                formula=p.composition.formula,
                ions_per_formula=p.ions,
                formation_energy_eV_per_atom=p.energy / p.atoms,
                e_above_framework_hull_eV_per_atom=max(p.energy - _at(hull, p.ions), 0.0) / p.atoms,
                e_above_hull_eV_per_atom=above,
                pristine=p is home,
            )
            for p, above in zip(points, below, strict=True)
        ),
        steps=steps,
        reduction_potential_V=reduction,
        oxidation_potential_V=oxidation,
        stable_against_metal=None if uptake is None else uptake <= 0.0,
        reduction_capacity_mAh_per_g=capacity(points[-1].ions - home.ions) if richer else None,
        oxidation_capacity_mAh_per_g=capacity(home.ions - points[0].ions) if poorer else None,
        decomposition_window_V=(window.reduction_potential_V, window.oxidation_potential_V),
        notes=tuple(dict.fromkeys(said)),
        dataset=table.provenance,
    )


def _points(
    states: Sequence[tuple[Composition, float]], pristine: Composition, ion: str
) -> list[_Point]:
    """States per pristine formula unit, ascending in ions."""
    framework = {e: n for e, n in pristine.amounts.items() if e != ion}
    if not framework:
        raise DataError(f"{pristine.formula} has no framework beside {ion}")
    size = math.fsum(framework.values())
    points = []
    for composition, energy in states:
        if not math.isfinite(energy):
            raise DataError(f"formation energy of {composition.formula} is {energy}, no number")
        own = {e: n for e, n in composition.amounts.items() if e != ion}
        scale = size / math.fsum(own.values()) if own else math.inf
        if set(own) != set(framework) or any(
            abs(own[e] * scale - n) > ION_CONTENT * size for e, n in framework.items()
        ):
            raise DataError(
                f"{composition.formula} is not of the framework {_framework_text(pristine, ion)} "
                f"of {pristine.formula}: the states may differ in {ion} alone"
            )
        ions = composition.amount(ion) * scale
        points.append(_Point(composition, ions, energy * composition.atoms * scale, size + ions))
    points.sort(key=lambda p: p.ions)
    for one, other in pairwise(points):
        if _same(one.ions, other.ions):
            raise DataError(
                f"{one.composition.formula} and {other.composition.formula} hold the same {ion}: "
                "keep the state of lower energy"
            )
    if len(points) < 2:
        raise DataError(f"one state of the framework: give two or more that differ in {ion}")
    return points


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= ION_CONTENT * max(1.0, abs(one))


def _voltage(poor: _Point, rich: _Point, charge: int) -> float:
    return -(rich.energy - poor.energy) / (charge * (rich.ions - poor.ions))


def _lower_hull(points: Sequence[_Point]) -> list[_Point]:
    """Vertices of the lower hull over the ions (Andrew's monotone chain)."""
    hull: list[_Point] = []
    for p in points:
        while len(hull) >= 2:
            a, b = hull[-2:]
            turn = (b.ions - a.ions) * (p.energy - a.energy) - (b.energy - a.energy) * (
                p.ions - a.ions
            )
            if turn > ENERGY_eV_per_atom:
                break
            hull.pop()
        hull.append(p)
    return hull


def _at(hull: Sequence[_Point], ions: float) -> float:
    """Energy of the hull at a content of ions."""
    for a, b in pairwise(hull):
        if a.ions <= ions <= b.ions:
            return a.energy + (b.energy - a.energy) * (ions - a.ions) / (b.ions - a.ions)
    return hull[0].energy if ions <= hull[0].ions else hull[-1].energy


def _above_full_hull(table: PhaseTable, points: Sequence[_Point]) -> list[float | None]:
    found: list[float | None] = []
    for p in points:
        if not set(p.composition.elements) <= set(table.elements):
            found.append(None)
            continue
        hull = phase_energy(table, p.composition, 0.0).energy / p.composition.atoms
        found.append(p.energy / p.atoms - hull)
    return found


def _framework_text(pristine: Composition, ion: str) -> str:
    return "".join(
        f"{element}{format_amount(amount)}"
        for element, amount in pristine.amounts.items()
        if element != ion
    )
