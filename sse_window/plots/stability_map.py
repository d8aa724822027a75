"""Map of the phases in equilibrium, temperature against oxygen pressure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .sheet import INK, Sheet, figure
from .style import DOUBLE, Style
from .typography import formula_text, name_text

if TYPE_CHECKING:
    from ..cells.stability_map import OxygenField, StabilityMap

__all__ = ["stability_map_figure"]

_MARGIN_IN = 0.5
_PANEL_IN = 2.6
_LINE_IN = 0.15
_LABEL_PT = 6.0
_LEAST_HEIGHT = 0.04
"""Share of the height that a field has to have to carry a number."""

_FILLS = (
    "#D6E4F0", "#F8DCC9", "#DCEBD5", "#EADCEB", "#F6EFC6", "#CFE9E6", "#F4D3DA", "#E3E3E3",
)  # fmt: skip


@figure
def stability_map_figure(
    found: StabilityMap,
    *,
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw the fields with a number each, and what stands in each beside or below the map.

    Parameters
    ----------
    found : StabilityMap
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    names = [name for name in (found.a, found.b) if name]
    sheet = Sheet(
        style, f"Phases of {' and '.join(names)} in oxygen", [found.dataset], options, _note(found)
    )
    heading = f"{' | '.join(name_text(name) for name in names)}  in oxygen"
    heading = heading if style.title is None else style.title
    numbered = _numbered(found)
    stacked = style.column == "single"
    listed = 0.1 + _LINE_IN * len(numbered) if stacked else 0.0
    sheet.set_height(sheet.bottom + listed + _PANEL_IN + (0.72 if heading else 0.5))
    if heading:
        sheet.text(0.06, sheet.height - 0.17, heading, 7.0)
    low = sheet.bottom + listed + 0.38
    width = sheet.width - _MARGIN_IN - 0.12 if stacked else 0.48 * sheet.width
    _draw_fields(sheet.axes(_MARGIN_IN, low, width, _PANEL_IN), found, numbered)
    left = 0.1 if stacked else _MARGIN_IN + width + 0.15
    y = sheet.bottom + listed - 0.05 if stacked else low + _PANEL_IN - 0.1
    step = _LINE_IN if stacked else min(_LINE_IN, (_PANEL_IN - 0.05) / max(len(numbered), 1))
    for products, number in numbered.items():
        text = f"{number}  {' + '.join(formula_text(f) for f in products)}"
        size = sheet.fitting_size(text, _LABEL_PT, sheet.width - left - 0.06)
        sheet.text(left, y, text, size)
        y -= step
    return sheet


def _note(found: StabilityMap) -> str:
    note = "Measured energies." if found.energies == "measured" else "Energies of the table."
    if found.error_K is not None:
        note += f" Temperatures to ±{found.error_K:.0f} K: an order, not a number."
    if found.b is not None:
        note += " Equal numbers of atoms of both."
    return f"{note} Fields without a number are too narrow for one."


def _by_products(found: StabilityMap) -> dict[tuple[str, ...], list[OxygenField]]:
    by_products: dict[tuple[str, ...], list[OxygenField]] = {}
    for field in found.fields:
        by_products.setdefault(field.products, []).append(field)
    return by_products


def _numbered(found: StabilityMap) -> dict[tuple[str, ...], int]:
    """Numbers of the fields that have room for one."""
    least = _LEAST_HEIGHT * (found.log_pressure_range[1] - found.log_pressure_range[0])
    wide = [p for p, fields in _by_products(found).items() if max(map(_height, fields)) >= least]
    return {products: i + 1 for i, products in enumerate(wide)}


def _draw_fields(axes: Any, found: StabilityMap, numbered: Mapping[tuple[str, ...], int]) -> None:
    temperatures = sorted({field.temperature_K for field in found.fields})
    step = temperatures[1] - temperatures[0]
    by_products = _by_products(found)
    for products, fields in by_products.items():
        place = list(by_products).index(products)
        axes.bar(
            [field.temperature_K for field in fields],
            [field.log_pressure_high - field.log_pressure_low for field in fields],
            bottom=[field.log_pressure_low for field in fields],
            width=step * 1.02,
            color=_FILLS[place % len(_FILLS)],
            linewidth=0.0,
        )
        _draw_upper_edge(axes, fields, found.log_pressure_range[1], step)
        widest = max(fields, key=_height)
        middle = sorted(fields, key=lambda f: f.temperature_K)[len(fields) // 2]
        at = middle if _height(middle) >= 0.5 * _height(widest) else widest
        if products in numbered:
            low, high = found.temperature_range_K
            inset = 0.025 * (high - low)
            axes.text(
                min(max(at.temperature_K, low + inset), high - inset),
                (at.log_pressure_low + at.log_pressure_high) / 2,
                str(numbered[products]), fontsize=_LABEL_PT, ha="center", va="center", color=INK,
            )  # fmt: skip
    axes.set_xlim(*found.temperature_range_K)
    axes.set_ylim(*found.log_pressure_range)
    axes.set_xlabel("Temperature (K)")
    axes.set_ylabel(r"log$_{10}$ oxygen pressure (bar)")


def _height(field: OxygenField) -> float:
    return field.log_pressure_high - field.log_pressure_low


def _draw_upper_edge(axes: Any, fields: Sequence[OxygenField], top: float, step: float) -> None:
    """Upper boundary of a field, broken where the field is."""
    line: list[OxygenField] = []
    for field in [*fields, None]:
        if field is not None and (
            not line or field.temperature_K - line[-1].temperature_K < 1.5 * step
        ):
            line.append(field)
            continue
        edge = [f for f in line if f.log_pressure_high < top]
        axes.plot(
            [f.temperature_K for f in edge], [f.log_pressure_high for f in edge], color=INK,
            linewidth=0.6,
        )  # fmt: skip
        line = [] if field is None else [field]
