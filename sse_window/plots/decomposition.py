"""Decomposition energy against voltage, as a panel of another picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..results.answers import ProfileBands, StabilityWindow, Thresholds, decomposition_energy
from ..results.reference import Reference
from .sheet import INK, RULE, STABLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_energy"]


def draw_energy(
    axes: Axes,
    window: StabilityWindow,
    reference: Reference,
    ceiling: float,
    *,
    vertical: bool,
    bands: ProfileBands | None = None,
) -> None:
    """Decomposition energy, straight between steps; thick where the driving force is small."""
    from matplotlib.ticker import MaxNLocator

    lows = {s.voltage_low_V for s in window.steps if s.voltage_low_V < ceiling}
    voltages = sorted({0.0, ceiling} | lows)
    energies = [decomposition_energy(window, voltage) for voltage in voltages]
    limit = -Thresholds().driving_force_eV_per_atom

    def draw(vs: Sequence[float], es: Sequence[float], **style: Any) -> None:
        shown = [reference.of(v) for v in vs]
        axes.plot(*((es, shown) if vertical else (shown, es)), **style)

    if bands is not None:
        between = axes.fill_betweenx if vertical else axes.fill_between
        between(
            [reference.of(voltage) for voltage in bands.voltage_V],
            bands.decomposition_energy_percentile_16_eV_per_atom,
            bands.decomposition_energy_percentile_84_eV_per_atom,
            color="#C9C9C9",
            linewidth=0.0,
            zorder=1,
        )
    draw(voltages, energies, color=INK, linewidth=1.1, zorder=3)
    small = _above(voltages, energies, limit)
    if small:
        draw(*zip(*small, strict=True), color=STABLE, linewidth=2.8, zorder=2.5)
    deepest = min(min(energies), 4.0 * limit)
    axis = axes.xaxis if vertical else axes.yaxis
    axis.set_major_locator(MaxNLocator(3))
    if vertical:
        axes.set_xlim(deepest * 1.06, -deepest * 0.06)
        axes.set_xlabel("Decomposition\nenergy (eV/atom)")
        axes.axvline(0.0, color=RULE, linewidth=0.4, zorder=0.5)
    else:
        axes.set_ylim(deepest * 1.06, -deepest * 0.06)
        axes.set_ylabel("$E_D$ (eV/atom)")
        axes.axhline(0.0, color=RULE, linewidth=0.4, zorder=0.5)
    # The curve is near zero in and around the window: the opposite side is free there.
    high = window.oxidation_potential_V
    middle = (window.reduction_potential_V + (ceiling if high is None else high)) / 2.0
    along = min(max(middle / ceiling, 0.25), 0.75)
    axes.text(
        *((0.05, along) if vertical else (along, 0.06)),
        f"thick: |$E_D$|\n< {-limit:g} eV/atom" if vertical
        else f"thick: |$E_D$| < {-limit:g} eV/atom",
        transform=axes.transAxes, fontsize=5.2, color=STABLE, gid="small-driving-force",
        ha="left" if vertical else "center", va="center" if vertical else "bottom",
    )  # fmt: skip


def _above(xs: Sequence[float], ys: Sequence[float], level: float) -> list[tuple[float, float]]:
    """The part of a concave broken line at or above a level, cut exactly at it."""
    kept: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in zip(
        zip(xs[:-1], ys[:-1], strict=True), zip(xs[1:], ys[1:], strict=True), strict=True
    ):
        if y0 >= level:
            kept.append((x0, y0))
        if (y0 >= level) != (y1 >= level):
            kept.append((x0 + (level - y0) / (y1 - y0) * (x1 - x0), level))
    if ys and ys[-1] >= level:
        kept.append((xs[-1], ys[-1]))
    return kept
