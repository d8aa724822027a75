"""Electrochemical stability windows and voltage profiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..core.composition import Composition
from ..core.errors import FormulaError
from ..core.ions import charge_of
from ..core.parametric_lp import Segment, Vertex
from ..core.record import Record
from ..core.tolerances import BREAKPOINT, ION_CONTENT
from ..facts.gases import limit_note, released
from ..phases.accuracy import Deviation, off_by
from ..phases.table import PhaseTable, Provenance
from .chemical_system import ChemicalSystem, Product, balanced_reaction
from .open_equilibria import energy_from_open, open_equilibria
from .phase_energies import PhaseEnergy, phase_energy
from .remarks import neutral_neighbour, question_notes, supercell_notes
from .reservoirs import metal
from .tolerance import TOLERANCE_eV_per_atom, lower_end, upper_end

__all__ = [
    "Limit",
    "NeutralNeighbour",
    "StabilityWindow",
    "Step",
    "decomposition_energy",
    "neutral_note",
    "neutral_window",
    "stability_window",
    "width_note",
]


@dataclass(frozen=True, slots=True)
class Step(Record):
    """Phase equilibria of the composition within one interval of voltage.

    Attributes
    ----------
    voltage_low_V, voltage_high_V : float or None
        Ends of the interval, vs the metal; None is an open end.
    ion_exchange : float
        Ions taken up per formula unit as typed (> 0 reduction, < 0 oxidation).
    products : tuple of Product
        Amounts per formula unit as typed.
    reaction : str
        Balanced, per formula unit as typed.
    decomposition_energy_low_eV_per_atom, decomposition_energy_high_eV_per_atom : float or None
        E_D at the two ends, per atom of the composition; None at an open end.
    gases : tuple of str
        Products that are gases.
    gas_note : str or None
        What energies at 0 K do to a limit that releases one.
    """

    voltage_low_V: float
    voltage_high_V: float | None
    ion_exchange: float
    products: tuple[Product, ...]
    reaction: str
    decomposition_energy_low_eV_per_atom: float
    decomposition_energy_high_eV_per_atom: float | None
    gases: tuple[str, ...]
    gas_note: str | None


@dataclass(frozen=True, slots=True)
class Limit(Record):
    """What happens just beyond one end of the window."""

    voltage_V: float
    ion_exchange: float
    products: tuple[Product, ...]
    reaction: str
    gases: tuple[str, ...]
    gas_note: str | None


@dataclass(frozen=True, slots=True)
class NeutralNeighbour(Record):
    """The composition that rounded amounts stand for, and its window.

    Attributes
    ----------
    formula : str
    charge_electrons : float
        What the typed amounts leave over per formula unit.
    reduction_potential_V : float
    oxidation_potential_V : float or None
    """

    formula: str
    charge_electrons: float
    reduction_potential_V: float
    oxidation_potential_V: float | None


@dataclass(frozen=True)
class StabilityWindow(Record):
    """Stability window of a composition, with every step of its voltage profile.

    Attributes
    ----------
    formula, reduced_formula : str
        As typed, and in smallest whole numbers.
    working_ion : str
    status : str
        ``"ok"``; a batch puts the message of a failed row here.
    in_dataset : bool
    e_above_hull_eV_per_atom : float or None
        None for a composition that is not in the dataset.
    window_basis : str
        ``stable phase``, ``metastable phase put on the hull`` or
        ``phase equilibria of the composition``.
    reduction_potential_V : float
        Lower end of the window.
    oxidation_potential_V : float or None
        Upper end; None is no limit.
    window_width_V : float or None
    stable_against_metal : bool
    decomposition_energy_0V_eV_per_atom : float
        E_D against the metal, <= 0; holds the energy above hull.
    decomposition_energy_0V_on_hull_eV_per_atom : float
        The same of the phase put on the hull: less its own energy above hull.
    tolerance_window_V : tuple of float and (float or None)
        Voltages around the window at which -E_D less the energy above hull stays below the
        tolerance; None is no limit.
    tolerance_eV_per_atom : float
    reduction, oxidation : Limit or None
        Reaction beyond each limit; None where there is none.
    steps : tuple of Step
        Ascending in voltage, contiguous from 0 V; empty where they were not asked for.
    notes : tuple of str
    read_as : str or None
        How the typed text was read where it is not a formula as it stands.
    neutral_neighbour : NeutralNeighbour or None
        Where rounded amounts leave a charge below 0.05 electrons over.
    phases_off_measurement : tuple of Deviation
        Phases the limits rest on whose energies are off measured ones by more than 0.1 eV/atom.
    dataset : Provenance
    composition : Composition
    phase_energy : PhaseEnergy
    table : PhaseTable
        What the window was computed from. These three are not part of the record.
    """

    formula: str
    reduced_formula: str
    working_ion: str
    status: str
    in_dataset: bool
    e_above_hull_eV_per_atom: float | None
    window_basis: str
    reduction_potential_V: float
    oxidation_potential_V: float | None
    window_width_V: float | None
    stable_against_metal: bool
    decomposition_energy_0V_eV_per_atom: float
    decomposition_energy_0V_on_hull_eV_per_atom: float
    tolerance_window_V: tuple[float, float | None]
    tolerance_eV_per_atom: float
    reduction: Limit | None
    oxidation: Limit | None
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    read_as: str | None
    neutral_neighbour: NeutralNeighbour | None
    phases_off_measurement: tuple[Deviation, ...]
    dataset: Provenance
    composition: Composition = field(metadata={"record": False})
    phase_energy: PhaseEnergy = field(metadata={"record": False})
    table: PhaseTable = field(metadata={"record": False}, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Of the table only the phases of this chemical system travel with the result."""
        elements = {*self.composition.elements, self.working_ion}
        return {**self.__dict__, "table": self.table.within(elements)}


