"""Topotactic and decomposition window of one electrolyte, and the hull of its framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core.tolerances import ENERGY_eV_per_atom
from .sheet import FAINT, INK, OXIDATION, REDUCTION, RULE, STABLE, Sheet, figure
from .style import SINGLE, Style
from .typography import formula_text, ion_text, voltage_label

if TYPE_CHECKING:
    from ..results.answers import TopotacticWindow

__all__ = ["topotactic_figure"]

_MARGIN_IN = 0.72
_BARS_IN = 0.62
_HULL_IN = 1.5


@figure
def topotactic_figure(
    result: TopotacticWindow,
    *,
    style: Style = SINGLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw both windows as bars over the voltage, and the energies of the states below.

    Parameters
    ----------
    result : TopotacticWindow
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    title = f"Topotactic window of {result.reactant}"
    sheet = Sheet(style, title, [result.dataset], options)
    sheet.set_height(sheet.bottom + _HULL_IN + _BARS_IN + 1.25)
    inner = sheet.width - _MARGIN_IN - 0.12
    hull = sheet.axes(_MARGIN_IN, sheet.bottom + 0.38, inner, _HULL_IN)
    bars = sheet.axes(_MARGIN_IN, sheet.height - 0.3 - _BARS_IN, inner, _BARS_IN)
    _draw_bars(bars, result)
    _draw_hull(hull, result)
    heading = sheet.heading(formula_text(result.reactant))
    sheet.text(_MARGIN_IN, sheet.height - 0.18, heading, 7.0)
    return sheet


def _draw_bars(axes: Any, result: TopotacticWindow) -> None:
    low, high = result.decomposition_window_V
    rows = (
        ("topotactic", result.reduction_potential_V, result.oxidation_potential_V, STABLE),
        ("decomposition", low, high, FAINT),
    )
    known = [v for _, a, b, _ in rows for v in (a, b) if v is not None]
    ceiling = max([*known, 1.0]) * 1.25
    for row, (_, start, end, colour) in enumerate(rows):
        y = 1 - row
        left, right = start or 0.0, ceiling if end is None else end
        if right > left:
            axes.barh(y, right - left, left=left, height=0.5, color=colour, alpha=0.55)
        else:
            axes.plot([left, right], [y, y], color=colour, marker="D", markersize=3)
        for value, side in ((start, "right"), (end, "left")):
            if value is None or (side == "right" and value == 0.0):
                continue
            pad = -2 if side == "right" else 2
            axes.annotate(
                f"{value:.2f}", (value, y), xytext=(pad, 0), textcoords="offset points",
                ha=side, va="center", fontsize=5.5,
            )  # fmt: skip
    axes.set_xlim(0.0, ceiling)
    axes.set_ylim(-0.6, 1.6)
    axes.set_yticks([1, 0], [name for name, *_ in rows], fontsize=5.5)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(voltage_label(result.working_ion))


def _draw_hull(axes: Any, result: TopotacticWindow) -> None:
    """Formation energy less the straight line between the end states, so that the hull is seen."""
    states = result.states
    xs = [s.ions_per_formula for s in states]
    energy = [
        s.formation_energy_eV_per_atom * (result.framework_atoms + s.ions_per_formula)
        for s in states
    ]
    (x0, e0), (x1, e1) = (xs[0], energy[0]), (xs[-1], energy[-1])
    relative = [e - e0 - (e1 - e0) * (x - x0) / (x1 - x0) for x, e in zip(xs, energy, strict=True)]
    on_hull = [s.e_above_framework_hull_eV_per_atom < ENERGY_eV_per_atom for s in states]
    vertices = [(x, e) for x, e, on in zip(xs, relative, on_hull, strict=True) if on]
    axes.axhline(0.0, color=RULE, linewidth=0.4)
    axes.plot(*zip(*vertices, strict=True), color=INK, linewidth=1.0, zorder=2)
    for x, e, state, on in zip(xs, relative, states, on_hull, strict=True):
        face = INK if on else "white"
        axes.plot([x], [e], "o", markersize=3.2, color=INK, markerfacecolor=face, zorder=3)
        if state.pristine:
            axes.plot([x], [e], "o", markersize=7, color=STABLE, markerfacecolor="none", zorder=4)
    home = next(s.ions_per_formula for s in states if s.pristine)
    for step in result.steps:
        middle = (step.ions_low + step.ions_high) / 2.0
        place = sum(
            e for x, e in vertices if x in (step.ions_low, step.ions_high)
        ) / 2.0  # fmt: skip
        colour = REDUCTION if step.ions_low >= home else OXIDATION
        axes.text(
            middle, place, f"{step.voltage_V:.2f} V", ha="center", va="center", fontsize=5.5,
            color=colour, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
    axes.margins(x=0.05, y=0.2)
    axes.set_xlabel(f"{ion_text(result.working_ion)} per {formula_text(result.reactant)}")
    axes.set_ylabel("Energy of mixing\n(eV per formula)")
