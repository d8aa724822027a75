"""Well-known coatings, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..core.composition import Composition, parse
from .packaged import cited_facts

__all__ = ["Coating", "coatings"]


@dataclass(frozen=True, slots=True)
class Coating:
    """A coating that the field uses or proposes.

    Attributes
    ----------
    name : str
        Its formula as the field writes it.
    aliases : tuple of str
    composition : Composition
    source : str
    note : str
    """

    name: str
    aliases: tuple[str, ...]
    composition: Composition
    source: str
    note: str


@cache
def coatings() -> tuple[Coating, ...]:
    """Well-known coatings, in the order of the file.

    Returns
    -------
    tuple of Coating

    Examples
    --------
    >>> [coating.name for coating in coatings()][:3]
    ['LiNbO3', 'LiTaO3', 'Li2ZrO3']
    """
    entries = cited_facts("coatings.toml")
    return tuple(
        Coating(
            entry["formula"],
            tuple(entry["aliases"]),
            parse(entry["formula"]),
            entry["source"],
            entry["note"],
        )
        for entry in entries["coating"]
    )
