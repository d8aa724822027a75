"""Reaction energy of a pair against the mixing fraction, closed and open to the ion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..cells.pairs import PairCurves
from ..core.tolerances import ENERGY_eV_per_atom
from ..results.answers import MixingPoint, MixingReaction
from .sheet import (
    FAINT,
    INK,
    OXIDATION,
    REDUCTION,
    RULE,
    STABLE,
    Sheet,
    figure,
)
from .style import DOUBLE, Style
from .typography import formula_text, name_text, number_text, reaction_terms

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["pair_figure"]

_FONT = {"single": 5.2, "double": 5.6}
_LEFT, _RIGHT, _GAP = 0.5, 0.1, 0.56
_PANEL_HEIGHT = 1.75
_BELOW_PANEL = 0.46  # tick labels, names of the two ends, axis label
_ABOVE_PANEL = 0.3  # name of the panel, legend
_HEADING = 0.2
_KEY_INDENT = 0.13
_KEY_GAP = 0.03
_POINTS_PER_SEGMENT = 24
# Energies smaller than this are easier read in meV [eV].
_SMALL = 0.1
_CHEMICAL = "chemical"


@dataclass(frozen=True, slots=True)
class _Curve:
    """One condition of a panel."""

    name: str
    colour: str
    points: tuple[MixingPoint, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A worst point: its letter, where it stands, and what is said of it below."""

    letter: str
    curve: _Curve
    point: MixingPoint
    kinds: tuple[str, ...]
    lines: list[str]


@dataclass(frozen=True, slots=True)
class _Panel:
    """Curves in one unit.

    Attributes
    ----------
    name : str
    unit : str
        What the energy is per.
    curves : list of _Curve
    conserved : tuple of float
        Conserved atoms per atom of the electrolyte and of the electrode.
    additive : str or None
    with_additive : tuple of MixingReaction
        Worst mutual reaction of the three for each of the curves.
    """

    name: str
    unit: str
    curves: list[_Curve]
    conserved: tuple[float, float]
    additive: str | None = None
    with_additive: tuple[MixingReaction, ...] = ()

    @property
    def deepest(self) -> float:
        """Most negative energy [eV]."""
        pair = min((min(p.total, p.mutual) for c in self.curves for p in c.points), default=0.0)
        return min([pair, *(reaction.reaction_energy for reaction in self.with_additive)])

    @property
    def scale(self) -> tuple[float, str]:
        """Factor to, and name of, the unit of energy that is shown."""
        return (1e3, "meV") if self.deepest > -_SMALL else (1.0, "eV")

    def number(self, energy: float) -> str:
        """Energy in the unit shown."""
        factor, _ = self.scale
        return number_text(energy * factor, 1 if factor > 1.0 else 3)


@dataclass(frozen=True, slots=True)
class _Row:
    """Panels side by side, with the reactions that are written below them in columns."""

    state: PairCurves
    headed: bool
    panels: list[_Panel]
    marks: list[list[_Mark]]
    columns: list[list[_Mark]]

    def key_height(self, line: float) -> float:
        """Height of the reactions [inch]."""
        return max(_height(column, line) for column in self.columns)