def stability_window(
    table: PhaseTable,
    composition: Composition,
    ion: str = "Li",
    *,
    e_above_hull: float | None = None,
    all_steps: bool = True,
    tolerance_eV_per_atom: float = TOLERANCE_eV_per_atom,
) -> StabilityWindow:
    """Window in which a composition neither takes up nor gives off the working ion.

    The grand potential Phi(V) = min over phase amounts x >= 0 of sum x_i (E_i + z V n_i), every
    element other than the ion conserved, is traced from 0 V upwards; the window is the interval in
    which its ion content is that of the composition [1]_.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
    ion : str
        Working ion: Li, Na, K, Mg, Ca, Zn or Al.
    e_above_hull : float, optional
        Energy above hull to assume for the composition [eV/atom].
    all_steps : bool
        With the steps of the voltage profile; without them, what happens far below the window
        need not be worked out.
    tolerance_eV_per_atom : float
        Driving force that the tolerance window bears, >= 0; 0 gives the window itself.

    Returns
    -------
    StabilityWindow

    Raises
    ------
    UnknownElementsError
        If the table lacks an element of the composition, or the ion.
    FormulaError
        If the tolerance is negative or not finite.

    References
    ----------
    .. [1] Zhu, He, Mo, ACS Appl. Mater. Interfaces 2015, 7, 23685, doi:10.1021/acsami.5b07517

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas(
    ...     {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}
    ... )
    >>> w = stability_window(table, parse("Li3PS4"))
    >>> round(w.reduction_potential_V, 5), round(w.oxidation_potential_V, 5)
    (1.84, 2.18333)
    >>> [round(v, 5) for v in w.tolerance_window_V]
    [1.792, 2.26333]
    """
    charge = charge_of(ion)
    # Of whatever kind the numbers are, the answer is that of plain ones.
    tolerance_eV_per_atom = float(tolerance_eV_per_atom)
    e_above_hull = None if e_above_hull is None else float(e_above_hull)
    if not 0.0 <= tolerance_eV_per_atom < math.inf:
        raise FormulaError(
            f"tolerance {tolerance_eV_per_atom:g} eV/atom: give a number of 0 or more"
        )
    phase, spans, at_zero = _traced(
        table, composition, ion, e_above_hull, tolerance_eV_per_atom, all_steps=all_steps
    )
    low, high, note = _limits(spans, composition, ion)
    neutral = neutral_window(table, composition, ion)
    notes = [*question_notes(table, composition, ion), phase.note, note]
    notes.append(None if neutral is None else neutral_note(composition, neutral))
    below = [span for span in spans if span.high <= low]
    above = [span for span in spans if span.ion_exchange < 0.0]
    reduction = _limit(low, below[-1].step()) if below and below[-1].ion_exchange > 0 else None
    oxidation = _limit(high, above[0].step()) if above and high is not None else None
    rests_on = [composition.reduced_formula]
    rests_on += [p.formula for limit in (reduction, oxidation) if limit for p in limit.products]
    steps = tuple(span.step() for span in spans) if all_steps else ()
    notes += supercell_notes([*rests_on, *(p.formula for step in steps for p in step.products)])
    return StabilityWindow(
        formula=composition.formula,
        reduced_formula=composition.reduced_formula,
        working_ion=ion,
        status="ok",
        in_dataset=phase.in_dataset,
        e_above_hull_eV_per_atom=phase.e_above_hull,
        window_basis=phase.basis,
        reduction_potential_V=low,
        oxidation_potential_V=high,
        window_width_V=None if high is None else high - low,
        stable_against_metal=low <= BREAKPOINT,
        decomposition_energy_0V_eV_per_atom=at_zero,
        decomposition_energy_0V_on_hull_eV_per_atom=min(at_zero + (phase.e_above_hull or 0.0), 0.0),
        tolerance_window_V=_tolerance_window(
            spans, low, high, charge / composition.atoms, tolerance_eV_per_atom
        ),
        tolerance_eV_per_atom=tolerance_eV_per_atom,
        reduction=reduction,
        oxidation=oxidation,
        steps=steps,
        notes=tuple(text for text in notes if text),
        read_as=composition.read_as,
        neutral_neighbour=neutral,
        phases_off_measurement=off_by(table, rests_on),
        dataset=table.provenance,
        composition=composition,
        phase_energy=phase,
        table=table,
    )


