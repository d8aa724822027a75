"""Coatings and stacks of layers, as Python shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..api.cells import coatings as coatings_asked
from ..api.cells import stack as stack_asked
from ..cells.coating_search import CoatingSearch
from ..cells.stacks import StackResult
from ..results.rows import Row, entry_rows, row
from ..results.schema import COATING, STACK
from .shown import Shown, as_shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

__all__ = ["Coatings", "Stack", "coatings", "stack"]

_SHOWN = 10


class Coatings(Shown, CoatingSearch):
    """A search for coatings; one row for each candidate."""

    def _said(self) -> str:
        accepted = sum(each.status == "accepted" for each in self.results)
        best = "" if self.bare.best_coating is None else f", best {self.bare.best_coating}"
        return (
            f"between {self.electrolyte} and {self.electrode}: {accepted} of "
            f"{len(self.results)} accepted{best}"
        )

    @staticmethod
    def _rows(part: CoatingSearch) -> list[Row]:
        return [row(each, COATING) for each in part.results]

    @staticmethod
    def _tables(parts: Sequence[CoatingSearch]) -> list[RenderableType]:
        from ..terminal import coating_tables

        return coating_tables(parts[0], _SHOWN)

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[CoatingSearch]) -> None:
        from ..plots.on_axes import draw_coatings

        draw_coatings(ax, parts)


class Stack(Shown, StackResult):
    """Contacts of a stack of layers; one row for each."""

    def _said(self) -> str:
        layers = " | ".join(layer.name for layer in self.layers)
        return f"{layers}: worst contact {self.worst_contact}"

    @staticmethod
    def _rows(part: StackResult) -> list[Row]:
        return entry_rows(part, "contacts", STACK)

    @staticmethod
    def _tables(parts: Sequence[StackResult]) -> list[RenderableType]:
        from ..terminal import stack_tables

        return stack_tables(parts[0])

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[StackResult]) -> None:
        from ..plots.on_axes import draw_stack

        draw_stack(ax, parts)


coatings = as_shown(Coatings, coatings_asked)
stack = as_shown(Stack, stack_asked)
