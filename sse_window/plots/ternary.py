"""Ternary phase diagram: fields of three phases, coloured by the potential of the ion there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..results.answers import TernaryDiagram
from ..results.reference import Reference
from .sheet import INK, OXIDATION, STABLE_FILL, Sheet, figure
from .style import DOUBLE, Style
from .typography import formula_text, name_text, voltage_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ternary_figure"]

_HALF_ROOT = math.sqrt(3.0) / 2.0
_LABEL_PT = 6.0
_LINE_IN = 0.125
_SIDE_IN = {"single": 2.7, "double": 3.6}
_EDGE_IN = 0.3
_DOT_PT = 7.5


@figure
def ternary_figure(
    found: TernaryDiagram,
    *,
    name: str | None = None,
    style: Style = DOUBLE,
    reference: Reference | None = None,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw a triangle with numbered phases, and what the numbers mean beside or below it.

    Parameters
    ----------
    found : TernaryDiagram
    name : str, optional
        What the composition is called; its formula if left out.
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
    """
    reference = reference or Reference.metal(found.working_ion)
    system = "-".join(found.corners)
    how = "closed"
    if found.voltage_V is not None:
        label = voltage_label(found.working_ion, reference)
        beside = label.removeprefix("Voltage vs ").removesuffix(" (V)")
        how = f"open to {found.working_ion} at {reference.of(found.voltage_V):.2f} V vs {beside}"
    sheet = Sheet(style, f"Phases of {system}, {how}", [found.dataset], options)
    stacked = style.column == "single"
    side = min(_SIDE_IN[style.column], sheet.width - 2 * _EDGE_IN)
    entries = [formula_text(phase.formula) for phase in found.phases]
    called = name_text(name or found.formula)
    listed = 0 if style.labels == "none" else len(entries) + 1
    rows = math.ceil(listed / 2) if stacked else listed
    triangle = side * _HALF_ROOT + 2 * _EDGE_IN
    bar = 0.42 if found.voltage_V is None else 0.0
    key = rows * _LINE_IN + 0.06
    body = triangle + bar + key if stacked else max(triangle + bar, key)
    heading = sheet.heading(f"{system}, {how}")
    sheet.set_height(sheet.bottom + body + (0.22 if heading else 0.04))
    if heading:
        size = sheet.fitting_size(heading, 7.0, sheet.width - 0.12)
        sheet.text(0.06, sheet.height - 0.17, heading, size)
    low = sheet.bottom + (key if stacked else body - triangle - bar)
    left = (sheet.width - side) / 2 - _EDGE_IN if stacked else 0.06
    axes = sheet.axes(left, low + bar, side + 2 * _EDGE_IN, triangle)
    edge = _EDGE_IN / side
    axes.set_xlim(-edge, 1.0 + edge)
    axes.set_ylim(-edge, _HALF_ROOT + edge)
    axes.set_axis_off()
    colours = _draw_fields(axes, found)
    if bar and colours is not None:
        _draw_bar(sheet, colours, found, (left + _EDGE_IN, low + 0.34, side, 0.08), reference)
    _draw_phases(axes, found)
    if not listed:
        return sheet
    texts = [f"{i + 1}  {text}" for i, text in enumerate(entries)]
    texts.append(f"{'○' if _is_phase(found) else '★'}  {called}")
    columns = 2 if stacked else 1
    across = (sheet.width - 0.12) / 2 if stacked else sheet.width - (left + side + 2 * _EDGE_IN)
    x0 = 0.06 if stacked else left + side + 2 * _EDGE_IN + 0.05
    y0 = low - 0.1 if stacked else sheet.bottom + (body + rows * _LINE_IN) / 2 - 0.1
    for i, text in enumerate(texts):
        column, row = divmod(i, rows) if columns > 1 else (0, i)
        size = sheet.fitting_size(text, _LABEL_PT, across - 0.08)
        sheet.text(x0 + column * across, y0 - row * _LINE_IN, text, size, gid=f"phase-{i}")
    return sheet


def _at(fractions: Sequence[float]) -> tuple[float, float]:
    """Place in a triangle of side 1: the first corner on top, the second left, the third right."""
    top, _, right = fractions
    return right + top / 2.0, top * _HALF_ROOT


