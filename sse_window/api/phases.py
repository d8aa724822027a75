"""What answers rest on: datasets, names, measured energies, and the check against pymatgen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..core.arguments import check_arguments
from ..core.composition import Composition
from ..core.elements import SYMBOLS
from ..core.errors import DataError, SSEWindowError
from ..facts.electrodes import electrodes
from ..facts.electrodes import find as electrode
from ..facts.names import known_names, resolve
from ..phases.table import PhaseTable, Provenance
from ..sources import datasets
from ..sources.datasets import (
    DEFAULT,
    PACKAGED,
    available,
    is_of_a_dataset,
    load,
    provenance_of,
)
from ..sources.datasets import remove as remove_dataset
from ..sources.opening import open_table
from .inputs import CompositionLike, PhasesLike, formula_of, formulas_of, phases_of

if TYPE_CHECKING:
    from ..equilibria.crosscheck import Comparison
    from ..equilibria.electrode_voltages import VoltageCheck
    from ..phases.accuracy import AnionAccuracy
    from ..phases.distances import Distance
    from ..sources.calibration_report import CalibrationAccuracy, CalibrationPoints
    from ..sources.importing import ImportReport
    from ..sources.materials_project import FetchReport

__all__ = [
    "DEFAULT",
    "PACKAGED",
    "accuracy",
    "available",
    "calibration",
    "calibration_points",
    "composition",
    "compositions_in",
    "distances",
    "electrode",
    "electrode_voltages",
    "electrodes",
    "export_dataset",
    "fetch",
    "import_dataset",
    "is_of_a_dataset",
    "known_names",
    "load",
    "open_table",
    "phases_in",
    "provenance_of",
    "remove_dataset",
    "sources_of",
    "verify",
]


def composition(text: CompositionLike) -> Composition:
    """Composition of a formula, a well-known name, a structure file, or what pymatgen makes.

    Examples
    --------
    >>> composition("LGPS").formula
    'Li10GeP2S12'
    """
    return resolve(formula_of(text))


def compositions_in(asked: Iterable[str], ion: str) -> list[Composition]:
    """Compositions that formulas and names of electrodes stand for.

    Examples
    --------
    >>> [composition.formula for composition in compositions_in(["LPS", "LCO"], "Li")]
    ['Li3PS4', 'LiCoO2', 'Li0.5CoO2']
    """
    check_arguments(compositions_in, locals())
    found: list[Composition] = []
    for name in asked:
        known = electrode(name, ion)
        found += [resolve(name)] if known is None else [known.discharged, known.charged]
    return found


@lru_cache(maxsize=2)
def _packaged(name: str) -> PhaseTable:
    return datasets.load(name)


def table_of(phases: PhasesLike = None, exclude: Any = ()) -> PhaseTable:
    """The table that a question means.

    Parameters
    ----------
    phases : PhaseTable, str, Path, entries, PhaseDiagram or None
        See :func:`~sse_window.api.inputs.phases_of`; None is mp-2020-polyanions.
    exclude : compositions
        Phases to take out.

    Returns
    -------
    PhaseTable
    """
    left_out = formulas_of(exclude, "exclude")
    given = phases_of(phases)
    if isinstance(given, PhaseTable):
        return given.exclude(left_out)
    name = str(given) if given is not None else datasets.DEFAULT
    # A packaged table never changes; what users fetched, imported or wrote may.
    table = _packaged(name) if name in datasets.PACKAGED else datasets.load(name)
    return table.exclude(left_out)


def packaged_hulls(elements: Iterable[str], *, but: str) -> list[PhaseTable]:
    """Phases on the hull of the packaged datasets within some elements, one dataset excepted.

    See :func:`sse_window.sources.packaged_hulls.packaged_hulls`.
    """
    from ..sources import packaged_hulls as packaged

    names = [name for name in datasets.PACKAGED if name != but]
    return packaged.packaged_hulls(names, elements)


def fetch(
    systems_or_formulas: Iterable[str] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> FetchReport:
    """Fetch chemical systems into the dataset ``mp``.

    See :func:`sse_window.sources.materials_project.fetch` for the options.
    """
    check_arguments(fetch, locals())
    from ..sources import materials_project

    return materials_project.fetch(systems_or_formulas, progress=progress, **options)


def import_dataset(path: str | Path, name: str, **options: Any) -> ImportReport:
    """Make a dataset of its own from a file of phases.

    See :func:`sse_window.sources.importing.import_dataset` for the options.
    """
    check_arguments(import_dataset, locals())
    from ..sources import importing

    return importing.import_dataset(path, name, **options)


def accuracy(
    phases: PhasesLike = None, by: Literal["class", "element"] = "class"
) -> tuple[AnionAccuracy, ...]:
    """Formation energies of a dataset against measured enthalpies.

    See :func:`sse_window.phases.accuracy.accuracy`.
    """
    check_arguments(accuracy, locals())
    from ..phases import accuracy as measured

    return measured.accuracy(table_of(phases), by)


def distances(phases: PhasesLike = None, *, other: PhasesLike) -> tuple[Distance, ...]:
    """How far the formation energies of two datasets lie apart, by class of compounds.

    See :func:`sse_window.phases.distances.distances`.
    """
    check_arguments(distances, locals())
    from ..phases import distances as compared

    return compared.distances(table_of(phases), table_of(other))


def verify(formula: CompositionLike, ion: str = "Li", *, phases: PhasesLike = None) -> Comparison:
    """Voltage profile and energy above hull of a composition against those of pymatgen.

    See :func:`sse_window.equilibria.crosscheck.compare_window`.
    """
    check_arguments(verify, locals())
    from ..equilibria import crosscheck

    return crosscheck.compare_window(table_of(phases), composition(formula), ion)


def calibration(name: str | Path) -> tuple[CalibrationAccuracy, ...]:
    """What the fit of a calibrated dataset says of compounds that it has not seen.

    See :func:`sse_window.sources.calibration_report.calibration_report`.
    """
    check_arguments(calibration, locals())
    from ..sources import calibration_report

    return calibration_report.calibration_report(name)


def calibration_points(name: str | Path) -> CalibrationPoints:
    """Measured compounds of a calibrated dataset, for a picture.

    See :func:`sse_window.sources.calibration_report.calibration_points`.
    """
    check_arguments(calibration_points, locals())
    from ..sources import calibration_report

    return calibration_report.calibration_points(name)


def electrode_voltages(
    phases: PhaseTable | str | Path | None = None,
) -> tuple[VoltageCheck, ...]:
    """Measured electrode voltages beside those that the energies of a dataset give.

    See :func:`sse_window.equilibria.electrode_voltages.check_voltages`.
    """
    check_arguments(electrode_voltages, locals())
    from ..equilibria import electrode_voltages as checked
    from ..sources import calibration_report

    table = table_of(phases)
    left_out = calibration_report.voltages_left_out(table.provenance)
    return checked.check_voltages(table, left_out_V=left_out)


def sources_of(name: str) -> Mapping[str, Any]:
    """Name and sources of a dataset, as far as they are known here.

    Parameters
    ----------
    name : str
        As a result names its dataset, or a path.

    Returns
    -------
    mapping
        ``name`` and ``sources``.
    """
    check_arguments(sources_of, locals())
    from ..phases.gibbs import MEASURED

    if name == MEASURED:
        from ..facts.thermochemistry import thermochemistry_sources

        return {"name": name, "sources": thermochemistry_sources()}
    try:
        return provenance_of(name)
    except SSEWindowError:
        return {"name": name, "sources": ()}


def phases_in(
    wanted: str,
    phases: PhasesLike = None,
    *,
    max_e_above_hull: float | None = None,
) -> PhaseTable:
    """Phases of a chemical system, or of one composition.

    Parameters
    ----------
    wanted : str
        Elements with dashes between (``Li-P-S``: with everything that is made of some of them), or
        a formula or name.
    phases : see :func:`table_of`
    max_e_above_hull : float, optional
        Only phases up to this far above the hull [eV/atom].

    Returns
    -------
    PhaseTable
        Those of the table, in its order; hull and energies are those among all its phases.

    Raises
    ------
    DataError
        If there is none.

    Examples
    --------
    >>> phases_in("Li-S").formulas.tolist()
    ['Li', 'Li2S', 'LiS', 'LiS4', 'S']
    """
    check_arguments(phases_in, locals())
    table = table_of(phases)
    parts = wanted.split("-")
    if len(parts) > 1 and all(part in SYMBOLS for part in parts):
        found = table.within(parts)
    else:
        asked = composition(wanted)
        found = table.within(asked.elements)
        found = found.select(np.flatnonzero(found.formulas == asked.reduced_formula))
    if max_e_above_hull is not None:
        found = found.select(np.flatnonzero(found.e_above_hull <= max_e_above_hull))
    if not len(found):
        raise DataError(f"dataset {table.provenance.name!r} holds no phase of {wanted}")
    return found


def export_dataset(
    phases: PhaseTable, path: str | Path, *, changed: bool, source: str | Path
) -> Provenance:
    """Write phases as a dataset that can be asked for by its path.

    Parameters
    ----------
    phases : PhaseTable
    path : str or Path
        Ends in ``.parquet``; its provenance stands beside it.
    changed : bool
        Phases were added or taken out, so that the hull has to be made again.
    source : str or Path
        Name or path of the dataset that they come from, for licence and sources.

    Returns
    -------
    Provenance
    """
    check_arguments(export_dataset, locals())
    from dataclasses import replace

    from ..core.tolerances import ENERGY_eV_per_atom
    from ..phases.hulls import energies_above_hull

    known = sources_of(str(source))
    if changed:
        above = energies_above_hull(phases)
        phases = replace(phases, e_above_hull=above, competing=above <= ENERGY_eV_per_atom)
    return datasets.write(
        phases, path, licence=known.get("licence"), sources=known.get("sources") or ()
    )
