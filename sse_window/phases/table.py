"""The table of phases: formation energies and compositions as arrays, with their provenance."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from ..core.caches import Cache
from ..core.composition import Composition, parse, reduced_formula
from ..core.elements import ATOMIC_NUMBER, SYMBOLS
from ..core.errors import DataError, UnknownElementsError
from .columns import filled
from .element_sets import ElementSets
from .lazy_columns import Columns
from .provenance import Provenance

__all__ = ["PhaseTable", "Provenance"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class PhaseTable:
    """Phases with their formation energies, sorted by reduced formula; never changed in place.

    Attributes
    ----------
    formulas : ndarray of str, shape (n,)
        Reduced formulas, unique.
    offsets : ndarray of int, shape (n + 1,)
        Phase i holds the elements ``numbers[offsets[i]:offsets[i + 1]]``.
    numbers : ndarray of int
        Atomic numbers of all phases, one after the other.
    amounts : ndarray of float
        Atoms of those elements per reduced formula unit.
    formation_energy_per_atom : ndarray of float, shape (n,)
        [eV/atom]; elements in their reference state are 0.
    e_above_hull : ndarray of float, shape (n,)
        [eV/atom]; nan where it has not been computed.
    competing : ndarray of bool, shape (n,)
        Phases that may take part in an equilibrium. A phase above the hull never does: its own
        decomposition products conserve every element and cost less at any ion potential.
    properties : mapping of str to ndarray, each of shape (n,)
        Further columns, such as ``band_gap_eV`` and ``volume_per_atom_A3``; null is nan or None.
    provenance : Provenance
    """

    formulas: npt.NDArray[Any]
    offsets: IntArray
    numbers: npt.NDArray[np.integer[Any]]
    amounts: FloatArray
    formation_energy_per_atom: FloatArray
    e_above_hull: FloatArray
    competing: BoolArray
    provenance: Provenance
    properties: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.formulas)

    @classmethod
    def from_formulas(
        cls,
        energies: Mapping[str, float],
        provenance: Provenance | None = None,
        *,
        elements: bool = True,
    ) -> PhaseTable:
        """Table from formulas and formation energies.

        Parameters
        ----------
        energies : mapping of str to float
            Formation energy of each formula [eV/atom].
        provenance : Provenance, optional
        elements : bool
            Add every element that occurs, at 0 eV/atom.

        Returns
        -------
        PhaseTable
            Every phase competes.

        Raises
        ------
        DataError
            If two formulas are the same composition or an energy is not finite.

        Examples
        --------
        >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
        >>> table.formulas.tolist()
        ['Li', 'Li2S', 'Li3P', 'P', 'S']
        """
        compositions = [parse(formula) for formula in energies]
        values = list(energies.values())
        if elements:
            present = {c.elements[0] for c in compositions if len(c.elements) == 1}
            missing = {e for c in compositions for e in c.elements} - present
            compositions += [parse(element) for element in sorted(missing)]
            values += [0.0] * len(missing)
        return cls.from_compositions(
            compositions, np.array(values), provenance or Provenance("user", "", "unknown", "")
        )

    @classmethod
    def from_compositions(
        cls,
        compositions: Sequence[Composition],
        formation_energy_per_atom: npt.ArrayLike,
        provenance: Provenance,
        *,
        e_above_hull: npt.ArrayLike | None = None,
        competing: npt.ArrayLike | None = None,
        properties: Mapping[str, npt.NDArray[Any]] | None = None,
    ) -> PhaseTable:
        """Table from parsed compositions and columns in the same order.

        Raises
        ------
        DataError
            If two compositions are the same or an energy is not finite.
        """
        n = len(compositions)
        energy = np.asarray(formation_energy_per_atom, dtype=np.float64)
        for composition, value in zip(compositions, energy, strict=True):
            if not np.isfinite(value):
                raise DataError(f"formation energy of {composition.formula} is {value}, no number")
        units = [reduced_formula(c.amounts) for c in compositions]
        formulas = np.array([formula for formula, _ in units], dtype=object)
        order = np.argsort(formulas, kind="stable")
        for a, b in itertools.pairwise(order):
            if formulas[a] == formulas[b]:
                raise DataError(
                    f"{formulas[a]} stands twice in the table "
                    f"({compositions[a].formula}, {compositions[b].formula}): keep one energy"
                )
        numbers: list[int] = []
        amounts: list[float] = []
        offsets = [0]
        for i in order:
            numbers += [ATOMIC_NUMBER[e] for e in compositions[i].amounts]
            amounts += [x / units[i][1] for x in compositions[i].amounts.values()]
            offsets.append(len(numbers))
        hull = np.full(n, np.nan) if e_above_hull is None else np.asarray(e_above_hull, np.float64)
        mask = np.ones(n, bool) if competing is None else np.asarray(competing, bool)
        return cls(
            formulas=formulas[order],
            offsets=np.array(offsets, dtype=np.intp),
            numbers=np.array(numbers, dtype=np.uint8),
            amounts=np.array(amounts, dtype=np.float64),
            formation_energy_per_atom=energy[order],
            e_above_hull=hull[order],
            competing=mask[order],
            provenance=provenance,
            properties={name: column[order] for name, column in (properties or {}).items()},
        )

    def __getstate__(self) -> dict[str, Any]:
        """Only what the table was made of: what was derived from it can be derived again."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @cached_property
    def _attached(self) -> dict[type[Any], Any]:
        return {}

    def attached(self, kind: type[T]) -> T:
        """The one object of a class that belongs to this table, made when it is first asked for.

        A table never changes, so what follows from it need not be worked out for every question of
        a long list. Whoever works it out brings a class to keep it in (a
        :class:`~sse_window.core.caches.Cache`), which lives as long as the table and is not sent
        with it to another process.

        Parameters
        ----------
        kind : type
            Called without arguments.

        Returns
        -------
        object
        """
        found = self._attached.get(kind)
        if found is None:
            found = self._attached[kind] = kind()
        return cast(T, found)

    @cached_property
    def _element_sets(self) -> ElementSets:
        return ElementSets.of(self.numbers, self.offsets)

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """All elements of the table, by atomic number."""
        return tuple(SYMBOLS[z - 1] for z in np.flatnonzero(np.bincount(self.numbers)))

    @cached_property
    def _there(self) -> frozenset[str]:
        return frozenset(self.elements)

    @cached_property
    def atoms(self) -> FloatArray:
        """Atoms per reduced formula unit, shape (n,)."""
        if not len(self):
            return np.zeros(0)
        return np.add.reduceat(self.amounts, self.offsets[:-1])

    def index(self, formula: str) -> int | None:
        """Row of a reduced formula, None if it is not in the table."""
        row = bisect_left(self.formulas, formula)
        return row if row < len(self) and self.formulas[row] == formula else None

    def require(self, elements: Iterable[str]) -> None:
        """Check that the table holds every one of `elements`, and what they form together.

        Raises
        ------
        UnknownElementsError
            Naming the elements that are missing, or the chemical system that was never fetched.
        """
        elements = list(elements)
        if not self.provenance.covers(elements):
            raise UnknownElementsError(
                f"dataset {self.provenance.name!r} holds the chemical systems "
                f"{', '.join(self.provenance.systems)}, not {'-'.join(sorted(set(elements)))}: run "
                f"'sse-window data fetch {'-'.join(sorted(set(elements)))}'"
            )
        missing = [e for e in elements if e not in self._there]
        if missing:
            raise UnknownElementsError(
                f"no phases with {', '.join(missing)} in dataset {self.provenance.name!r}: "
                "choose another dataset, or add phases of your own with --entries"
            )

    def within(self, elements: str | Iterable[str]) -> PhaseTable:
        """Phases made of no other elements than these.

        Parameters
        ----------
        elements : str or iterable of str
            A chemical system such as ``Li-P-S``, or its elements.

        Returns
        -------
        PhaseTable

        Examples
        --------
        >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
        >>> table.within(["Li", "S"]).formulas.tolist()
        ['Li', 'Li2S', 'S']
        """
        wanted = frozenset(_symbols(elements))
        return self.attached(_Parts).of(wanted, lambda: self._within(wanted))

    def _within(self, elements: Iterable[str]) -> PhaseTable:
        return self.select(self._element_sets.within(elements))

    def competing_within(self, elements: Iterable[str]) -> IntArray:
        """Rows, ascending, of the competing phases made of no other elements than these.

        Parameters
        ----------
        elements : iterable of str

        Returns
        -------
        ndarray of int

        Examples
        --------
        >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9})
        >>> table.formulas[table.competing_within(["Li", "S"])].tolist()
        ['Li', 'Li2S', 'S']
        """
        rows, sets = self._competing
        return rows[sets.within(elements)]

    @cached_property
    def _competing(self) -> tuple[IntArray, ElementSets]:
        """Rows of competing phases, and their elements."""
        rows = self.competing.nonzero()[0]
        return rows, self._element_sets.select(rows)

    def competitors(self) -> PhaseTable:
        """Only the phases that may take part in an equilibrium."""
        return self if self.competing.all() else self.select(self._competing[0])

    def select(self, rows: IntArray, provenance: Provenance | None = None) -> PhaseTable:
        """The given rows, in ascending order."""
        rows = np.asarray(rows, dtype=np.intp)
        lengths, flat = self._flat(rows)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.intp)
        return PhaseTable(
            formulas=self.formulas[rows],
            offsets=offsets,
            numbers=self.numbers[flat],
            amounts=self.amounts[flat],
            formation_energy_per_atom=self.formation_energy_per_atom[rows],
            e_above_hull=self.e_above_hull[rows],
            competing=self.competing[rows],
            provenance=provenance or self.provenance,
            properties=self.properties.select(rows)
            if isinstance(self.properties, Columns)
            else {name: column[rows] for name, column in self.properties.items()},
        )

    def joined(self, others: PhaseTable) -> PhaseTable:
        """The phases of both tables; what one has no column for is missing there.

        Parameters
        ----------
        others : PhaseTable
            Of formulas that this table does not hold.

        Returns
        -------
        PhaseTable
            With the provenance of this table.

        Raises
        ------
        DataError
            If a formula stands in both.

        Examples
        --------
        >>> table = PhaseTable.from_formulas({"Li2S": -1.4})
        >>> table.joined(PhaseTable.from_formulas({"Li3P": -0.9}, elements=False)).formulas.tolist()
        ['Li', 'Li2S', 'Li3P', 'S']
        """
        place = np.searchsorted(self.formulas, others.formulas)
        for formula, row in zip(others.formulas.tolist(), place.tolist(), strict=True):
            if row < len(self) and self.formulas[row] == formula:
                raise DataError(f"{formula} stands in both tables: keep one of them")
        lengths = np.insert(np.diff(self.offsets), place, np.diff(others.offsets))
        flat = np.repeat(self.offsets[place], np.diff(others.offsets))

        def insert(name: str) -> npt.NDArray[Any]:
            ours, theirs = self.properties.get(name), others.properties.get(name)
            numbers = any(c is not None and c.dtype.kind == "f" for c in (ours, theirs))
            return np.insert(
                filled(ours, len(self), numbers=numbers),
                place,
                filled(theirs, len(others), numbers=numbers),
            )

        return PhaseTable(
            formulas=np.insert(self.formulas, place, others.formulas),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.intp),
            numbers=np.insert(self.numbers, flat, others.numbers),
            amounts=np.insert(self.amounts, flat, others.amounts),
            formation_energy_per_atom=np.insert(
                self.formation_energy_per_atom, place, others.formation_energy_per_atom
            ),
            e_above_hull=np.insert(self.e_above_hull, place, others.e_above_hull),
            competing=np.insert(self.competing, place, others.competing),
            provenance=self.provenance,
            properties={
                n: insert(n) for n in dict.fromkeys([*self.properties, *others.properties])
            },
        )

    def matrix(self, elements: Sequence[str], rows: IntArray | None = None) -> FloatArray:
        """Atoms of each element per reduced formula unit, of all phases or of some rows.

        Parameters
        ----------
        elements : sequence of str
        rows : ndarray of int, optional

        Returns
        -------
        ndarray of float, shape (len(elements), number of rows)
        """
        place = np.full(len(SYMBOLS) + 1, -1, dtype=np.intp)
        place[[ATOMIC_NUMBER[element] for element in elements]] = range(len(elements))
        if rows is None:
            numbers, amounts, lengths = self.numbers, self.amounts, np.diff(self.offsets)
        else:
            lengths, flat = self._flat(rows)
            numbers, amounts = self.numbers[flat], self.amounts[flat]
        row = place[numbers]
        column = np.repeat(np.arange(len(lengths)), lengths)
        dense = np.zeros((len(elements), len(lengths)))
        inside = row >= 0
        dense[row[inside], column[inside]] = amounts[inside]
        return dense

    def _flat(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """Number of elements of some rows, and where these stand in `numbers` and `amounts`."""
        starts = self.offsets[rows]
        lengths = self.offsets[rows + 1] - starts
        ends = lengths.cumsum()
        return lengths, np.arange(lengths.sum()) + np.repeat(starts - ends + lengths, lengths)

    def composition(self, row: int) -> dict[str, float]:
        """Atoms of each element per reduced formula unit of one phase."""
        part = slice(self.offsets[row], self.offsets[row + 1])
        return {
            SYMBOLS[z - 1]: float(x)
            for z, x in zip(self.numbers[part], self.amounts[part], strict=True)
        }

    def exclude(self, formulas: str | Iterable[str]) -> PhaseTable:
        """The table without some phases.

        Where a phase on the hull is taken out, phases above it may come down to the hull, so every
        remaining phase of the table competes.

        Parameters
        ----------
        formulas : str or iterable of str
            Formulas of any form.

        Returns
        -------
        PhaseTable

        Raises
        ------
        DataError
            If one of them is not in the table.
        """
        rows = []
        names = []
        # A text is one formula, not a sequence of letters.
        for formula in (formulas,) if isinstance(formulas, str) else formulas:
            name = parse(formula).reduced_formula
            row = self.index(name)
            if row is None:
                raise DataError(
                    f"cannot exclude {formula!r}: not in dataset {self.provenance.name!r}"
                )
            rows.append(row)
            names.append(name)
        if not rows:
            return self
        keep = np.ones(len(self), bool)
        keep[rows] = False
        added = (*self.provenance.additions, f"without {', '.join(names)}")
        table = self.select(np.flatnonzero(keep), replace(self.provenance, additions=added))
        if self.competing[rows].any():
            table = replace(table, competing=np.ones(len(table), bool))
        return table

    def with_energies(self, formation_energy_per_atom: FloatArray, note: str) -> PhaseTable:
        """The same phases at other energies [eV/atom]; all of them compete.

        Parameters
        ----------
        formation_energy_per_atom : ndarray of float, shape (n,)
        note : str
            What was changed: it stands among the additions of the provenance, and so beside every
            result.

        Returns
        -------
        PhaseTable
        """
        added = (*self.provenance.additions, note)
        return replace(
            self,
            formation_energy_per_atom=formation_energy_per_atom,
            e_above_hull=np.full(len(self), np.nan),
            competing=np.ones(len(self), bool),
            provenance=replace(self.provenance, additions=added),
        )

    def all_competing(self) -> PhaseTable:
        """The same phases, of which every one may take part in an equilibrium."""
        return replace(self, competing=np.ones(len(self), bool))


class _Parts(Cache[PhaseTable]):
    """Parts of a table, by the elements they are within."""


def _symbols(elements: str | Iterable[str]) -> list[str]:
    """Elements of a chemical system; a text is not taken apart into letters."""
    listed = elements.split("-") if isinstance(elements, str) else list(elements)
    unknown = [element for element in listed if element not in ATOMIC_NUMBER]
    if unknown:
        raise UnknownElementsError(
            f"no element {unknown[0]!r}: give elements as ['Li', 'S'], or a system as 'Li-S'"
        )
    return listed
