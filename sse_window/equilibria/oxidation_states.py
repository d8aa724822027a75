"""Which element is reduced or oxidised at each limit of a window, by formal oxidation states.

Only what follows from charge balance is said. The assignments that a composition admits are found
in tiers, and the first tier that holds any is taken:

1. every element in one of its common states;
2. the same but for one d- or f-block element, at a mean between its common states (Fe3O4);
3. the same but for one other element: a cation between its common states (InCl2), or an anion
   bound to itself, at a mean above its lowest state (Li2O2, LiS4). Oxygen, nitrogen and the
   halogens do so only where every cation is at its highest possible state;
4. the same but for one metal at any mean up to its highest possible state (Zr3O, CoO2).

In all of them positive elements are less electronegative than negative ones. Where a tier holds
several assignments (Li4P2S6: P(4+) with P-P bonds, or S-S bonds), or none does (alloys), the
states are not known. A change at a limit is named only if every admissible assignment of every
phase in the reaction names the same elements.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from ..core.composition import Composition, parse
from ..core.elements import ATOMIC_NUMBER, ELECTRONEGATIVITY
from ..core.ions import charge_of
from ..core.record import Record
from ..facts.oxidation_numbers import NONMETALS, S_BLOCK, STATES, charge_sides
from .windows import Limit, StabilityWindow

__all__ = [
    "ElementChange",
    "LimitRedox",
    "OxidationStates",
    "States",
    "WindowRedox",
    "admissible_states",
    "lowest_cation_state",
    "oxidation_states",
    "window_redox",
]

States: TypeAlias = dict[str, float]

# Sulfides, selenides and tellurides hold these metals in low states only, and bind surplus anions
# to each other: there is no Mn(4+) in MnS2 and no Cu(2+) in CuS.
_WITH_CHALCOGEN = {
    "Cr": (2, 3), "Mn": (2, 3), "Ni": (2, 3), "Cu": (1,), "Pb": (2,), "U": (4,),
}  # fmt: skip

_HARD_ANIONS = frozenset({"N", "O", "F", "Cl", "Br", "I"})
_CHALCOGENS = frozenset({"S", "Se", "Te"})
# Of these anions with d-block metals, and of the noble metals with any anion softer than oxygen,
# formal states are a matter of taste.
_METALLIC_ANIONS = frozenset({"H", "B", "C", "Si", "Ge", "Sn", "Pb", "P", "As", "Sb", "Bi"})
_NOBLE = frozenset({"Ru", "Rh", "Pd", "Os", "Ir", "Pt", "Au", "Re"})
_CLOSED_SHELL = frozenset({"Zn", "Cd", "Hg"})

_NEUTRAL = 0.005
"""Charge per atom that typed decimals (Li0.33La0.56TiO3) may leave over."""

_UNCHANGED = 1e-5
"""Charge per atom that counts as no change: what amounts typed to six decimals may leave over."""

_LOOKED_THROUGH = 100_000
"""Assignments of one phase that are looked through, some tenths of a second; with twelve elements
of several states each there are more, and they double with every further one."""

_COMBINATIONS = 4096
"""Assignments of all phases of one reaction that are compared; more are as good as unknown."""


@dataclass(frozen=True, slots=True)
class OxidationStates(Record):
    """Formal oxidation states of a composition.

    Attributes
    ----------
    formula : str
    states : dict of str to float, or None
        Mean state of each element; None where they do not follow from charge balance.
    reason : str or None
        Why they do not.
    """

    formula: str
    states: States | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ElementChange(Record):
    """An element that is reduced or oxidised.

    Attributes
    ----------
    element : str
    state_before, state_after : float or None
        Mean formal states in the composition and in all products together; None where the element
        is known but the number is not.
    """

    element: str
    state_before: float | None
    state_after: float | None


@dataclass(frozen=True, slots=True)
class LimitRedox(Record):
    """What is reduced (at the reduction limit) or oxidised (at the oxidation limit).

    Attributes
    ----------
    element : str or None
        The element, if it is one.
    changes : tuple of ElementChange or None
        All elements that change in the direction of the limit; None where that is not known.
    reason : str or None
        Why no single element is named.
    """

    element: str | None
    changes: tuple[ElementChange, ...] | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class WindowRedox(Record):
    """Redox at both limits; None for a limit that does not exist."""

    formula: str
    reduction: LimitRedox | None
    oxidation: LimitRedox | None


def oxidation_states(composition: Composition) -> OxidationStates:
    """Formal oxidation states of a composition, where charge balance leaves one choice.

    Parameters
    ----------
    composition : Composition

    Returns
    -------
    OxidationStates

    Examples
    --------
    >>> oxidation_states(parse("Li3PS4")).states
    {'Li': 1.0, 'P': 5.0, 'S': -2.0}
    >>> oxidation_states(parse("Li2O2")).states
    {'Li': 1.0, 'O': -1.0}
    >>> oxidation_states(parse("Li4P2S6")).reason
    'Li4P2S6: several assignments balance the charge'
    """
    found, problem = _admissible(composition)
    states = found[0] if len(found) == 1 else None
    return OxidationStates(composition.formula, states, None if states else problem)


def admissible_states(composition: Composition) -> tuple[States, ...]:
    """All assignments of formal oxidation states that charge balance leaves open.

    Parameters
    ----------
    composition : Composition

    Returns
    -------
    tuple of dict of str to float
        Those of the first tier that holds any; none for alloys.

    Examples
    --------
    >>> for states in admissible_states(parse("Li4P2S6")):
    ...     print({element: round(state, 3) for element, state in states.items()})
    {'Li': 1.0, 'P': 3.0, 'S': -1.667}
    {'Li': 1.0, 'S': -2.0, 'P': 4.0}
    """
    return tuple(_admissible(composition)[0])


def lowest_cation_state(element: str) -> int | None:
    """Lowest positive state that is common for an element; None where there is none.

    Examples
    --------
    >>> lowest_cation_state("Zr"), lowest_cation_state("Fe"), lowest_cation_state("F")
    (4, 2, None)
    """
    common, _ = STATES.get(element, ((), 0))
    return min((state for state in common if state > 0), default=None)


def window_redox(window: StabilityWindow) -> WindowRedox:
    """Elements that are reduced and oxidised in the first reaction beyond each limit.

    Parameters
    ----------
    window : StabilityWindow

    Returns
    -------
    WindowRedox

    Examples
    --------
    >>> from sse_window.phases.table import PhaseTable
    >>> from sse_window.equilibria.windows import stability_window
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "P2S5": -0.3, "Li3PS4": -0.95})
    >>> redox = window_redox(stability_window(table, parse("Li3PS4")))
    >>> redox.reduction.element, redox.oxidation.element
    ('P', 'S')
    >>> redox.reduction.changes
    (ElementChange(element='P', state_before=5.0, state_after=0.0),)
    """
    return WindowRedox(
        formula=window.formula,
        reduction=_redox(window, window.reduction, sign=-1),
        oxidation=_redox(window, window.oxidation, sign=1),
    )


def _redox(window: StabilityWindow, limit: Limit | None, sign: int) -> LimitRedox | None:
    """Elements whose state moves in the direction of `sign`."""
    if limit is None:
        return None
    ion, composition = window.working_ion, window.composition
    charge = float(charge_of(ion))
    if set(composition.elements) == {ion}:
        return LimitRedox(ion, (ElementChange(ion, 0.0, charge),), None)
    phases = [composition, *(parse(product.formula) for product in limit.products)]
    amounts = [1.0, *(product.amount for product in limit.products)]
    choices = []
    for phase in phases:
        found, problem = _admissible(phase)
        choices.append([states for states in found if states.get(ion, charge) == charge])
        if not choices[-1]:
            return _unknown(problem or f"{phase.formula}: {ion} is not an ion in it")
    several = [p.formula for p, found in zip(phases, choices, strict=True) if len(found) > 1]
    if math.prod(len(found) for found in choices) > _COMBINATIONS:
        return _unknown(f"too many assignments balance the charge of {', '.join(several)}")
    changed = [
        _changes(composition, states, phases, amounts, ion, sign)
        for states in itertools.product(*choices)
    ]
    elements = {tuple(change.element for change in changes) for changes in changed}
    if len(elements) > 1:
        return _unknown(f"several assignments balance the charge of {', '.join(several)}")
    if elements == {()}:
        return _unknown(
            f"the amounts of {composition.formula} leave a charge as large as the change"
        )
    agreed = tuple(_agreed(column) for column in zip(*changed, strict=True))
    if len(agreed) == 1:
        return LimitRedox(agreed[0].element, agreed, None)
    names = " and ".join(change.element for change in agreed)
    return LimitRedox(None, agreed, f"{names} are {'oxidised' if sign > 0 else 'reduced'} together")


def _unknown(why: str) -> LimitRedox:
    return LimitRedox(None, None, f"formal oxidation states are not settled: {why}")


def _changes(
    composition: Composition,
    states: Sequence[Mapping[str, float]],
    phases: Sequence[Composition],
    amounts: Sequence[float],
    ion: str,
    sign: int,
) -> list[ElementChange]:
    """Changes for one assignment to each phase; the first phase is the reactant."""
    before = states[0]
    # Charge that the typed amounts leave over cannot be told from a change of that size.
    left_over = abs(sum(composition.amount(e) * s for e, s in before.items()))
    least = left_over + _UNCHANGED * composition.atoms
    changes = []
    for element in sorted(set(composition.elements) - {ion}):
        after = sum(
            amount * phase.amount(element) * state.get(element, 0.0)
            for phase, amount, state in zip(phases[1:], amounts[1:], states[1:], strict=True)
        )
        atoms = composition.amount(element)
        if sign * (after - atoms * before[element]) > least:
            changes.append(ElementChange(element, before[element], _rounded(after / atoms)))
    return changes


def _agreed(column: Sequence[ElementChange]) -> ElementChange:
    """The change of one element as far as all assignments agree on it."""
    before = {change.state_before for change in column}
    after = {change.state_after for change in column}
    return ElementChange(
        column[0].element,
        before.pop() if len(before) == 1 else None,
        after.pop() if len(after) == 1 else None,
    )


@lru_cache(maxsize=4096)  # products recur from pair to pair
def _admissible(composition: Composition) -> tuple[list[States], str | None]:
    """All assignments of the first tier that holds any; and why it is not exactly one."""
    formula, elements = composition.formula, list(composition.elements)
    if len(elements) == 1:
        return [{elements[0]: 0.0}], None
    problem = _unsettled(elements)
    if problem is None and _assignments(elements) > _LOOKED_THROUGH:
        problem = f"{len(elements)} elements have too many combinations of states to look through"
    if problem is None:
        for tier in (_uniform, _mixed_transition_metal, _mixed_other, _any_metal):
            found = _distinct(tier(composition))
            if len(found) == 1:
                return found, None
            if found:
                return found, f"{formula}: several assignments balance the charge"
        problem = "no common oxidation states balance the charge"
    return [], f"{formula}: {problem}"


def _unsettled(elements: Sequence[str]) -> str | None:
    """Why formal states are not a matter of charge balance alone, from the elements present."""
    unknown = [e for e in elements if e not in STATES]
    if unknown:
        return f"no common oxidation states are listed for {', '.join(unknown)}"
    anions = [e for e in elements if min(STATES[e][0]) < 0]
    if not anions:
        return "none of its elements is an anion"
    metals = [e for e in elements if _block_d(e) and e not in _CLOSED_SHELL]
    hardest = max(anions, key=lambda e: ELECTRONEGATIVITY[e])
    if metals and hardest in _METALLIC_ANIONS:
        return f"the bonds of {metals[0]} with {hardest} are not ionic"
    noble = [e for e in metals if e in _NOBLE]
    if noble and not set(elements) & {"O", "F", "Cl"}:
        return f"the state of {noble[0]} is not settled without oxygen, fluorine or chlorine"
    return None


def _block_d(element: str) -> bool:
    z = ATOMIC_NUMBER[element]
    return 21 <= z <= 30 or 39 <= z <= 48 or 72 <= z <= 80


def _block_f(element: str) -> bool:
    z = ATOMIC_NUMBER[element]
    return 57 <= z <= 71 or 89 <= z <= 103


def _common(element: str, elements: Sequence[str]) -> tuple[int, ...]:
    """Common states of an element in this company."""
    company = set(elements)
    if element == "P" and "O" in company and company - {"P", "O"} and "H" not in company:
        return (-3, 5)  # phosphites hold hydrogen
    soft = company & _CHALCOGENS and not company & {"O", "F"}
    return _WITH_CHALCOGEN.get(element, STATES[element][0]) if soft else STATES[element][0]


def _assignments(elements: Sequence[str]) -> int:
    """Assignments that all tiers together would look through, at most."""
    total = 0
    for positive, negative in charge_sides(tuple(elements)):
        options = [sum(s > 0 for s in _common(e, elements)) for e in positive]
        options += [sum(s < 0 for s in _common(e, elements)) for e in negative]
        # The tiers with one free element leave out its own options, which may be none.
        total += len(elements) * math.prod(max(n, 1) for n in options)
    return total


def _uniform(composition: Composition) -> Iterator[States]:
    """Every element in one common state."""
    elements = composition.elements
    for positive, negative in charge_sides(tuple(elements)):
        options = [[s for s in _common(e, elements) if s > 0] for e in positive]
        options += [[s for s in _common(e, elements) if s < 0] for e in negative]
        for states in itertools.product(*options):
            assignment = dict(zip((*positive, *negative), map(float, states), strict=True))
            charge = sum(composition.amount(e) * s for e, s in assignment.items())
            if abs(charge) <= _NEUTRAL * composition.atoms and _compatible(assignment):
                yield assignment


def _compatible(states: Mapping[str, float]) -> bool:
    """No anion lacks electrons that a less electronegative one holds."""
    held = [ELECTRONEGATIVITY[e] for e, state in states.items() if state < 0.0]
    lacking = [
        ELECTRONEGATIVITY[e] for e, state in states.items() if min(STATES[e][0]) < state < 0.0
    ]
    return not lacking or max(lacking) <= min(held)


Allowed: TypeAlias = Callable[[str, float, Mapping[str, float]], bool]


def _one_free(composition: Composition, allowed: Allowed) -> Iterator[States]:
    """One element at the mean state that balances the charge, all others in common states."""
    elements = composition.elements
    for positive, negative in charge_sides(tuple(elements)):
        for free in elements:
            options = [
                [s for s in _common(e, elements) if (s > 0) == (e in positive)]
                for e in (*positive, *negative)
                if e != free
            ]
            others = [e for e in (*positive, *negative) if e != free]
            for states in itertools.product(*options):
                assignment = dict(zip(others, map(float, states), strict=True))
                charge = sum(composition.amount(e) * s for e, s in assignment.items())
                mean = _rounded(-charge / composition.amount(free))
                if (mean > 0.0) != (free in positive) or not allowed(free, mean, assignment):
                    continue
                if _compatible({**assignment, free: mean}):
                    yield {**assignment, free: mean}


def _mixed_transition_metal(composition: Composition) -> Iterator[States]:
    def allowed(element: str, mean: float, _: Mapping[str, float]) -> bool:
        between = _between(_common(element, composition.elements), mean)
        return between and (_block_d(element) or _block_f(element))

    return _one_free(composition, allowed)


def _mixed_other(composition: Composition) -> Iterator[States]:
    def allowed(element: str, mean: float, others: Mapping[str, float]) -> bool:
        common = _common(element, composition.elements)
        if mean > 0.0:
            return _between(common, mean)
        if not min(common) <= mean < 0.0:
            return False
        highest = all(s == STATES[e][1] for e, s in others.items() if s > 0.0)
        return highest or element not in _HARD_ANIONS

    return _one_free(composition, allowed)


def _any_metal(composition: Composition) -> Iterator[States]:
    def allowed(element: str, mean: float, _: Mapping[str, float]) -> bool:
        metal = element not in NONMETALS and element not in S_BLOCK
        return metal and 0.0 < mean <= STATES[element][1]

    return _one_free(composition, allowed)


def _between(common: Sequence[int], mean: float) -> bool:
    positive = [s for s in common if s > 0]
    return bool(positive) and min(positive) <= mean <= max(positive)


def _distinct(assignments: Iterator[States]) -> list[States]:
    found: dict[tuple[tuple[str, float], ...], States] = {}
    for states in assignments:
        found.setdefault(tuple(sorted(states.items())), states)
    return [found[key] for key in sorted(found)]


def _rounded(state: float) -> float:
    """Mean states without rounding noise, so that equal ones compare equal."""
    return round(state, 6) + 0.0
