"""Pairs of electrolyte and electrode, as Python shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..api.pairs import pair as asked
from ..results.answers import PairAnalysis
from ..results.rows import Row, row
from ..results.schema import PAIR
from .shown import Shown, one_by_one

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

__all__ = ["Pair", "pair"]


class Pair(Shown, PairAnalysis):
    """Reactions of an electrolyte with one state of an electrode."""

    def _said(self) -> str:
        known = self.interphase.interphase_class
        number = "unknown" if known is None else str(known)
        energy = self.chemical.mutual.reaction_energy
        return (
            f"{self.electrolyte} | {self.electrode} {self.electrode_state}: "
            f"{energy:.3f} eV/atom closed, interphase class {number}"
        )

    @staticmethod
    def _rows(part: PairAnalysis) -> list[Row]:
        return [row(part, PAIR)]

    @staticmethod
    def _tables(parts: Sequence[PairAnalysis]) -> list[RenderableType]:
        from ..terminal import pair_tables

        return pair_tables(parts)

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[PairAnalysis]) -> None:
        from ..api import pair_curves
        from ..plots.on_axes import draw_pairs

        draw_pairs(ax, [pair_curves(part) for part in parts])


pair = one_by_one(Pair, asked)
