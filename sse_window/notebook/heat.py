"""Answers about heat and atmospheres, as Python shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..api.heat import sinter as sinter_asked
from ..api.heat import stability_map as map_asked
from ..cells.heat_results import SinterResult
from ..cells.stability_map import StabilityMap
from ..results.rows import Row, entry_rows
from ..results.schema import SINTER, STABILITY_MAP
from .shown import Shown, as_shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

__all__ = ["OxygenMap", "Sintering", "sinter", "stability_map"]


class Sintering(Shown, SinterResult):
    """One or two phases heated in an atmosphere; one row for each temperature."""

    def _said(self) -> str:
        sides = " | ".join(side for side in (self.a, self.b) if side)
        low, high = self.temperature_range_K
        onset = "" if self.onset_K is None else f", reacts from {self.onset_K:.0f} K"
        return f"{sides} in {self.atmosphere}, {low:g} to {high:g} K{onset}"

    @staticmethod
    def _rows(part: SinterResult) -> list[Row]:
        return entry_rows(part, "points", SINTER)

    @staticmethod
    def _tables(parts: Sequence[SinterResult]) -> list[RenderableType]:
        from ..terminal import sinter_tables

        return [line for part in parts for line in sinter_tables(part)]

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[SinterResult]) -> None:
        from ..plots.on_axes import draw_sinter

        draw_sinter(ax, parts)


class OxygenMap(Shown, StabilityMap):
    """Equilibria over temperature and oxygen pressure; one row for each field."""

    def _said(self) -> str:
        low, high = self.temperature_range_K
        return f"{self.composition}, {low:g} to {high:g} K, {len(self.fields)} fields"

    @staticmethod
    def _rows(part: StabilityMap) -> list[Row]:
        return entry_rows(part, "fields", STABILITY_MAP)

    @staticmethod
    def _tables(parts: Sequence[StabilityMap]) -> list[RenderableType]:
        from ..terminal import map_tables

        return map_tables(parts[0])

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[StabilityMap]) -> None:
        from ..plots.on_axes import draw_map

        draw_map(ax, parts)


sinter = as_shown(Sintering, sinter_asked)
stability_map = as_shown(OxygenMap, map_asked)
