"""Questions about two sides in contact, asked with names and formulas, or with phases in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..cells import elsewhere, pair_questions
from ..cells.pair_questions import PairAnalysis
from ..cells.pairs import pair_curves
from ..cells.states import electrode_states
from ..core.arguments import check_arguments
from ..core.errors import DataError
from ..equilibria.energy_errors import SEED
from ..facts import names
from ..interphases.formation import Thresholds
from .inputs import CompositionLike, PhasesLike, formula_of, formulas_of, range_of
from .phases import composition, packaged_hulls, table_of

__all__ = ["compare_pairs", "pair", "pair_curves", "pairs_elsewhere"]


def pair(
    electrolyte: CompositionLike,
    electrode: CompositionLike,
    ion: str = "Li",
    *,
    voltage_range_V: tuple[float, float] | None = None,
    additive: CompositionLike | Sequence[CompositionLike] | None = None,
    phases: PhasesLike = None,
    exclude: Any = (),
    e_above_hull: float | None = None,
    thresholds: Thresholds | None = None,
    draws: int | None = None,
    seed: int = SEED,
    energy_error_eV_per_atom: float | None = None,
) -> tuple[PairAnalysis, ...]:
    """Reactions of an electrolyte with an electrode, one result per state of the electrode.

    Parameters
    ----------
    electrolyte, electrode : as the formula of :func:`~sse_window.api.stability_window`
        Formulas or well-known names. A known electrode is taken discharged, then charged.
    ion : str
    voltage_range_V : tuple of float, optional
        Operating range [V vs the metal]; that of the known electrode if left out.
    additive : str or sequence, optional
        Third component, such as carbon or a binder; of several each is an answer of its own.
    phases, exclude, e_above_hull : see :func:`~sse_window.api.stability_window`
    thresholds : Thresholds, optional
        What counts as conducting and as redox-active.
    draws, seed, energy_error_eV_per_atom : see :func:`~sse_window.api.stability_window`

    Returns
    -------
    tuple of PairAnalysis
        Each a :class:`~sse_window.cells.pairs.PairResult` with what was asked beside it.

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> discharged, charged = pair("LGPS", "LCO")
    >>> round(discharged.chemical.total.reaction_energy, 3)
    -0.333
    >>> charged.electrode_composition
    'Li0.5CoO2'
    """
    check_arguments(pair, locals())
    asked = {"additive": additive, "e_above_hull": e_above_hull, "thresholds": thresholds}
    return compare_pairs(
        electrolyte,
        electrode,
        ion,
        phases=[table_of(phases, exclude)],
        voltage_range_V=voltage_range_V,
        draws=draws,
        seed=seed,
        energy_error_eV_per_atom=energy_error_eV_per_atom,
        **asked,
    )


def compare_pairs(
    electrolyte: CompositionLike,
    electrode: CompositionLike,
    ion: str = "Li",
    *,
    phases: Sequence[PhasesLike],
    voltage_range_V: tuple[float, float] | None = None,
    **asked: Any,
) -> tuple[PairAnalysis, ...]:
    """One pair in several datasets, with the spread over them.

    Parameters
    ----------
    electrolyte, electrode, ion : str
    phases : sequence of PhaseTable, str or Path
        One gives one result for each state of the electrode, without a spread.
    voltage_range_V : tuple of float, optional
    **asked
        See :func:`pair`.

    Returns
    -------
    tuple of PairAnalysis
        For each additive and each state of the electrode one for each dataset; the first dataset
        decides on the range of an electrode that has none of its own.
    """
    check_arguments(compare_pairs, locals())
    tables = [table_of(each) for each in phases]
    if not tables:
        raise DataError("phases: an empty list holds no tables")
    electrolyte = formula_of(electrolyte, "electrolyte")
    electrode = formula_of(electrode, "electrode")
    additives = formulas_of(asked.pop("additive", None), "additive")
    if voltage_range_V is not None:
        voltage_range_V = range_of(voltage_range_V, "voltage_range_V")
    names.resolve(electrolyte)
    results: list[PairAnalysis] = []
    for additive in additives or (None,):
        for state in electrode_states(tables[0], electrode, ion, voltage_range_V):
            answers = [
                pair_questions.analyse_pair(t, electrolyte, state, ion, additive=additive, **asked)
                for t in tables
            ]
            results += pair_questions.compared_pairs(answers) if len(answers) > 1 else answers
    return tuple(results)


def pairs_elsewhere(pairs: Sequence[PairAnalysis]) -> list[PairAnalysis]:
    """The same pairs, each with its worst mutual reaction energies on the other packaged ones.

    Parameters
    ----------
    pairs : sequence of PairAnalysis

    Returns
    -------
    list of PairAnalysis
    """
    check_arguments(pairs_elsewhere, locals())
    shown = []
    for pair_result in pairs:
        sides = (pair_result.electrolyte_composition, pair_result.electrode_composition)
        elements = {e for side in sides for e in composition(side).elements}
        tables = packaged_hulls({*elements, pair_result.working_ion}, but=pair_result.dataset.name)
        found = elsewhere.pair_elsewhere(pair_result, tables)
        shown.append(replace(pair_result, elsewhere=found))
    return shown
