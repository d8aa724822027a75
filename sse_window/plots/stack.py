"""A stack of layers: windows in order, gaps, overlaps, and what reacts at every border."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .sheet import (
    ANODE,
    CATHODE,
    FAINT,
    INK,
    OXIDATION,
    STABLE,
    STABLE_FILL,
    WINDOW_FILL,
    Sheet,
    figure,
)
from .style import DOUBLE, Style
from .typography import name_text, voltage_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..cells.stacks import Contact, Layer, StackResult

__all__ = ["stack_figure"]

_SIZE = 6.0
_HEIGHT_IN = 2.5
_CEILING_V = 5.5
_BLOCK = 0.56  # of the distance of two layers


@figure
def stack_figure(
    result: StackResult,
    *,
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw the windows of the layers as blocks in order, between the ranges of the electrodes.

    Between two blocks stands the voltage interval in which both are stable, or the gap between
    them; above each border the worst closed reaction energy and the class of the interphase.

    Parameters
    ----------
    result : StackResult
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
    """
    title = "Stack " + " | ".join(layer.name for layer in result.layers)
    note = (
        "Between blocks: shaded where both sides are stable, a bracket where no potential suits "
        "both. Energies: worst closed mutual reactions. "
        f"Worst contact, by class and then by energy: {result.worst_contact}."
    )
    sheet = Sheet(style, title, [result.dataset], options, note)
    bottom = sheet.bottom + 0.38
    sheet.set_height(bottom + _HEIGHT_IN + 0.62)
    left, wide = 0.5, sheet.width - 0.62
    axes = sheet.axes(left, bottom, wide, _HEIGHT_IN)
    count = len(result.layers)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_ylim(0.0, _CEILING_V)
    axes.set_xticks([])
    axes.set_ylabel(voltage_label(result.working_ion, None))
    per_layer = wide / count
    for place, layer in enumerate(result.layers):
        _draw_layer(axes, layer, place, last=place == count - 1)
        name = name_text(layer.name)
        size = sheet.fitting_size(name, _SIZE + 0.6, per_layer - 0.06)
        x = left + (place + 0.5) * per_layer
        sheet.text(x, bottom - 0.17, name, size, ha="center", gid=f"layer-{place}")
        sheet.describe(f"layer-{place}", layer.composition)
    if style.labels != "none":
        for border, (a, b) in enumerate(pairwise(result.layers)):
            touching = [c for c in result.contacts if (c.a, c.b) == (a.name, b.name)]
            x = left + (border + 1.0) * per_layer
            _draw_border(axes, touching[0], border, _ends(a), _ends(b))
            _say(sheet, touching, x, bottom + _HEIGHT_IN, per_layer, border)
    heading = sheet.heading(" | ".join(name_text(layer.name) for layer in result.layers))
    if heading:
        size = sheet.fitting_size(heading, _SIZE + 1.2, wide)
        sheet.text(left, bottom + _HEIGHT_IN + 0.46, heading, size, gid="heading")
    return sheet


def _draw_layer(axes: Axes, layer: Layer, place: int, *, last: bool) -> None:
    from matplotlib.patches import Rectangle

    start = place - _BLOCK / 2.0
    if layer.voltage_range_V is not None:
        low, high = layer.voltage_range_V
        colour = CATHODE if last else ANODE
        if high - low < 0.02:
            axes.plot([start, start + _BLOCK], [low, low], color=colour, linewidth=3.0,
                      solid_capstyle="butt", clip_on=False, zorder=3)  # fmt: skip
            return
        fill, edge = colour, colour
    else:
        low = layer.reduction_potential_V or 0.0
        end = layer.oxidation_potential_V
        high = _CEILING_V if end is None else min(end, _CEILING_V)
        fill, edge = STABLE_FILL, STABLE
    if high <= low:
        axes.plot([start, start + _BLOCK], [low, low], color=edge, linewidth=1.5, zorder=3)
        return
    axes.add_patch(
        Rectangle((start, low), _BLOCK, high - low, facecolor=fill, edgecolor=edge,
                  linewidth=0.6, alpha=0.6 if layer.voltage_range_V else 1.0, zorder=2)
    )  # fmt: skip
    if layer.voltage_range_V is None:
        for value, up in ((low, True), (layer.oxidation_potential_V, False)):
            if value is not None and 0.12 < value < _CEILING_V - 0.12:
                axes.text(place, value + (-0.06 if up else 0.06), f"{value:.2f}", fontsize=5.2,
                          ha="center", va="top" if up else "bottom", color=FAINT,
                          gid=f"limit-{place}-{'low' if up else 'high'}")  # fmt: skip


def _ends(layer: Layer) -> tuple[float, float]:
    """Where a block begins and ends [V]."""
    if layer.voltage_range_V is not None:
        return layer.voltage_range_V
    high = layer.oxidation_potential_V
    return layer.reduction_potential_V or 0.0, _CEILING_V if high is None else high


def _draw_border(
    axes: Axes,
    contact: Contact,
    border: int,
    one: tuple[float, float],
    other: tuple[float, float],
) -> None:
    """The common window between two blocks, or the gap."""
    from matplotlib.patches import Rectangle

    x, wide = border + _BLOCK / 2.0, 1.0 - _BLOCK
    if contact.overlap_V is not None:
        low, high = contact.overlap_V
        end = _CEILING_V if high is None else min(high, _CEILING_V)
        if end - low > 0.01:
            axes.add_patch(
                Rectangle(
                    (x, low), wide, end - low, facecolor=WINDOW_FILL, alpha=0.5, linewidth=0.0,
                    zorder=1,
                )
            )  # fmt: skip
        else:
            axes.plot([x, x + wide], [low, low], color=WINDOW_FILL, linewidth=1.2, zorder=1)
        return
    ends = min(one[1], other[1]), max(one[0], other[0])
    middle = border + 0.5
    axes.plot([middle, middle], ends, color=OXIDATION, linewidth=0.8, zorder=2, clip_on=False)
    for end in ends:
        axes.plot([middle - 0.08, middle + 0.08], [end, end], color=OXIDATION, linewidth=0.8,
                  zorder=2, clip_on=False)  # fmt: skip


def _say(
    sheet: Sheet, touching: list[Contact], x: float, top: float, room: float, border: int
) -> None:
    """Reaction energy, class and gap above a border; of an electrode those of the worse state."""
    worst = min(touching, key=lambda contact: contact.reaction_energy_eV_per_atom)
    number = worst.interphase.interphase_class
    energy = f"{1000.0 * worst.reaction_energy_eV_per_atom:.0f} meV/atom".replace("-0 ", "0 ")
    energy = energy.replace("-", "\N{MINUS SIGN}")
    lines = [energy, f"class {'unknown' if number is None else number}"]
    if worst.gap_V is not None:
        lines.append(f"{worst.gap_V:.2f} V apart")
    colour = INK if worst.gap_V is None else OXIDATION
    size = min(sheet.fitting_size(line, _SIZE - 0.4, room - 0.05) for line in lines)
    for i, line in enumerate(reversed(lines)):
        sheet.text(
            x, top + 0.05 + i * 0.105, line, size, ha="center",
            color=colour if line.endswith("apart") else INK, gid=f"border-{border}-{i}",
        )  # fmt: skip
