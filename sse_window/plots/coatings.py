"""Map of coatings: reaction with the electrolyte against reaction with the electrode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .. import api
from .sheet import FAINT, INK, RULE, STABLE, STABLE_FILL, Sheet, figure
from .style import DOUBLE, Style
from .typography import formula_text, name_text, voltage_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..cells.coating_search import CoatingSearch
    from ..cells.coatings import CoatingResult

__all__ = ["coatings_figure"]

_SIZE = 5.8
_MAP_IN = 3.1
_ROW_IN = 0.135
_BEST = 12
_FAMOUS = 11
_REJECTED = "#BBBBBB"
_KNOWN = "#D55E00"
_CEILING_V = 6.0


@figure
def coatings_figure(
    search: CoatingSearch,
    *,
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw every candidate by its reaction energies, and the windows of the best.

    Numbers are ranks, letters stand for well-known coatings that are rejected; both are spelt out
    in the list, with their windows as bars. Everything else that is rejected is grey.

    Parameters
    ----------
    search : CoatingSearch
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
    """
    order = [known.name for known in api.known_names() if known.kind == "coating"]
    best = [each for each in search.results if (each.rank or _BEST + 1) <= _BEST]
    famous = [each for each in search.results if each.well_known and each.status == "rejected"]
    famous.sort(key=lambda each: order.index(each.coating) if each.coating in order else len(order))
    famous = famous[:_FAMOUS]
    marks = {each.coating: str(each.rank) for each in best}
    marks |= {each.coating: chr(ord("a") + i) for i, each in enumerate(famous)}
    answered = [e for e in search.results if e.worst_reaction_energy_eV_per_atom is not None]
    title = f"Coatings between {search.electrolyte} and {search.electrode}"
    count = sum(each.rank is not None for each in search.results)
    total = search.funnel[0].passed
    note = (
        f"{count} of {total} candidates pass or are borderline (circles; numbers are ranks); "
        "squares are well known, dots rejected; dashed lines are thresholds of the filters."
    )
    sheet = Sheet(style, title, [search.dataset], options, note)
    rows = len(best) + len(famous) + (2 if best and famous else 1)
    listed = rows * _ROW_IN + 0.1
    wide = style.column == "double"
    across = min(_MAP_IN, 0.47 * sheet.width) if wide else sheet.width - 0.65
    high = max(across, listed) if wide else across
    below = sheet.bottom + 0.36
    sheet.set_height(below + (high if wide else high + 0.45 + listed) + 0.3)
    at = below if wide else below + listed + 0.45
    axes = sheet.axes(0.55, at, across, high)
    _draw_map(sheet, axes, answered, marks, search, (across, high))
    axes.set_xlabel(f"Reaction with {name_text(search.electrolyte)} (meV/atom)")
    axes.set_ylabel(f"Reaction with {name_text(search.electrode)} (meV/atom)")
    own = f"Coatings between {name_text(search.electrolyte)} and {name_text(search.electrode)}"
    sheet.text(0.55, at + high + 0.09, sheet.heading(own), _SIZE + 1.2, gid="heading")
    place = (0.55 + across + 0.2, below, high) if wide else (0.1, below, listed)
    _draw_list(sheet, best, famous, marks, search, place)
    return sheet


def _energies(each: CoatingResult) -> tuple[float, float]:
    """Reaction energies with the electrolyte, and with the worse state of the electrode [meV]."""
    states = (each.with_electrode_discharged_eV_per_atom, each.with_electrode_charged_eV_per_atom)
    assert each.with_electrolyte_eV_per_atom is not None
    return (
        1000.0 * each.with_electrolyte_eV_per_atom,
        1000.0 * min(energy for energy in states if energy is not None),
    )


def _draw_map(
    sheet: Sheet,
    axes: Axes,
    answered: Sequence[CoatingResult],
    marks: Mapping[str, str],
    search: CoatingSearch,
    size: tuple[float, float],
) -> None:
    shown = [each for each in answered if each.coating in marks or each.rank is not None]
    least = [-160.0, -160.0]
    for each in shown:
        least = [min(a, b) for a, b in zip(least, _energies(each), strict=True)]
    limits = [max(low * 1.08, -600.0) for low in least]
    axes.set_xlim(limits[0], 0.03 * -limits[0])
    axes.set_ylim(limits[1], 0.03 * -limits[1])
    groups: tuple[tuple[str, dict[str, Any]], ...] = (
        ("rejected", {"color": _REJECTED, "s": 2.5, "linewidths": 0.0, "zorder": 1}),
        ("borderline", {"facecolors": "white", "edgecolors": STABLE, "s": 9, "linewidths": 0.6,
                        "zorder": 3}),
        ("accepted", {"facecolors": STABLE_FILL, "edgecolors": STABLE, "s": 11, "linewidths": 0.5,
                      "zorder": 4}),
    )  # fmt: skip
    for status, style in groups:
        points = [
            _energies(each)
            for each in answered
            if each.status == status and not (status == "rejected" and each.coating in marks)
        ]
        if points:
            axes.scatter(*zip(*points, strict=True), **style, rasterized=len(points) > 2000)
    famous = [_energies(e) for e in answered if e.status == "rejected" and e.coating in marks]
    if famous:
        xs, ys = zip(*famous, strict=True)
        axes.scatter(xs, ys, marker="s", facecolors="white", edgecolors=_KNOWN, s=9,
                     linewidths=0.7, zorder=3)  # fmt: skip
    floor = search.filters.min_reaction_energy_eV_per_atom
    if floor is not None:
        for draw in (axes.axvline, axes.axhline):
            draw(1000.0 * floor, color=RULE, linewidth=0.5, linestyle=(0, (3, 2)), zorder=0)
    seen = [
        each
        for each in shown
        if each.coating in marks
        and all(value > low for value, low in zip(_energies(each), limits, strict=True))
    ]
    _label(sheet, axes, seen, marks, size)


