"""Stability windows of several electrolytes as bars, before the operating ranges of electrodes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..results.answers import (
    Electrode,
    LimitUncertainty,
    MeasuredWindow,
    StabilityWindow,
    WindowUncertainty,
)
from ..results.reference import Reference
from .placement import lanes
from .sheet import ANODE, CATHODE, FAINT, INK, RULE, STABLE, WINDOW_FILL, Sheet, figure
from .style import DOUBLE, Style
from .typography import interval_text, name_text, number_text, voltage_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["windows_figure"]

_FONT = {"single": 5.6, "double": 6.5}
_ROW = 0.2
_BAR = 0.5  # of a row
_LANE = 0.115
_BELOW = 0.36
_TOLERATED_FILL = "#DDF0E7"
_ELSEWHERE_FILL = "#F0F0F0"


@dataclass(frozen=True, slots=True)
class _Row:
    """One bar: its name, its ends [V as shown], those of the bars around it, its table."""

    name: str
    low: float
    high: float | None
    tolerated: tuple[float, float | None]
    elsewhere: tuple[float, float | None] | None
    errors: tuple[LimitUncertainty, LimitUncertainty] | None
    cells: tuple[str, ...]


@figure
def windows_figure(
    windows: Sequence[StabilityWindow],
    *,
    labels: Sequence[str] | None = None,
    uncertainties: Sequence[WindowUncertainty] | None = None,
    measured: Sequence[MeasuredWindow | None] = (),
    electrodes: Sequence[Electrode] = (),
    style: Style = DOUBLE,
    reference: Reference | None = None,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw stability windows as horizontal bars, one below the other.

    Limits are written beside the bars. Lighter bars beyond them are the tolerance window.
    A window without an oxidation limit ends in an arrow; a composition that has no window (width 0)
    is a diamond.

    Parameters
    ----------
    windows : sequence of StabilityWindow
        From top to bottom.
    labels : sequence of str, optional
        Names of the bars; the formulas as typed by default.
    uncertainties : sequence of WindowUncertainty, optional
        One per window: the middle 68 % of each limit is drawn as an error bar, and written.
    measured : sequence of MeasuredWindow or None
        One per window, or none at all: measured limits are marked by triangles above the bar.
    electrodes : sequence of Electrode
        Operating ranges to show above and behind the bars.
    style : Style
        Width, font, labels, caption, title and resolution.
    reference : Reference, optional
        Electrode that voltages are shown against; the ion's metal if left out.
    options : mapping, optional
        Options that shaped the result, for the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    from matplotlib.ticker import MaxNLocator

    reference = reference or Reference.metal(windows[0].working_ion)
    title = f"Stability windows of {', '.join(window.formula for window in windows)}"
    tolerances = {window.tolerance_eV_per_atom for window in windows} - {0.0}
    note = ""
    if tolerances:
        bounds = " or ".join(f"{tolerance:g}" for tolerance in sorted(tolerances))
        note = f"Lighter: less than {bounds} eV/atom drives a decomposition. "
    if any(_elsewhere(window, reference) for window in windows):
        note += "Frame behind: lowest to highest limit on all packaged energies. "
    if uncertainties:
        note += f"Error bars: middle 68 % of {uncertainties[0].draws} draws of the energies. "
    sources = dict.fromkeys(f"{m.source} ({m.method})" for m in measured if m is not None)
    if sources:
        note += f"Triangles: measured, {'; '.join(sources)}."
    sheet = Sheet(style, title, [window.dataset for window in windows], options, note)
    size = _FONT[style.column]
    spread: list[WindowUncertainty | None] = [*uncertainties] if uncertainties else []
    rows = [
        _row(window, label, found, reference, ranges=style.column == "double")
        for window, label, found in zip(
            windows,
            labels or [window.formula for window in windows],
            spread or [None] * len(windows),
            strict=True,
        )
    ]
    named = min(sheet.fitting_size(row.name, size, 0.36 * sheet.width) for row in rows)
    left = max(sheet.width_of(row.name, named) for row in rows) + 0.16
    heads: tuple[str, ...] = (
        ("Reduction (V)", "Oxidation (V)") if style.column == "double" else ("Red. (V)", "Ox. (V)")
    )
    gap = 0.12
    if style.labels != "full":
        heads = ()
    columns = [
        max(sheet.width_of(text, size) for text in (head, *(row.cells[i] for row in rows)))
        for i, head in enumerate(heads)
    ]
    plot = sheet.width - left - sum(columns) - gap * len(columns) - 0.08
    low, high = reference.of(0.0), _ceiling(rows, electrodes, reference)
    per_volt = plot / (high - low)
    boxes = [_range_box(sheet, e, reference, per_volt, low, high, size - 0.8) for e in electrodes]
    lane = lanes(boxes)
    strip = (max(lane, default=-1) + 1) * _LANE + (0.06 if electrodes else 0.0)
    bottom = sheet.bottom + _BELOW
    height = len(rows) * _ROW + 0.04
    sheet.set_height(bottom + height + max(strip + 0.08, 0.22), headed=False)
    axes = sheet.axes(left, bottom, plot, height + strip)
    axes.set_xlim(low, high)
    axes.set_ylim(0.0, height + strip)  # inches, so that rows and lanes keep their sizes
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(max(int(plot / 0.25), 2), steps=[1, 2, 5, 10]))
    axes.set_xlabel(_axis_label(windows, reference))
    _draw_ranges(axes, electrodes, boxes, lane, reference, height, per_volt, size - 0.8)
    x = left + plot + gap
    for i, head in enumerate(heads):
        y = bottom + height + 0.05
        sheet.text(x + columns[i], y, head, size, color=FAINT, ha="right", gid=f"head-{i}")
        for r, row in enumerate(rows):
            sheet.text(
                x + columns[i], bottom + height - _middle(r) - 0.3 * size / 72.0, row.cells[i],
                size, ha="right", gid=f"limit-{r}-{i}",
            )  # fmt: skip
        x += columns[i] + gap
    for r, row in enumerate(rows):
        y = height - _middle(r)
        sheet.text(
            left - 0.08, bottom + y - 0.3 * named / 72.0, row.name, named, ha="right",
            gid=f"name-{r}",
        )  # fmt: skip
        sheet.describe(f"name-{r}", windows[r].formula)
        _draw_bar(axes, row, y, reference, high)
        limits = measured[r] if measured else None
        if limits is not None:
            marks = [
                reference.of(v) for v in (limits.reduction_V, limits.oxidation_V) if v is not None
            ]
            axes.plot(marks, [y + 0.5 * _ROW * _BAR] * len(marks), "v", color=INK, markersize=3.6,
                      markeredgecolor="white", markeredgewidth=0.4, zorder=5,
                      gid=f"measured-{r}")  # fmt: skip
    return sheet


def _row(
    window: StabilityWindow,
    label: str,
    found: WindowUncertainty | None,
    reference: Reference,
    *,
    ranges: bool,
) -> _Row:
    low = reference.of(window.reduction_potential_V)
    high = window.oxidation_potential_V
    high = None if high is None else reference.of(high)
    cells = [number_text(low, 2), "no limit" if high is None else number_text(high, 2)]
    errors = None if found is None else (found.reduction, found.oxidation)
    if errors is not None and ranges:
        for i, limit in enumerate(errors):
            said = _range_text(limit, reference)
            if said != cells[i]:
                cells[i] += f" ({said})"
    from_V, to_V = window.tolerance_window_V
    tolerated = (reference.of(from_V), None if to_V is None else reference.of(to_V))
    around = _elsewhere(window, reference)
    return _Row(name_text(label), low, high, tolerated, around, errors, tuple(cells))


def _elsewhere(window: StabilityWindow, reference: Reference) -> tuple[float, float | None] | None:
    """Lowest and highest limit on all packaged energies, where they are known."""
    others = getattr(window, "elsewhere", ())
    if not others:
        return None
    lows = [window.reduction_potential_V, *(w.reduction_potential_V for w in others)]
    highs = [window.oxidation_potential_V, *(w.oxidation_potential_V for w in others)]
    known = [high for high in highs if high is not None]
    highest = reference.of(max(known)) if len(known) == len(highs) else None
    return reference.of(min(lows)), highest


def _range_text(limit: LimitUncertainty, reference: Reference) -> str:
    if limit.percentile_16_V is None:
        return "no limit"
    high = limit.percentile_84_V
    shifted = None if high is None else reference.of(high)
    return interval_text(reference.of(limit.percentile_16_V), shifted).removesuffix(" V")


def _middle(row: int) -> float:
    """Distance of the middle of a row from the top of the rows [inch]."""
    return 0.02 + (row + 0.5) * _ROW


def _ceiling(rows: Sequence[_Row], electrodes: Sequence[Electrode], reference: Reference) -> float:
    ends = [row.low if row.high is None else row.high for row in rows]
    ends += [row.elsewhere[1] for row in rows if row.elsewhere and row.elsewhere[1] is not None]
    ends += [row.tolerated[1] for row in rows if row.tolerated[1] is not None]
    ends += [reference.of(electrode.voltage_high) for electrode in electrodes]
    return max(reference.of(5.0), math.ceil(2.0 * max(ends) + 0.4) / 2.0)


def _axis_label(windows: Sequence[StabilityWindow], reference: Reference) -> str:
    ions = sorted({window.working_ion for window in windows})
    if len(ions) > 1:
        return f"Voltage vs the metal of the working ion, {' or '.join(ions)} (V)"
    return voltage_label(ions[0], reference)


def _range_box(
    sheet: Sheet,
    electrode: Electrode,
    reference: Reference,
    per_volt: float,
    low: float,
    high: float,
    size: float,
) -> tuple[float, float]:
    """Room [inch from the left end of the axis] for an operating range and its name."""
    start = (reference.of(electrode.voltage_low) - low) * per_volt
    end = (reference.of(electrode.voltage_high) - low) * per_volt
    extent = sheet.width_of(name_text(electrode.name), size) + 0.06
    if end - start < extent:
        # The name stands behind the range, or before it where the axis ends.
        room = (high - low) * per_volt
        start, end = (start, end + extent) if end + extent < room else (start - extent, end)
    return start, end + 0.04


def _draw_ranges(
    axes: Axes,
    electrodes: Sequence[Electrode],
    boxes: Sequence[tuple[float, float]],
    lane: Sequence[int],
    reference: Reference,
    height: float,
    per_volt: float,
    size: float,
) -> None:
    """Operating ranges: a labelled strip above the bars, and a faint band behind them."""
    from matplotlib.patches import Rectangle

    if electrodes:
        axes.axhline(height, color=RULE, linewidth=0.4)
    start = axes.get_xlim()[0]
    for i, electrode in enumerate(electrodes):
        colour = CATHODE if electrode.kind == "cathode" else ANODE
        low, high = reference.of(electrode.voltage_low), reference.of(electrode.voltage_high)
        y = height + 0.03 + lane[i] * _LANE
        if high > low:
            box = Rectangle((low, 0.0), high - low, height, facecolor=colour, alpha=0.12, zorder=0)
            axes.add_patch(box)
            strip = Rectangle((low, y), high - low, _LANE - 0.02, facecolor=colour, alpha=0.55)
            axes.add_patch(strip)
        else:
            for ends in ([0.0, height], [y, y + _LANE - 0.02]):
                axes.plot([low, low], ends, color=colour, linewidth=1.2, zorder=1)
        text = name_text(electrode.name)
        # The box has a margin of 0.04 in behind, and begins before a range whose name precedes it.
        left, right = (start + boxes[i][0] / per_volt, start + (boxes[i][1] - 0.04) / per_volt)
        if right > high + 1e-9:
            x, align = high + 0.03 / per_volt, "left"
        elif left < low - 1e-9:
            x, align = low - 0.03 / per_volt, "right"
        else:
            x, align = (low + high) / 2.0, "center"
        axes.text(
            x, y + (_LANE - 0.02) / 2.0, text, fontsize=size, ha=align, va="center_baseline",
            color=INK, gid=f"electrode-{i}",
        )  # fmt: skip


def _draw_bar(axes: Axes, row: _Row, y: float, reference: Reference, ceiling: float) -> None:
    from matplotlib.patches import Rectangle

    half = _ROW * _BAR / 2.0
    if row.elsewhere is not None:
        lowest, highest = row.elsewhere
        reach = (ceiling if highest is None else highest) - lowest
        axes.add_patch(
            Rectangle(
                (lowest, y - 1.45 * half), reach, 2.9 * half, facecolor=_ELSEWHERE_FILL,
                edgecolor=RULE, linewidth=0.35, zorder=2.2,
            )
        )  # fmt: skip
    end = ceiling if row.high is None else row.high
    from_V, to_V = row.tolerated
    to_V = end if to_V is None else to_V
    for start, stop in ((from_V, row.low), (end, to_V)):
        if stop > start:
            lighter = Rectangle(
                (start, y - 0.6 * half), stop - start, 1.2 * half, facecolor=_TOLERATED_FILL,
                edgecolor=STABLE, linewidth=0.35, zorder=2.5,
            )  # fmt: skip
            axes.add_patch(lighter)
    if end > row.low:
        axes.add_patch(
            Rectangle(
                (row.low, y - half),
                end - row.low,
                2 * half,
                facecolor=WINDOW_FILL,
                edgecolor=STABLE,
                linewidth=0.6,
                zorder=3,
            )
        )
    else:
        axes.plot([row.low], [y], marker="D", markersize=4.0, color=STABLE, zorder=3,
                  linestyle="none", clip_on=False)  # fmt: skip
    if row.high is None:
        axes.plot([ceiling], [y], marker=">", markersize=9.0, color=STABLE, zorder=3,
                  linestyle="none", clip_on=False)  # fmt: skip
    if row.errors is None:
        return
    for limit in row.errors:
        if limit.percentile_16_V is None:
            continue
        low = reference.of(limit.percentile_16_V)
        high = ceiling if limit.percentile_84_V is None else reference.of(limit.percentile_84_V)
        axes.plot([low, high], [y, y], color=INK, linewidth=0.8, zorder=4)
        ends = [low] if limit.percentile_84_V is None else [low, high]
        axes.plot(ends, [y] * len(ends), color=INK, marker="|", markersize=4.5,
                  markeredgewidth=0.8, linestyle="none", zorder=4)  # fmt: skip
