"""Cited facts of how single phases conduct ions and electrons near room temperature."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ..core.composition import parse
from .packaged import cited_facts, data_file

__all__ = ["ElectronicFact", "ElectronicFamily", "Facts", "IonicFact", "IonicForm", "facts"]

_TIE = 1e-3
"""Relative difference within which a cited number lies at a threshold, not on a side of it."""


def _side(value: float, bound: str | None, threshold: float) -> bool | None:
    """Whether a number lies above a threshold; None at it, or where it is a limit beyond it."""
    tie = math.isclose(value, threshold, rel_tol=_TIE)
    above = value > threshold
    if bound == "at least":
        return True if above or tie else None
    if bound == "at most":
        return False if tie or not above else None
    return None if tie else above


@dataclass(frozen=True, slots=True)
class IonicForm:
    """One measured sample of a phase.

    Attributes
    ----------
    conductivity_S_per_cm : float
    bound : str or None
        ``at most`` where only that is known.
    form : str
        Space group, and family where one is named.
    source : str
    """

    conductivity_S_per_cm: float
    bound: str | None
    form: str
    source: str


@dataclass(frozen=True, slots=True)
class IonicFact:
    """Ionic conductivity of a phase.

    Attributes
    ----------
    formula : str
        Reduced formula.
    ion : str
        The ion that moves.
    conductivity_S_per_cm : float or None
        Near 25 C [S/cm]; None where no number can be defended, or where measured samples differ:
        they are not averaged.
    bound : str or None
        ``at least`` or ``at most`` where the number is a limit.
    spread_S_per_cm : tuple of float, or None
        Lowest and highest value reported for other forms of the phase [S/cm].
    conducting : bool or None
        The evidence for a phase without a number; None where there is a number.
    kind : str
        ``measured``, ``computed`` or ``estimate`` (order of magnitude, or extrapolated).
    note, source : str
    forms : tuple of IonicForm
        Samples of the compilation of measurements, polymorphs and preparations apart.
    """

    formula: str
    ion: str
    conductivity_S_per_cm: float | None
    bound: str | None
    spread_S_per_cm: tuple[float, float] | None
    conducting: bool | None
    kind: str
    note: str
    source: str
    forms: tuple[IonicForm, ...] = ()

    def conducts(self, threshold_S_per_cm: float) -> bool | None:
        """Whether the phase conducts better than a threshold.

        Parameters
        ----------
        threshold_S_per_cm : float
            [S/cm]

        Returns
        -------
        bool or None
            None where a limit leaves it open, where the number lies at the threshold itself, or
            where samples lie on both sides. A phase without a number answers by its evidence,
            whatever the threshold.

        Examples
        --------
        >>> lithium_phosphide = facts().ionic("Li3P")  # at least 1e-4 S/cm
        >>> lithium_phosphide.conducts(1e-9), lithium_phosphide.conducts(1e-3)
        (True, None)
        >>> print(facts().ionic("LiCl").conducts(1e-9))  # about 1e-9 S/cm
        None
        """
        value = self.conductivity_S_per_cm
        if value is not None:
            return _side(value, self.bound, threshold_S_per_cm)
        if not self.forms:
            return self.conducting
        sides = {
            _side(form.conductivity_S_per_cm, form.bound, threshold_S_per_cm) for form in self.forms
        }
        return sides.pop() if len(sides) == 1 else None

    def disputed(self, threshold_S_per_cm: float) -> bool:
        """Whether reports of other forms of the phase lie on the other side of a threshold [S/cm].

        Examples
        --------
        >>> facts().ionic("Li2CO3").disputed(1e-9), facts().ionic("Li3N").disputed(1e-9)
        (True, False)
        """
        if self.spread_S_per_cm is None:
            return False
        low, high = self.spread_S_per_cm
        return low < threshold_S_per_cm <= high


@dataclass(frozen=True, slots=True)
class ElectronicFact:
    """Electronic character of a phase, where a band gap would mislead.

    Attributes
    ----------
    formula : str
        Reduced formula.
    character : str
        ``conductor`` or ``insulator``.
    conductivity_S_per_cm : float or None
        Electronic, near 25 C [S/cm]; None where none is cited.
    kind : str
        ``measured``, ``computed`` or ``estimate``.
    reason, source : str
    """

    formula: str
    character: str
    conductivity_S_per_cm: float | None
    kind: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class ElectronicFamily:
    """Electronic character of a framework, whatever its content of ions.

    Attributes
    ----------
    metals, ions : frozenset of str
    anion : str
    anions_per_metal, most_ions_per_metal : float
    character, kind, reason, source : str
        As of a single phase.
    """

    metals: frozenset[str]
    ions: frozenset[str]
    anion: str
    anions_per_metal: float
    most_ions_per_metal: float
    character: str
    kind: str
    reason: str
    source: str

    def holds(self, amounts: Mapping[str, float]) -> bool:
        """Whether a composition, in atoms of each element, is one of the family."""
        if not set(amounts) <= self.metals | self.ions | {self.anion}:
            return False
        metals = sum(n for element, n in amounts.items() if element in self.metals)
        ions = sum(n for element, n in amounts.items() if element in self.ions)
        anions = amounts.get(self.anion, 0.0)
        return (
            metals > 0.0
            and math.isclose(anions, self.anions_per_metal * metals, rel_tol=1e-3)
            and ions <= self.most_ions_per_metal * metals * (1.0 + 1e-3)
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts, by reduced formula.

    Attributes
    ----------
    ionic_facts : mapping of str to IonicFact
    electronic_facts : mapping of str to ElectronicFact
    metals : frozenset of str
        Metallic elements.
    electronic_families : tuple of ElectronicFamily
    """

    ionic_facts: Mapping[str, IonicFact]
    electronic_facts: Mapping[str, ElectronicFact]
    metals: frozenset[str]
    electronic_families: tuple[ElectronicFamily, ...] = ()

    def ionic(self, formula: str) -> IonicFact | None:
        """Fact about ion conduction of a phase, by its reduced formula; None if none is cited.

        Examples
        --------
        >>> facts().ionic("Li3N").conductivity_S_per_cm
        0.001
        """
        return self.ionic_facts.get(formula)

    def electronic(
        self, formula: str, amounts: Mapping[str, float] | None = None
    ) -> ElectronicFact | None:
        """Fact about electron conduction of a phase; None if none is cited.

        Parameters
        ----------
        formula : str
            Reduced.
        amounts : mapping of str to float, optional
            Atoms of each element, for the facts about frameworks.

        Examples
        --------
        >>> facts().electronic("Ge").character, facts().electronic("Li3P").character
        ('conductor', 'insulator')
        >>> facts().electronic("LiCo2O4", {"Li": 1.0, "Co": 2.0, "O": 4.0}).character
        'conductor'
        """
        cited = self.electronic_facts.get(formula)
        if cited is not None or amounts is None:
            return cited
        for family in self.electronic_families:
            if family.holds(amounts):
                return ElectronicFact(
                    formula, family.character, None, family.kind, family.reason, family.source
                )
        return None

    def is_metal(self, element: str) -> bool:
        """Whether an element is a metal at room temperature.

        Examples
        --------
        >>> facts().is_metal("Zr"), facts().is_metal("Ge")
        (True, False)
        """
        return element in self.metals


