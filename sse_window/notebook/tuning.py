"""Series, strain, space charge and frameworks, as Python shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..api.tuning import series as series_asked
from ..api.tuning import space_charge as space_charge_asked
from ..api.tuning import strain as strain_asked
from ..api.tuning import topotactic as topotactic_asked
from ..cells.series import SeriesPoint
from ..cells.space_charge import SpaceChargeResult
from ..cells.strain import StrainResult
from ..results.answers import Provenance, TopotacticWindow
from ..results.rows import Row, entry_rows, row
from ..results.schema import SERIES, SERIES_PAIR, SPACE_CHARGE, STRAIN, TOPOTACTIC
from .shown import Shown, as_shown, one_by_one

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

__all__ = [
    "Framework", "Member", "SpaceCharge", "Strain", "series", "space_charge", "strain",
    "topotactic",
]  # fmt: skip


class Member(Shown, SeriesPoint):
    """One member of a series of compositions; a row for each electrode it was paired with."""

    @property
    def dataset(self) -> Provenance:
        """Where its energies come from."""
        return self.window.dataset

    def _said(self) -> str:
        high = self.window.oxidation_potential_V
        end = "no limit" if high is None else f"{high:.3f} V"
        at = ", ".join(f"{name} = {value:g}" for name, value in self.values.items())
        low = self.window.reduction_potential_V
        return f"{at or self.window.formula}: {low:.3f} to {end}"

    @staticmethod
    def _rows(part: SeriesPoint) -> list[Row]:
        return entry_rows(part, "pairs", SERIES_PAIR) if part.pairs else [row(part, SERIES)]

    @staticmethod
    def _tables(parts: Sequence[SeriesPoint]) -> list[RenderableType]:
        from ..terminal import series_tables

        return series_tables(parts)

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[SeriesPoint]) -> None:
        from ..plots.on_axes import draw_series

        draw_series(ax, parts)


class Strain(Shown, StrainResult):
    """Volumes of electrodes; one row for each state of charge."""

    def _said(self) -> str:
        swings = [f"{e.electrode} {100.0 * e.largest_swing:.2f}%" for e in self.electrodes]
        return "largest change of volume: " + ", ".join(swings)

    @staticmethod
    def _rows(part: StrainResult) -> list[Row]:
        return [found for each in part.electrodes for found in entry_rows(each, "points", STRAIN)]

    @staticmethod
    def _tables(parts: Sequence[StrainResult]) -> list[RenderableType]:
        from ..terminal import strain_tables

        return strain_tables(parts[0])

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[StrainResult]) -> None:
        from ..plots.on_axes import draw_strain

        draw_strain(ax, parts)


class SpaceCharge(Shown, SpaceChargeResult):
    """Layers that screen a potential step; one row for each side."""

    def _said(self) -> str:
        width = self.depletion_width_nm
        layer = "no depletion layer" if width is None else f"depletion layer {width:.3g} nm"
        return f"step {self.step_V:g} V: {layer}, Debye length {self.debye_length_nm:.3g} nm"

    @staticmethod
    def _rows(part: SpaceChargeResult) -> list[Row]:
        return [row(layer, SPACE_CHARGE) for layer in part.layers]

    @staticmethod
    def _tables(parts: Sequence[SpaceChargeResult]) -> list[RenderableType]:
        from ..terminal import space_charge_tables

        return space_charge_tables(parts[0])

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[SpaceChargeResult]) -> None:
        from ..plots.on_axes import draw_space_charge

        draw_space_charge(ax, parts)


class Framework(Shown, TopotacticWindow):
    """The window of a framework; one row for each of its states."""

    def _said(self) -> str:
        ends = (self.reduction_potential_V, self.oxidation_potential_V)
        low, high = ("unknown" if end is None else f"{end:.3f} V" for end in ends)
        return f"{self.reactant}: takes up ions below {low}, gives them off above {high}"

    @staticmethod
    def _rows(part: TopotacticWindow) -> list[Row]:
        return entry_rows(part, "states", TOPOTACTIC)

    @staticmethod
    def _tables(parts: Sequence[TopotacticWindow]) -> list[RenderableType]:
        from ..terminal import topotactic_tables

        return topotactic_tables(parts[0])

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[TopotacticWindow]) -> None:
        from ..plots.on_axes import draw_topotactic

        draw_topotactic(ax, parts)


series = one_by_one(Member, series_asked)
strain = as_shown(Strain, strain_asked)
space_charge = as_shown(SpaceCharge, space_charge_asked)
topotactic = as_shown(Framework, topotactic_asked)
