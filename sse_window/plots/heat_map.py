"""Electrolytes against electrodes: the worst reaction of every pair as one map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core.errors import DataError
from ..results.answers import Provenance
from .sheet import FAINT, INK, RULE, Sheet, figure
from .style import DOUBLE, Style
from .typography import name_text, number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["heat_map_figure"]

VALUES = {
    "closed": ("chemical", "reaction_energy_eV_per_atom", "Closed, worst mutual (eV/atom)"),
    "open": (
        "electrochemical_worst",
        "reaction_energy_eV_per_nonion_atom",
        "Open, worst mutual (eV/non-ion atom)",
    ),
}
"""What a map shows: columns of the rows, and what the key calls it."""

_CELL_IN = 0.26
_WIDEST_CELL_IN = 0.9
_FONT = {"single": 5.0, "double": 5.8}
_KEY_IN = 0.34
_NOTE = "Energy, class of the interphase; italic: total energy, where mixing adds nothing."
_DARK = 0.55
"""Above this share of the deepest value a cell is so dark that its number is white."""


@figure
def heat_map_figure(
    rows: Sequence[Mapping[str, Any]],
    *,
    value: str = "open",
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw a map of pairs: a row per electrolyte, a column per state of an electrode.

    Cells are coloured by the worst mutual reaction energy, and hold its number and the class of the
    interphase. Where mixing adds nothing, as against a metal, the total energy stands instead, in
    italics. Pairs that failed are crossed out.

    Parameters
    ----------
    rows : sequence of mapping
        Rows of a screening of pairs.
    value : str
        ``closed`` or ``open``.
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.

    Raises
    ------
    DataError
        If the rows hold no pairs.
    """
    head, unit, said = VALUES[value]
    pairs = [row for row in rows if row.get("electrode")]
    if not pairs:
        raise DataError("no pairs among the results: a map needs rows with an electrode")
    down = list(dict.fromkeys(_name(row) for row in pairs))
    across = list(dict.fromkeys(_column(row) for row in pairs))
    energies, mixed = {}, {}
    for row in pairs:
        place = _name(row), _column(row)
        mutual = row.get(f"{head}_mutual_{unit}")
        total = row.get(f"{head}_total_{unit}")
        mixed[place] = bool(mutual)
        energies[place] = mutual if mutual or total is None else total
    size = _FONT[style.column]
    sheet = Sheet(
        style,
        "Map of pairs",
        _datasets(pairs),
        options,
        _NOTE,
    )
    names = [name_text(name) for name in down]
    left = min(max(sheet.width_of(name, size) for name in names) + 0.14, 0.4 * sheet.width)
    heads = [", ".join(part for part in column if part) for column in across]
    above = max(sheet.width_of(text, size) for text in heads) * 0.72 + 0.12
    height = len(down) * _CELL_IN
    sheet.set_height(sheet.bottom + 0.12 + height + above + _KEY_IN + 0.2)
    bottom = sheet.bottom + 0.12 + _KEY_IN
    # The last heading leans out of the map to the right.
    leaning = max(0.1, sheet.width_of(heads[-1], size) * 0.72 - 0.1)
    room = sheet.width - left - leaning
    axes = sheet.axes(left, bottom, min(room, len(across) * _WIDEST_CELL_IN), height)
    deepest = min([e for e in energies.values() if e is not None] or [0.0]) or -1.0
    classes = {(_name(row), _column(row)): row.get("interphase_class") for row in pairs}
    known = (set(energies), energies, mixed, classes)
    _draw_cells(axes, down, across, known, deepest, size if style.labels != "none" else 0.0)
    axes.set_yticks(range(len(down)), names, fontsize=size)
    axes.set_xticks(range(len(across)), heads, fontsize=size, rotation=45, ha="left")
    axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False, pad=2)
    _draw_key(sheet, said, deepest, left, sheet.bottom + 0.2, size)
    sheet.text(0.1, sheet.height - 0.16, sheet.heading(""), 7.0, weight="bold")
    return sheet


def _name(row: Mapping[str, Any]) -> str:
    return str(row.get("formula") or row.get("electrolyte"))


def _column(row: Mapping[str, Any]) -> tuple[str, str]:
    state = str(row.get("electrode_state") or "")
    return str(row["electrode"]), "" if state == "as given" else state


def _datasets(rows: Sequence[Mapping[str, Any]]) -> list[Provenance]:
    keys = ("dataset_name", "dataset_date", "dataset_corrections", "dataset_sha256")
    found = dict.fromkeys(tuple(str(row.get(key) or "") for key in keys) for row in rows)
    return [Provenance(a, b, c, d) for a, b, c, d in found if a]


def _colour(share: float) -> tuple[float, float, float]:
    """From white to a dark orange; equal steps of lightness, also in grey."""
    low, high = (1.0, 1.0, 1.0), (0.55, 0.22, 0.0)
    middle = (0.96, 0.62, 0.25)
    ends, part = (
        ((low, middle), 2.0 * share) if share < 0.5 else ((middle, high), 2.0 * share - 1.0)
    )
    red, green, blue = (a + part * (b - a) for a, b in zip(*ends, strict=True))
    return red, green, blue


def _draw_cells(
    axes: Axes,
    down: Sequence[str],
    across: Sequence[tuple[str, str]],
    known: tuple[set[Any], Mapping[Any, Any], Mapping[Any, bool], Mapping[Any, Any]],
    deepest: float,
    size: float,
) -> None:
    from matplotlib.patches import Rectangle

    asked, energies, mixed, classes = known
    for y, name in enumerate(down):
        for x, column in enumerate(across):
            place = name, column
            energy = energies.get(place)
            if place not in asked:
                continue
            share = 0.0 if energy is None else min(energy / deepest, 1.0)
            axes.add_patch(
                Rectangle(
                    (x - 0.5, y - 0.5), 1.0, 1.0, facecolor=_colour(share), edgecolor="white",
                    linewidth=0.8,
                )
            )  # fmt: skip
            if energy is None:
                axes.plot([x - 0.3, x + 0.3], [y - 0.3, y + 0.3], color=RULE, linewidth=0.6)
                axes.plot([x - 0.3, x + 0.3], [y + 0.3, y - 0.3], color=RULE, linewidth=0.6)
                continue
            if not size:
                continue
            kind = classes.get(place)
            text = number_text(energy, 2) + ("" if kind is None else f"  {int(kind)}")
            axes.text(
                x, y, text, ha="center", va="center", fontsize=size - 0.6,
                color="white" if share > _DARK else INK,
                style="normal" if mixed[place] or not energy else "italic",
            )  # fmt: skip
    axes.set_xlim(-0.5, len(across) - 0.5)
    axes.set_ylim(len(down) - 0.5, -0.5)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_key(
    sheet: Sheet, said: str, deepest: float, left: float, bottom: float, size: float
) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    scale = sheet.axes(left, bottom + 0.06, 1.2, 0.09)
    shades = LinearSegmentedColormap.from_list("energies", [_colour(i / 20.0) for i in range(21)])
    scale.imshow([[i / 100.0 for i in range(101)]], aspect="auto", cmap=shades)
    scale.set_xticks([]), scale.set_yticks([])
    for spine in scale.spines.values():
        spine.set_linewidth(0.4)
    sheet.text(left, bottom - 0.05, "0", size - 0.6, color=FAINT)
    sheet.text(left + 1.2, bottom - 0.05, number_text(deepest, 3), size - 0.6, color=FAINT,
               ha="right")  # fmt: skip
    sheet.text(left + 1.28, bottom + 0.07, said, size, color=INK)