@cache
def facts() -> Facts:
    """Facts that come with the package.

    Returns
    -------
    Facts
    """
    content = cited_facts("conductors.toml")
    cited = {fact.formula: fact for fact in map(_ionic, content["ionic"])}
    return Facts(
        ionic_facts={**cited, **_with_measurements(cited)},
        electronic_facts={fact.formula: fact for fact in _electronic(content["electronic"])},
        metals=frozenset(content["metals"]),
        electronic_families=tuple(map(_family, content["electronic_family"])),
    )


def _with_measurements(cited: Mapping[str, IonicFact]) -> dict[str, IonicFact]:
    """Facts of all phases in the compilation of measurements, joined to what is cited of them."""
    samples: dict[str, list[IonicForm]] = defaultdict(list)
    with data_file("ionic_conductivities.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            form = ", ".join(filter(None, (row["space_group"], row["family"])))
            source = f"doi:{row['doi']}" if row["doi"] else "as compiled"
            samples[row["formula"]].append(
                IonicForm(float(row["conductivity_S_per_cm"]), row["bound"] or None, form, source)
            )
    return {
        formula: _joined(formula, sorted(forms, key=lambda f: f.conductivity_S_per_cm), cited)
        for formula, forms in samples.items()
    }


def _joined(formula: str, forms: Sequence[IonicForm], cited: Mapping[str, IonicFact]) -> IonicFact:
    known = cited.get(formula)
    values = [form.conductivity_S_per_cm for form in forms]
    single = forms[0] if len({(f.conductivity_S_per_cm, f.bound) for f in forms}) == 1 else None
    if known is not None and known.conductivity_S_per_cm is not None:
        values += known.spread_S_per_cm or [known.conductivity_S_per_cm]
    spread = (min(values), max(values)) if len(set(values)) > 1 else None
    if known is not None and known.kind == "measured":
        return replace(known, spread_S_per_cm=spread, forms=tuple(forms))
    sources = "; ".join(dict.fromkeys(form.source for form in forms))
    return IonicFact(
        formula=formula,
        ion="Li",
        conductivity_S_per_cm=single.conductivity_S_per_cm if single else None,
        bound=single.bound if single else None,
        spread_S_per_cm=spread,
        conducting=None,
        kind="measured",
        note="; ".join(
            f"{f.form or 'form not named'} {f.conductivity_S_per_cm:.1e}" for f in forms
        ),
        source=f"{sources}, as compiled in OBELiX (doi:10.48550/arXiv.2502.14234)",
        forms=tuple(forms),
    )


def _family(entry: dict[str, Any]) -> ElectronicFamily:
    return ElectronicFamily(
        metals=frozenset(entry["metals"]),
        ions=frozenset(entry["ions"]),
        anion=entry["anion"],
        anions_per_metal=entry["anions_per_metal"],
        most_ions_per_metal=entry["most_ions_per_metal"],
        character=entry["character"],
        kind=entry["kind"],
        reason=entry["reason"],
        source=entry["source"],
    )


def _ionic(entry: dict[str, Any]) -> IonicFact:
    spread = entry.get("spread_S_per_cm")
    return IonicFact(
        formula=parse(entry["formula"]).reduced_formula,
        ion=entry["ion"],
        conductivity_S_per_cm=entry.get("conductivity_S_per_cm"),
        bound=entry.get("bound"),
        spread_S_per_cm=None if spread is None else (spread[0], spread[1]),
        conducting=entry.get("conducts"),
        kind=entry["kind"],
        note=entry["note"],
        source=entry["source"],
    )


def _electronic(entries: Iterable[dict[str, Any]]) -> Iterable[ElectronicFact]:
    for entry in entries:
        for formula in entry["formulas"]:
            yield ElectronicFact(
                formula=parse(formula).reduced_formula,
                character=entry["character"],
                conductivity_S_per_cm=entry.get("conductivity_S_per_cm"),
                kind=entry["kind"],
                reason=entry["reason"],
                source=entry["source"],
            )
