"""What sets each limit of a stability window: the limit without each phase that competes."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.errors import EquilibriumError, UnknownElementsError
from ..core.record import Record
from ..core.tolerances import BREAKPOINT
from ..phases.table import PhaseTable
from .windows import Limit, StabilityWindow, stability_window

__all__ = ["LimitSensitivity", "LimitWithout", "WindowSensitivity", "window_sensitivity"]

OK = "ok"
NO_LIMIT = "no limit"
NO_EQUILIBRIUM = "no equilibrium"


@dataclass(frozen=True, slots=True)
class LimitWithout(Record):
    """The window recomputed without one phase.

    Attributes
    ----------
    formula : str
        The phase that is left out.
    reduction_potential_V, oxidation_potential_V : float or None
        Limits of the window without it; None is no limit, or no answer (see `status`).
    shift_V : float or None
        Change of the limit in question: negative for a lower reduction potential, positive for a
        higher oxidation potential. None where the limit disappears, or there is no answer.
    in_window : bool
        The phase is part of the equilibria inside the window too, so that leaving it out changes
        what the composition itself is compared with; such a phase never decides the limit.
    status : str
        ``ok``, ``no limit`` (without the phase the composition is not oxidised at any voltage) or
        ``no equilibrium`` (no other phases make up the composition).
    reason : str or None
        Why a number is missing.
    """

    formula: str
    reduction_potential_V: float | None
    oxidation_potential_V: float | None
    shift_V: float | None
    in_window: bool
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class LimitSensitivity(Record):
    """What one limit rests on.

    Attributes
    ----------
    voltage_V : float
        The limit with all phases.
    limiting_phase : str or None
        The phase whose absence widens the window most on this side.
    voltage_without_V : float or None
        The limit without it; None where there is no limit then.
    limits_without : tuple of LimitWithout
        One for each phase that forms beyond the limit, most decisive first.
    reason : str or None
        Why no phase is named.
    """

    voltage_V: float
    limiting_phase: str | None
    voltage_without_V: float | None
    limits_without: tuple[LimitWithout, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class WindowSensitivity(Record):
    """What the limits of a window rest on; None for a limit that does not exist."""

    formula: str
    reduction: LimitSensitivity | None
    oxidation: LimitSensitivity | None


def window_sensitivity(window: StabilityWindow) -> WindowSensitivity:
    """Limits of a window without each phase that forms beyond them, one at a time.

    A phase that forms beyond a limit competes with the composition. Without it the composition
    stays stable until the next competitor, so the limit can only move outwards; how far tells how
    much rests on the energy of this phase alone.

    Parameters
    ----------
    window : StabilityWindow

    Returns
    -------
    WindowSensitivity

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "LiS4": -0.58})
    >>> window = stability_window(table, parse("Li2S"))
    >>> limit = window_sensitivity(window).oxidation
    >>> limit.limiting_phase, round(limit.voltage_V, 3), round(limit.voltage_without_V, 3)
    ('LiS4', 1.986, 2.1)
    """
    elements = {*window.composition.elements, window.working_ion}
    near = window.table.within(elements)
    inside = {
        product.formula
        for step in window.steps
        if step.ion_exchange == 0.0
        for product in step.products
    }
    return WindowSensitivity(
        formula=window.formula,
        reduction=_sensitivity(near, window, window.reduction, inside, side=-1),
        oxidation=_sensitivity(near, window, window.oxidation, inside, side=1),
    )


def _sensitivity(
    table: PhaseTable, window: StabilityWindow, limit: Limit | None, inside: set[str], side: int
) -> LimitSensitivity | None:
    """Sensitivity of the limit on one side: -1 reduction, 1 oxidation."""
    if limit is None:
        return None
    found = [
        _without(table, window, product.formula, limit.voltage_V, product.formula in inside, side)
        for product in limit.products
        # The metal that a composition rich in it leaves behind is the reservoir, not a competitor.
        if product.formula != window.working_ion
    ]
    found.sort(key=lambda entry: (entry.in_window, -_widening(entry, side), entry.formula))
    first = next((e for e in found if not e.in_window and _widening(e, side) > BREAKPOINT), None)
    reason = None
    if not found:
        reason = f"nothing but {window.working_ion} forms beyond the limit"
    elif first is None:
        reason = "no single phase: without any one of them other phases set the same limit"
    return LimitSensitivity(
        voltage_V=limit.voltage_V,
        limiting_phase=first.formula if first else None,
        voltage_without_V=_limit_of(first, side) if first else None,
        limits_without=tuple(found),
        reason=reason,
    )


def _without(
    table: PhaseTable,
    window: StabilityWindow,
    formula: str,
    voltage: float,
    in_window: bool,
    side: int,
) -> LimitWithout:
    try:
        other = stability_window(table.exclude([formula]), window.composition, window.working_ion)
    except (EquilibriumError, UnknownElementsError) as error:
        reason = f"without {formula}: {error}"
        return LimitWithout(formula, None, None, None, in_window, NO_EQUILIBRIUM, reason)
    low, high = other.reduction_potential_V, other.oxidation_potential_V
    moved = low if side < 0 else high
    if moved is None:
        reason = f"without {formula} nothing oxidises {window.formula}"
        return LimitWithout(formula, low, high, None, in_window, NO_LIMIT, reason)
    return LimitWithout(formula, low, high, moved - voltage, in_window, OK, None)


def _limit_of(entry: LimitWithout, side: int) -> float | None:
    return entry.reduction_potential_V if side < 0 else entry.oxidation_potential_V


def _widening(entry: LimitWithout, side: int) -> float:
    """How far the window opens on this side [V]; infinite where the limit disappears."""
    if entry.shift_V is not None:
        return side * entry.shift_V
    return float("inf") if entry.status == NO_LIMIT else float("-inf")
