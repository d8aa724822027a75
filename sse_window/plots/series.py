"""Limits along a series of compositions, with what limits each piece."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .sheet import FAINT, INK, OXIDATION, REDUCTION, RULE, STABLE_FILL, Sheet, figure
from .style import DOUBLE, Style
from .typography import formula_text, name_text, voltage_label

if TYPE_CHECKING:
    from ..cells.series import SeriesPoint

__all__ = ["series_figure"]

_MARGIN_IN = 0.64
_LIMITS_IN = 2.2
_HULL_IN = 0.6
_PAIRS_IN = 1.0
_COLOURS = ("#CC79A7", "#E69F00", "#56B4E9", INK)


@figure
def series_figure(
    points: Sequence[SeriesPoint],
    *,
    template: str,
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw both limits along a series, the energy above hull, and reactions with electrodes.

    The products that limit are numbered along each piece and named in the caption below; dotted
    lines mark where the neighbouring phases change.

    Parameters
    ----------
    points : sequence of SeriesPoint
        Of one variable, or of one set.
    template : str
        For the heading.
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    hull = [p.window.e_above_hull_eV_per_atom for p in points]
    met = sorted({(m.electrode, m.electrode_state) for p in points for m in p.pairs})
    named: dict[tuple[str, ...], int] = {}
    for side in ("reduction", "oxidation"):
        for p in points:
            limit = getattr(p.window, side)
            if limit is not None:
                named.setdefault(_products(limit), len(named) + 1)
    key = "; ".join(
        f"({number}) {' + '.join(map(formula_text, products))}"
        for products, number in named.items()
    )
    window = points[0].window
    sheet = Sheet(style, f"Series {template}", [window.dataset], options)
    lines = sheet.wrap(key.split(" "), sheet.width - 0.2, 5.6)
    below = sheet.bottom + 0.1 + len(lines) * sheet.line_height(5.6)
    panels = [_LIMITS_IN, *([_HULL_IN] if any(h is not None for h in hull) else [])]
    panels += [_PAIRS_IN] if met else []
    sheet.set_height(below + sum(panels) + 0.09 * len(panels) + 0.68)
    inner = sheet.width - _MARGIN_IN - 0.15
    bottom = sheet.height - 0.26
    drawn = []
    for height in panels:
        bottom -= height + 0.09
        drawn.append(sheet.axes(_MARGIN_IN, bottom, inner, height))
    xs, labels = _axis(points)
    _draw_limits(drawn[0], xs, points, named)
    rest = drawn[1:]
    if len(panels) > 1 and panels[1] == _HULL_IN:
        _draw_hull(rest.pop(0), xs, hull)
    if met:
        _draw_pairs(rest.pop(0), xs, points, met)
    for axes in drawn:
        pad = 0.5 if labels else 0.02 * _span(xs)
        axes.set_xlim(min(xs) - pad, max(xs) + pad)
        for x, p in zip(xs, points, strict=True):
            if p.phase_set_changes:
                axes.axvline(x, color=RULE, linewidth=0.5, linestyle=(0, (1, 2)), zorder=0.5)
        axes.tick_params(labelbottom=axes is drawn[-1])
        if labels:
            axes.set_xticks(xs, labels)
    drawn[-1].set_xlabel("" if labels else next(iter(points[0].values), "x"))
    for i, line in enumerate(reversed(lines)):
        sheet.text(0.1, sheet.bottom + 0.06 + i * sheet.line_height(5.6), line, 5.6, color=INK)
    sheet.text(_MARGIN_IN, sheet.height - 0.18, sheet.heading(_heading(template)), 7.0)
    return sheet


def _heading(template: str) -> str:
    """Template with amounts lowered; sets stay in their braces."""
    parts = re.split(r"\{([^{}]*)\}", template)
    return "".join(
        formula_text(part)
        if i % 2 == 0
        else f"{{{part}}}"
        if "," in part
        else f"$_{{{part.replace('*', '')}}}$"
        for i, part in enumerate(parts)
    )


def _products(limit: Any) -> tuple[str, ...]:
    return tuple(sorted(p.formula for p in limit.products))


def _span(xs: Sequence[float]) -> float:
    return (max(xs) - min(xs)) or 1.0


def _axis(points: Sequence[SeriesPoint]) -> tuple[list[float], list[str]]:
    """Places along the series, and names where it is a set."""
    if points[0].values:
        fastest = list(points[0].values)[-1]
        return [p.values[fastest] for p in points], []
    return [float(i) for i in range(len(points))], [name_text(p.window.formula) for p in points]


def _draw_limits(
    axes: Any,
    xs: Sequence[float],
    points: Sequence[SeriesPoint],
    named: Mapping[tuple[str, ...], int],
) -> None:
    windows = [p.window for p in points]
    highs = [w.oxidation_potential_V for w in windows]
    ceiling = max([h for h in highs if h is not None] or [4.0]) * 1.2 + 0.2
    lows = [w.reduction_potential_V for w in windows]
    tops = [ceiling if h is None else h for h in highs]
    apart = not points[0].values
    if apart:  # members of a set are no points of a line
        heights = [top - low for low, top in zip(lows, tops, strict=True)]
        axes.bar(xs, heights, bottom=lows, width=0.5, color=STABLE_FILL)
    else:
        axes.fill_between(xs, lows, tops, step="mid", color=STABLE_FILL, linewidth=0.0)
    for side, ys, colour, up in (
        ("reduction", lows, REDUCTION, False),
        ("oxidation", tops, OXIDATION, True),
    ):
        style = {"linestyle": "none"} if apart else {"drawstyle": "steps-mid", "linewidth": 1.1}
        axes.plot(xs, ys, marker="o", color=colour, markersize=2.6, **style)
        entries = [(x, y, getattr(w, side)) for x, y, w in zip(xs, ys, windows, strict=True)]
        for products, group in groupby(entries, lambda e: _products(e[2]) if e[2] else None):
            piece = list(group)
            if products is None:
                continue
            middle = piece[len(piece) // 2]
            axes.annotate(
                f"({named[products]})", (middle[0], middle[1]),
                xytext=(0, 4 if up else -4), textcoords="offset points",
                ha="center", va="bottom" if up else "top", fontsize=5.6, color=colour,
            )  # fmt: skip
    axes.set_ylim(min(0.0, min(lows)) - 0.25, ceiling)
    axes.set_ylabel(voltage_label(windows[0].working_ion))


def _draw_hull(axes: Any, xs: Sequence[float], hull: Sequence[float | None]) -> None:
    known = [(x, 1000.0 * h) for x, h in zip(xs, hull, strict=True) if h is not None]
    axes.plot(*zip(*known, strict=True), "s", color=INK, markersize=3)
    axes.set_ylim(0.0, max(10.0, 1.25 * max(h for _, h in known)))
    axes.set_ylabel("Above hull\n(meV/atom)", fontsize=6.0)
    if len(known) < len(xs):
        axes.text(
            0.01, 0.9, "others: not in the dataset", transform=axes.transAxes, fontsize=5.2,
            va="top", color=FAINT,
        )  # fmt: skip


def _draw_pairs(
    axes: Any,
    xs: Sequence[float],
    points: Sequence[SeriesPoint],
    met: Sequence[tuple[str, str]],
) -> None:
    for i, (electrode, state) in enumerate(met):
        ys = [
            next(
                1000.0 * m.chemical_mutual_eV_per_atom
                for m in p.pairs
                if (m.electrode, m.electrode_state) == (electrode, state)
            )
            for p in points
        ]
        axes.plot(
            xs, ys, "o-" if points[0].values else "o", color=_COLOURS[i // 2 % len(_COLOURS)],
            markersize=2.4, linewidth=1.0,
            markerfacecolor="white" if state == "charged" else None,
            label=f"{name_text(electrode)}, {state}",
        )  # fmt: skip
    axes.set_ylabel("Mutual, closed\n(meV/atom)", fontsize=6.0)
    axes.margins(y=0.12)
    axes.legend(frameon=False, fontsize=5.2, ncols=2)
