"""Published limits of stability windows that were measured on electrolytes mixed with carbon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..core.composition import Composition, parse
from ..core.record import Record
from .packaged import cited_facts

__all__ = ["MeasuredWindow", "measured_window"]


@dataclass(frozen=True, slots=True)
class MeasuredWindow(Record):
    """A measured window.

    Attributes
    ----------
    formula, working_ion : str
    reduction_V, oxidation_V : float or None
        Onsets of current [V vs the metal]; None was not measured.
    method, source : str
    """

    formula: str
    working_ion: str
    reduction_V: float | None
    oxidation_V: float | None
    method: str
    source: str


def measured_window(composition: Composition, ion: str) -> MeasuredWindow | None:
    """What was measured of a composition; None where nothing is cited.

    Examples
    --------
    >>> measured_window(parse("Li20Ge2P4S24"), "Li").oxidation_V
    2.1
    >>> print(measured_window(parse("Li3PS4"), "Li"))
    None
    """
    return _known().get((composition.reduced_formula, ion))


@cache
def _known() -> dict[tuple[str, str], MeasuredWindow]:
    entries = cited_facts("measured_windows.toml")["window"]
    return {
        (parse(entry["composition"]).reduced_formula, entry["ion"]): MeasuredWindow(
            formula=entry["composition"],
            working_ion=entry["ion"],
            reduction_V=entry.get("reduction_V"),
            oxidation_V=entry.get("oxidation_V"),
            method=entry["method"],
            source=entry["source"],
        )
        for entry in entries
    }
