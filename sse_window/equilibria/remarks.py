"""What has to be said beside an answer about the question itself: how it was read, and doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..core.composition import Composition, parse, slips
from ..core.elements import ELECTRONEGATIVITY
from ..core.ions import CHARGE, charge_of
from ..core.tolerances import PROPORTION
from ..facts.oxidation_numbers import left_over_charge, uniform_charge
from ..phases.table import PhaseTable

__all__ = [
    "neutral_neighbour",
    "question_notes",
    "reading_notes",
    "side_notes",
    "supercell_notes",
]

_ROUNDED_ELECTRONS = 0.05
"""Charge per formula unit that amounts rounded to two decimals leave over."""

_HOST_SHARE = 0.98
"""Of the atoms: an ordered compound of two elements has no such composition."""

_LARGE_AMOUNT = re.compile(r"\d{2}")

_SMALL_TABLE = 500
"""Compounds; a table that holds fewer is a user's own, not a database."""


def question_notes(
    table: PhaseTable, composition: Composition, ion: str, *, known: bool | None = None
) -> tuple[str, ...]:
    """Notes about a composition as the subject of a question, the most important first.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
    ion : str
        Working ion.
    known : bool, optional
        Whether the table holds the composition; looked up if left out.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Na2S": -1.2, "Li2S": -1.4})
    >>> question_notes(table, parse("Na2S"), "Li")[0]
    "Na2S holds no Li but Na: this is its answer against Li, and '--ion Na' asks about Na"
    """
    if known is None:
        known = table.index(composition.reduced_formula) is not None
    said = [_other_ion(composition, ion), *reading_notes(table, composition, known=known)]
    if not known:
        # What a database holds exists, whatever its oxidation states.
        said.append(_charge(composition))
    said.append(_alone(table, composition, ion))
    return tuple(note for note in said if note)


def reading_notes(
    table: PhaseTable, composition: Composition, *, known: bool | None = None
) -> tuple[str, ...]:
    """How a composition was read, and what a slip of a key may have hidden.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
    known : see :func:`question_notes`

    Returns
    -------
    tuple of str
    """
    if known is None:
        known = table.index(composition.reduced_formula) is not None
    notes = []
    if composition.said_reading is not None:
        notes.append(composition.said_reading)
    if not known:
        meant = [
            other.formula
            for other in slips(composition.formula)
            if table.index(other.reduced_formula) is not None
        ]
        if meant:
            notes.append(f"did you mean {' or '.join(meant)}? {composition.formula} is unknown")
    return tuple(notes)


def side_notes(table: PhaseTable, compositions: Sequence[Composition], ion: str) -> tuple[str, ...]:
    """Notes about the sides of a mixture: all about the first one, how the others were read."""
    said = list(question_notes(table, compositions[0], ion))
    for composition in compositions[1:]:
        said += reading_notes(table, composition)
    return tuple(dict.fromkeys(said))


def supercell_notes(formulas: Iterable[str]) -> tuple[str, ...]:
    """Phases of an answer that are an element with an atom of another one here and there.

    Databases hold such cells as hosts of a defect. They are on the hull or off it by no more than
    the difference between two calculations of the pure element.

    Parameters
    ----------
    formulas : iterable of str
        Of phases that take part.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> [note.split(":")[0] for note in supercell_notes(["Mg149S", "Li2S", "Mg17Al12"])]
    ['Mg149S is a supercell of Mg with one atom of S in 150, no compound']
    """
    said = []
    for formula in dict.fromkeys(formulas):
        if not _LARGE_AMOUNT.search(formula):
            continue
        amounts = parse(formula).amounts
        host, guest = max(amounts, key=amounts.__getitem__), min(amounts, key=amounts.__getitem__)
        atoms = sum(amounts.values())
        if len(amounts) == 2 and amounts[host] >= _HOST_SHARE * atoms:
            said.append(
                f"{formula} is a supercell of {host} with one atom of {guest} in "
                f"{atoms / amounts[guest]:.0f}, no compound: whether it forms hangs on how pure "
                f"{host} was calculated; leave it out with --exclude {formula}"
            )
    return tuple(said)


def neutral_neighbour(
    table: PhaseTable, composition: Composition, ion: str
) -> tuple[Composition, float] | None:
    """The composition without the charge that rounded amounts leave over, and that charge.

    The working ion is adjusted, or the most electronegative element where there is none.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
    ion : str

    Returns
    -------
    (Composition, float) or None
        Electrons per formula unit, positive where cations are in excess; None where the
        composition is neutral, or further from it than rounding leads, or in the table.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2O": -2.0})
    >>> found, charge = neutral_neighbour(table, parse("Li0.33La0.56TiO3"), "Li")
    >>> found.formula, round(charge, 6)
    ('Li0.32La0.56TiO3', 0.01)
    """
    if len(composition.elements) < 3 or table.index(composition.reduced_formula) is not None:
        return None
    charge = uniform_charge(composition.amounts)
    if charge is None or not PROPORTION < abs(charge) <= _ROUNDED_ELECTRONS:
        return None
    amounts = dict(composition.amounts)
    element, state = ion, charge_of(ion)
    if element not in amounts:
        element = max(amounts, key=lambda e: ELECTRONEGATIVITY[e])
        state = {"O": -2, "S": -2, "Se": -2, "Te": -2, "N": -3}.get(element, -1)
    amounts[element] -= charge / state
    if amounts[element] <= 0.0:
        return None
    text = "".join(f"{e}{'' if n == 1.0 else f'{n:.10g}'}" for e, n in amounts.items())
    return Composition(text, {e: float(f"{n:.10g}") for e, n in amounts.items()}), charge


def _other_ion(composition: Composition, ion: str) -> str | None:
    if composition.amount(ion) > 0.0:
        return None
    others = [other for other in CHARGE if composition.amount(other) > 0.0]
    if not others:
        return None
    options = " or ".join(f"'--ion {other}'" for other in others)
    asks = "asks" if len(others) == 1 else "ask"
    return (
        f"{composition.formula} holds no {ion} but {' and '.join(others)}: this is its answer "
        f"against {ion}, and {options} {asks} about {' or '.join(others)}"
    )


def _charge(composition: Composition) -> str | None:
    charge = left_over_charge(composition.amounts)
    if charge is None or abs(charge) <= _ROUNDED_ELECTRONS:
        return None
    side = "too few cations or electrons to give" if charge < 0.0 else "too many cations"
    return (
        f"no known oxidation states balance the charge of {composition.formula}: "
        f"{_electrons(abs(charge))} per formula unit left over ({side})"
    )


def _electrons(number: float) -> str:
    return f"{number:.3g} electron" + ("" if f"{number:.3g}" == "1" else "s")


def _alone(table: PhaseTable, composition: Composition, ion: str) -> str | None:
    """Elements of a small table that no other compound competes for."""
    if len(table) > _SMALL_TABLE or table.provenance.systems or len(composition.elements) < 2:
        return None
    elements = frozenset({*composition.elements, ion})
    rows = [int(row) for row in table.competing_within(elements)]
    compounds = [
        table.composition(row) for row in rows if table.formulas[row] != composition.reduced_formula
    ]
    compounds = [compound for compound in compounds if len(compound) > 1]
    met = {element for compound in compounds for element in compound}
    alone = sorted(set(composition.elements) - met)
    if not alone:
        return None
    return (
        f"dataset {table.provenance.name!r} holds {len(compounds)} other compounds of "
        f"{'-'.join(sorted(elements))}, none with {' or '.join(alone)}: {composition.formula} "
        "looks more stable than it is, so add the competing phases"
    )
