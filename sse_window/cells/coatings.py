"""Coatings between an electrolyte and an electrode: what each candidate does, what it fails."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from ..core.composition import Composition
from ..core.errors import SSEWindowError
from ..core.record import Record
from ..equilibria.batch import Partner, pair_energies, windows
from ..equilibria.windows import StabilityWindow, stability_window
from ..facts import names
from ..facts.coatings import coatings as known_coatings
from ..facts.conductors import facts
from ..facts.electrodes import find
from ..facts.gases import released
from ..interphases.verdicts import severity
from ..phases.composition_arrays import CompositionArrays
from ..phases.table import PhaseTable, Provenance
from ..phases.written_formulas import composition_in
from .coating_filters import (
    CoatingFilters,
    CoatingProperties,
    Failure,
    radioactive_elements,
)
from .contacts import closed_mutual, hull_energy, junction, overlap_of
from .pairs import pair_state
from .states import ElectrodeState, electrode_states

__all__ = [
    "ACCEPTED",
    "BORDERLINE",
    "REJECTED",
    "CoatingQuestion",
    "CoatingResult",
    "complete",
    "evaluate",
    "evaluate_all",
    "question",
    "well_known",
]

ACCEPTED, BORDERLINE, REJECTED = "accepted", "borderline", "rejected"

_NEGATIVE_BELOW_V = 1.5
"""An electrode given by formula that is charged no higher than this is a negative one: below lie
the alloys, carbon and the metal, above them LTO."""

_ALKALI = ("Li", "Na", "K")


@dataclass(frozen=True)
class CoatingQuestion:
    """What every candidate is held against.

    Attributes
    ----------
    table : PhaseTable
    ion, electrolyte, electrode : str
        As the user called them.
    window : StabilityWindow
        Of the electrolyte.
    states : tuple of ElectrodeState
    negative : bool
        The electrode is a negative one.
    filters : CoatingFilters
    hull_energies : tuple of float
        Of the electrolyte and every state, per formula unit [eV].
    """

    table: PhaseTable
    ion: str
    electrolyte: str
    electrode: str
    window: StabilityWindow
    states: tuple[ElectrodeState, ...]
    negative: bool
    filters: CoatingFilters
    hull_energies: tuple[float, ...]

    @property
    def partners(self) -> tuple[Composition, ...]:
        """The electrolyte, and the electrode in every state."""
        return (self.window.composition, *(state.composition for state in self.states))

    @cached_property
    def formulas(self) -> tuple[str, ...]:
        """Reduced formulas of the partners."""
        return tuple(partner.reduced_formula for partner in self.partners)


@dataclass(frozen=True)
class CoatingResult(Record):
    """One candidate, with everything that filters and ranking look at.

    Attributes
    ----------
    electrolyte, electrode, coating : str
        As the user called them.
    working_ion : str
    status : str
        ``accepted``, ``borderline``, ``rejected``, or what went wrong.
    failed_filters : tuple of str
        Names of :data:`~sse_window.cells.coating_filters.FILTERS`.
    failed_reasons : tuple of str
        One for each, with value and threshold.
    rank : int or None
        Among those that are not rejected, accepted ones first.
    reduction_potential_V, oxidation_potential_V : float or None
        An oxidation potential of None is no limit.
    overlap_V : tuple of float and (float or None), or None
        Where the coating and the electrolyte are both stable.
    e_above_hull_eV_per_atom, band_gap_eV : float or None
        None is not known.
    band_gap_source : str or None
    ion_fraction : float
        Of all atoms.
    conductivity_S_per_cm : float or None
        Cited, at room temperature; no barrier is computed here.
    worst_reaction_energy_eV_per_atom : float or None
        Worst of the closed mutual energies below.
    with_electrolyte_eV_per_atom, with_electrode_discharged_eV_per_atom : float or None
        Worst closed mutual reaction energies; an electrode of one state has the first one only.
    with_electrode_charged_eV_per_atom : float or None
    open_with_electrolyte_eV_per_nonion_atom, open_with_electrode_eV_per_nonion_atom : float or None
        Worst mutual reaction energies open to the ion, within the common window and over the range
        of the electrode; None where there is no common window, or for a candidate that was
        rejected before they were worked out.
    interphase_class_electrolyte, interphase_class_electrode : int or None
        None where not known, or not worked out; of the electrode that of the worse state.
    interphase_reason_electrolyte, interphase_reason_electrode : str or None
    reaction_with_electrolyte, reaction_with_electrode : str or None
    gases : tuple of str
        Among the products of those reactions.
    well_known : bool
    detailed : bool
        Reactions and interphases were worked out.
    dataset : Provenance
    """

    electrolyte: str
    electrode: str
    coating: str
    working_ion: str
    status: str
    failed_filters: tuple[str, ...] = ()
    failed_reasons: tuple[str, ...] = ()
    rank: int | None = None
    reduction_potential_V: float | None = None
    oxidation_potential_V: float | None = None
    overlap_V: tuple[float, float | None] | None = None
    e_above_hull_eV_per_atom: float | None = None
    band_gap_eV: float | None = None
    band_gap_source: str | None = None
    ion_fraction: float | None = None
    conductivity_S_per_cm: float | None = None
    worst_reaction_energy_eV_per_atom: float | None = None
    with_electrolyte_eV_per_atom: float | None = None
    with_electrode_discharged_eV_per_atom: float | None = None
    with_electrode_charged_eV_per_atom: float | None = None
    open_with_electrolyte_eV_per_nonion_atom: float | None = None
    open_with_electrode_eV_per_nonion_atom: float | None = None
    interphase_class_electrolyte: int | None = None
    interphase_class_electrode: int | None = None
    interphase_reason_electrolyte: str | None = None
    interphase_reason_electrode: str | None = None
    reaction_with_electrolyte: str | None = None
    reaction_with_electrode: str | None = None
    gases: tuple[str, ...] = ()
    well_known: bool = False
    detailed: bool = False
    dataset: Provenance | None = None


def question(
    table: PhaseTable,
    electrolyte: str,
    electrode: str,
    ion: str = "Li",
    *,
    voltage_range_V: tuple[float, float] | None = None,
    filters: CoatingFilters | None = None,
) -> CoatingQuestion:
    """Electrolyte and electrode, with the filters that the electrode calls for.

    Parameters
    ----------
    table : PhaseTable
    electrolyte, electrode : str
        Names or formulas.
    ion : str
    voltage_range_V : tuple of float, optional
        Overrides the operating range of the electrode.
    filters : CoatingFilters, optional
        Those of Xiao 2019 before a positive electrode, of Honrao 2021 before a negative one.

    Returns
    -------
    CoatingQuestion

    Raises
    ------
    FormulaError, UnknownElementsError
    """
    states = electrode_states(table, electrode, ion, voltage_range_V)
    window = stability_window(table, names.resolve(electrolyte), ion)
    low, high = states[0].voltage_range_V
    known = find(electrode, ion)
    negative = high <= _NEGATIVE_BELOW_V if known is None else known.kind != "cathode"
    if filters is None:
        filters = (
            CoatingFilters.before_negative(low)
            if negative
            else CoatingFilters.before_positive(high)
        )
    partners = [window.composition, *(state.composition for state in states)]
    return CoatingQuestion(
        table=table,
        ion=ion,
        electrolyte=electrolyte,
        electrode=electrode,
        window=window,
        states=states,
        negative=negative,
        filters=filters,
        hull_energies=tuple(hull_energy(table, partner) for partner in partners),
    )


@cache
def well_known(ion: str) -> dict[str, str]:
    """Coatings that are shown whatever they fail: formula as written, by reduced formula.

    Those that hold another alkali metal than the working ion are left out.

    Examples
    --------
    >>> well_known("Li")["Li2ZrO3"], "LiNbO3" in well_known("Na"), "Al2O3" in well_known("Na")
    ('Li2ZrO3', False, True)
    """
    others = {element for element in _ALKALI if element != ion}
    return {
        coating.composition.reduced_formula: coating.name
        for coating in known_coatings()
        if not others & set(coating.composition.elements)
    }


class _Numbers(NamedTuple):
    """What a candidate is judged by; an oxidation potential of None is no limit."""

    reduction: float
    oxidation: float | None
    e_above_hull: float | None
    energies: tuple[float, ...]  # closed, with every partner
    open_with_electrode: float | None = None


def evaluate(asked: CoatingQuestion, formula: str) -> CoatingResult:
    """First stage: window, closed energies with every side, and the filters.

    Parameters
    ----------
    asked : CoatingQuestion
    formula : str
        Name or formula of the candidate.

    Returns
    -------
    CoatingResult
        Without reactions and interphases; what cannot be answered has its message as status.
    """
    plain = _plain(asked, formula)
    try:
        candidate = names.resolve(formula)
        return _judged(asked, plain, candidate, _numbers(asked, candidate))
    except SSEWindowError as error:
        return replace(plain, status=str(error))


def evaluate_all(asked: CoatingQuestion, formulas: Sequence[str]) -> list[CoatingResult]:
    """:func:`evaluate` of many candidates at once; open energies with the electrode come with it.

    Parameters
    ----------
    asked : CoatingQuestion
    formulas : sequence of str
        Names or formulas.

    Returns
    -------
    list of CoatingResult
        In the same order.

    Raises
    ------
    UnknownElementsError
        If the table lacks the ion or an element of a partner.
    """
    table, ion = asked.table, asked.ion
    results = [_plain(asked, formula) for formula in formulas]
    places: list[int] = []
    candidates: list[Composition] = []
    rows: list[int] = []
    for i, formula in enumerate(formulas):
        try:
            candidate, row = composition_in(table, formula)
            table.require(candidate.elements)
        except SSEWindowError as error:
            results[i] = replace(results[i], status=str(error))
        else:
            places.append(i)
            candidates.append(candidate)
            rows.append(row)
    if not places:
        return results
    arrays = CompositionArrays.of(candidates)
    # What is not in the table by its formula may be by its amounts.
    window = windows(table, arrays, ion, rows=None if min(rows) < 0 else np.array(rows, np.intp))
    span = asked.states[0].voltage_range_V
    pairs = pair_energies(
        table, arrays, [Partner(c, span) for c in asked.partners], ion, known=window
    )
    unsure = {i for i, _ in pairs.problems} | set(window.problems)
    for j, (i, candidate) in enumerate(zip(places, candidates, strict=True)):
        if j in unsure:  # which program failed, and why, is found singly
            results[i] = evaluate(asked, formulas[i])
            continue
        oxidation = float(window.oxidation_potential_V[j])
        above = float(window.e_above_hull_eV_per_atom[j])
        numbers = _Numbers(
            reduction=float(window.reduction_potential_V[j]),
            oxidation=None if math.isinf(oxidation) else oxidation,
            e_above_hull=None if math.isnan(above) else above,
            energies=tuple(pairs.chemical_mutual_eV_per_atom[j].tolist()),
            open_with_electrode=float(pairs.worst_mutual_eV_per_nonion_atom[j, 1:].min()),
        )
        results[i] = _judged(asked, results[i], candidate, numbers)
    return results


def _plain(asked: CoatingQuestion, formula: str) -> CoatingResult:
    return CoatingResult(
        asked.electrolyte,
        asked.electrode,
        formula,
        asked.ion,
        "",
        dataset=asked.table.provenance,
    )


def _numbers(asked: CoatingQuestion, candidate: Composition) -> _Numbers:
    table = asked.table
    window = stability_window(table, candidate, asked.ion, all_steps=False)
    own = window.phase_energy.energy - (window.phase_energy.e_above_hull or 0.0) * candidate.atoms
    energies = [
        closed_mutual(table, [(candidate, own), (partner, energy)])
        for partner, energy in zip(asked.partners, asked.hull_energies, strict=True)
    ]
    return _Numbers(
        window.reduction_potential_V,
        window.oxidation_potential_V,
        window.e_above_hull_eV_per_atom,
        tuple(energies),
    )


def _judged(
    asked: CoatingQuestion, plain: CoatingResult, candidate: Composition, numbers: _Numbers
) -> CoatingResult:
    table, energies = asked.table, numbers.energies
    formula = candidate.reduced_formula
    row = table.index(formula)
    gap = _number(table, "band_gap_eV", row)
    limits = (numbers.reduction, numbers.oxidation)
    shared = overlap_of(
        limits, (asked.window.reduction_potential_V, asked.window.oxidation_potential_V)
    )
    failures = asked.filters.failures(
        CoatingProperties(
            contains_ion=candidate.amount(asked.ion) > 0.0,
            radioactive=radioactive_elements(candidate),
            e_above_hull=numbers.e_above_hull,
            band_gap=gap,
            reduction=limits[0],
            oxidation=limits[1],
            gap_to_electrolyte=shared.gap_V or 0.0,
            with_electrolyte=energies[0],
            with_electrode=min(energies[1:]),
            same_as=_same(asked, formula),
        )
    )
    fact = facts().ionic(formula)
    return replace(
        plain,
        status=_status(failures),
        failed_filters=tuple(failure.filter for failure in failures),
        failed_reasons=tuple(failure.reason for failure in failures),
        reduction_potential_V=limits[0],
        oxidation_potential_V=limits[1],
        overlap_V=shared.overlap_V,
        e_above_hull_eV_per_atom=numbers.e_above_hull,
        band_gap_eV=gap,
        band_gap_source=_text(table, "band_gap_source", row),
        ion_fraction=candidate.amount(asked.ion) / candidate.atoms,
        conductivity_S_per_cm=fact.conductivity_S_per_cm
        if fact is not None and fact.ion == asked.ion
        else None,
        worst_reaction_energy_eV_per_atom=min(energies),
        with_electrolyte_eV_per_atom=energies[0],
        with_electrode_discharged_eV_per_atom=energies[1],
        with_electrode_charged_eV_per_atom=energies[2] if len(energies) > 2 else None,
        open_with_electrode_eV_per_nonion_atom=numbers.open_with_electrode,
        well_known=formula in well_known(asked.ion),
    )


def _same(asked: CoatingQuestion, formula: str) -> str | None:
    """Side that the candidate has the composition of."""
    if formula not in asked.formulas:
        return None
    return "electrode" if asked.formulas.index(formula) else "electrolyte"


def _number(table: PhaseTable, name: str, row: int | None) -> float | None:
    if row is None or name not in table.properties:
        return None
    value = float(table.properties[name][row])
    return None if math.isnan(value) else value


def _text(table: PhaseTable, name: str, row: int | None) -> str | None:
    return None if row is None or name not in table.properties else table.properties[name][row]


def _status(failures: Sequence[Failure]) -> str:
    if not failures:
        return ACCEPTED
    return BORDERLINE if all(failure.borderline for failure in failures) else REJECTED


def complete(asked: CoatingQuestion, found: CoatingResult) -> CoatingResult:
    """Second stage: reactions, interphases and open energies of a candidate.

    Parameters
    ----------
    asked : CoatingQuestion
    found : CoatingResult
        Of :func:`evaluate`.

    Returns
    -------
    CoatingResult
        As it is where the first stage had no answer.
    """
    if found.status not in (ACCEPTED, BORDERLINE, REJECTED):
        return found
    window = stability_window(asked.table, names.resolve(found.coating), asked.ion)
    inner = junction(asked.table, window, asked.window)
    outer = [pair_state(asked.table, found.coating, state, asked.ion) for state in asked.states]
    worst = min(outer, key=lambda p: p.chemical.mutual.reaction_energy)
    # Not known may be as bad as anything.
    verdict = min(outer, key=lambda p: severity(p.interphase.interphase_class)).interphase
    reactions = (inner.chemical.mutual, *(p.chemical.mutual for p in outer))
    return replace(
        found,
        open_with_electrolyte_eV_per_nonion_atom=None
        if inner.electrochemical is None
        else inner.electrochemical.reaction_energy,
        open_with_electrode_eV_per_nonion_atom=min(
            p.electrochemical[-1].mutual.reaction_energy for p in outer
        ),
        interphase_class_electrolyte=inner.interphase.interphase_class,
        interphase_class_electrode=verdict.interphase_class,
        interphase_reason_electrolyte=inner.interphase.reason,
        interphase_reason_electrode=verdict.reason,
        reaction_with_electrolyte=inner.chemical.mutual.reaction,
        reaction_with_electrode=worst.chemical.mutual.reaction,
        gases=released(product.formula for reaction in reactions for product in reaction.products),
        detailed=True,
    )
