"""Electrolytes that were observed to be stable against the metal, whatever energies say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..core.composition import Composition
from .packaged import cited_facts

__all__ = ["ReportedStable", "reported_stable"]


@dataclass(frozen=True, slots=True)
class _Site:
    """Elements that share a site; some of them are always there."""

    elements: frozenset[str]
    amount: float
    always: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReportedStable:
    """An observation that holds for a family of compositions.

    Attributes
    ----------
    name, metal, observation, source : str
    framework : mapping of str to float
    sites : tuple
    dopants : frozenset of str
    tolerance : float
        Relative deviation of the amounts.
    """

    name: str
    metal: str
    observation: str
    source: str
    framework: Mapping[str, float]
    sites: tuple[_Site, ...]
    dopants: frozenset[str]
    tolerance: float

    def holds(self, composition: Composition) -> bool:
        """Whether a composition belongs to the family, in whatever unit it is written."""
        amounts = composition.amounts
        shared = frozenset().union(*(site.elements for site in self.sites))
        known = {self.metal, *self.framework, *shared, *self.dopants}
        if not set(amounts) <= known or not {self.metal, *self.framework} <= set(amounts):
            return False
        # The anion, the last of the framework, sets the unit.
        reference = list(self.framework)[-1]
        unit = amounts[reference] / self.framework[reference]
        pairs = [(amounts[element] / unit, n) for element, n in self.framework.items()]
        for site in self.sites:
            if not site.always <= set(amounts):
                return False
            pairs.append((sum(amounts.get(e, 0.0) for e in site.elements) / unit, site.amount))
        if any(abs(found - n) > self.tolerance * n for found, n in pairs):
            return False
        least = min(n for _, n in pairs)
        return all(amounts.get(e, 0.0) / unit <= least for e in self.dopants - shared)


def reported_stable(composition: Composition, metal: str) -> ReportedStable | None:
    """What was observed of a composition against a metal; None where nothing is cited.

    Parameters
    ----------
    composition : Composition
    metal : str
        The working ion, whose metal is the electrode.

    Returns
    -------
    ReportedStable or None

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> reported_stable(parse("Li6.4La3Zr1.4Ta0.6O12"), "Li").name
    'lithium garnet of zirconium'
    >>> print(reported_stable(parse("Li5La3Nb2O12"), "Li"))
    None
    """
    return next(
        (each for each in _families() if each.metal == metal and each.holds(composition)), None
    )


@cache
def _families() -> tuple[ReportedStable, ...]:
    content = cited_facts("reported_stable.toml")
    return tuple(map(_family, content["family"]))


def _family(entry: dict[str, Any]) -> ReportedStable:
    return ReportedStable(
        name=entry["name"],
        metal=entry["metal"],
        observation=entry["observation"],
        source=entry["source"],
        framework=entry["framework"],
        sites=tuple(
            _Site(frozenset(site["elements"]), site["amount"], frozenset(site["always"]))
            for site in entry["sites"]
        ),
        dopants=frozenset(entry["dopants"]),
        tolerance=entry["tolerance"],
    )