@figure
def pair_figure(
    states: Sequence[PairCurves],
    *,
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw reaction energy against mixing fraction, one row per state of the electrode.

    The left panel is closed to the ion (per atom), the right one open to it at both ends of the
    voltage range (per non-ion atom); at single width they stand below each other. Solid lines are
    total reaction energies, dashed ones mutual (what mixing adds); the worst point of each is
    marked, and its reaction written below.

    Parameters
    ----------
    states : sequence of PairCurves
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Options that shaped the result, for the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    first = states[0]
    title = f"Reaction of {first.electrolyte} with {first.electrode}"
    sheet = Sheet(style, title, [state.dataset for state in states], options)
    size = _FONT[style.column]
    columns = 2 if style.column == "double" else 1
    panel_width = (sheet.width - _LEFT - _RIGHT - (columns - 1) * _GAP) / columns
    rows = [row for state in states for row in _rows(sheet, state, columns, panel_width, size)]
    line = sheet.line_height(size)
    frame = _ABOVE_PANEL + _PANEL_HEIGHT + _BELOW_PANEL + 0.12
    top = sheet.bottom + sum(
        frame + row.key_height(line) + (_HEADING if row.headed else 0.0) for row in rows
    )
    sheet.set_height(top)
    for r, row in enumerate(rows):
        if row.headed:
            top -= _HEADING
            heading = sheet.heading(_heading(row.state))
            if style.title and len(states) > 1:
                heading += f", {row.state.electrode_state}"
            large = sheet.fitting_size(heading, 7.5, sheet.width - _LEFT - _RIGHT, "bold")
            sheet.text(_LEFT, top + 0.06, heading, large, weight="bold", gid=f"heading-{r}")
        bottom = top - _ABOVE_PANEL - _PANEL_HEIGHT
        for c, panel in enumerate(row.panels):
            left = _LEFT + c * (panel_width + _GAP)
            axes = sheet.axes(left, bottom, panel_width, _PANEL_HEIGHT)
            _draw_panel(axes, panel, row.marks[c], letters=style.labels != "none")
            sheet.text(left, top - 0.09, panel.name, 6.5, weight="bold", gid=f"panel-{r}-{c}")
            _name_ends(sheet, row.state, left, bottom, panel_width)
        for c, marks in enumerate(row.columns if style.labels != "none" else ()):
            left = _LEFT + c * (panel_width + _GAP)
            _write_key(sheet, marks, left, bottom - _BELOW_PANEL, size, r)
        top -= frame + row.key_height(line)
    return sheet


def _rows(sheet: Sheet, state: PairCurves, columns: int, width: float, size: float) -> list[_Row]:
    panels = [_chemical(state)]
    if state.electrochemical:
        panels.append(_electrochemical(state))
    line = sheet.line_height(size)
    rows: list[_Row] = []
    taken = 0
    for i in range(0, len(panels), columns):
        group = panels[i : i + columns]
        marks: list[list[_Mark]] = []
        for panel in group:
            marks.append(_marks(sheet, panel, width - _KEY_INDENT, size, taken))
            taken += len(marks[-1])
        every = [mark for some in marks for mark in some]
        cuts = range(len(every) + 1) if columns == 2 else [len(every)]
        cut = min(cuts, key=lambda k: max(_height(every[:k], line), _height(every[k:], line)))
        rows.append(_Row(state, i == 0, group, marks, [every[:cut], every[cut:]]))
    return rows


def _heading(state: PairCurves) -> str:
    electrode = name_text(state.electrode, bold=True)
    composition = formula_text(state.electrode_composition.formula, bold=True)
    if composition != electrode:
        electrode += f" = {composition}"
    suffix = "" if state.electrode_state == "as given" else f", {state.electrode_state}"
    return f"{name_text(state.electrolyte, bold=True)} | {electrode}{suffix}"


def _chemical(state: PairCurves) -> _Panel:
    curve = _Curve(_CHEMICAL, INK, state.chemical)
    return _Panel(
        "Chemical (no ion exchange)", "atom", [curve], (1.0, 1.0), state.additive,
        state.with_additive[:1],
    )  # fmt: skip


def _electrochemical(state: PairCurves) -> _Panel:
    ion = state.working_ion
    between = max(len(state.electrochemical) - 2, 0)
    colours = [REDUCTION, *[STABLE] * between, OXIDATION]
    curves = [
        _Curve(f"{number_text(voltage, 2)} V", colour, points)
        for (voltage, points), colour in zip(state.electrochemical, colours, strict=False)
    ]
    electrolyte, electrode = (
        1.0 - composition.amount(ion) / composition.atoms
        for composition in (state.electrolyte_composition, state.electrode_composition)
    )
    name = f"Electrochemical (open to {ion})"
    return _Panel(
        name, f"non-{ion} atom", curves, (electrolyte, electrode), state.additive,
        state.with_additive[1:],
    )  # fmt: skip


def _marks(sheet: Sheet, panel: _Panel, width: float, size: float, taken: int) -> list[_Mark]:
    """Worst total and worst mutual point of every curve; one mark where both are one.

    Letters go on from the number of those `taken`.
    """
    marks: list[_Mark] = []
    _, unit = panel.scale
    for curve in panel.curves:
        found: dict[int, list[str]] = {}
        for kind in ("total", "mutual"):
            # Where one energy holds along the line, the electrolyte's own end is meant.
            worst = min(
                range(len(curve.points)), key=lambda i: (getattr(curve.points[i], kind), -i)
            )
            if getattr(curve.points[worst], kind) < -ENERGY_eV_per_atom:
                found.setdefault(worst, []).append(kind)
        for i, kinds in found.items():
            point = curve.points[i]
            energies = ", ".join(
                f"{'worst ' if kind in kinds else ''}{kind} {panel.number(getattr(point, kind))}"
                for kind in ("total", "mutual")
            )
            head = f"{curve.name}, x = {number_text(point.x_electrolyte, 2)}: {energies} {unit}"
            lines = sheet.wrap(head.split(" "), width, size)
            if sheet.style.labels == "none":
                lines = []
            elif sheet.style.labels == "full":
                lines += sheet.wrap(reaction_terms(point.reaction), width, size)
            letter = "abcdefghijklmnop"[taken + len(marks)]
            marks.append(_Mark(letter, curve, point, tuple(kinds), lines))
    for curve, reaction in zip(panel.curves, panel.with_additive, strict=False):
        if reaction.reaction_energy < -ENERGY_eV_per_atom and sheet.style.labels != "none":
            said = f"with {name_text(panel.additive or '')}"
            value = panel.number(reaction.reaction_energy)
            head = f"{curve.name}, {said}: worst mutual {value} {unit}"
            lines = sheet.wrap(head.split(" "), width, size)
            if sheet.style.labels == "full":
                lines += sheet.wrap(reaction_terms(reaction.reaction), width, size)
            letter = "abcdefghijklmnop"[taken + len(marks)]
            energy = reaction.reaction_energy
            point = MixingPoint(0.0, energy, energy, reaction.reaction, reaction.products)
            # No place on the line between the two: it is drawn as a level.
            marks.append(_Mark(letter, curve, point, (), lines))
    return marks


def _height(marks: Sequence[_Mark], line: float) -> float:
    return sum(len(mark.lines) * line + _KEY_GAP for mark in marks)


def _draw_panel(axes: Axes, panel: _Panel, marks: Sequence[_Mark], *, letters: bool = True) -> None:
    from matplotlib.ticker import MaxNLocator

    factor, unit = panel.scale
    deepest = min(panel.deepest, -0.01) * factor
    axes.set_xlim(0.0, 1.0)
    locator = MaxNLocator(5)
    low, high = deepest * 1.16, -deepest * 0.06
    # A tick close to the corner would have its label run into that of the axis below.
    if any(0.0 <= tick - low < -0.06 * deepest for tick in locator.tick_values(low, high)):
        low += 0.08 * deepest
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(locator)
    axes.axhline(0.0, color=RULE, linewidth=0.4, zorder=0.5)
    axes.set_ylabel(f"Reaction energy ({unit} per {panel.unit})", fontsize=6.5)
    paths = []
    for curve in panel.curves:
        for kind, style in (("total", "-"), ("mutual", (0, (3, 1.6)))):
            xs, ys = _path(curve.points, kind, panel.conserved)
            ys = [y * factor for y in ys]
            paths.append((xs, ys))
            named = "" if curve.name == _CHEMICAL else f"{curve.name}, "
            axes.plot(
                xs, ys, color=curve.colour, linewidth=1.1, linestyle=style, zorder=3,
                label=f"{named}{kind}",
            )  # fmt: skip
    for curve, reaction in zip(panel.curves, panel.with_additive, strict=False):
        said = f"with {name_text(panel.additive or '')}"
        axes.axhline(
            reaction.reaction_energy * factor, color=curve.colour, linewidth=0.8, zorder=2,
            linestyle=(0, (1, 1.2)), label=said if curve.name == _CHEMICAL else None,
        )  # fmt: skip
    axes.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False, fontsize=5.2,
        handlelength=1.8, handletextpad=0.4, columnspacing=0.9, borderaxespad=0.3, borderpad=0.0,
    )  # fmt: skip
    spots: list[tuple[_Mark, float, float]] = []
    for mark in marks:
        for kind in mark.kinds:
            spot = (mark.point.x_electrolyte, getattr(mark.point, kind) * factor)
            # Both energies at one place share a letter.
            if not spots or spots[-1][0] is not mark or abs(spots[-1][2] - spot[1]) > 0.02 * -low:
                spots.append((mark, *spot))
            axes.plot(
                *([value] for value in spot), marker="o", markersize=3.4, zorder=4, clip_on=False,
                markeredgecolor=mark.curve.colour, markeredgewidth=0.8, linestyle="none",
                markerfacecolor=mark.curve.colour if kind == "total" else "white",
            )  # fmt: skip
    if letters:
        _letter(axes, spots, paths)
    if not marks:
        axes.text(0.5, 0.5, "no reaction", transform=axes.transAxes, ha="center", color=FAINT)


