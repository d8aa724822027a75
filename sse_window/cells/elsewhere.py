"""The same answer at other energies: what one dataset says is not known to its last digit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.composition import Composition, parse
from ..core.errors import SSEWindowError
from ..core.record import Record
from ..equilibria.windows import StabilityWindow, stability_window
from ..phases.table import PhaseTable

if TYPE_CHECKING:
    from .pairs import PairResult

__all__ = ["PairElsewhere", "WindowElsewhere", "pair_elsewhere", "window_elsewhere"]


@dataclass(frozen=True, slots=True)
class WindowElsewhere(Record):
    """Limits of a window in another dataset.

    Attributes
    ----------
    dataset_name, dataset_sha256 : str
    reduction_potential_V : float
    oxidation_potential_V : float or None
        None is no limit.
    """

    dataset_name: str
    dataset_sha256: str
    reduction_potential_V: float
    oxidation_potential_V: float | None


@dataclass(frozen=True, slots=True)
class PairElsewhere(Record):
    """Worst mutual reaction energies of a pair in another dataset.

    Attributes
    ----------
    dataset_name, dataset_sha256 : str
    chemical_mutual_eV_per_atom : float
        Closed.
    electrochemical_mutual_eV_per_nonion_atom : float
        Open to the ion, worst over the operating range.
    """

    dataset_name: str
    dataset_sha256: str
    chemical_mutual_eV_per_atom: float
    electrochemical_mutual_eV_per_nonion_atom: float


def window_elsewhere(
    window: StabilityWindow, tables: Iterable[PhaseTable]
) -> tuple[WindowElsewhere, ...]:
    """The limits of a window in other datasets.

    Parameters
    ----------
    window : StabilityWindow
    tables : iterable of PhaseTable
        The phases on the hull are enough. One that lacks an element says nothing.

    Returns
    -------
    tuple of WindowElsewhere

    Examples
    --------
    >>> here = PhaseTable.from_formulas({"Li2S": -1.4})
    >>> there = PhaseTable.from_formulas({"Li2S": -1.5})
    >>> window = stability_window(here, parse("Li2S"))
    >>> [round(w.oxidation_potential_V, 2) for w in window_elsewhere(window, [there])]
    [2.25]
    """
    found = []
    for table in tables:
        try:
            other = stability_window(table, parse(window.formula), window.working_ion)
        except SSEWindowError:
            continue
        found.append(
            WindowElsewhere(
                table.provenance.name,
                table.provenance.sha256,
                other.reduction_potential_V,
                other.oxidation_potential_V,
            )
        )
    return tuple(found)


def pair_elsewhere(pair: PairResult, tables: Iterable[PhaseTable]) -> tuple[PairElsewhere, ...]:
    """Worst mutual reactions of a pair, without its additive, in other datasets.

    Parameters
    ----------
    pair : PairResult
    tables : iterable of PhaseTable
        The phases on the hull are enough. One that lacks an element says nothing.

    Returns
    -------
    tuple of PairElsewhere
    """
    found = []
    for table in tables:
        try:
            chemical, electrochemical = _mutual(
                table,
                parse(pair.electrolyte_composition),
                parse(pair.electrode_composition),
                pair.working_ion,
                pair.voltage_range_V,
            )
        except SSEWindowError:
            continue
        found.append(
            PairElsewhere(table.provenance.name, table.provenance.sha256, chemical, electrochemical)
        )
    return tuple(found)


def _mutual(
    table: PhaseTable,
    electrolyte: Composition,
    electrode: Composition,
    ion: str,
    voltage_range_V: tuple[float, float],
) -> tuple[float, float]:
    from ..equilibria.interfaces import Interface

    interface = Interface(table, electrolyte, electrode, ion)
    low, high = voltage_range_V
    voltages = interface.deciding_voltages_V(low, high)
    return (
        interface.chemical().mutual.reaction_energy,
        min(interface.electrochemical_energies(voltage).mutual for voltage in voltages),
    )
