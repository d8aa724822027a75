"""Search of coatings: candidates by rank, the funnel, and what the best one leaves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..core.errors import SSEWindowError
from ..core.record import Record
from ..facts import names
from ..interphases.verdicts import severity
from ..phases.table import Provenance
from ..phases.written_formulas import composition_in
from .coating_filters import FILTERS, CoatingFilters
from .coatings import (
    ACCEPTED,
    BORDERLINE,
    REJECTED,
    CoatingQuestion,
    CoatingResult,
    complete,
    evaluate_all,
    well_known,
)
from .pairs import pair_state

__all__ = [
    "BareContact",
    "CoatingSearch",
    "FunnelStep",
    "finished",
    "ordered",
    "search",
    "with_well_known",
]


@dataclass(frozen=True, slots=True)
class FunnelStep(Record):
    """How many candidates are left after a filter and all before it.

    Attributes
    ----------
    filter : str
        ``candidates``, or one of :data:`~sse_window.cells.coating_filters.FILTERS`.
    passed : int
    borderline : int
        Further candidates that fail it or one before it by less than a margin, and none by more.
    """

    filter: str
    passed: int
    borderline: int


@dataclass(frozen=True, slots=True)
class BareContact(Record):
    """The pair without a coating, and what the best coating leaves of it.

    Attributes
    ----------
    worst_reaction_energy_eV_per_atom : float
        Of the worse state of the electrode, closed and mutual.
    reaction : str
    interphase_class : int or None
    best_coating : str or None
        None where none is accepted.
    with_coating_eV_per_atom : float or None
    """

    worst_reaction_energy_eV_per_atom: float
    reaction: str
    interphase_class: int | None
    best_coating: str | None
    with_coating_eV_per_atom: float | None


@dataclass(frozen=True)
class CoatingSearch(Record):
    """A whole search.

    Attributes
    ----------
    electrolyte, electrode, working_ion : str
        As the user called them.
    results : tuple of CoatingResult
        By rank; then the rejected ones, those that are well known first.
    filters : CoatingFilters
    funnel : tuple of FunnelStep
    bare : BareContact
    dataset : Provenance
    """

    electrolyte: str
    electrode: str
    working_ion: str
    results: tuple[CoatingResult, ...]
    filters: CoatingFilters
    funnel: tuple[FunnelStep, ...]
    bare: BareContact
    dataset: Provenance


def ordered(found: Iterable[CoatingResult]) -> tuple[CoatingResult, ...]:
    """Results by rank, with their ranks; then rejected ones, well-known ones first.

    Accepted before borderline; then the least negative worst reaction energy, the highest oxidation
    potential, the largest share of the ion.

    Parameters
    ----------
    found : iterable of CoatingResult

    Returns
    -------
    tuple of CoatingResult
    """
    groups = {ACCEPTED: 0, BORDERLINE: 1, REJECTED: 2}

    def key(each: CoatingResult) -> tuple[float, ...]:
        group = groups.get(each.status, 3)
        if group == 3:
            return (3.0, 0.0, 0.0, 0.0, 0.0)
        worst, oxidation = each.worst_reaction_energy_eV_per_atom, each.oxidation_potential_V
        assert worst is not None and each.ion_fraction is not None
        return (
            float(group),
            0.0 if each.well_known and group == 2 else 1.0,
            -round(worst, 7),  # what differs by rounding is equal, and the next value decides
            -math.inf if oxidation is None else -round(oxidation, 6),
            -round(each.ion_fraction, 9),
        )

    placed = sorted(found, key=lambda each: (key(each), each.coating))
    return tuple(
        replace(each, rank=place if groups.get(each.status, 2) < 2 else None)
        for place, each in enumerate(placed, start=1)
    )


def search(
    asked: CoatingQuestion, candidates: Iterable[str], *, details: int = 20
) -> CoatingSearch:
    """Evaluate candidates, rank them, and work out the details of the best.

    Parameters
    ----------
    asked : CoatingQuestion
    candidates : iterable of str
        Names or formulas; well-known coatings are added.
    details : int
        Reactions and interphases are worked out for this many of the best, and for the well-known
        coatings.

    Returns
    -------
    CoatingSearch

    Examples
    --------
    >>> from sse_window.cells.coatings import question
    >>> from sse_window.phases.table import PhaseTable
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3})
    >>> asked = question(table, "Li2S", "Li")
    >>> asked.negative, [r.coating for r in search(asked, ["Li3P"]).results][:1]
    (True, ['Li3P'])
    """
    found = evaluate_all(asked, with_well_known(asked, candidates))
    return finished(asked, found, details=details)


def with_well_known(asked: CoatingQuestion, candidates: Iterable[str]) -> list[str]:
    """Candidates once each, with the well-known coatings that the dataset has the elements of."""
    kept: dict[str, str] = {}
    for candidate in candidates:
        try:
            formula = composition_in(asked.table, candidate)[0].reduced_formula
        except SSEWindowError:
            formula = candidate
        kept.setdefault(formula, candidate)
    there = set(asked.table.elements)
    for formula, name in well_known(asked.ion).items():
        if set(names.resolve(name).elements) <= there:
            kept.setdefault(formula, name)
    return list(kept.values())


def finished(
    asked: CoatingQuestion, found: Iterable[CoatingResult], *, details: int = 20
) -> CoatingSearch:
    """Rank evaluated candidates and work out the details of the best; see :func:`search`."""
    results = ordered(found)
    results = tuple(
        complete(asked, each)
        if (each.rank is not None and each.rank <= details) or each.well_known
        else each
        for each in results
    )
    return CoatingSearch(
        electrolyte=asked.electrolyte,
        electrode=asked.electrode,
        working_ion=asked.ion,
        results=results,
        filters=asked.filters,
        funnel=_funnel(results),
        bare=_bare(asked, results),
        dataset=asked.table.provenance,
    )


def _funnel(results: Sequence[CoatingResult]) -> tuple[FunnelStep, ...]:
    known = [each for each in results if each.status in (ACCEPTED, BORDERLINE, REJECTED)]
    steps = [FunnelStep("candidates", len(results), 0)]
    failed = [set(each.failed_filters) for each in known]
    applied: set[str] = set()
    for name in FILTERS:
        applied.add(name)
        passed = sum(not applied & failures for failures in failed)
        near = sum(
            bool(applied & failures) and each.status == BORDERLINE
            for each, failures in zip(known, failed, strict=True)
        )
        steps.append(FunnelStep(name, passed, near))
    return tuple(steps)


def _bare(asked: CoatingQuestion, results: Sequence[CoatingResult]) -> BareContact:
    pairs = [pair_state(asked.table, asked.electrolyte, state, asked.ion) for state in asked.states]
    worst = min(pairs, key=lambda p: p.chemical.mutual.reaction_energy)
    verdict = min(pairs, key=lambda p: severity(p.interphase.interphase_class)).interphase
    best = results[0] if results and results[0].status == ACCEPTED else None
    return BareContact(
        worst_reaction_energy_eV_per_atom=worst.chemical.mutual.reaction_energy,
        reaction=worst.chemical.mutual.reaction,
        interphase_class=verdict.interphase_class,
        best_coating=None if best is None else best.coating,
        with_coating_eV_per_atom=None if best is None else best.worst_reaction_energy_eV_per_atom,
    )
