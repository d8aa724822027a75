"""Published facts about space-charge layers: thicknesses and lithium vacancy energies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from ..core.composition import Composition, parse
from ..core.record import Record
from .packaged import cited_facts

__all__ = ["LayerThickness", "VacancyEnergy", "published_thicknesses", "vacancy_energies"]


@dataclass(frozen=True, slots=True)
class LayerThickness(Record):
    """A published thickness of a space-charge layer.

    Attributes
    ----------
    system : str
    low_nm, high_nm : float
    kind : str
        ``computed`` or ``measured``.
    remark, source : str
    """

    system: str
    low_nm: float
    high_nm: float
    kind: str
    remark: str
    source: str


@dataclass(frozen=True, slots=True)
class VacancyEnergy(Record):
    """Energy to form a neutral lithium vacancy, against lithium metal.

    Attributes
    ----------
    phase : str
        Reduced formula.
    place : str
    energy_V : float
        [eV per lithium, which is V vs Li/Li+].
    source : str
    """

    phase: str
    place: str
    energy_V: float
    source: str


@cache
def _content() -> dict[str, list[dict[str, Any]]]:
    return cited_facts("space_charge.toml")


def published_thicknesses() -> tuple[LayerThickness, ...]:
    """Every thickness that is cited.

    Examples
    --------
    >>> min(t.low_nm for t in published_thicknesses())
    1.0
    """
    return tuple(LayerThickness(**row) for row in _content()["thickness"])


def vacancy_energies(*compositions: Composition) -> tuple[VacancyEnergy, ...]:
    """Published vacancy energies of some phases, in the order of the source.

    Examples
    --------
    >>> [v.energy_V for v in vacancy_energies(parse("LiCoO2"))]
    [4.0]
    """
    wanted = {composition.reduced_formula for composition in compositions}
    return tuple(
        VacancyEnergy(**row)
        for row in _content()["vacancy"]
        if parse(row["phase"]).reduced_formula in wanted
    )
