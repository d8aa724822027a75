"""Heat: which phases survive sintering together, in which atmosphere, up to which temperature."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..core.composition import Composition, parse, reduced_formula
from ..core.errors import DataError, EquilibriumError, FormulaError
from ..core.tolerances import AMOUNT, HEAT_eV_per_atom
from ..equilibria.heat import HotReaction, HotSystem, Solid
from ..equilibria.phase_energies import phase_energy
from ..equilibria.remarks import supercell_notes
from ..facts import names
from ..facts.oxidation_numbers import NONMETALS
from ..facts.thermochemistry import measured_gases
from ..phases.accuracy import Deviation, off_by
from ..phases.gibbs import Energies, HotPhases, all_measured
from ..phases.table import PhaseTable
from .atmospheres import atmosphere
from .carbothermic import Carbothermic, carbothermic, graphite
from .heat_question import HeatQuestion
from .heat_results import (
    AidEffect,
    Decomposition,
    ExchangedGas,
    MetalEffect,
    SinterPoint,
    SinterResult,
)

__all__ = ["TEMPERATURE_RANGE_K", "ONSET_eV", "sinter"]

ONSET_eV = 0.005
"""Mutual energy per non-gas atom beyond which two phases are said to react."""

TEMPERATURE_RANGE_K = (300.0, 1300.0)

ORDER_ONLY_K = 150.0
"""An error bar beyond which a temperature is an order, not a number."""

_GRID_K = 100.0
"""Temperatures at which points are given beside those where the answer changes."""

_HOTTEST_K = 10_000.0
"""Nothing is solid there; a range without an end would be worked through for ever."""

_NARROW_K = 1.0
"""A range of stability that is narrower comes from the rounding that a stable phase is allowed."""

_ION_LOSS = (
    "{ion} that leaves as vapour is not in these data: the content that a phase keeps at a "
    "temperature when its oxide is not replaced is not computed"
)


def sinter(
    table: PhaseTable,
    a: str,
    b: str | None = None,
    *,
    temperature_K: tuple[float, float] = TEMPERATURE_RANGE_K,
    in_atmosphere: str = "air",
    pressures_bar: Mapping[str, float] | None = None,
    additives: Sequence[str] = (),
    by_metal: bool = False,
    energies: Energies | None = None,
    ion: str = "Li",
) -> SinterResult:
    """One phase, or two in contact, heated in an atmosphere.

    Cations are conserved, the ion among them, and gases of the atmosphere exchanged at their
    pressures. Gases that it does not hold form against 1 bar of themselves.

    Parameters
    ----------
    table : PhaseTable
    a, b : str
        Names or formulas; one phase alone without `b`.
    temperature_K : tuple of float
    in_atmosphere : str
        One of :data:`~sse_window.cells.atmospheres.ATMOSPHERES`.
    pressures_bar : mapping of str to float, optional
        Further gases, or other pressures.
    additives : sequence of str
        Third components, each by itself.
    by_metal : bool
        Ask which metal of `b` drives the reaction.
    energies : {"measured", "table"}, optional
        By default measured enthalpies and entropies where every phase has them, else the table.
    ion : str
        Working ion: no metal that drives anything.

    Returns
    -------
    SinterResult

    Raises
    ------
    FormulaError
        If a formula or atmosphere cannot be read, or no gas of it meets the phases.
    DataError
        If the range of temperature is none, or there are no data of a gas or phase in it.

    Examples
    --------
    >>> from sse_window.sources.datasets import load
    >>> chalk = sinter(load(), "CaCO3", in_atmosphere="CO2")
    >>> chalk.energies, round(chalk.decomposition_K["a"])
    ('measured', 1119)
    """
    low, high = temperature_K
    if not (math.isfinite(low) and 0.0 < low <= high <= _HOTTEST_K):
        raise DataError(
            f"temperatures {low:g} to {high:g} K: give 0 < LOW <= HIGH <= {_HOTTEST_K:g}"
        )
    sides = tuple(names.resolve(name) for name in (a, b) if name is not None)
    aids = [names.resolve(name) for name in additives]
    carbon = [c for c in (*sides, *aids) if set(c.elements) == {"C"}]
    if set(sides[0].elements) == {"C"}:
        raise FormulaError("carbon alone is no phase to be sintered: name the other phase first")
    for side in (*sides, *aids):
        if side.reduced_formula in measured_gases():
            raise FormulaError(
                f"{side.formula} is a gas: give its pressure with --pressure {side.formula}=BAR"
            )
    air = atmosphere(in_atmosphere, pressures_bar or {}, (*sides, *aids))
    everything = (*sides, *aids)
    elements = frozenset(e for c in everything for e in c.elements)
    elements |= {e for gas in air.pressure_bar for e in parse(gas).elements}
    source = energies or ("measured" if all_measured(list(everything)) else "table")
    if source == "measured":
        missing = [c.formula for c in everything if not all_measured([c])]
        if missing:
            raise DataError(
                f"no measured enthalpy and entropy of {', '.join(missing)}: leave out --energies, "
                "or take those of the table"
            )
        phases = HotPhases.measured(elements)
    else:
        table.require(sorted(elements))
        phases = HotPhases.of_table(table, elements)
    solids: list[Solid] = []
    reduction = None
    if carbon and not {"O2", "CO2", "H2O"} & set(air.pressure_bar):
        reduction = carbothermic(table, sides, air.pressure_bar, (low, high))
        if source == "measured":
            # Carbon in excess is a reservoir, like a gas: with CO it fixes the potential of oxygen.
            solids = [graphite()]
            sides = tuple(side for side in sides if side not in carbon)
            aids = [aid for aid in aids if aid not in carbon]
        else:
            # No energy of carbon monoxide stands beside the solids of a table.
            kept = {gas: p for gas, p in air.pressure_bar.items() if gas != "CO"}
            name = air.name if kept else f"{in_atmosphere} (gases that form: 1 bar each)"
            air = replace(air, name=name, pressure_bar=kept)
    owns = tuple(phase_energy(table, s) if source == "table" else None for s in sides)
    asked = HeatQuestion(table, phases, air, (low, high), sides, owns, tuple(solids))
    try:
        return _answer(asked, (a, b), aids, reduction, by_metal=by_metal, ion=ion)
    except EquilibriumError as error:
        if not air.pressure_bar:
            raise
        raise DataError(
            f"the atmosphere {air.name} is in no equilibrium with itself ({error}): give the "
            "pressure of a further gas that it turns into, such as --pressure CO2=1"
        ) from None


def _answer(
    asked: HeatQuestion,
    called: tuple[str, str | None],
    aids: Sequence[Composition],
    reduction: Carbothermic | None,
    *,
    by_metal: bool,
    ion: str,
) -> SinterResult:
    """Everything that is asked, worked out."""
    sides, air, b = asked.sides, asked.air, called[1]
    system = asked.system(frozenset(e for c in sides for e in c.elements))
    alone = [system.alone(side, *asked.gibbs(i)) for i, side in enumerate(sides)]
    found = tuple(_decomposition(asked, i, alone[i]) for i in range(len(sides)))
    pair = len(sides) == 2
    reactions = system.mutual(sides) if pair else alone[0]
    onset = _onset(asked, reactions) if pair else (None, None, None)
    return SinterResult(
        a=called[0],
        b=b,
        a_composition=sides[0].formula,
        b_composition=None if b is None else names.resolve(b).formula,
        atmosphere=air.name,
        pressure_bar=dict(air.pressure_bar),
        energies=asked.phases.energies,
        status="ok",
        temperature_range_K=asked.range_K,
        points=_points(asked, system, reactions),
        changes_K=tuple(reaction.low_K for reaction in reactions[1:]),
        onset_K=onset[0],
        onset_error_K=onset[1],
        onset_note=onset[2],
        decomposition_K={
            key: phase.decomposition_K for key, phase in zip("ab", found, strict=False)
        },
        decompositions=found,
        driven_by=_metals(asked, system, reactions, ion) if by_metal and pair else (),
        additives=tuple(_aid(asked, reactions, aid) for aid in aids),
        carbothermic=reduction,
        notes=(
            *_notes(asked, ion),
            *supercell_notes(p.formula for r in reactions for p in r.products),
        ),
        phases_off_measurement=_off_by(asked, reactions),
        dataset=asked.phases.table.provenance,
        reactions=tuple(reactions),
    )


def _off_by(asked: HeatQuestion, reactions: Sequence[HotReaction]) -> tuple[Deviation, ...]:
    """Sides and products whose energies in the table are off measured ones."""
    if asked.phases.energies == "measured":
        return ()
    formulas = [side.reduced_formula for side in asked.sides]
    return off_by(asked.table, [*formulas, *(p.formula for r in reactions for p in r.products)])


def _notes(asked: HeatQuestion, ion: str) -> tuple[str, ...]:
    notes = [c.said_reading for c in asked.sides if c.said_reading is not None]
    notes += [own.note for own in asked.owns if own is not None and own.note]
    if asked.phases.energies == "table":
        fits = asked.phases.fits
        met = {gas: fits[gas] for gas in asked.air.pressure_bar if gas in fits}
        notes += [
            f"{gas} beside these solids: temperatures to +-{f.temperature_error_K:.0f} K"
            for gas, f in met.items()
        ]
        if asked.phases.left_out:
            gases = ", ".join(asked.phases.left_out)
            notes.append(f"no energies that stand beside these solids, left out: {gases}")
    else:
        notes.append(
            f"competing phases are the {len(asked.phases.table)} measured ones of these elements"
        )
    if any(side.amount(ion) for side in asked.sides):
        notes.append(_ION_LOSS.format(ion=ion))
    return tuple(notes)


def _points(
    asked: HeatQuestion, system: HotSystem, reactions: Sequence[HotReaction]
) -> tuple[SinterPoint, ...]:
    low, high = asked.range_K
    grid = [i * _GRID_K for i in range(math.ceil(low / _GRID_K), math.floor(high / _GRID_K) + 1)]
    temperatures = sorted({low, high, *grid, *(r.low_K for r in reactions)})
    pair = len(asked.sides) == 2
    points = []
    for t in temperatures:
        reaction = next((r for r in reactions if r.low_K <= t < r.high_K), reactions[-1])
        energy = reaction.at(t)
        total = energy
        if pair:
            gibbs = [asked.gibbs(i) for i in range(len(asked.sides))]
            total = system.total(asked.sides, [e - t * s for e, s in gibbs], t)
        points.append(
            SinterPoint(
                temperature_K=t,
                mutual_eV_per_nongas_atom=energy if pair else None,
                total_eV_per_nongas_atom=min(total, 0.0),
                reaction=reaction.reaction or "no reaction",
                products=reaction.products,
                gases=_gases(reaction),
            )
        )
    return tuple(points)


def _gases(reaction: HotReaction) -> tuple[ExchangedGas, ...]:
    return tuple(
        ExchangedGas(gas, amount)
        for gas, amount in reaction.exchange.items()
        if abs(amount) > AMOUNT
    )


def _onset(
    asked: HeatQuestion, reactions: Sequence[HotReaction]
) -> tuple[float | None, float | None, str | None]:
    if reactions[0].energy[0] < -ONSET_eV:
        note = f"at or below {asked.range_K[0]:g} K: what slows the reaction there is not computed"
        # The last that gains more: what comes back in greater heat has not gone.
        last = [reaction for reaction in reactions if min(reaction.energy) < -ONSET_eV][-1]
        rising = _rising(last, -ONSET_eV) if last.energy[-1] > -ONSET_eV else None
        if rising is not None:
            note += (
                f"; from {rising[0]:.0f} K{_bar(asked.error_K(last, rising[1]))} on it gains less "
                f"than {1000.0 * ONSET_eV:g} meV/non-gas atom"
            )
        return asked.range_K[0], None, note
    for reaction in reactions:
        crossed = reaction.crossing(-ONSET_eV)
        if crossed is not None:
            error = asked.error_K(reaction, crossed[1])
            return crossed[0], error, _order_only(error)
    return None, None, f"none up to {asked.range_K[1]:g} K"


def _order_only(error_K: float | None) -> str | None:
    if error_K is None or error_K <= ORDER_ONLY_K:
        return None
    return f"an order, not a number: +-{error_K:.0f} K"


def _decomposition(asked: HeatQuestion, i: int, reactions: Sequence[HotReaction]) -> Decomposition:
    """Where the equilibria of a phase hold more than coming down to its own hull."""
    side, own = asked.sides[i], asked.owns[i]
    above = (own.e_above_hull or 0.0) * side.atoms if own else 0.0
    level = -above / reactions[0].nongas_atoms - HEAT_eV_per_atom
    low, high = asked.range_K
    from_K: float | None = None
    stable = reactions[0].energy[0] > level
    taken: tuple[ExchangedGas, ...] = ()
    for reaction in reactions:
        if not stable:
            rising = _rising(reaction, level)
            if rising is None:
                continue
            stable, from_K = True, rising[0]
            taken = _gases(reactions[0])
            bar = _bar(asked.error_K(reaction, rising[1]))
            below = f"takes up gas below {from_K:.0f} K{bar}"
        crossed = reaction.crossing(level)
        if crossed is not None and from_K is not None and crossed[0] - from_K < _NARROW_K:
            stable, from_K = False, None  # it touches its equilibrium, and is never in it
        elif crossed is not None:
            error = asked.error_K(reaction, crossed[1])
            return Decomposition(
                side.formula,
                from_K,
                crossed[0],
                error,
                reaction.reaction,
                _gases(reaction),
                "; ".join([*([below] if taken else []), _order_only(error) or "decomposes"]),
            )
    first = reactions[0]
    if not stable:
        where = f"from {low:g} to {high:g} K" if high > low else f"at {low:g} K"
        note = f"reacts with the atmosphere, or falls apart, {where}"
        error_eV = asked.error_eV(first)
        if first.energy[0] - level > -error_eV:
            note += f", by less than the error of its gases ({error_eV:.2f} eV/non-gas atom)"
        return Decomposition(side.formula, None, None, None, first.reaction, _gases(first), note)
    note = f"stable up to {high:g} K" if high > low else f"stable at {low:g} K"
    if from_K is None:
        return Decomposition(side.formula, None, None, None, None, (), note)
    return Decomposition(
        side.formula, from_K, None, None, first.reaction, taken, f"{below}; {note}"
    )


def _bar(error_K: float | None) -> str:
    return "" if error_K is None else f" (+-{error_K:.0f} K)"


def _rising(reaction: HotReaction, level: float) -> tuple[float, float] | None:
    """Temperature at which the energy rises to a level, and its slope there."""
    knots = list(zip(reaction.temperature_K, reaction.energy, strict=True))
    for (t0, e0), (t1, e1) in itertools.pairwise(knots):
        if e0 <= level < e1:
            slope = (e1 - e0) / (t1 - t0)
            return t0 + (level - e0) / slope, slope
    return (knots[0][0], 0.0) if knots[0][1] > level else None


def _worst(reactions: Sequence[HotReaction]) -> tuple[float, float, HotReaction]:
    """Most negative energy, its temperature (the lowest of equal ones), and the reaction."""
    return min(
        (
            (energy, t, reaction)
            for reaction in reactions
            for t, energy in zip(reaction.temperature_K, reaction.energy, strict=True)
        ),
        key=lambda found: (found[0], found[1]),
    )


def _aid(asked: HeatQuestion, pair: Sequence[HotReaction], aid: Composition) -> AidEffect:
    """Worst reactions of a third component with each side, and with both."""

    def worst(*sides: Composition) -> tuple[float, float, HotReaction] | None:
        system = asked.system(frozenset(e for c in sides for e in c.elements))
        if any(system.nongas_atoms(side) <= 0.0 for side in sides):
            return None
        return _worst(system.mutual(sides))

    with_each = [worst(side, aid) for side in asked.sides]
    all_ = worst(*asked.sides, aid)
    energies = [found[0] if found else None for found in with_each]
    energies += [None] * (2 - len(energies))
    added = None
    if all_ is not None and len(asked.sides) == 2:
        there = next(r for r in pair if all_[1] <= r.high_K).at(all_[1])
        added = min(all_[0] - there, 0.0)
    known = [energy for energy in energies if energy is not None]
    return AidEffect(
        additive=aid.formula,
        with_a_eV_per_nongas_atom=energies[0],
        with_b_eV_per_nongas_atom=energies[1],
        added_eV_per_nongas_atom=added,
        temperature_K=all_[1] if all_ else asked.range_K[0],
        reaction=(all_[2].reaction if all_ else None) or "no reaction",
        compatible=bool(known) and min(known) >= -ONSET_eV,
    )


def _metals(
    asked: HeatQuestion, system: HotSystem, reactions: Sequence[HotReaction], ion: str
) -> tuple[MetalEffect, ...]:
    """Single-metal ends of the second phase, and the reaction without phases of each metal."""
    first, second = asked.sides
    metals = [
        e for e in second.elements if e != ion and e not in NONMETALS and e not in first.elements
    ]
    energy, temperature, _ = _worst(reactions)
    found = []
    for metal in metals:
        end = _end_member(second, metals, metal)
        at_end, note = _mutual_at(asked, first, end, temperature)
        without = min(system.mutual_without(asked.sides, temperature, metal), 0.0)
        found.append((metal, end, at_end, note, without))
    effects = []
    for metal, end, at_end, note, without in found:
        others = [e for m, _, e, _, _ in found if m != metal and e is not None]
        resolved = at_end is not None and all(abs(at_end - e) > ONSET_eV for e in others)
        if at_end is not None and others and not resolved:
            note = f"unresolved: another metal lies within {1e3 * ONSET_eV:g} meV"
        effects.append(
            MetalEffect(
                element=metal,
                end_member=end.formula,
                end_member_eV_per_nongas_atom=at_end,
                without_products_eV_per_nongas_atom=without,
                share_eV_per_nongas_atom=min(energy - without, 0.0),
                temperature_K=temperature,
                resolved=resolved,
                note=note,
            )
        )
    return tuple(sorted(effects, key=_end_energy))


def _end_energy(effect: MetalEffect) -> float:
    energy = effect.end_member_eV_per_nongas_atom
    return math.inf if energy is None else energy


def _end_member(composition: Composition, metals: Sequence[str], metal: str) -> Composition:
    total = sum(composition.amount(m) for m in metals)
    amounts: dict[str, float] = {}
    for element, n in composition.amounts.items():
        if element not in metals:
            amounts[element] = n
        elif metal not in amounts:
            amounts[metal] = total
    return Composition(reduced_formula(amounts)[0], amounts)


def _mutual_at(
    asked: HeatQuestion, first: Composition, second: Composition, temperature: float
) -> tuple[float | None, str | None]:
    sides = (first, second)
    elements = frozenset(e for c in sides for e in c.elements)
    try:
        there = replace(asked, range_K=(temperature, temperature))
        return there.system(elements).mutual(sides)[0].energy[0], None
    except (DataError, FormulaError) as error:
        return None, str(error)
