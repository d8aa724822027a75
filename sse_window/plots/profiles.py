"""Voltage profiles of several electrolytes above each other: ions exchanged and what drives it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..core.errors import OutputError
from ..results.answers import StabilityWindow, decomposition_energy
from ..results.reference import Reference
from .profile_labels import voltage_ceiling
from .sheet import INK, OXIDATION, REDUCTION, RULE, STABLE, Sheet, figure
from .style import DOUBLE, Style
from .typography import interval_text, name_text, voltage_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MOST_PROFILES", "profiles_figure"]

# Told apart by every kind of colour vision (Okabe, Ito 2008), and by their dashes in grey.
_LINES: tuple[tuple[str, Any], ...] = (
    (REDUCTION, "-"),
    (OXIDATION, (0, (5, 1.2))),
    (STABLE, (0, (2.5, 1.0))),
    ("#CC79A7", (0, (1.2, 0.8))),
    ("#E69F00", (0, (6, 1, 1.2, 1))),
    ("#56B4E9", "-"),
    (INK, (0, (3, 1, 1, 1, 1, 1))),
)
MOST_PROFILES = len(_LINES)

_LEFT = 0.64
_PANEL = 1.35
_GAP = 0.08
_BAR = 0.1
_FONT = 6.2
_LINE = 0.26
_WIDTH_PT = 1.3


@figure
def profiles_figure(
    windows: Sequence[StabilityWindow],
    *,
    names: Sequence[str] | None = None,
    style: Style = DOUBLE,
    reference: Reference | None = None,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw several voltage profiles over one axis of voltage.

    Above, the stability windows as bars; then the ions exchanged per atom of the composition, so
    that formulas of any size can be compared; below, the decomposition energy.

    Parameters
    ----------
    windows : sequence of StabilityWindow
        Of one ion; at most :data:`MOST_PROFILES`.
    names : sequence of str, optional
        What they are called; their formulas if left out.
    style : Style
        Width, font, labels, caption, title and resolution.
    reference : Reference, optional
        Electrode that voltages are shown against; the ion's metal if left out.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.

    Raises
    ------
    OutputError
        If there are more than can be told apart.
    """
    if len(windows) > MOST_PROFILES:
        raise OutputError(
            f"{len(windows)} profiles in one picture cannot be told apart: choose at most "
            f"{MOST_PROFILES}"
        )
    reference = reference or Reference.metal(windows[0].working_ion)
    called = [name_text(name) for name in names or [window.formula for window in windows]]
    title = f"Voltage profiles of {', '.join(window.formula for window in windows)}"
    sheet = Sheet(style, title, [window.dataset for window in windows], options)
    stacked = style.column == "single"
    keyed = style.labels != "none"
    size = _FONT - 0.6 if stacked else _FONT
    spans = [_span(window, reference) for window in windows]
    texts = called if style.labels == "short" else [
        f"{name}  {span}" for name, span in zip(called, spans, strict=True)
    ]  # fmt: skip
    line = sheet.line_height(size) + 0.02
    wide = 0.0 if stacked or not keyed else max(sheet.width_of(t, size) for t in texts) + _LINE
    wide = min(wide, 0.4 * sheet.width)
    plot = sheet.width - _LEFT - wide - (0.22 if wide else 0.12)
    key = line * len(windows) + 0.05 if stacked and keyed else 0.0
    bars = _BAR * len(windows) + 0.06
    bottom = sheet.bottom + key + 0.38
    sheet.set_height(bottom + 2 * _PANEL + 2 * _GAP + bars + 0.08, headed=False)
    low = sheet.axes(_LEFT, bottom, plot, _PANEL)
    high = sheet.axes(_LEFT, bottom + _PANEL + _GAP, plot, _PANEL, sharex=low)
    strip = sheet.axes(_LEFT, bottom + 2 * (_PANEL + _GAP), plot, bars, sharex=low)
    ceiling = max(voltage_ceiling(window) for window in windows)
    low.set_xlim(reference.of(0.0), reference.of(ceiling))
    _draw_energies(low, windows, reference, ceiling)
    _draw_exchange(high, windows, reference, ceiling)
    _draw_bars(strip, windows, reference, ceiling)
    low.set_xlabel(voltage_label(windows[0].working_ion, reference))
    for axes in (low, high):
        axes.yaxis.set_label_coords(-0.37 / plot, 0.5)
    low.set_ylabel("Decomposition\nenergy (eV/atom)")
    high.set_ylabel(f"{windows[0].working_ion} exchanged\nper atom")
    for axes in (high, strip):
        axes.tick_params(labelbottom=False)
    x = 0.1 if stacked else _LEFT + plot + 0.1
    y = sheet.bottom + key - line + 0.02 if stacked else bottom + 2 * _PANEL + _GAP - line
    for i, text in enumerate(texts if keyed else ()):
        colour, dashes = _LINES[i]
        at = y + 0.35 * size / 72.0
        sheet.rule([x, x + _LINE - 0.06], [at, at], color=colour, linestyle=dashes,
                   linewidth=_WIDTH_PT)  # fmt: skip
        fitting = sheet.fitting_size(text, size, sheet.width - x - _LINE - 0.04)
        sheet.text(x + _LINE, y, text, fitting, gid=f"profile-{i}")
        y -= line
    return sheet