def _path(
    points: Sequence[MixingPoint], kind: str, conserved: tuple[float, float]
) -> tuple[list[float], list[float]]:
    """Curve between kinks: straight in the fraction counted in conserved atoms.

    Closed, those are all atoms. Open, they are the non-ion atoms, and against the fraction in all
    atoms the line is bent wherever the two sides hold different shares of the ion.
    """
    xs = [point.x_electrolyte for point in points]
    ys = [float(getattr(point, kind)) for point in points]
    a, b = conserved
    if a == b or min(a, b) <= 0.0:
        return xs, ys

    def u(x: float) -> float:
        return x * a / (x * a + (1.0 - x) * b)

    bent_x, bent_y = xs[:1], ys[:1]
    for (x0, y0), (x1, y1) in pairwise(zip(xs, ys, strict=True)):
        for k in range(1, _POINTS_PER_SEGMENT + 1):
            share = k / _POINTS_PER_SEGMENT
            at = u(x0) + share * (u(x1) - u(x0))
            bent_x.append(at / a / (at / a + (1.0 - at) / b))
            bent_y.append(y0 + share * (y1 - y0))
    return bent_x, bent_y


def _letter(
    axes: Axes,
    spots: Sequence[tuple[_Mark, float, float]],
    paths: Sequence[tuple[Sequence[float], Sequence[float]]],
) -> None:
    """A letter beside each marked point: clear of points and letters, and of curves if it can."""
    import numpy as np
    from matplotlib.transforms import Bbox

    # Offsets [pt], the preferred ones first.
    sides = [
        (0, -8),
        (0, 8),
        (-6, -8),
        (6, -8),
        (-6, 8),
        (6, 8),
        (8, 0),
        (-8, 0),
        (0, -15),
        (0, 15),
    ]
    frame = axes.get_window_extent()
    points = axes.figure.dpi / 72.0
    half, dot = 3.2 * points, 2.6 * points

    def square(x: float, y: float, reach: float) -> Bbox:
        return Bbox.from_extents(x - reach, y - reach, x + reach, y + reach)

    ink = []
    for xs, ys in paths:
        corners = axes.transData.transform(np.column_stack([xs, ys]))
        length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
        along = np.arange(0.0, length[-1], points)
        ink.append(np.column_stack([np.interp(along, length, c) for c in corners.T]))
    places = [axes.transData.transform((x, y)) for _, x, y in spots]
    taken = [square(at[0], at[1], dot) for at in places]
    for (mark, x, y), at in zip(spots, places, strict=True):
        boxes = [square(at[0] + dx * points, at[1] + dy * points, half) for dx, dy in sides]

        def cost(i: int, boxes: list[Bbox] = boxes) -> tuple[int, bool, int, int]:
            box = boxes[i]
            outside = not (
                frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
            )
            covered = sum(int(np.count_nonzero(
                (box.x0 < line[:, 0]) & (line[:, 0] < box.x1)
                & (box.y0 < line[:, 1]) & (line[:, 1] < box.y1)
            )) for line in ink)  # fmt: skip
            return sum(bool(box.overlaps(other)) for other in taken), outside, covered, i

        side = min(range(len(sides)), key=cost)
        taken.append(boxes[side])
        axes.annotate(
            mark.letter, (x, y), sides[side], textcoords="offset points", ha="center", va="center",
            fontsize=6.2, weight="bold", color=mark.curve.colour,
            gid=f"letter-{mark.letter}-{len(taken)}",
        )  # fmt: skip