def neutral_window(
    table: PhaseTable, composition: Composition, ion: str
) -> NeutralNeighbour | None:
    """Window of the neutral composition that rounded amounts stand for; None where they do not."""
    neighbour = neutral_neighbour(table, composition, ion)
    if neighbour is None:
        return None
    window = stability_window(table, neighbour[0], ion, all_steps=False)
    low, high = window.reduction_potential_V, window.oxidation_potential_V
    return NeutralNeighbour(window.formula, neighbour[1], low, high)


def neutral_note(composition: Composition, neutral: NeutralNeighbour) -> str:
    """That, in words."""
    high = neutral.oxidation_potential_V
    window = f"{neutral.reduction_potential_V:.3f} V to " + (
        "no limit" if high is None else f"{high:.3f} V"
    )
    return (
        f"{composition.formula} is {neutral.charge_electrons:+.3g} electrons from neutral, as "
        f"rounded amounts are; the neutral {neutral.formula} has the window {window}"
    )


def _limit(voltage: float, step: Step) -> Limit:
    return Limit(
        voltage, step.ion_exchange, step.products, step.reaction, step.gases, step.gas_note
    )


def _limits(
    spans: Sequence[_Span], composition: Composition, ion: str
) -> tuple[float, float | None, str | None]:
    for span in spans:
        if span.ion_exchange == 0.0:
            return span.low, span.high if math.isfinite(span.high) else None, None
    voltage = next(span.low for span in spans if span.ion_exchange < 0.0)
    return voltage, voltage, width_note(composition.formula, ion, voltage)


def width_note(formula: str, ion: str, voltage_V: float) -> str:
    """What is said of a composition whose window has no width."""
    if voltage_V <= BREAKPOINT:
        return f"{formula} holds more {ion} than any compound in equilibrium with the metal"
    return (
        f"the {ion} content of {formula} lies inside the step at {voltage_V:.3f} V: "
        "it is a mixture there, and the window has no width"
    )


def _tolerance_window(
    spans: Sequence[_Span], low: float, high: float | None, per_ion: float, tolerance: float
) -> tuple[float, float | None]:
    """`per_ion` is the charge of the ion over the atoms of the composition."""
    below = [(s.low, per_ion * s.ion_exchange) for s in spans if s.ion_exchange > 0.0]
    above = [(s.high, -per_ion * s.ion_exchange) for s in spans if s.ion_exchange < 0.0]
    return lower_end(low, reversed(below), tolerance), upper_end(high, above, tolerance)


@dataclass(slots=True)
class _Span:
    """A step of which the reaction is written out when it is asked for."""

    low: float
    high: float
    ion_exchange: float
    make: Callable[[], Step]
    made: Step | None = None

    def step(self) -> Step:
        if self.made is None:
            self.made = self.make()
        return self.made