def _span(window: StabilityWindow, reference: Reference) -> str:
    high = window.oxidation_potential_V
    return interval_text(
        reference.of(window.reduction_potential_V), None if high is None else reference.of(high)
    )


def _draw_bars(
    axes: Axes, windows: Sequence[StabilityWindow], reference: Reference, ceiling: float
) -> None:
    axes.set_yticks([])
    axes.set_ylim(len(windows) - 0.5 + 0.2, -0.7)
    for i, window in enumerate(windows):
        low = window.reduction_potential_V
        high = ceiling if window.oxidation_potential_V is None else window.oxidation_potential_V
        colour = _LINES[i][0]
        if high > low:
            axes.barh([i], [high - low], left=[reference.of(low)], height=0.62, color=colour)
        else:
            axes.plot([reference.of(low)], [i], "D", color=colour, markersize=3.0)


def _draw_exchange(
    axes: Axes, windows: Sequence[StabilityWindow], reference: Reference, ceiling: float
) -> None:
    axes.axhline(0.0, color=RULE, linewidth=0.4)
    largest = 0.0
    for i, window in enumerate(windows):
        atoms = window.composition.atoms
        steps = [step for step in window.steps if step.voltage_low_V < ceiling]
        edges = [reference.of(step.voltage_low_V) for step in steps] + [reference.of(ceiling)]
        per_atom = [step.ion_exchange / atoms for step in steps]
        colour, dashes = _LINES[i]
        axes.stairs(
            per_atom, edges, baseline=None, color=colour, linestyle=dashes, linewidth=_WIDTH_PT
        )
        # Alloys that are nearly the metal take up hundreds of ions within some millivolts.
        wide = [
            n
            for n, (start, end) in zip(per_atom, pairwise(edges), strict=True)
            if end - start > 0.05
        ]
        largest = max(largest, *wide, 0.0)
    low, high = axes.get_ylim()
    axes.set_ylim(low, min(high, 1.25 * largest) if largest > 0.0 else high)


def _draw_energies(
    axes: Axes, windows: Sequence[StabilityWindow], reference: Reference, ceiling: float
) -> None:
    axes.axhline(0.0, color=RULE, linewidth=0.4)
    for i, window in enumerate(windows):
        lows = {s.voltage_low_V for s in window.steps if s.voltage_low_V < ceiling}
        voltages = sorted({0.0, ceiling} | lows)
        colour, dashes = _LINES[i]
        axes.plot(
            [reference.of(voltage) for voltage in voltages],
            [min(decomposition_energy(window, voltage), 0.0) for voltage in voltages],
            color=colour, linestyle=dashes, linewidth=_WIDTH_PT,
        )  # fmt: skip
    bottom = math.floor(10.0 * axes.get_ylim()[0]) / 10.0
    axes.set_ylim(bottom, -0.04 * bottom)
