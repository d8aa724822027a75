"""Potential and mobile ions beside an interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .sheet import FAINT, INK, OXIDATION, REDUCTION, Sheet, figure
from .style import SINGLE, Style

if TYPE_CHECKING:
    from ..cells.space_charge import SpaceChargeResult
    from ..results.answers import Provenance

__all__ = ["space_charge_figure"]

_HEIGHT_IN = 2.7
_MARGIN_IN = 0.52


@figure
def space_charge_figure(
    result: SpaceChargeResult,
    *,
    datasets: Sequence[Provenance] = (),
    style: Style = SINGLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw the profiles of a space-charge layer, or of the two sides of an interface.

    Parameters
    ----------
    result : SpaceChargeResult
    datasets : sequence of Provenance
        Of what stands beside the layers, where phases were named.
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    note = "The potential step is an input. " + " ".join(
        f"{text[:1].upper()}{text[1:]}." for text in result.warnings
    )
    sheet = Sheet(style, "Space-charge layer", datasets, options, note.strip())
    sheet.set_height(sheet.bottom + _HEIGHT_IN)
    inner = sheet.width - _MARGIN_IN - 0.12
    each = (_HEIGHT_IN - 0.72) / 2.0
    low = sheet.axes(_MARGIN_IN, sheet.bottom + 0.42, inner, each)
    top = sheet.axes(_MARGIN_IN, sheet.bottom + 0.42 + each + 0.08, inner, each, sharex=low)
    ends = []
    for side, layer in zip((1.0, -1.0), result.layers, strict=False):
        x = [side * d for d in layer.distance_nm]
        # Against the bulk of the first side: the second one's bulk lies a whole step away.
        shift = 0.0 if side > 0.0 else result.layers[0].step_V - layer.step_V
        potential = [shift + v for v in layer.potential_V]
        colour = REDUCTION if side > 0.0 else OXIDATION
        reach = 6.0 * max(layer.debye_length_nm, (layer.depletion_width_nm or 0.0) / 4.0)
        ends.append(side * reach)
        x, potential = [*x, side * reach], [*potential, shift]
        top.plot(x, potential, color=colour, linewidth=1.2)
        low.plot(x, [*layer.relative_density, 1.0], color=colour, linewidth=1.2)
        where = layer.depletion_width_nm
        if where is not None:
            for axes in (top, low):
                axes.axvline(side * where, color=FAINT, linewidth=0.6, linestyle=(0, (3, 2)))
            top.annotate(
                f"{where:.3g} nm", (side * where, 0.97), xycoords=("data", "axes fraction"),
                xytext=(2, 0), textcoords="offset points", fontsize=5.5, color=FAINT, va="top",
            )  # fmt: skip
    top.axvline(0.0, color=INK, linewidth=0.6)
    low.axvline(0.0, color=INK, linewidth=0.6)
    low.set_xlim(min(0.0, *ends), max(0.0, *ends))
    densest = max(max(layer.relative_density) for layer in result.layers)
    if densest > 20.0:
        low.set_yscale("symlog", linthresh=1.0)
    low.set_ylim(bottom=0.0)
    top.set_ylabel("Potential (V)")
    low.set_ylabel("Mobile ions / bulk")
    low.set_xlabel("Distance from the interface (nm)")
    top.tick_params(labelbottom=False)
    sheet.text(
        _MARGIN_IN, sheet.height - 0.14,
        sheet.heading(
            f"Step of {result.step_V:g} V: "
            + " | ".join(f"side {i}, {layer.kind}" for i, layer in enumerate(result.layers, 1))
        ),
        7.0,
    )  # fmt: skip
    return sheet