def _name_ends(sheet: Sheet, state: PairCurves, left: float, bottom: float, width: float) -> None:
    """Names of the pure phases under the two ends of the axis."""
    y = bottom - 0.23
    for name, x, side in (
        (state.electrode, left, "left"),
        (state.electrolyte, left + width, "right"),
    ):
        text = name_text(name)
        size = sheet.fitting_size(text, 6.2, 0.48 * width)
        sheet.text(x, y, text, size, color=FAINT, ha=side)
    label = "Atomic fraction of the electrolyte, x"
    sheet.text(left + width / 2.0, bottom - 0.34, label, 6.8, ha="center")


def _write_key(
    sheet: Sheet, marks: Sequence[_Mark], left: float, top: float, size: float, row: int
) -> None:
    """Energies and reactions of the marked points."""
    y = top
    for mark in marks:
        for i, text in enumerate(mark.lines):
            y -= sheet.line_height(size)
            colour = mark.curve.colour if i == 0 else INK
            gid = f"reaction-{row}-{mark.letter}-{i}"
            sheet.text(left + _KEY_INDENT, y, text, size, color=colour, gid=gid)
            if i == 0:
                sheet.text(left, y, mark.letter, size, weight="bold", color=colour)
                sheet.describe(gid, mark.point.reaction)
        y -= _KEY_GAP
