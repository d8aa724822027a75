"""Where the energies of a table come from; carried by every result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["Provenance"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where energies come from; carried by every result.

    Attributes
    ----------
    name : str
        Name of the dataset.
    date : str
        Date (or database version) of the energies.
    corrections : str
        Energy correction scheme and functional.
    sha256 : str
        Hash of the file that was read.
    additions : tuple of str
        What was merged into or taken out of the dataset for this question, in words.
    systems : tuple of str
        Chemical systems ("Ge-Li-P-S") that the dataset holds with all their subsystems, where it
        is a part of a larger database; empty where everything in it may be asked for.
    error_by_class : tuple of (str, float)
        Mean absolute deviation from measurement of each class of compounds [eV/atom], of compounds
        that no fit has seen; empty where it is not known.
    warm_gases : tuple of str
        Gases whose energies stand at a temperature and a pressure; all others are at 0 K.
    """

    name: str
    date: str
    corrections: str
    sha256: str
    additions: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    error_by_class: tuple[tuple[str, float], ...] = ()
    warm_gases: tuple[str, ...] = ()

    def covers(self, elements: Iterable[str]) -> bool:
        """Whether all phases made of these elements are in the dataset, not only some of them.

        Examples
        --------
        >>> part = Provenance("mp", "2025.9.25", "MP2020", "", systems=("Ge-Li-P-S",))
        >>> part.covers(["Li", "S"]), part.covers(["Li", "O"])
        (True, False)
        """
        wanted = set(elements)
        return not self.systems or any(wanted <= set(s.split("-")) for s in self.systems)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, keys as in the JSON envelope."""
        return {
            "name": self.name,
            "date": self.date,
            "sha256": self.sha256,
            "corrections": self.corrections,
            "additions": list(self.additions),
            "systems": list(self.systems),
        }
