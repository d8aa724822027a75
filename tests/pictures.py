"""Pictures taken apart: their texts with extents, and what goes into them."""

from __future__ import annotations

from itertools import combinations

from sse_window.cells.pairs import PairCurves
from sse_window.equilibria.interfaces import Interface
from sse_window.equilibria.windows import stability_window
from sse_window.facts import names
from sse_window.facts.conductors import facts
from sse_window.interphases.products import describe


def window_of(table, name, ion="Li"):
    return stability_window(table, names.resolve(name), ion)


def curves_of(table, electrolyte, electrode, voltages, ion="Li", state="as given"):
    a, b = names.resolve(electrolyte), names.resolve(electrode)
    interface = Interface(table, a, b, ion)
    return PairCurves(
        electrolyte=electrolyte,
        electrode=electrode,
        electrolyte_composition=a,
        electrode_composition=b,
        electrode_state=state,
        working_ion=ion,
        chemical=tuple(interface.chemical_curve()),
        electrochemical=tuple((v, tuple(interface.electrochemical_curve(v))) for v in voltages),
        dataset=table.provenance,
    )


def described(table, window):
    ion = window.working_ion
    return [describe(step.products, table, facts(), ion) for step in window.steps]


def visible_texts(sheet):
    """Every text that is drawn, with its extent in pixels."""
    from matplotlib.text import Text

    figure = sheet.figure
    figure.draw_without_rendering()
    unseen = set()  # tick labels beyond the ends of their axis
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    unseen |= {tick.label1, tick.label2}
    return [
        (text, text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_text() and text.get_visible() and text not in unseen
    ]


def overlaps(sheet):
    found = []
    half = 0.5  # pixel at 300 dpi: rounding of extents
    for (a, box), (b, other) in combinations(visible_texts(sheet), 2):
        across = min(box.x1, other.x1) - max(box.x0, other.x0)
        up = min(box.y1, other.y1) - max(box.y0, other.y0)
        if across > half and up > half:
            found.append((a.get_text(), b.get_text()))
    return found


def outside(sheet):
    width, height = sheet.figure.get_size_inches() * sheet.figure.dpi
    return [
        text.get_text()
        for text, box in visible_texts(sheet)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]


def texts_of(sheet, prefix):
    return {
        text.get_gid(): text.get_text()
        for text, _ in visible_texts(sheet)
        if (text.get_gid() or "").startswith(prefix)
    }
