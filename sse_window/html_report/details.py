"""The steps behind each row: carried by the row, or worked out again from the same dataset."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import api
from ..core.errors import SSEWindowError
from ..core.tolerances import WRITTEN
from ..results.answers import PhaseTable, StabilityWindow
from .reading import Results
from .records_as_rows import Row

__all__ = ["MOST_ROWS", "Details", "steps_of"]

MOST_ROWS = 500
"""Steps of more rows are worked out only on request: a second per few hundred of them."""

_DECIMALS = 6

Step = list[Any]


@dataclass(frozen=True, slots=True)
class Details:
    """Steps of every row, each different set once.

    Attributes
    ----------
    sets : tuple
        Each the steps as ``[low, high, ion exchange, reaction, E_D low, E_D high, gases]``, or the
        reason why there are none.
    of_row : tuple of int
        Position in `sets`.
    """

    sets: tuple[list[Step] | str, ...]
    of_row: tuple[int, ...]


def steps_of(
    results: Results, *, wanted: bool | None = None, dataset_name: str | None = None
) -> Details:
    """Steps of every row.

    Rows that carry steps keep them. Those of others are worked out again if the dataset that the
    row names is here, with the same hash, and gives the limits that the row holds.

    Parameters
    ----------
    results : Results
    wanted : bool, optional
        None is yes for up to 500 rows; False leaves carried steps out, too.
    dataset_name : str, optional
        Name or path of the dataset, where the rows' own name for it is not known here.

    Returns
    -------
    Details

    Raises
    ------
    SSEWindowError
        If there is no dataset of the name or path given.
    """
    again = _Recomputed(dataset_name)
    if wanted is False:
        return _none("left out (--no-details)", len(results.rows))
    few = len(results.rows) <= MOST_ROWS
    answers: dict[Any, list[Step] | str] = {}
    keys: list[Any] = []
    answer: list[Step] | str
    for number, (row, carried, failure) in enumerate(
        zip(results.rows, results.steps, results.failures, strict=True)
    ):
        key: Any = number
        if failure is not None:
            key, answer = "failed", "the row failed"
        elif carried:
            answer = _compact(carried)
        elif not (wanted or few):
            key = "many"
            answer = (
                f"the file holds none, and they are worked out again for up to {MOST_ROWS} rows "
                "unless asked for with --details"
            )
        else:
            key = again.key(row)
            answer = answers[key] if key in answers else again.steps(row)
        answers.setdefault(key, answer)
        keys.append(key)
    place = {key: position for position, key in enumerate(answers)}
    return Details(tuple(answers.values()), tuple(place[key] for key in keys))


def _none(reason: str, rows: int) -> Details:
    return Details((reason,), (0,) * rows)


def _compact(steps: Any) -> list[Step] | str:
    unreadable = "the file holds steps that cannot be read"
    if not isinstance(steps, Sequence) or isinstance(steps, str):
        return unreadable
    compact: list[Step] = []
    for step in steps:
        if not isinstance(step, Mapping):
            return unreadable
        numbers = [
            _rounded(step.get(key))
            for key in (
                "voltage_low_V",
                "voltage_high_V",
                "ion_exchange",
                "decomposition_energy_low_eV_per_atom",
                "decomposition_energy_high_eV_per_atom",
            )
        ]
        if numbers[0] is None or numbers[2] is None:
            return unreadable
        gases = step.get("gases")
        said = " ".join(map(str, gases)) if isinstance(gases, (list, tuple)) else str(gases or "")
        compact.append([*numbers[:3], str(step.get("reaction") or ""), *numbers[3:], said])
    return compact


def _rounded(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return round(float(value), _DECIMALS) + 0.0  # no -0.0


class _Recomputed:
    """Windows of rows, each dataset loaded once."""

    def __init__(self, dataset_name: str | None) -> None:
        self.dataset_name = dataset_name
        self.tables: dict[str, PhaseTable | str] = {}
        if dataset_name:  # asked for, where the names in the rows are guesses
            self.tables[dataset_name] = api.load(dataset_name)

    def key(self, row: Row) -> tuple[Any, ...]:
        """Rows of equal key have the same steps."""
        asked = (*_WHOSE, "working_ion")
        said = ("e_above_hull_eV_per_atom", "reduction_potential_V", "oxidation_potential_V")
        columns = (*asked, *said, *_PROVENANCE)
        return tuple(row.get(column) for column in columns)

    def steps(self, row: Row) -> list[Step] | str:
        table = self._table(row)
        if isinstance(table, str):
            return table
        ion = row.get("working_ion")
        if not isinstance(ion, str):
            return "the row names no working ion"
        try:
            # What was typed may be a name, as in a list that was screened.
            typed = next((row[key] for key in _WHOSE if row.get(key)), None)
            if typed is None:
                return "the row is not about one composition"
            window = _like(row, str(typed), ion, table)
        except SSEWindowError as error:
            return str(error)
        if isinstance(window, str):
            return window
        return _compact(window.to_dict()["steps"])

    def _table(self, row: Row) -> PhaseTable | str:
        name = self.dataset_name or row.get("dataset_name")
        if not name or not row.get("dataset_sha256"):
            return "the row does not say which dataset it comes from"
        if name not in self.tables:
            try:
                self.tables[name] = api.load(name)
            except SSEWindowError as error:
                self.tables[name] = f"{error}; name it with --dataset"
        table = self.tables[name]
        if isinstance(table, str):
            return table
        here = table.provenance
        if here.sha256 != row["dataset_sha256"]:
            return (
                f"dataset {name!r} here (sha256 {here.sha256[:12]}) is not the one of the row "
                f"({str(row['dataset_sha256'])[:12]})"
            )
        if ("; ".join(here.additions) or None) != row.get("dataset_additions"):
            return (
                "the row was computed with phases added to the dataset or taken out of it, which "
                f"the file does not hold: {row.get('dataset_additions') or 'none'}"
            )
        return table


_WHOSE = ("coating", "electrolyte_composition", "formula", "electrolyte")
"""Columns that name the composition whose steps are shown; the first that is there does."""

_PROVENANCE = ("dataset_name", "dataset_sha256", "dataset_additions")


def _like(row: Row, formula: str, ion: str, table: PhaseTable) -> StabilityWindow | str:
    """The window if it is that of the row; else why not."""
    window: StabilityWindow = api.stability_window(formula, ion, phases=table)
    assumed = row.get("e_above_hull_eV_per_atom")
    own = window.e_above_hull_eV_per_atom
    if assumed is not None and (own is None or abs(own - assumed) > WRITTEN):
        window = api.stability_window(formula, ion, phases=table, e_above_hull=assumed)
    for key in ("reduction_potential_V", "oxidation_potential_V"):
        if key not in row:
            continue
        said, found = row[key], getattr(window, key)
        if (said is None) != (found is None) or (said is not None and abs(said - found) > WRITTEN):
            return (
                f"worked out again, {key.split('_')[0]} lies at {_volts(found)}, in the row at "
                f"{_volts(said)}: the row comes from other options or another version"
            )
    return window


def _volts(value: float | None) -> str:
    return "no limit" if value is None else f"{value:.3f} V"
