"""Voltage profile: voltage against ions exchanged, every step with its phase equilibria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..results.answers import LimitUncertainty, StabilityWindow, WindowUncertainty
from ..results.reference import Reference
from .decomposition import draw_energy
from .profile_labels import Layout, Scale, colour_of, make_labels, place_labels, voltage_ceiling
from .sheet import (
    FAINT,
    INK,
    OXIDATION,
    REDUCTION,
    RULE,
    STABLE,
    STABLE_FILL,
    Sheet,
    check_axis,
    figure,
)
from .style import DOUBLE, Style
from .typography import (
    interval_text,
    name_text,
    number_text,
    voltage_label,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["profile_figure"]

_LAYOUTS = {
    "single": Layout(0.38, 1.2, 0.0, 0.2, 5.2, 0.026, False, 2.3),
    "double": Layout(0.45, 2.3, 1.15, 0.42, 6.2, 0.03, True, 3.0),
}
_MARGIN = 0.06
_BELOW_PLOT = 0.46  # tick labels, axis label, direction of exchange
_HEADING_LINE = 0.13
_PANEL_HEIGHT = 1.1


@figure
def profile_figure(
    window: StabilityWindow,
    *,
    name: str | None = None,
    style: Style = DOUBLE,
    energy: bool = False,
    uncertainty: WindowUncertainty | None = None,
    reference: Reference | None = None,
    voltage_max_V: float | None = None,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw the voltage profile of a composition.

    Within each interval of voltage the composition holds the ions of its phase equilibria (a
    vertical stretch of the curve); at the voltage between two intervals it takes up or gives off
    ions (a plateau). Every interval is labelled with its phases; the stability window is shaded.

    Parameters
    ----------
    window : StabilityWindow
    name : str, optional
        What the composition is called; its formula if left out.
    style : Style
        Width, font, labels, caption, title and resolution.
    energy : bool
        Add the decomposition energy against voltage.
    uncertainty : WindowUncertainty, optional
        Drawn as a band of the middle 68 % behind the curve.
    reference : Reference, optional
        Electrode that voltages are shown against; the ion's metal if left out.
    voltage_max_V : float, optional
        Upper end of the axis [V vs the metal].
    options : mapping, optional
        Options that shaped the result, for the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    check_axis(voltage_max_V)
    ceiling = voltage_ceiling(window) if voltage_max_V is None else voltage_max_V
    shown = tuple(step for step in window.steps if step.voltage_low_V < ceiling)
    window = replace(window, steps=shown)
    layout = _LAYOUTS[style.column]
    reference = reference or Reference.metal(window.working_ion)
    title = f"Voltage profile of {window.formula} ({window.working_ion} exchange)"
    sheet = Sheet(style, title, [window.dataset], options)
    beside = energy and layout.energy > 0.0
    left = layout.left + (layout.energy + 0.1 if beside else 0.0)
    room = sheet.width - left - layout.elbow - _MARGIN
    exchange = _exchange_range(window)
    labels, column = make_labels(
        sheet, window, layout, room - layout.smallest_plot, reference, exchange[1]
    )
    heading = _heading(sheet, window, name or window.formula, reference, uncertainty)
    height = max(layout.height, sum(label.height for label in labels))
    foot = sheet.bottom + 0.02
    bottom = foot + _BELOW_PLOT + (_PANEL_HEIGHT + 0.36 if energy and not beside else 0.0)
    sheet.set_height(bottom + height + 0.1 + _HEADING_LINE * len(heading))
    for i, (text, size, colour, weight) in enumerate(reversed(heading)):
        sheet.text(layout.left, bottom + height + 0.07 + _HEADING_LINE * i, text, size,
                   color=colour, weight=weight, gid=f"heading-{len(heading) - 1 - i}")  # fmt: skip
    scale = Scale(left, bottom, room - column, height, exchange, reference, ceiling)
    axes = sheet.axes(left, bottom, scale.width, height)
    axes.set_xlim(*scale.exchange)
    _voltage_axis(axes, window, scale, reference, vertical=True)
    if uncertainty is not None:
        _draw_band(axes, uncertainty, reference)
    _draw_curve(axes, window, scale)
    _describe_exchange(sheet, axes, window, scale)
    place_labels(sheet, window, labels, layout, scale)
    if energy:
        box = (
            (layout.left, bottom, layout.energy, height)
            if beside
            else (0.48, foot + 0.32, sheet.width - 0.48 - 0.08, _PANEL_HEIGHT)
        )
        panel = sheet.axes(*box)
        _voltage_axis(panel, window, scale, reference, vertical=beside)
        draw_energy(
            panel,
            window,
            scale.reference,
            scale.ceiling,
            vertical=beside,
            bands=None if uncertainty is None else uncertainty.profile,
        )
        if beside:
            axes.set_ylabel("")
            axes.tick_params(labelleft=False)
    return sheet


def _heading(
    sheet: Sheet,
    window: StabilityWindow,
    name: str,
    reference: Reference,
    uncertainty: WindowUncertainty | None,
) -> list[tuple[str, float, str, str]]:
    """Lines above the plot: (text, size, colour, weight)."""
    small = 5.6
    low, high = reference.of(window.reduction_potential_V), window.oxidation_potential_V
    if window.window_width_V == 0.0:
        said = f"no stability window (width 0 at {number_text(low, 2)} V)"
    elif high is None:
        said = f"stability window {interval_text(low, None)} (no oxidation limit)"
    else:
        said = f"stability window {interval_text(low, reference.of(high))}"
    basis = window.window_basis
    if window.e_above_hull_eV_per_atom:
        basis += f", {window.e_above_hull_eV_per_atom:.3f} eV/atom above it"
    if not window.in_dataset:
        basis += ", which is not in the dataset"
    if name != window.formula:
        said = f"{name_text(window.formula)}; {said}"
    lines = sheet.wrap(f"{said}; {basis}".split(" "), sheet.width - 0.5, small)
    if uncertainty is not None:
        found = (uncertainty.reduction, uncertainty.oxidation)
        limits = " and ".join(_limit_text(limit, reference) for limit in found)
        said = f"grey: middle 68 % of {uncertainty.draws} draws, limits {limits}"
        lines += sheet.wrap(said.split(" "), sheet.width - 0.5, small)
    formula = sheet.heading(name_text(name, bold=True))
    return [
        (formula, sheet.fitting_size(formula, 8.0, sheet.width - 0.5, "bold"), INK, "bold"),
        *((line, small, FAINT, "normal") for line in lines),
    ]


def _limit_text(limit: LimitUncertainty, reference: Reference) -> str:
    low, high = limit.percentile_16_V, limit.percentile_84_V
    if low is None:
        return "none"
    return interval_text(reference.of(low), None if high is None else reference.of(high))


def _exchange_range(window: StabilityWindow) -> tuple[float, float]:
    """Range of the axis of ions exchanged.

    Alloys rich in the ion, such as Mg149Sc below 10 mV, would squeeze all the rest into a line:
    what lies beyond three times the range of the steps wider than 50 mV is left off the scale.
    """
    wide = [
        s.ion_exchange
        for s in window.steps
        if s.voltage_high_V is None or s.voltage_high_V - s.voltage_low_V > 0.05
    ]
    low, high = min([0.0, *wide]), max([0.0, *wide])
    span = high - low or 1.0
    every = [s.ion_exchange for s in window.steps]
    low = min([low, *(n for n in every if n > low - 2.0 * span)])
    high = max([high, *(n for n in every if n < high + 2.0 * span)])
    span = high - low or 1.0
    beyond = max(every) > high
    return low - 0.06 * span, high + (0.25 if beyond else 0.06) * span


def _voltage_axis(
    axes: Axes, window: StabilityWindow, scale: Scale, reference: Reference, *, vertical: bool
) -> None:
    """Voltage axis with the stability window shaded; a line where the window has no width."""
    floor, ceiling = scale.reference.of(0.0), scale.reference.of(scale.ceiling)
    low = scale.reference.of(window.reduction_potential_V)
    high = window.oxidation_potential_V
    high = ceiling if high is None else scale.reference.of(high)
    label = voltage_label(window.working_ion, reference)
    if vertical:
        axes.set_ylim(floor, ceiling)
        axes.set_ylabel(label)
    else:
        axes.set_xlim(floor, ceiling)
        axes.set_xlabel(label)
    if high > low:
        band = axes.axhspan if vertical else axes.axvspan
        band(low, high, color=STABLE_FILL, linewidth=0.0, zorder=0, gid="window")
    else:
        line = axes.axhline if vertical else axes.axvline
        line(low, color=STABLE, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1, gid="window")


def _draw_curve(axes: Axes, window: StabilityWindow, scale: Scale) -> None:
    axes.axvline(0.0, color=RULE, linewidth=0.4, linestyle=(0, (1, 2)), zorder=0.5)
    steps = window.steps
    for i, step in enumerate(steps):
        low, high = (scale.reference.of(voltage) for voltage in scale.span(step))
        n = step.ion_exchange
        stable = n == 0.0
        axes.plot(
            [n, n], [low, high], color=colour_of(step), linewidth=2.0 if stable else 1.2,
            solid_capstyle="butt" if stable else "projecting", zorder=4 if stable else 3,
        )  # fmt: skip
        if i + 1 < len(steps):
            # A plateau has the colour of what happens on it: uptake below the window.
            after = steps[i + 1]
            colour = REDUCTION if n > 0.0 and after.ion_exchange >= 0.0 else OXIDATION
            crossing = n > 0.0 > after.ion_exchange
            axes.plot(
                [n, after.ion_exchange], [high, high], color=INK if crossing else colour,
                linewidth=1.2, solid_capstyle="projecting", zorder=3,
            )  # fmt: skip
    if window.window_width_V == 0.0:
        axes.plot(
            [0.0], [scale.reference.of(window.reduction_potential_V)], marker="D", markersize=3.2,
            color=STABLE, linestyle="none", zorder=5,
        )  # fmt: skip


def _describe_exchange(sheet: Sheet, axes: Axes, window: StabilityWindow, scale: Scale) -> None:
    """Axis of ions exchanged, and under it which side is which."""
    from matplotlib.ticker import MaxNLocator

    wide = scale.width > 2.0
    axes.xaxis.set_major_locator(MaxNLocator(8 if wide else 4, steps=[1, 2, 5, 10]))
    unit = "formula unit" if wide else "f.u."
    axes.set_xlabel(f"{window.working_ion} exchanged per {unit}")
    size, y = (5.6 if wide else 5.0), scale.bottom - 0.4
    if any(step.ion_exchange < 0.0 for step in window.steps):
        sheet.text(scale.left, y, "← oxidation", size, color=OXIDATION, gid="oxidation")
    if any(step.ion_exchange > 0.0 for step in window.steps):
        sheet.text(scale.left + scale.width, y, "reduction →", size, color=REDUCTION, ha="right",
                   gid="reduction")  # fmt: skip


def _draw_band(axes: Axes, uncertainty: WindowUncertainty, reference: Reference) -> None:
    """The middle 68 % of the draws."""
    bands = uncertainty.profile
    voltages = [reference.of(voltage) for voltage in bands.voltage_V]
    low, high = bands.ion_exchange_percentile_16, bands.ion_exchange_percentile_84
    axes.fill_betweenx(voltages, low, high, color="#C9C9C9", linewidth=0.0, zorder=1, gid="band")
