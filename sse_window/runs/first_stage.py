"""Which pairs of a screening can end up in its file, from energies alone.

A full row of a pair, with reactions and interphase, takes a hundred times as long as its energies.
Where a condition, an order and a number of rows rest on energies and windows alone, these come
first, for all rows, and full rows only for those that may be written. Where the columns that are
wanted rest on nothing else either, there are no full rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ..cells.states import ElectrodeState
from ..core.errors import DataError
from ..core.simplex import COMPILED
from ..equilibria.batch import PairEnergies, Partner, pair_energies
from ..phases.composition_arrays import CompositionArrays
from ..phases.table import PhaseTable
from ..phases.written_formulas import composition_in
from ..results.files import Choice, choose
from ..results.schema import Kind
from .tasks import OK, Finished, Item, Plan, Row, screen_items, states_of, window_rows
from .workers import SharedTable, table_of

__all__ = ["Narrowed", "energies_suffice", "energy_items", "narrowed"]

_PART = 1024
"""Compositions that are worked on at a time."""

_LATER = ("reaction", "products", "gases", "off_measurement", "notes", "read_as", "interphase_")
"""Parts of the names of columns that are texts, and come with the full row."""

_MARGIN = 1e-9
"""Values that differ by less may be in another order in full rows: rounding."""


class Narrowed(NamedTuple):
    """What a first stage found.

    Attributes
    ----------
    items : set of int
        Positions of the items to work out in full.
    left_out : dict of int to int
        How many rows each of the others has.
    """

    items: set[int]
    left_out: dict[int, int]


def narrowed(
    table: PhaseTable, plan: Plan, items: Sequence[Item], choice: Choice
) -> Narrowed | None:
    """Items that may have a row in the file.

    Parameters
    ----------
    table : PhaseTable
    plan : Plan
    items : sequence of (position, formula, None)
        Each to be paired with all electrodes of the plan.
    choice : Choice

    Returns
    -------
    Narrowed or None
        None where nothing can be left out before the full rows are known: all rows are wanted, the
        choice rests on more than energies, or the core is not compiled.
    """
    if not (COMPILED and plan.electrodes) or (choice.where is None and choice.top is None):
        return None
    kinds = {key: kind for key, kind in plan.columns(pairs=True).items() if _known(key)}
    try:
        choice.check(kinds)
    except DataError:
        return None
    try:
        states = [s for name in plan.electrodes for s in states_of(table, name, plan)]
    except Exception:  # said in the full rows
        return None
    rows: dict[int, list[list[Any]]] = {}
    certain = set()
    for part in _parts(items):
        certain |= _part(table, plan, part, states, list(kinds), rows)
    names = list(kinds)
    found = choose(lambda item: rows[item], sorted(rows), kinds, replace(choice, top=None))
    if choice.top is not None and len(found) > choice.top:
        cut = choice.top
        if choice.sort is not None:
            key = names.index(choice.sort.removeprefix("-"))
            last = rows[found[cut - 1][0]][found[cut - 1][1]][key]
            while cut < len(found) and _alike(last, rows[found[cut][0]][found[cut][1]][key]):
                cut += 1
        found = found[:cut]
    wanted = certain | {item for item, _ in found}
    others = {item: len(made) for item, made in rows.items() if item not in wanted}
    return Narrowed(wanted, others)


def energies_suffice(plan: Plan, choice: Choice, others: Mapping[str, Kind]) -> bool:
    """Whether energies and windows alone give all that is written.

    Parameters
    ----------
    plan : Plan
    choice : Choice
    others : mapping of str to kind
        Further columns, that need not be worked out.

    Returns
    -------
    bool

    Examples
    --------
    >>> columns = ("formula", "electrode", "chemical_mutual_reaction_energy_eV_per_atom")
    >>> plan = Plan(electrodes=("LCO",))
    >>> energies_suffice(plan, Choice(columns=columns), {}) == COMPILED
    True
    >>> energies_suffice(plan, Choice(columns=(*columns, "interphase_class")), {})
    False
    """
    if not (COMPILED and plan.electrodes) or plan.steps or plan.compare or not choice.columns:
        return False
    kinds = {key: kind for key, kind in plan.columns(pairs=True).items() if _known(key)}
    try:
        choice.check({**kinds, "message": "text", **others})
    except DataError:
        return False
    return True


def energy_items(
    shared: SharedTable | PhaseTable, plan: Plan, pairs: bool, items: Sequence[Item]
) -> Finished:
    """Rows of some items with nothing but windows and energies: the task of a worker.

    As :func:`~sse_window.runs.tasks.screen_items`; other columns are missing. What has no energies
    is worked out in full, for its message.
    """
    table = table_of(shared)
    rows: dict[int, list[list[Any]]] = {}
    states = [state for name in plan.electrodes for state in states_of(table, name, plan)]
    unsure = _part(table, plan, items, states, list(plan.columns(pairs=True)), rows)
    rest = [item for item in items if item[0] in unsure]
    return [*rows.items(), *(screen_items(table, plan, pairs, rest) if rest else [])]


def _known(key: str) -> bool:
    if key.startswith(("chemical_", "electrochemical_")):
        worst = key.startswith("electrochemical_worst_") and key.endswith("voltage_V")
        return "reaction_energy" in key or worst
    return not any(word in key for word in _LATER) and key != "message"


def _alike(a: Any, b: Any) -> bool:
    """Whether full rows may have these in the other order. No reaction is 0 in both."""
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= _MARGIN and not a == b == 0.0
    return False


def _parts(items: Sequence[Item]) -> Sequence[Sequence[Item]]:
    return [items[i : i + _PART] for i in range(0, len(items), _PART)]


def _part(
    table: PhaseTable,
    plan: Plan,
    items: Sequence[Item],
    states: Sequence[ElectrodeState],
    keys: Sequence[str],
    rows: dict[int, list[list[Any]]],
) -> set[int]:
    """Add the rows of some items; those that have to be worked out in full in any case."""
    heads = window_rows(table, plan, [formula for _, formula, _ in items])
    asked = [i for i, head in enumerate(heads) if head["status"] == OK]
    certain = {items[i][0] for i, head in enumerate(heads) if head["status"] != OK}
    if not asked:
        return certain
    compositions = [composition_in(table, items[i][1])[0] for i in asked]
    try:
        found = pair_energies(
            table,
            CompositionArrays.of(compositions),
            [Partner(state.composition, state.voltage_range_V) for state in states],
            plan.ion,
        )
    except Exception:  # of one of them: the full rows say which
        return certain | {items[i][0] for i in asked}
    columns = _columns(found)
    failed = {i for i, _ in found.problems}
    for place, i in enumerate(asked):
        position = items[i][0]
        if place in failed:
            certain.add(position)
            continue
        made = []
        for at, state in enumerate(states):
            row: Row = heads[i] | {
                "electrolyte": items[i][1],
                "electrolyte_composition": compositions[place].formula,
                "electrode": state.name,
                "electrode_composition": state.composition.formula,
                "electrode_state": state.state,
                "voltage_low_V": state.voltage_range_V[0],
                "voltage_high_V": state.voltage_range_V[1],
                "voltage_range_source": state.range_source,
            }
            row |= {key: values[place][at] for key, values in columns.items()}
            made.append([row.get(key) for key in keys])
        rows[position] = made
    return certain


def _columns(found: PairEnergies) -> dict[str, list[list[float]]]:
    columns = {}
    for kind in ("total", "mutual"):
        closed = getattr(found, f"chemical_{kind}_eV_per_atom")
        columns[f"chemical_{kind}_reaction_energy_eV_per_atom"] = closed
        for at in ("low", "high", "worst"):
            values = getattr(found, f"{at}_{kind}_eV_per_nonion_atom")
            key = f"electrochemical_{at}_{kind}"
            columns[f"{key}_reaction_energy_eV_per_nonion_atom"] = values
        columns[f"electrochemical_worst_{kind}_voltage_V"] = getattr(found, f"worst_{kind}_V")
    return {key: values.tolist() for key, values in columns.items()}
