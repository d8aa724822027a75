"""Constants of oxyanions that the dataset mp-2020-polyanions has beside the MP2020 corrections.

They are one number [eV] for each nonmetal that oxygen surrounds, fitted to measured enthalpies:
E_f = E_f(MP2020) - sum_k b_k n_k / n_atoms. No calculation comes with them, so that energies with
MP2020 corrections get them before they join such a dataset.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..core.errors import DataError
from ..core.files import shown
from ..phases.calibration import systematic_error
from ..phases.table import PhaseTable
from .datasets import provenance_of
from .formation_energies import MP2020, SCHEMES, WITH_CONSTANTS, Phase, kind_of

__all__ = ["as_the_dataset", "with_constants"]

_DATASET = "mp-2020-polyanions"


def as_the_dataset(
    path: Path, phases: Sequence[Phase], corrections: str | None, dataset: PhaseTable | None
) -> tuple[list[Phase], str | None, tuple[str, ...]]:
    """Give MP2020 energies the constants where the dataset that they are to join has them.

    Parameters
    ----------
    path : Path
        For messages.
    phases : sequence of Phase
    corrections : str or None
        Of their energies.
    dataset : PhaseTable or None

    Returns
    -------
    phases : list of Phase
    corrections : str or None
        Of the energies that are returned.
    messages : tuple of str
        What was done to them.
    """
    same = list(phases), corrections, ()
    if corrections is None or dataset is None:
        return same
    family, scheme = kind_of(corrections)
    held_family, held_scheme = kind_of(dataset.provenance.corrections)
    if (scheme, held_scheme) != (MP2020, WITH_CONSTANTS) or family not in (None, held_family):
        return same
    return with_constants(path, phases, corrections)


def with_constants(
    path: Path, phases: Sequence[Phase], corrections: str
) -> tuple[list[Phase], str, tuple[str, ...]]:
    """Phases with MP2020 corrections, less the constants of their oxyanions.

    Energies above hull stay: they are added to the hull of a dataset, which has the constants.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> mine = [Phase("line 2", parse("Li2SO4"), -2.0), Phase("line 3", parse("Li2S"), -1.5)]
    >>> changed, corrections, _ = with_constants(Path("mine.csv"), mine, "MP2020 corrections")
    >>> [round(phase.formation_energy_per_atom, 3) for phase in changed], corrections
    ([-1.808, -1.5], 'MP2020 corrections and measured constants of oxyanions')
    """
    constants = _constants()
    changed, formulas = [], []
    for phase in phases:
        shift = systematic_error(phase.composition.amounts, constants)
        energy = phase.formation_energy_per_atom
        if shift and not math.isnan(energy):
            phase = replace(phase, formation_energy_per_atom=energy - shift)
            formulas.append(phase.composition.formula)
        changed.append(phase)
    named = corrections.replace(SCHEMES[MP2020], SCHEMES[WITH_CONSTANTS])
    if not formulas:
        return changed, named, ()
    more = f" and {len(formulas) - 3} more" if len(formulas) > 3 else ""
    text = (
        f"{shown(path.name)}: MP2020 energies were given the measured constants of oxyanions that "
        f"{_DATASET} has: {', '.join(formulas[:3])}{more}"
    )
    return changed, named, (text,)


def _constants() -> Mapping[str, float]:
    """b_k [eV] of each kind of unit."""
    try:
        found = provenance_of(_DATASET)["calibration"]["coefficients_eV"]
        return {str(unit): float(value) for unit, value in found.items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise DataError(f"the packaged dataset {_DATASET!r} does not name its constants") from None
