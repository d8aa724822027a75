"""Rows of a screening: the work that one task does, in whatever process it runs.

What cannot be answered is a row with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from ..cells.pair_questions import compare_pairs
from ..cells.pairs import PairResult, pair_state
from ..cells.states import ElectrodeState, electrode_states
from ..cells.window_questions import compare_windows
from ..core.caches import Cache
from ..core.composition import Composition
from ..core.errors import DataError, EquilibriumError, SSEWindowError
from ..equilibria.batch import windows
from ..equilibria.tolerance import TOLERANCE_eV_per_atom
from ..equilibria.windows import StabilityWindow, stability_window
from ..facts import names
from ..phases.composition_arrays import CompositionArrays
from ..phases.table import PhaseTable
from ..phases.written_formulas import composition_in
from ..results.rows import row as flat_row
from ..results.schema import PAIR, WINDOW, Kind, screening
from ..results.window_rows import window_columns
from .workers import SharedTable, table_of

__all__ = [
    "FAILED",
    "OK",
    "Finished",
    "Item",
    "Plan",
    "Row",
    "screen_items",
    "states_of",
    "window_rows",
]

OK = "ok"
FAILED = "failed"

Row: TypeAlias = dict[str, Any]

Item: TypeAlias = tuple[int, str, str | None]
"""Position in the list, formula, electrode."""

Finished: TypeAlias = list[tuple[int, list[list[Any]]]]
"""Position in the list, and its rows with values in the order of the columns."""


@dataclass(frozen=True)
class Plan:
    """What is asked of every composition.

    Attributes
    ----------
    ion : str
        Working ion.
    electrodes : tuple of str
        Names or formulas of electrodes to pair every composition with.
    voltage_range_V : tuple of float or None
        Overrides the operating range of the electrodes.
    steps : bool
        Keep the steps of every voltage profile.
    compare : tuple of str
        Names of further datasets that answer beside the first one.
    tolerance_eV_per_atom : float
        Driving force that the tolerance window bears.
    """

    ion: str = "Li"
    electrodes: tuple[str, ...] = ()
    voltage_range_V: tuple[float, float] | None = None
    steps: bool = False
    compare: tuple[str, ...] = ()
    tolerance_eV_per_atom: float = TOLERANCE_eV_per_atom

    def columns(self, *, pairs: bool) -> dict[str, Kind]:
        """Columns that are worked out, in order."""
        columns = screening(pairs=pairs, steps=self.steps, compare=self.compare)
        return {column.key: column.kind for column in columns}


def screen_items(
    shared: SharedTable | PhaseTable,
    plan: Plan,
    pairs: bool,
    items: Sequence[Item],
    *beside: SharedTable | PhaseTable,
) -> Finished:
    """Rows of some items: the task of a worker.

    Parameters
    ----------
    shared : SharedTable or PhaseTable
    plan : Plan
    pairs : bool
        Whether rows are those of pairs.
    items : sequence of (position, formula, electrode or None)
    *beside : SharedTable or PhaseTable
        The tables of ``plan.compare``.

    Returns
    -------
    list of (position, rows)
        Values in the order of ``plan.columns(pairs=pairs)``.
    """
    tables = [table_of(shared), *(table_of(other) for other in beside)]
    columns = list(plan.columns(pairs=pairs))
    heads: Sequence[Row | None] = [None] * len(items)
    if not (plan.steps or beside):
        formulas = [formula for _, formula, _ in items]
        try:
            heads = window_rows(tables[0], plan, formulas)
        except Exception:  # of one of them: which one, and why, is found singly
            heads = [_window_alone(tables[0], plan, formula) for formula in formulas]
    if not (plan.steps or beside or pairs):
        return [
            (position, [[head[column] for column in columns]])
            for (position, _, _), head in zip(items, heads, strict=True)
            if head is not None
        ]
    finished: Finished = []
    for (position, formula, electrode), head in zip(items, heads, strict=True):
        rows = _rows(tables, plan, pairs, formula, electrode, head)
        finished.append((position, [[row.get(column) for column in columns] for row in rows]))
    return finished


def _rows(
    tables: Sequence[PhaseTable],
    plan: Plan,
    pairs: bool,
    formula: str,
    electrode: str | None,
    known: Row | None,
) -> Iterator[Row]:
    """Rows of one item; its window may be known."""
    table, *beside = tables
    electrodes = plan.electrodes if electrode is None else (electrode,)
    if known is not None and known["status"] == OK:
        for name in electrodes:
            yield from _pair_rows(tables, plan, formula, name, known)
        return
    head: Row = {"formula": formula}
    try:
        composition = names.resolve(formula)
        window = stability_window(
            table,
            composition,
            plan.ion,
            all_steps=plan.steps,
            tolerance_eV_per_atom=plan.tolerance_eV_per_atom,
        )
        head = _window_row(window, plan) | head
        if beside:
            head |= _compared_windows(window, beside, plan, head["notes"])
    except Exception as error:
        if not pairs:
            electrodes = ()
            yield head | _failure(error)
        for name in electrodes:
            yield head | {"electrolyte": formula, "electrode": name} | _failure(error)
        return
    if not pairs:
        yield head
    for name in electrodes:
        yield from _pair_rows(tables, plan, formula, name, head)


def window_rows(table: PhaseTable, plan: Plan, formulas: Sequence[str]) -> list[Row]:
    """Rows of windows, worked out all at once; what cannot be answered says why.

    Parameters
    ----------
    table : PhaseTable
    plan : Plan
    formulas : sequence of str
        Names or formulas as typed.

    Returns
    -------
    list of dict
        One per formula, with the values of all columns of a screening of windows.
    """
    columns = plan.columns(pairs=False)
    rows: list[Row] = []
    asked: list[int] = []
    compositions: list[Composition] = []
    places: list[int] = []
    reduced: list[str] = []
    for i, formula in enumerate(formulas):
        rows.append(dict.fromkeys(columns))
        rows[i]["formula"] = formula
        try:
            composition, row = composition_in(table, formula)
            table.require([*composition.elements, plan.ion])
        except Exception as error:
            rows[i] |= _failure(error)
            continue
        asked.append(i)
        compositions.append(composition)
        places.append(row)
        reduced.append(formula if row >= 0 and table.formulas[row] == formula else "")
        reduced[-1] = reduced[-1] or composition.reduced_formula
    if not asked:
        return rows
    found = windows(
        table,
        CompositionArrays.of(compositions),
        plan.ion,
        tolerance_eV_per_atom=plan.tolerance_eV_per_atom,
        rows=np.array(places, dtype=np.intp),
    )
    values = window_columns(
        table,
        found,
        [formulas[i] for i in asked],
        compositions,
        reduced,
        plan.ion,
        plan.tolerance_eV_per_atom,
    )
    keys = list(values)
    for i, cells in zip(asked, zip(*values.values(), strict=True), strict=True):
        rows[i].update(zip(keys, cells, strict=True))
    for j, message in found.problems.items():
        nothing: Row = dict.fromkeys(columns) | {"formula": formulas[asked[j]]}
        rows[asked[j]] = nothing | _failure(EquilibriumError(message))
    return rows


def _window_alone(table: PhaseTable, plan: Plan, formula: str) -> Row:
    try:
        return window_rows(table, plan, [formula])[0]
    except Exception as error:
        empty: Row = dict.fromkeys(plan.columns(pairs=False))
        return empty | {"formula": formula} | _failure(error)


def _window_row(window: StabilityWindow, plan: Plan) -> Row:
    row = flat_row(window, WINDOW)
    if plan.steps:
        row["steps"] = json.dumps([step.to_dict() for step in window.steps], ensure_ascii=False)
    return row


def _compared_windows(
    window: StabilityWindow, tables: Sequence[PhaseTable], plan: Plan, notes: str | None
) -> Row:
    """Limits in the other datasets, and the spread over all that have an answer."""
    row: Row = {}
    windows = [window]
    said = [notes] if notes else []
    for name, table in zip(plan.compare, tables, strict=True):
        try:
            other = stability_window(table, window.composition, plan.ion)
        except SSEWindowError as error:
            said.append(f"{name}: {error}")
            continue
        windows.append(other)
        row[f"{name}_reduction_potential_V"] = other.reduction_potential_V
        row[f"{name}_oxidation_potential_V"] = other.oxidation_potential_V
    row["notes"] = "; ".join(said) or None
    if len(windows) > 1:
        spread = compare_windows(windows)
        origins = [w.dataset for w in windows]
        row["compared_datasets"] = ", ".join(f"{o.name} (sha256 {o.sha256[:12]})" for o in origins)
        for key in ("spread_V", "products_differ"):
            for side in ("reduction", "oxidation"):
                row[f"{side}_{key}"] = getattr(spread, f"{side}_{key}")
    return row


def _compared_pairs(
    pair: PairResult, tables: Sequence[PhaseTable], state: ElectrodeState, plan: Plan
) -> Row:
    """Worst mutual reactions in the other datasets, and the spread over all."""
    row: Row = {}
    pairs = [pair]
    for name, table in zip(plan.compare, tables, strict=True):
        try:
            other = pair_state(table, pair.electrolyte, state, plan.ion)
        except SSEWindowError:
            continue  # the notes of the window say why
        pairs.append(other)
        worst = other.electrochemical[-1].mutual.reaction_energy
        row[f"{name}_chemical_mutual_eV_per_atom"] = other.chemical.mutual.reaction_energy
        row[f"{name}_electrochemical_mutual_eV_per_nonion_atom"] = worst
        row[f"{name}_interphase_class"] = other.interphase.interphase_class
    if len(pairs) > 1:
        spread = compare_pairs(pairs)
        for key in (
            "chemical_spread_eV_per_atom",
            "electrochemical_spread_eV_per_nonion_atom",
            "products_differ",
        ):
            row[key] = getattr(spread, key)
    return row


def _pair_rows(
    tables: Sequence[PhaseTable], plan: Plan, formula: str, electrode: str, head: Row
) -> Iterator[Row]:
    table, *others = tables
    beside: Row = {"electrolyte": formula, "electrode": electrode}
    try:
        states = states_of(table, electrode, plan)
    except Exception as error:
        yield head | beside | _failure(error)
        return
    for state in states:
        try:
            pair = pair_state(table, formula, state, plan.ion)
            row = flat_row(pair, PAIR)
            if others:
                row |= _compared_pairs(pair, others, state, plan)
        except Exception as error:
            failed = {"electrode_state": state.state} | _failure(error)
            yield head | beside | failed
            continue
        yield head | row | {key: _joined(head[key], row[key]) for key in _OF_BOTH}


_OF_BOTH = ("phases_off_measurement", "notes")
"""Columns in which the window and the pair each have something to say."""


def _joined(*texts: str | None) -> str | None:
    said = dict.fromkeys(part for text in texts if text for part in text.split("; "))
    return "; ".join(said) or None


def states_of(table: PhaseTable, electrode: str, plan: Plan) -> tuple[ElectrodeState, ...]:
    """States of an electrode by name; worked out once per table."""
    if not electrode:
        raise DataError("no electrode: give a name or formula such as LCO")
    ion, span = plan.ion, plan.voltage_range_V
    return table.attached(_States).of(
        (electrode, ion, span), lambda: electrode_states(table, electrode, ion, span)
    )


class _States(Cache[tuple[ElectrodeState, ...]]):
    """States of electrodes by name, ion and range."""


def _failure(error: Exception) -> Row:
    """Status and message of a row without an answer."""
    if isinstance(error, MemoryError):
        raise error
    expected = isinstance(error, SSEWindowError)
    message = str(error) if expected else f"{type(error).__name__}: {error}; please report this"
    return {"status": FAILED, "message": " ".join(message.split())}
