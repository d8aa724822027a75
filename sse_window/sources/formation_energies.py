"""Total energies of calculations as formation energies.

A formation energy is E_f = (E - sum n_i E_i) / sum n_i, with corrected total energies E of the
compound and E_i per atom of its elements. The corrections are those of pymatgen: "MP2020"
(https://doi.org/10.1038/s41598-021-94550-5), "legacy" (https://doi.org/10.1103/PhysRevB.84.045115),
or "none"; corrections that an entry brings along are taken off first. With "as-given" they stay,
and nothing is added: so energies of several functionals can be taken that a mixing scheme has
joined (https://doi.org/10.1038/s41524-022-00881-w). The elements are looked for among the
calculations themselves, then in the dataset that the phases join, if that was fetched with the same
corrections.

Two things are done otherwise than pymatgen does them, and said with every result: sulfur that is
oxidised, as in sulfates, is not given the correction of sulfides where no structure says what it
is; and an anion that the usual oxidation states leave unknown is looked for among all known ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.composition import Composition
from ..core.errors import EntriesError
from ..core.files import shown
from ..phases.table import PhaseTable
from .calculations import Calculation, one_line, pymatgen_entry, warnings_kept
from .entry_files import refuse

__all__ = [
    "AS_GIVEN",
    "MP2020",
    "SCHEMES",
    "WITH_CONSTANTS",
    "FormationEnergies",
    "Phase",
    "formation_energies",
    "kind_of",
]

AS_GIVEN = "as-given"
MP2020 = "MP2020"
WITH_CONSTANTS = "MP2020-polyanions"

SCHEMES: dict[str, str] = {
    MP2020: "MP2020 corrections",
    WITH_CONSTANTS: "MP2020 corrections and measured constants of oxyanions",
    "legacy": "legacy corrections of the Materials Project",
    "none": "no corrections",
    AS_GIVEN: "corrections as given in the file",
}
"""Correction schemes and how a dataset names them."""

_FAMILY = {
    "GGA": "GGA_GGA+U", "GGA+U": "GGA_GGA+U", "PBE": "GGA_GGA+U", "PBE+U": "GGA_GGA+U",
    "r2SCAN": "R2SCAN", "R2SCAN": "R2SCAN",
}  # fmt: skip

_JOINED = "GGA_GGA+U_R2SCAN"
_JOINED_OF = ("GGA_GGA+U", "R2SCAN")

_CORRECTED_TYPES = {"GGA": "GGA", "GGA+U": "GGA+U", "PBE": "GGA", "PBE+U": "GGA+U"}

_GUESSED_ANIONS = ("Br", "I", "Se", "Si", "Sb", "Te", "H", "N", "F", "Cl")
"""Whose correction depends on the oxidation state."""

_REFERENCE_COLUMN = "reference_energy_per_atom_eV"

_SAME_REFERENCE_eV_per_atom = 0.02
"""Total energies of one element from two sources that differ by more were computed differently;
converged settings of one functional agree within a few meV/atom."""


_IDLE_WARNING = re.compile(r"\S*$|Using UFloat")
"""Of pymatgen's corrections: a single word, and a remark on its own arithmetic."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the user.

    Attributes
    ----------
    place : str
    composition : Composition
    formation_energy_per_atom, e_above_hull : float
        [eV/atom]; one of them may be nan.
    properties : mapping of str to object
        Only those that the file gives.
    """

    place: str
    composition: Composition
    formation_energy_per_atom: float
    e_above_hull: float = math.nan
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormationEnergies:
    """Phases from calculations, and with which corrections."""

    phases: tuple[Phase, ...]
    corrections: str
    mixed: tuple[str, ...]
    messages: tuple[str, ...]


def kind_of(corrections: str) -> tuple[str | None, str | None]:
    """Functional and correction scheme that a dataset's ``corrections`` name; None if neither.

    Examples
    --------
    >>> kind_of("GGA_GGA+U, MP2020 corrections"), kind_of("fitted elemental references")
    (('GGA_GGA+U', 'MP2020'), (None, None))
    >>> kind_of("MP2020 corrections on GGA/GGA+U (PBE) and measured constants of oxyanions")
    ('GGA_GGA+U', 'MP2020-polyanions')
    >>> kind_of("GGA/GGA+U (PBE), calibrated to measured enthalpies")
    ('GGA_GGA+U', None)
    """
    lowered = corrections.lower()
    family = None
    if "gga_gga+u_r2scan" in lowered:
        family = "GGA_GGA+U_R2SCAN"
    elif "r2scan" in lowered:
        family = "R2SCAN"
    elif "gga" in lowered or "pbe" in lowered:
        family = "GGA_GGA+U"
    if "mp2020" in lowered and "measured constants of oxyanions" in lowered:
        return family, WITH_CONSTANTS
    if "measured" in lowered:
        # Terms from measurement, which no calculation comes with, beside those of a scheme.
        return family, None
    words = {
        MP2020: "mp2020", "legacy": "legacy", "none": "no corrections", AS_GIVEN: "as given",
    }  # fmt: skip
    return family, next((name for name, word in words.items() if word in lowered), None)


def formation_energies(
    path: Path,
    calculations: Sequence[Calculation],
    scheme: str,
    dataset: PhaseTable | None = None,
    *,
    allow_mixed: bool = False,
) -> FormationEnergies:
    """Correct total energies and refer them to the elements.

    Parameters
    ----------
    path : Path
        For messages.
    calculations : sequence of Calculation
    scheme : str
        One of :data:`SCHEMES`, without constants of oxyanions.
    dataset : PhaseTable, optional
        Where elements are looked for that were not calculated.
    allow_mixed : bool
        Take functionals and elements that do not match; ``mixed`` then says so.

    Returns
    -------
    FormationEnergies
        The lowest energy of every composition; elements are left out.

    Raises
    ------
    EntriesError
        If a calculation cannot be corrected, functionals are mixed, or elements are missing:
        all of them are named.
    """
    mixed: list[str] = []
    family = _family(path, calculations, scheme, allow_mixed, mixed)
    corrections = f"{family}, {SCHEMES[scheme]}"
    per_atom, messages = _corrected(path, calculations, scheme, mixed)
    adjusted = [calculation.place for calculation in calculations if calculation.correction]
    if adjusted and scheme != AS_GIVEN:
        messages.append(
            f"corrections that came with {len(adjusted)} of {len(calculations)} calculations "
            f"(first: {adjusted[0]}) were taken off; now they have: {SCHEMES[scheme]}"
        )
    references = _references(path, calculations, per_atom, corrections, dataset, allow_mixed, mixed)
    phases: dict[str, Phase] = {}
    for calculation, energy in zip(calculations, per_atom, strict=True):
        composition = calculation.composition
        if len(composition.elements) == 1:
            continue
        elements = math.fsum(n * references[e] for e, n in composition.amounts.items())
        formation = energy - elements / composition.atoms
        known = not math.isnan(calculation.volume_per_atom)
        properties = {
            "volume_per_atom_A3": calculation.volume_per_atom if known else None,
            "volume_source": "user" if known else None,
            "material_id": calculation.entry_id,
        }  # fmt: skip
        phase = Phase(calculation.place, composition, formation, properties=properties)
        formula = composition.reduced_formula
        other = phases.get(formula)
        if other is None:
            phases[formula] = phase
            continue
        lower = min(phase, other, key=lambda p: p.formation_energy_per_atom)
        phases[formula] = lower
        messages.append(
            f"{formula} was calculated in {other.place} and {phase.place}: the lower energy, of "
            f"{lower.place}, counts"
        )
    return FormationEnergies(tuple(phases.values()), corrections, tuple(mixed), tuple(messages))


def _family(
    path: Path,
    calculations: Sequence[Calculation],
    scheme: str,
    allow_mixed: bool,
    mixed: list[str],
) -> str:
    types = sorted({c.run_type or "unknown" for c in calculations})
    families = sorted({_FAMILY.get(t, t) for t in types})
    if scheme == AS_GIVEN:
        if len(families) == 1:
            return "unknown functional" if families == ["unknown"] else families[0]
        mixed.append(f"{shown(path.name)}: functionals {', '.join(types)}, joined as in the file")
        return _JOINED if families == sorted(_JOINED_OF) else " and ".join(families)
    # Corrections join GGA with GGA+U; without them even these two do not match.
    if len(families) == 1 and (scheme != "none" or len(types) == 1):
        return families[0]
    text = f"energies of different functionals: {', '.join(types)}"
    joined = any(c.correction for c in calculations)
    if joined and (not allow_mixed or scheme == "none"):
        raise EntriesError(
            f"{shown(path)}: {text}, with corrections of their own, which may be what joins them: "
            f"keep these with --corrections {AS_GIVEN}"
        )
    if not allow_mixed:
        raise EntriesError(
            f"{shown(path)}: {text}; they do not share a zero: give one at a time, or "
            f"--corrections {AS_GIVEN} where a mixing scheme has joined them, or --allow-mixed"
        )
    mixed.append(f"{shown(path.name)}: {text}")
    return " and ".join(families)


def _corrected(
    path: Path, calculations: Sequence[Calculation], scheme: str, mixed: list[str]
) -> tuple[list[float], list[str]]:
    """Corrected total energies per atom, and what pymatgen warned of."""
    if scheme in ("none", AS_GIVEN):
        kept = scheme == AS_GIVEN
        return [
            (c.energy + (c.correction if kept else 0.0)) / c.composition.atoms for c in calculations
        ], []
    try:
        from pymatgen.entries.compatibility import (
            CompatibilityError,
            MaterialsProject2020Compatibility,
            MaterialsProjectCompatibility,
        )
    except ImportError:
        raise EntriesError(
            f"{shown(path)}: {scheme} corrections need pymatgen: install it with 'pip install "
            f"pymatgen', or keep the energies as they are with --corrections {AS_GIVEN}"
        ) from None
    energies: list[float] = []
    mended: dict[str, list[str]] = {}
    with warnings_kept() as caught:
        rules = (
            MaterialsProject2020Compatibility()
            if scheme == MP2020
            else MaterialsProjectCompatibility()
        )
        for calculation in calculations:
            formula = calculation.composition.reduced_formula
            named = f"{calculation.place} ({formula})"
            run_type = calculation.run_type
            if run_type not in _CORRECTED_TYPES:
                refuse(path, named, _other_functional(scheme, run_type))
            try:
                entry = pymatgen_entry(calculation)
                # One functional under two names; the corrections know only the second.
                entry.parameters["run_type"] = _CORRECTED_TYPES[run_type]
                if scheme == MP2020:
                    for what in _mended(entry):
                        mended.setdefault(what, []).append(formula)
                rules.process_entries([entry], clean=True, inplace=True, on_error="raise")
            except CompatibilityError as error:
                refuse(path, named, f"{scheme} corrections do not apply: {one_line(error)}")
            except Exception as error:  # such as no POTCAR symbols
                refuse(
                    path, named,
                    f"{scheme} corrections need run_type, hubbards and potcar_symbols of a VASP "
                    f"calculation among the parameters ({one_line(error)}); to take the energies "
                    f"as they are, --corrections {AS_GIVEN}",
                )  # fmt: skip
            energies.append(float(entry.energy) / entry.composition.num_atoms)
    for what, formulas in mended.items():
        more = f" and {len(formulas) - 3} more" if len(formulas) > 3 else ""
        mixed.append(f"{shown(path.name)}: {what} ({', '.join(formulas[:3])}{more})")
    messages = {
        str(w.message).splitlines()[0][:200]
        for w in caught
        if issubclass(w.category, UserWarning) and not _IDLE_WARNING.match(str(w.message))
    }
    return energies, sorted(messages)


def _other_functional(scheme: str, run_type: str | None) -> str:
    if run_type is None:
        return (
            f"{scheme} corrections need the run_type among the parameters: to take the energies as "
            f"they are, --corrections {AS_GIVEN}"
        )
    kept = f", or --corrections {AS_GIVEN} to keep those of the file"
    return (
        f"{scheme} corrections are for GGA and GGA+U, not for {run_type}: give --corrections none"
        f"{kept}"
    )


def _mended(entry: Any) -> Iterator[str]:
    """Tell pymatgen what it would take wrongly; what was told."""
    amounts = set(entry.composition.get_el_amt_dict())
    if len(amounts) == 1:
        return
    states = entry.data.get("oxidation_states") or _states(entry.composition)
    if not states:
        states = _states(entry.composition, all_oxi_states=True)
        if any(states.get(anion, 0.0) < 0.0 for anion in _GUESSED_ANIONS):
            entry.data["oxidation_states"] = states
            yield "anions of the corrections found among all known oxidation states"
    unsaid = not entry.data.get("sulfide_type") and not hasattr(entry, "structure")
    if unsaid and states.get("S", 0.0) > 0.0:
        entry.data["sulfide_type"] = "sulfate"
        yield "oxidised sulfur without the MP2020 correction of sulfides"


def _states(composition: Any, **options: Any) -> dict[str, float]:
    try:
        guesses = composition.oxi_state_guesses(max_sites=-20, **options)
    except ValueError:
        return {}
    return dict(guesses[0]) if guesses else {}


def _references(
    path: Path,
    calculations: Sequence[Calculation],
    per_atom: Sequence[float],
    corrections: str,
    dataset: PhaseTable | None,
    allow_mixed: bool,
    mixed: list[str],
) -> dict[str, float]:
    references: dict[str, float] = {}
    for calculation, energy in zip(calculations, per_atom, strict=True):
        if len(calculation.composition.elements) == 1:
            element = calculation.composition.elements[0]
            references[element] = min(energy, references.get(element, math.inf))
    fetched = _fetched_references(dataset, corrections)
    needed = {e for c in calculations for e in c.composition.elements}
    for element in sorted(needed & set(references) & set(fetched)):
        difference = references[element] - fetched[element]
        if abs(difference) <= _SAME_REFERENCE_eV_per_atom:
            continue
        text = (
            f"the energy of {element}, {references[element]:.4f} eV/atom, is not that of the "
            f"dataset, {fetched[element]:.4f}"
        )
        if not allow_mixed:
            raise EntriesError(
                f"{shown(path)}: {text}: the calculations have other settings and do not match; "
                "use those of the Materials Project, or --allow-mixed"
            )
        mixed.append(f"{shown(path.name)}: {text}")
    missing = sorted(needed - set(references) - set(fetched))
    if missing:
        raise EntriesError(
            f"{shown(path)}: no energy of the elements {', '.join(missing)} with {corrections}: "
            "add a calculation of each, or fetch them with 'sse-window data fetch "
            f"{'-'.join(missing)}' and choose --dataset mp"
        )
    return fetched | references


def _fetched_references(dataset: PhaseTable | None, corrections: str) -> dict[str, float]:
    if dataset is None or kind_of(dataset.provenance.corrections) != kind_of(corrections):
        return {}
    column = dataset.properties.get(_REFERENCE_COLUMN)
    if column is None or column.dtype.kind != "f":
        return {}
    known = [row for row, value in enumerate(column.tolist()) if math.isfinite(value)]
    return {next(iter(dataset.composition(row))): float(column[row]) for row in known}
