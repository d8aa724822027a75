"""Cited facts of how single phases conduct ions and electrons near room temperature."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..core.composition import parse
from .packaged import data_file

__all__ = ["ElectronicFact", "Facts", "IonicFact", "facts"]


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
        Near 25 C [S/cm]; None where no number can be defended.
    bound : str or None
        ``at least`` or ``at most`` where the number is a limit.
    spread_S_per_cm : tuple of float, or None
        Lowest and highest value reported for other forms of the phase [S/cm].
    conducting : bool or None
        The evidence for a phase without a number; None where there is a number.
    kind : str
        ``measured``, ``computed`` or ``estimate`` (order of magnitude, or extrapolated).
    note, source : str
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

    def conducts(self, threshold_S_per_cm: float) -> bool | None:
        """Whether the phase conducts at least as well as a threshold.

        Parameters
        ----------
        threshold_S_per_cm : float
            [S/cm]

        Returns
        -------
        bool or None
            None where a limit leaves it open. A phase without a number answers by its evidence,
            whatever the threshold.

        Examples
        --------
        >>> lithium_phosphide = facts().ionic("Li3P")  # at least 1e-4 S/cm
        >>> lithium_phosphide.conducts(1e-9), lithium_phosphide.conducts(1e-3)
        (True, None)
        """
        value = self.conductivity_S_per_cm
        if value is None:
            return self.conducting
        above = value >= threshold_S_per_cm
        if self.bound == "at least":
            return True if above else None
        if self.bound == "at most":
            return False if value <= threshold_S_per_cm else None
        return above

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
class Facts:
    """All facts, by reduced formula.

    Attributes
    ----------
    ionic_facts : mapping of str to IonicFact
    electronic_facts : mapping of str to ElectronicFact
    metals : frozenset of str
        Metallic elements.
    """

    ionic_facts: Mapping[str, IonicFact]
    electronic_facts: Mapping[str, ElectronicFact]
    metals: frozenset[str]

    def ionic(self, formula: str) -> IonicFact | None:
        """Fact about ion conduction of a phase, by its reduced formula; None if none is cited.

        Examples
        --------
        >>> facts().ionic("Li3N").conductivity_S_per_cm
        0.001
        """
        return self.ionic_facts.get(formula)

    def electronic(self, formula: str) -> ElectronicFact | None:
        """Fact about electron conduction of a phase, by its reduced formula; None if none is cited.

        Examples
        --------
        >>> facts().electronic("Ge").character, facts().electronic("Li3P").character
        ('conductor', 'insulator')
        """
        return self.electronic_facts.get(formula)

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
    content = tomllib.loads(data_file("conductors.toml").read_text(encoding="utf-8"))
    return Facts(
        ionic_facts={fact.formula: fact for fact in map(_ionic, content["ionic"])},
        electronic_facts={fact.formula: fact for fact in _electronic(content["electronic"])},
        metals=frozenset(content["metals"]),
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
