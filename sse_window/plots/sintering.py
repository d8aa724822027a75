"""Energy and products of phases that are heated, against temperature."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core.tolerances import TEMPERATURE_K
from .phase_colours import phase_colours
from .sheet import FAINT, INK, OXIDATION, REDUCTION, RULE, Sheet, figure
from .style import DOUBLE, Style
from .typography import formula_text, name_text

if TYPE_CHECKING:
    from ..cells.heat_results import SinterResult

__all__ = ["sinter_figure"]

_MARGIN_IN = 0.52
_PANEL_IN = 1.9
_GAP_IN = 0.62
_LABEL_PT = 5.8
_ONSET_meV = -5.0
_SAME_meV = 0.5
"""Curves closer than a line is wide."""


@figure
def sinter_figure(
    result: SinterResult,
    *,
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw the reaction energy against temperature, and the products beside or below it.

    Parameters
    ----------
    result : SinterResult
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    sheet = Sheet(style, _title(result), [result.dataset], options, _note(result))
    stacked = style.column == "single"
    rows = 2 if stacked else 1
    heading = _heading(result) if style.title is None else style.title
    sheet.set_height(sheet.bottom + rows * (_PANEL_IN + 0.42) + (0.3 if heading else 0.12))
    room = sheet.width - _MARGIN_IN - 0.12
    if heading:
        size = sheet.fitting_size(heading, 7.0, sheet.width - 0.12)
        sheet.text(0.06, sheet.height - 0.17, heading, size)
    low = sheet.bottom + 0.38
    share = 1.0 if stacked else 0.43
    energy = (_MARGIN_IN, low + (rows - 1) * (_PANEL_IN + 0.42), share * room, _PANEL_IN)
    _draw_energy(sheet.axes(*energy), result)
    left = _MARGIN_IN if stacked else _MARGIN_IN + share * room + _GAP_IN
    width = (sheet.width - left) * (0.66 if stacked else 0.57)
    _draw_products(sheet, sheet.axes(left, low, width, _PANEL_IN), result, left + width + 0.08, low)
    return sheet


def _names(result: SinterResult) -> list[str]:
    return [name for name in (result.a, result.b) if name]


def _title(result: SinterResult) -> str:
    return f"{' | '.join(_names(result))} heated in {result.atmosphere}"


def _heading(result: SinterResult) -> str:
    return f"{' | '.join(name_text(n) for n in _names(result))} in {result.atmosphere}"


def _note(result: SinterResult) -> str:
    source = "Measured energies" if result.energies == "measured" else "Energies of the table"
    errors = [result.onset_error_K, *(d.error_K for d in result.decompositions)]
    known = [error for error in errors if error is not None]
    bar = f", temperatures to ±{max(known):.0f} K" if known else ""
    gases = "".join(f" {note}." for note in result.notes if "temperatures to" in note)
    gases = gases.replace("+-", "±")
    return f"{source}{bar}.{gases} Per atom of elements that no gas of the atmosphere holds."


def _draw_energy(axes: Any, result: SinterResult) -> None:
    temperatures = [point.temperature_K for point in result.points]
    mutual = [point.mutual_eV_per_nongas_atom for point in result.points]
    total = [1e3 * point.total_eV_per_nongas_atom for point in result.points]
    marker = "o" if len(temperatures) == 1 else ""
    pair = any(energy is not None for energy in mutual)
    same = pair and all(
        abs(1e3 * (m or 0.0) - t) < _SAME_meV for m, t in zip(mutual, total, strict=True)
    )
    if pair:
        axes.plot(
            temperatures, [1e3 * (energy or 0.0) for energy in mutual], color=OXIDATION,
            linewidth=1.3, marker=marker, label="mutual = total" if same else "mutual", zorder=3,
        )  # fmt: skip
        axes.axhline(_ONSET_meV, color=RULE, linewidth=0.5, linestyle=(0, (4, 2)))
    if not same:
        axes.plot(
            temperatures, total, color=REDUCTION, linewidth=0.9, marker=marker,
            label="total" if pair else "decomposition", linestyle=(0, (5, 2)) if pair else "-",
        )  # fmt: skip
    for change in result.changes_K:
        axes.axvline(change, color=RULE, linewidth=0.4, zorder=0.5)
    for place, key in enumerate(("a", "b")):
        at = result.decomposition_K.get(key)
        if at is not None:
            axes.axvline(at, color=FAINT, linewidth=0.8, linestyle=(0, (1, 1.5)))
            axes.text(
                at, 0.03 + 0.08 * place, f" {name_text(_names(result)[place])} decomposes ",
                transform=axes.get_xaxis_transform(), fontsize=_LABEL_PT, color=FAINT,
                ha="right" if at > sum(result.temperature_range_K) / 2 else "left",
            )  # fmt: skip
    axes.axhline(0.0, color=INK, linewidth=0.4)
    axes.margins(x=0.02, y=0.08)
    axes.set_xlabel("Temperature (K)")
    axes.set_ylabel("Energy (meV per non-gas atom)")
    axes.legend(frameon=False, fontsize=_LABEL_PT, handlelength=2.2, loc="best")


def _draw_products(
    sheet: Sheet, axes: Any, result: SinterResult, left: float, bottom: float
) -> None:
    """Products between the temperatures at which the reaction changes, stacked."""
    low, high = result.temperature_range_K
    if high <= low:
        low, high = low - 0.5, high + 0.5
    edges = [low, *result.changes_K, high]
    shares = [_shares(result, a, b) for a, b in itertools.pairwise(edges)]
    formulas = list(dict.fromkeys(f for share in shares for f in share))
    colours = phase_colours(formulas)
    taken: Counter[str] = Counter()
    hatches = {}
    for formula in sorted(formulas):
        hatches[formula] = ("", "////", "....")[min(taken[colours[formula]], 2)]
        taken[colours[formula]] += 1
    for (a, b), share in zip(itertools.pairwise(edges), shares, strict=True):
        base = 0.0
        for formula in formulas:
            part = share.get(formula, 0.0)
            if part:
                axes.bar(
                    a, part, width=b - a, bottom=base, align="edge", color=colours[formula],
                    edgecolor="white", linewidth=0.4, hatch=hatches[formula],
                )  # fmt: skip
                base += part
    if not formulas:
        axes.text(0.5, 0.5, "no reaction", ha="center", transform=axes.transAxes, color=FAINT)
    axes.set_xlim(low, high)
    axes.set_ylim(0.0, 100.0)
    axes.set_xlabel("Temperature (K)")
    axes.set_ylabel("Products (% of formula units)")
    from matplotlib.patches import Rectangle

    step = min(0.145, _PANEL_IN / max(len(formulas), 1))
    for i, formula in enumerate(reversed(formulas)):
        y = bottom + _PANEL_IN - 0.1 - i * step
        sheet.figure.add_artist(
            Rectangle(
                (left / sheet.width, y / sheet.height), 0.09 / sheet.width, 0.085 / sheet.height,
                transform=sheet.figure.transFigure, facecolor=colours[formula],
                hatch=hatches[formula], edgecolor="white", linewidth=0.3,
            )
        )  # fmt: skip
        room = sheet.width - left - 0.2
        text = formula_text(formula)
        size = sheet.fitting_size(text, _LABEL_PT, room)
        sheet.text(left + 0.14, y + 0.012, text, size)


def _shares(result: SinterResult, low: float, high: float) -> dict[str, float]:
    """Formula units of each product in percent, in the reaction that holds between two edges."""
    inside: Sequence[Any] = [
        p for p in result.points if low - TEMPERATURE_K <= p.temperature_K < high
    ]
    point = inside[0] if inside else result.points[-1]
    total = sum(product.amount for product in point.products)
    return {p.formula: 100.0 * p.amount / total for p in point.products} if total else {}