def _label(
    sheet: Sheet,
    axes: Axes,
    marked: Sequence[CoatingResult],
    marks: Mapping[str, str],
    size: tuple[float, float],
) -> None:
    """Marks beside their points; points that coincide share one label."""
    x_low, x_high = axes.get_xlim()
    y_low, y_high = axes.get_ylim()
    width, height = size
    across, up = width / (x_high - x_low), height / (y_high - y_low)
    places: dict[tuple[int, int], list[CoatingResult]] = {}
    for each in marked:
        x, y = _energies(each)
        place = (round((x - x_low) * across / 0.07), round((y - y_low) * up / 0.07))
        places.setdefault(place, []).append(each)
    points = [
        ((x - x_low) * across, (y - y_low) * up) for x, y in (_energies(each) for each in marked)
    ]
    taken: list[tuple[float, float, float, float]] = [
        (x - 0.025, y - 0.025, x + 0.025, y + 0.025) for x, y in points
    ]
    line = _SIZE / 72.0
    for number, group in enumerate(places.values()):
        text = _said([marks[each.coating] for each in group])
        x, y = _energies(group[0])
        x, y = (x - x_low) * across, (y - y_low) * up
        wide = sheet.width_of(text, _SIZE)
        for reach in (0.05, 0.1, 0.17, 0.25, 0.35):
            spots = [
                (x + reach * dx + (wide * (dx - 1) / 2), y + reach * dy - line / 2)
                for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))
            ]
            box = next(
                (
                    (left, low, left + wide, low + line)
                    for left, low in spots
                    if left > 0.02
                    and left + wide < width - 0.02
                    and low > 0.02
                    and low + line < height - 0.02
                    and not any(
                        left < b[2] and b[0] < left + wide and low < b[3] and b[1] < low + line
                        for b in taken
                    )
                ),
                None,
            )
            if box is not None:
                break
        if box is None:  # the list beside the map has it all the same
            continue
        taken.append(box)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        if reach > 0.1:
            axes.plot(
                [x_low + x / across, x_low + middle[0] / across],
                [y_low + y / up, y_low + middle[1] / up],
                color=RULE, linewidth=0.4, zorder=2,
            )  # fmt: skip
        axes.text(
            x_low + middle[0] / across, y_low + middle[1] / up, text, fontsize=_SIZE, color=INK,
            ha="center", va="center", gid=f"mark-{number}", zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.3, "alpha": 0.8},
        )  # fmt: skip


def _said(marks: Sequence[str]) -> str:
    """Marks as one text, runs of ranks shortened.

    Examples
    --------
    >>> _said(["1", "2", "3", "7", "a"])
    '1-3, 7, a'
    """
    ranks = sorted(int(mark) for mark in marks if mark.isdecimal())
    parts = []
    for _, run in groupby(enumerate(ranks), key=lambda pair: pair[1] - pair[0]):
        members = [rank for _, rank in run]
        first, last = members[0], members[-1]
        parts.append(str(first) if first == last else f"{first}-{last}")
    return ", ".join([*parts, *sorted(mark for mark in marks if not mark.isdecimal())])


def _draw_list(
    sheet: Sheet,
    best: Sequence[CoatingResult],
    famous: Sequence[CoatingResult],
    marks: Mapping[str, str],
    search: CoatingSearch,
    place: tuple[float, float, float],
) -> None:
    """Marks, names and windows, from top to bottom of a place: left, bottom and height [inch]."""
    left, bottom, height = place
    listed = [*best, *famous]
    names = 0.2 + max(
        (sheet.width_of(formula_text(each.coating), _SIZE) for each in listed), default=0.5
    )
    names = min(names, 1.25)
    x0, wide = left + names + 0.08, sheet.width - left - names - 0.2
    axes = sheet.axes(x0, bottom, wide, height)
    axes.set_xlim(0.0, _CEILING_V)
    axes.set_ylim(0.0, height)
    axes.set_yticks([])
    axes.set_xlabel(voltage_label(search.working_ion, None).replace("Voltage", "Window"))
    limit = search.filters.min_oxidation_potential_V
    if limit is not None and limit < _CEILING_V:
        axes.axvline(limit, color=RULE, linewidth=0.6, linestyle=(0, (3, 2)), zorder=0)
    y = height - 0.04
    for heading, group, colour in (
        ("by rank", best, STABLE), ("well known", famous, _KNOWN),
    ):  # fmt: skip
        if not group:
            continue
        y -= _ROW_IN
        sheet.text(
            left, bottom + y + 0.03, heading, _SIZE - 0.4, color=FAINT, gid=f"list-{heading}"
        )
        for each in group:
            y -= _ROW_IN
            mark = marks[each.coating]
            sheet.text(left + 0.14, bottom + y + 0.03, mark, _SIZE, ha="right", gid=f"row-{mark}")
            name = formula_text(each.coating)
            size = sheet.fitting_size(name, _SIZE, names - 0.2)
            sheet.text(left + 0.19, bottom + y + 0.03, name, size, gid=f"name-{mark}")
            sheet.describe(f"name-{mark}", each.coating)
            low, high = each.reduction_potential_V or 0.0, each.oxidation_potential_V
            end = _CEILING_V if high is None else min(high, _CEILING_V)
            axes.barh(
                y + 0.055, end - low, height=0.07, left=low, zorder=2, linewidth=0.5,
                color=STABLE_FILL if colour == STABLE else "white", edgecolor=colour,
            )  # fmt: skip
