"""Volume of electrodes against voltage, and the share of a mixture that keeps its volume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..core.tolerances import ROUNDING
from .sheet import FAINT, INK, OXIDATION, REDUCTION, RULE, STABLE, Sheet, figure
from .style import SINGLE, Style
from .typography import name_text, voltage_label

if TYPE_CHECKING:
    from ..cells.strain import StrainResult

__all__ = ["strain_figure"]

_MARGIN_IN = 0.55
_PANEL_IN = 1.55
_COLOURS = (REDUCTION, OXIDATION, STABLE, "#CC79A7", "#E69F00", INK)


@figure
def strain_figure(
    result: StrainResult,
    *,
    style: Style = SINGLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw the volume of every electrode, and the shares of a mixture below.

    Volumes stand against the voltage where every electrode has one, else against the content of
    the ion.

    Parameters
    ----------
    result : StrainResult
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    shares = [mix for mix in result.mix if mix.mass_fractions and mix.upto_V is not None]
    panels = 2 if len(shares) > 1 else 1
    sources = "; ".join(dict.fromkeys(f"{e.electrode}: {e.source}" for e in result.electrodes))
    title = f"Volume of {', '.join(e.electrode for e in result.electrodes)}"
    datasets = [] if result.dataset is None else [result.dataset]
    sheet = Sheet(style, title, datasets, options, f"{sources}.")
    height = sheet.bottom + panels * (_PANEL_IN + 0.42) + 0.12
    sheet.set_height(height, headed=False)
    inner = sheet.width - _MARGIN_IN - 0.12
    top = sheet.axes(
        _MARGIN_IN, height - 0.1 - _PANEL_IN, inner, _PANEL_IN
    )  # fmt: skip
    _draw_volumes(top, result)
    if panels == 2:
        low = sheet.axes(_MARGIN_IN, sheet.bottom + 0.38, inner, _PANEL_IN)
        _draw_shares(low, result)
    return sheet


def _draw_volumes(axes: Any, result: StrainResult) -> None:
    ion = result.electrodes[0].working_ion
    everywhere = all(sum(p.voltage_V is not None for p in e.points) > 1 for e in result.electrodes)
    for colour, electrode in zip(_COLOURS * 2, result.electrodes, strict=False):
        points = [
            (p.voltage_V if everywhere else p.ion_fraction, 100.0 * p.volume_change)
            for p in electrode.points
            if not everywhere or p.voltage_V is not None
        ]
        xs, ys = zip(*points, strict=True)
        axes.plot(
            xs, ys, "o-", color=colour, markersize=3, linewidth=1.0,
            label=name_text(electrode.electrode),
        )  # fmt: skip
    axes.axhline(0.0, color=RULE, linewidth=0.4, zorder=0.5)
    axes.margins(x=0.05, y=0.12)
    axes.set_xlabel(voltage_label(ion) if everywhere else f"Share of {ion} sites filled")
    axes.set_ylabel("Volume change (%)")
    axes.legend(frameon=False, fontsize=5.8, handlelength=1.5)


def _draw_shares(axes: Any, result: StrainResult) -> None:
    known = [m for m in result.mix if m.mass_fractions is not None and m.upto_V is not None]
    first = result.electrodes[0]
    xs = [m.upto_V for m in known]
    axes.plot(
        xs, [100.0 * m.mass_fractions[0] for m in known if m.mass_fractions], "o-",
        color=_COLOURS[0], markersize=3, linewidth=1.0,
    )  # fmt: skip
    axes.set_ylim(0.0, 100.0)
    axes.margins(x=0.08)
    axes.set_xlabel(f"Upper {voltage_label(first.working_ion)[:1].lower()}"
                    f"{voltage_label(first.working_ion)[1:]}")  # fmt: skip
    still = all(abs(m.volume_change or 0.0) < ROUNDING for m in known)
    axes.set_ylabel(f"{first.electrode} by mass (%)")
    axes.text(
        0.03, 0.95, "keeps the volume" if still else "share as stated", transform=axes.transAxes,
        fontsize=5.8, va="top", color=FAINT,
    )  # fmt: skip