def _draw_fields(axes: Axes, found: TernaryDiagram) -> Any:
    """Fields, and the scale of their colours where they have a potential."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.patches import Polygon

    known = [field.voltage_V for field in found.fields if field.voltage_V is not None]
    scale: Any = None
    if known:
        # The darkest third of the map would drown the numbers.
        pale = colormaps["viridis"].resampled(256)
        scale = ScalarMappable(Normalize(0.0, max(*known, 0.1)), pale)
    for field in found.fields:
        corners = [_at(found.phases[place].fractions) for place in field.phases]
        inside = _holds(corners, _at(found.fractions))
        fill: Any = STABLE_FILL if inside else "white"
        if scale is not None and field.voltage_V is not None:
            fill = scale.to_rgba(field.voltage_V, alpha=0.75)
        axes.add_patch(Polygon(corners, facecolor=fill, edgecolor=INK, linewidth=0.5, zorder=1))
    return scale


def _holds(corners: Sequence[tuple[float, float]], point: tuple[float, float]) -> bool:
    (x1, y1), (x2, y2), (x3, y3) = corners
    x, y = point
    signs = [
        (xa - x) * (yb - y) - (xb - x) * (ya - y)
        for (xa, ya), (xb, yb) in (((x1, y1), (x2, y2)), ((x2, y2), (x3, y3)), ((x3, y3), (x1, y1)))
    ]
    return min(signs) >= -1e-9 or max(signs) <= 1e-9


def _draw_bar(
    sheet: Sheet,
    colours: Any,
    found: TernaryDiagram,
    box: tuple[float, float, float, float],
    reference: Reference,
) -> None:
    reference = reference or Reference.metal(found.working_ion)
    axes = sheet.axes(*box)
    bar: Any = sheet.figure.colorbar(colours, cax=axes, orientation="horizontal")
    bar.solids.set_alpha(0.75)
    bar.outline.set_linewidth(0.4)
    bar.formatter = _shifted(reference)
    bar.update_ticks()
    axes.tick_params(labelsize=_LABEL_PT, direction="out", length=2.0, pad=1.5)
    axes.set_xlabel(voltage_label(found.working_ion, reference), fontsize=_LABEL_PT + 0.4)


def _shifted(reference: Reference) -> Any:
    from matplotlib.ticker import FuncFormatter

    return FuncFormatter(lambda value, _: f"{reference.of(value):.1f}".replace("-", "−"))


def _draw_phases(axes: Axes, found: TernaryDiagram) -> None:
    for i, phase in enumerate(found.phases):
        x, y = _at(phase.fractions)
        axes.plot(
            [x], [y], "o", color="white", markeredgecolor=INK, markeredgewidth=0.5,
            markersize=_DOT_PT, zorder=3,
        )  # fmt: skip
        axes.text(
            x, y, str(i + 1), fontsize=_LABEL_PT - 1.2, ha="center", va="center_baseline", zorder=4,
            gid=f"number-{i}",
        )  # fmt: skip
    x, y = _at(found.fractions)
    axes.plot(
        [x], [y], "*", color=OXIDATION, markeredgecolor="white", markeredgewidth=0.3,
        markersize=_DOT_PT + 1.5, zorder=2.5 if _is_phase(found) else 5,
    )  # fmt: skip
    if _is_phase(found):
        axes.plot([x], [y], "o", color="none", markeredgecolor=OXIDATION, markeredgewidth=1.4,
                  markersize=_DOT_PT + 2.0, zorder=3.5)  # fmt: skip
    for corner, element in enumerate(found.corners):
        fractions = [float(place == corner) for place in range(3)]
        x, y = _at(fractions)
        shift = ((0.0, 0.06), (-0.06, -0.02), (0.06, -0.02))[corner]
        axes.text(x + shift[0], y + shift[1], element, fontsize=_LABEL_PT + 1.5, ha="center",
                  va="center", weight="bold")  # fmt: skip


def _is_phase(found: TernaryDiagram) -> bool:
    return any(
        max(abs(a - b) for a, b in zip(phase.fractions, found.fractions, strict=True)) < 1e-6
        for phase in found.phases
    )
