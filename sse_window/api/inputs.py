"""What people have in hand, as what the questions take: formulas as text, tables of phases.

A composition may be text, a :class:`~sse_window.core.composition.Composition`, or what pymatgen
makes: a Composition, a Structure, an entry. None of it is imported here: an object is known by what
it has. The name of a structure file, such as ``my.cif`` or ``POSCAR``, is the composition in it.
Anything else is a TypeError of one sentence that says what is taken.
"""

from __future__ import annotations

import hashlib
import math
import numbers
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from ..core.composition import Composition, parse
from ..core.errors import DataError, FormulaError
from ..phases.table import PhaseTable, Provenance
from ..sources.structure_files import composition_text, is_structure_file

__all__ = [
    "CompositionLike",
    "PhasesLike",
    "formula_of",
    "formulas_of",
    "is_one_composition",
    "numbers_of",
    "one_each",
    "path_of",
    "phases_of",
    "range_of",
]

CompositionLike: TypeAlias = Any
"""Text, a Composition, or a pymatgen Composition, Structure or entry."""

PhasesLike: TypeAlias = Any
"""A PhaseTable, the name or path of a dataset, pymatgen entries, or a pymatgen PhaseDiagram."""

_TAKEN = (
    "give text such as 'Li3PS4' or 'LGPS', a Composition, or a pymatgen Composition, Structure or "
    "entry"
)


def formula_of(value: CompositionLike, name: str = "formula") -> str:
    """Text that reads as the composition in hand.

    Parameters
    ----------
    value : str, Path, Composition, or pymatgen Composition, Structure or entry
    name : str
        What the argument is called, for messages.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If it is none of these.
    FormulaError
        If a composition is empty.

    Examples
    --------
    >>> formula_of("LGPS"), formula_of(parse("Li3PS4"))
    ('LGPS', 'Li3PS4')
    >>> formula_of(3.5)
    Traceback (most recent call last):
    ...
    TypeError: formula: 3.5 is no composition: give text such as 'Li3PS4' or 'LGPS', a Composition,
    or a pymatgen Composition, Structure or entry
    """
    if isinstance(value, (str, Path)) and is_structure_file(value):
        return composition_text(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Composition):
        return value.formula
    amounts = _amounts(value)
    if amounts is None:
        raise TypeError(f"{name}: {_shown(value)} is no composition: {_TAKEN}")
    return _written(amounts, name)