def _traced(
    table: PhaseTable,
    composition: Composition,
    ion: str,
    e_above_hull: float | None,
    tolerance: float,
    *,
    all_steps: bool,
) -> tuple[PhaseEnergy, list[_Span], float]:
    """Steps in ascending order, and E_D at 0 V.

    Without `all_steps` they begin where the driving force from the window down exceeds `tolerance`.
    """
    segments: Sequence[Segment]
    if all_steps:
        own = open_equilibria(table, composition, ion)
        system, segments = own.system, own.segments
    else:
        system = ChemicalSystem.of(table, composition.elements, metal(ion))
        segments = _down_to(system, composition, tolerance)
    at_metal = segments[0].vertex
    if segments[0].low > 0.0:
        at_metal = system.equilibrium(composition)
    hull = energy_from_open(system, composition, segments)
    phase = phase_energy(table, composition, e_above_hull, hull)
    at_zero = system.decomposition_energy(composition, phase.energy, at_metal.value(0.0), 0.0)
    spans = [
        _Span(
            segment.low,
            segment.high,
            _ion_exchange(system, segment.vertex, composition),
            partial(_step, system, segment, composition, phase),
        )
        for segment in segments
    ]
    return phase, spans, min(at_zero, 0.0)


def _down_to(system: ChemicalSystem, composition: Composition, tolerance: float) -> list[Segment]:
    """From the first step below the window on which the tolerance is used up, upwards."""
    per_ion = system.charge / composition.atoms
    found: list[Segment] = []
    force = 0.0
    for segment in system.descending(composition):
        found.append(segment)
        exchange = _ion_exchange(system, segment.vertex, composition)
        if exchange > 0.0:
            force += per_ion * exchange * (segment.high - segment.low)
            if force >= tolerance:
                break
    return found[::-1]


def _ion_exchange(system: ChemicalSystem, vertex: Vertex, composition: Composition) -> float:
    """Ions taken up per formula unit."""
    assert system.ion is not None
    scale, own = system.scale(composition), composition.amount(system.ion)
    held = vertex.slope / system.charge
    return 0.0 if abs(held - own / scale) <= ION_CONTENT else held * scale - own


def _step(
    system: ChemicalSystem, segment: Segment, composition: Composition, phase: PhaseEnergy
) -> Step:
    ion = system.ion
    assert ion is not None
    exchange = _ion_exchange(system, segment.vertex, composition)
    products = system.products(segment.vertex, composition)
    gases = released(product.formula for product in products)

    def driving_force(voltage: float) -> float:
        value = segment.vertex.value(voltage)
        return system.decomposition_energy(composition, phase.energy, value, voltage)

    closed_end = math.isfinite(segment.high)
    return Step(
        voltage_low_V=segment.low,
        voltage_high_V=segment.high if closed_end else None,
        ion_exchange=exchange,
        products=products,
        reaction=balanced_reaction([(composition.formula, 1.0)], products, {ion: exchange}),
        decomposition_energy_low_eV_per_atom=driving_force(segment.low),
        decomposition_energy_high_eV_per_atom=driving_force(segment.high) if closed_end else None,
        gases=gases,
        gas_note=limit_note(gases, system.warm_gases),
    )


def decomposition_energy(window: StabilityWindow, voltage_V: float) -> float:
    """E_D(V), the driving force of decomposition into the phase equilibria at a voltage.

    Parameters
    ----------
    window : StabilityWindow
    voltage_V : float
        >= 0 V vs the metal.

    Returns
    -------
    float
        [eV/atom of the composition], <= 0; holds the energy above hull of the phase.

    Raises
    ------
    TypeError
        If `window` is none.
    FormulaError
        If the voltage is negative or not finite.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3})
    >>> w = stability_window(table, parse("Li2S"))
    >>> round(decomposition_energy(w, 5.0), 6)
    -1.933333
    """
    if not isinstance(window, StabilityWindow):
        raise TypeError(
            f"a stability window is wanted, as stability_window() gives it, not {window!r:.60}"
        )
    if not 0.0 <= voltage_V < math.inf:
        raise FormulaError(f"voltage {voltage_V:g} V: give 0 or more, in V vs the metal")
    own = open_equilibria(window.table, window.composition, window.working_ion)
    return own.decomposition_energy(window.phase_energy.energy, voltage_V)
