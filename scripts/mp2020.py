"""Conversion of formation energies with the legacy corrections of the Materials Project to MP2020.

The energies are the same PBE and PBE+U ones; what differs is what was added to them. Per formula,
the legacy terms of oxygen, of sulfur and of metals with a Hubbard U come off, the MP2020 terms go
on, and hydrogen, nitrogen, fluorine and chlorine go from the references that the legacy scheme
fitted to the computed ones:

    E(2020) = E(legacy) + [C(2020) - C(legacy) + sum_i n_i (mu_i(legacy) - mu_i(raw))] / N

Wang, Kingsbury, McDermott, Horton, Jain, Ong, Dwaraknath, Persson, Sci. Rep. 2021, 11, 15496,
doi:10.1038/s41598-021-94550-5; Jain et al., Phys. Rev. B 2011, 84, 045115; constants from the files
of pymatgen (MIT), read from its wheel without installing it.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measured_table import FOLDER, PYMATGEN_SHA256
from source_tables import BuildError, check_hash

from sse_window.core.composition import parse
from sse_window.core.elements import ELECTRONEGATIVITY
from sse_window.phases.formal_charges import formal_charges

_OXYGEN = (("superoxide", -0.5), ("peroxide", -1.0), ("oxide", -2.0))

EXPECTED_CHECK = (332, 0.011)
"""Compounds whose raw energies give the legacy table back, and within what mean error [eV/atom]."""


@dataclass(frozen=True)
class Scheme:
    """Correction terms [eV per atom of the element]."""

    oxygen: Mapping[str, float]
    anions: Mapping[str, float]
    hubbard: Mapping[str, Mapping[str, float]]
    sulfur: float


@dataclass(frozen=True)
class Schemes:
    """Both schemes and the references that only the legacy one shifts [eV/atom]."""

    legacy: Scheme
    mp2020: Scheme
    shift: Mapping[str, float]
    raw_elements: Mapping[str, float]
    raw_compounds: Mapping[str, float]


def schemes(wheel: Path) -> Schemes:
    """Read the constants."""
    check_hash(wheel, PYMATGEN_SHA256)
    with zipfile.ZipFile(wheel) as archive:
        legacy = _numbers(archive.read(f"{FOLDER}/MPCompatibility.yaml").decode())
        new = _numbers(archive.read(f"{FOLDER}/MP2020Compatibility.yaml").decode())
        entries = json.loads(gzip.decompress(archive.read(f"{FOLDER}/calc_compounds.json.gz")))
    raw: dict[str, float] = {}
    for entry in entries.values():
        substance = parse("".join(f"{e}{n:g}" for e, n in entry["composition"].items()))
        per_atom = entry["energy"] / substance.atoms
        formula = substance.reduced_formula
        raw[formula] = min(per_atom, raw.get(formula, np.inf))
    elements = {parse(f).elements[0]: e for f, e in raw.items() if len(parse(f).elements) == 1}
    compounds = {f: e for f, e in raw.items() if len(parse(f).elements) > 1}
    fitted = {x: legacy[f"Advanced/CompoundEnergies/{x}2"] for x in ("N", "F", "Cl", "H")}
    anions = ("F", "Cl", "Br", "I", "N", "Se", "Si", "Sb", "Te", "H")
    metals = ("V", "Cr", "Mn", "Fe", "Co", "Ni", "Mo", "W")

    def hubbard(found: Mapping[str, float], path: str) -> dict[str, dict[str, float]]:
        return {x: {m: found[f"{path}/{x}/{m}"] for m in metals} for x in ("O", "F")}

    kinds = [kind for kind, _ in _OXYGEN]
    return Schemes(
        legacy=Scheme(
            {kind: legacy[f"OxideCorrections/{kind}"] for kind in kinds},
            {},
            hubbard(legacy, "Advanced/UCorrections"),
            legacy["SulfideCorrections/sulfide"],
        ),
        mp2020=Scheme(
            {kind: new[f"Corrections/CompositionCorrections/{kind}"] for kind in kinds},
            {x: new[f"Corrections/CompositionCorrections/{x}"] for x in anions},
            hubbard(new, "Corrections/GGAUMixingCorrections"),
            new["Corrections/CompositionCorrections/S"],
        ),
        shift={x: mu - elements[x] for x, mu in fitted.items()},
        raw_elements=elements,
        raw_compounds=compounds,
    )


def _numbers(text: str) -> dict[str, float]:
    """Numbers of a YAML file of nested mappings, by their path: all that these two files hold."""
    found: dict[str, float] = {}
    path: list[tuple[int, str]] = []
    for line in text.splitlines():
        line = line.split("#")[0].rstrip()
        if not line:
            continue
        key, _, value = line.strip().partition(":")
        indent = len(line) - len(line.lstrip())
        path = [(i, k) for i, k in path if i < indent] + [(indent, key)]
        try:
            found["/".join(k for _, k in path)] = float(value)
        except ValueError:
            continue
    return found


def correction(amounts: Mapping[str, float], scheme: Scheme) -> float:
    """Sum of the terms of one formula [eV]."""
    charges = formal_charges(amounts)
    most = max(amounts, key=lambda x: (ELECTRONEGATIVITY[x], x))
    total = 0.0
    if "O" in amounts:
        state = charges.state.get("O", -2.0)
        kind = min(_OXYGEN, key=lambda known: abs(known[1] - state))[0]
        total += amounts["O"] * scheme.oxygen[kind]
    if "S" in amounts and not (scheme.anions and charges.state.get("S", -2.0) > 0.0):
        # The legacy scheme gives it to every S, that of sulfates included.
        total += amounts["S"] * scheme.sulfur
    if most in scheme.hubbard:
        total += sum(n * scheme.hubbard[most].get(x, 0.0) for x, n in amounts.items())
    for x, per_atom in scheme.anions.items():
        if x in amounts and (x == most or (x != "H" and charges.state.get(x, 0.0) < 0.0)):
            total += amounts[x] * per_atom
    return total


def converted(energies: Mapping[str, float], known: Schemes) -> dict[str, float]:
    """Formation energies with MP2020 corrections [eV/atom]."""
    check_legacy_terms(energies, known)
    new = {}
    for formula, energy in energies.items():
        amounts = parse(formula).amounts
        change = correction(amounts, known.mp2020) - correction(amounts, known.legacy)
        change += sum(n * known.shift.get(x, 0.0) for x, n in amounts.items())
        new[formula] = energy + change / sum(amounts.values())
    return new


def check_legacy_terms(energies: Mapping[str, float], known: Schemes) -> None:
    """Raw energies plus the legacy terms have to give the legacy table back."""
    off = []
    for formula, raw in known.raw_compounds.items():
        if formula not in energies:
            continue
        amounts = parse(formula).amounts
        n = sum(amounts.values())
        references = sum(
            x * (known.raw_elements[e] + known.shift.get(e, 0.0)) for e, x in amounts.items()
        )
        found = raw + (correction(amounts, known.legacy) - references) / n
        off.append(found - energies[formula])
    count, within = EXPECTED_CHECK
    error = float(np.abs(off).mean())
    if len(off) != count or error > within:
        raise BuildError(f"legacy terms: {len(off)} compounds, mean error {error:.4f} eV/atom")