def formulas_of(values: Any, name: str = "formulas") -> tuple[str, ...]:
    """One composition, or several, as text; a text is never taken apart into letters.

    Parameters
    ----------
    values : composition, or iterable of compositions
        Lists, tuples, pandas Series and columns, arrays. None is none.
    name : str

    Returns
    -------
    tuple of str

    Raises
    ------
    TypeError

    Examples
    --------
    >>> formulas_of("LiS4"), formulas_of(["LGPS", parse("Li3PS4")]), formulas_of(None)
    (('LiS4',), ('LGPS', 'Li3PS4'), ())
    """
    if values is None:
        return ()
    if is_one_composition(values):
        return (formula_of(values, name),)
    if isinstance(values, (bytes, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(f"{name}: {_shown(values)} is no composition or list of them: {_TAKEN}")
    if getattr(values, "ndim", 1) != 1:
        raise TypeError(f"{name}: a table is no list of compositions: give one column of it")
    return tuple(formula_of(value, name) for value in values)


def is_one_composition(value: Any) -> bool:
    """Whether something is a composition, and no list of them.

    Examples
    --------
    >>> is_one_composition("LiS4"), is_one_composition(["LiS4"])
    (True, False)
    """
    return isinstance(value, (str, Path, Composition)) or _amounts(value) is not None


def phases_of(phases: PhasesLike) -> PhaseTable | str | Path | None:
    """A table, or what names one.

    Parameters
    ----------
    phases : PhaseTable, str, Path, None, entries, or PhaseDiagram
        Entries are pymatgen's, or lists of them; their energies are taken as they stand, with
        whatever corrections they hold, and referred to the elements among them.

    Returns
    -------
    PhaseTable, str, Path or None

    Raises
    ------
    TypeError
        If it is none of these.
    DataError
        If an element of the entries is not among them.
    """
    if phases is None or isinstance(phases, (PhaseTable, str, Path)):
        return phases
    entries = getattr(phases, "all_entries", phases)
    if isinstance(entries, (bytes, Mapping)) or not isinstance(entries, Iterable):
        entries = (entries,)
    listed = list(entries)
    if not listed:
        raise DataError("phases: an empty list holds no phases")
    return _table([_energy(entry) for entry in listed])


def numbers_of(value: Any, name: str = "numbers") -> list[float]:
    """One number, or several, as a list.

    Examples
    --------
    >>> numbers_of(2), numbers_of((1.0, 2.5))
    ([2.0], [1.0, 2.5])
    >>> numbers_of("2", "step_V")
    Traceback (most recent call last):
    ...
    TypeError: step_V: '2' is no number: give a number, or a sequence of numbers
    """
    listed = [value] if isinstance(value, numbers.Real) else value
    if isinstance(listed, (str, bytes, Mapping)) or not isinstance(listed, Iterable):
        raise TypeError(
            f"{name}: {_shown(value)} is no number: give a number, or a sequence of numbers"
        )
    found = list(listed)
    for each in found:
        if not isinstance(each, numbers.Real):
            raise TypeError(f"{name}: {_shown(each)} is no number: give numbers")
    return [float(each) for each in found]


def range_of(value: Any, name: str) -> tuple[float, float]:
    """Two numbers, the ends of a range.

    Examples
    --------
    >>> range_of([300, 900.0], "temperature_K")
    (300.0, 900.0)
    >>> range_of(500, "temperature_K")
    Traceback (most recent call last):
    ...
    TypeError: temperature_K: 500 is no range: give its two ends, as (low, high)
    """
    ends = [] if isinstance(value, (str, numbers.Real)) else numbers_of(value, name)
    if len(ends) != 2:
        raise TypeError(f"{name}: {_shown(value)} is no range: give its two ends, as (low, high)")
    return ends[0], ends[1]


def path_of(value: Any, name: str) -> Path:
    """A path.

    Examples
    --------
    >>> path_of(["LiF"], "among")
    Traceback (most recent call last):
    ...
    TypeError: among: ['LiF'] is no file: give its path, as text or a Path
    """
    if isinstance(value, (str, Path)):
        return Path(value)
    raise TypeError(f"{name}: {_shown(value)} is no file: give its path, as text or a Path")


def one_each(value: float | Sequence[float] | None, n: int, name: str) -> list[Any]:
    """One value for each of n sides, from one or from n."""
    if value is None:
        return [None] * n
    values: list[Any] = list(numbers_of(value, name))
    if len(values) == 1:
        values *= n
    if len(values) != n:
        raise DataError(f"{len(values)} values of {name} for {n} sides: give one, or one per side")
    return values


def _amounts(value: Any) -> dict[str, float] | None:
    """Amounts of the elements of a pymatgen object; None for anything else."""
    composition = getattr(value, "composition", value)
    composition = getattr(composition, "element_composition", composition)
    listed = getattr(composition, "get_el_amt_dict", None)
    if isinstance(value, type) or listed is None:
        return None
    return {str(element): float(n) for element, n in listed().items()}


def _written(amounts: Mapping[str, float], name: str) -> str:
    """Amounts as a formula that reads back as the same."""
    if not amounts or not all(math.isfinite(n) and n >= 0.0 for n in amounts.values()):
        raise FormulaError(f"{name}: {dict(amounts)} is no composition: amounts above zero wanted")
    hydrogen = {"D": "H", "T": "H"}
    return "".join(
        f"{hydrogen.get(e, e)}{'' if n == 1.0 else f'{n:.12g}'}" for e, n in amounts.items() if n
    )


def _energy(entry: Any) -> tuple[Composition, float]:
    """Composition and energy per atom [eV] of an entry."""
    amounts, energy = _amounts(entry), getattr(entry, "energy_per_atom", None)
    if amounts is None or not isinstance(energy, numbers.Real):
        raise TypeError(
            f"phases: {_shown(entry)} is no entry: give a PhaseTable, the name or path of a "
            "dataset, pymatgen entries, or a pymatgen PhaseDiagram"
        )
    return parse(_written(amounts, "phases")), float(energy)


def _table(entries: list[tuple[Composition, float]]) -> PhaseTable:
    """Lowest energy of each composition, referred to the elements."""
    lowest: dict[str, tuple[Composition, float]] = {}
    for composition, energy in entries:
        if not math.isfinite(energy):
            raise DataError(f"phases: the energy of {composition.formula} is {energy}, no number")
        key = composition.reduced_formula
        if key not in lowest or energy < lowest[key][1]:
            lowest[key] = (composition, energy)
    references = {c.elements[0]: e for c, e in lowest.values() if len(c.elements) == 1}
    missing = {e for c, _ in lowest.values() for e in c.elements} - set(references)
    if missing:
        raise DataError(
            f"phases: no entry of the element {', '.join(sorted(missing))}: energies are referred "
            "to the elements, so give an entry for each"
        )
    compositions = [composition for composition, _ in lowest.values()]
    formation = [
        energy - math.fsum(c.amount(e) * references[e] for e in c.elements) / c.atoms
        for c, energy in lowest.values()
    ]
    text = ";".join(f"{k} {e!r}" for k, (_, e) in sorted(lowest.items()))
    digest = hashlib.sha256(text.encode()).hexdigest()
    provenance = Provenance("entries", "", "as the entries give them", digest)
    return PhaseTable.from_compositions(compositions, formation, provenance)


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}... ({type(value).__name__})"
