"""Stability windows and voltage profiles, as Python shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ..api.inputs import CompositionLike, formulas_of, is_one_composition
from ..api.questions import stability_window as asked
from ..results.answers import WindowAnalysis
from ..results.reference import Reference
from ..results.rows import Row, entry_rows, row
from ..results.schema import PROFILE, WINDOW
from .shown import Answers, Shown, as_shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

__all__ = ["Profile", "Window", "profile", "stability_window", "window"]


W = TypeVar("W", bound="Window")


class Window(Shown, WindowAnalysis):
    """A stability window."""

    def _said(self) -> str:
        high = self.oxidation_potential_V
        end = "no limit" if high is None else f"{high:.3f} V"
        against = Reference.metal(self.working_ion).label
        return f"{self.formula}: {self.reduction_potential_V:.3f} to {end} vs {against}"

    @staticmethod
    def _rows(part: WindowAnalysis) -> list[Row]:
        return [row(part, WINDOW)]

    @staticmethod
    def _tables(parts: Sequence[WindowAnalysis]) -> list[RenderableType]:
        from ..terminal import window_tables

        return window_tables(parts, Reference.metal(parts[0].working_ion))

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[WindowAnalysis]) -> None:
        from ..plots.on_axes import draw_windows

        draw_windows(ax, parts)


class Profile(Window):
    """A stability window, shown by the steps of its voltage profile."""

    @staticmethod
    def _rows(part: WindowAnalysis) -> list[Row]:
        return entry_rows(part, "steps", PROFILE)

    @staticmethod
    def _tables(parts: Sequence[WindowAnalysis]) -> list[RenderableType]:
        from ..terminal import profile_tables

        return profile_tables(parts, Reference.metal(parts[0].working_ion))

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[WindowAnalysis]) -> None:
        from ..plots.on_axes import draw_profiles

        draw_profiles(ax, parts)


stability_window = as_shown(Window, asked)


def window(
    formulas: CompositionLike, ion: str = "Li", **asked_too: Any
) -> Window | Answers[Window]:
    """Stability window of an electrolyte, or of each of several.

    Parameters
    ----------
    formulas : composition, or sequence of compositions
        Text, Composition, or pymatgen Composition, Structure or entry; lists, pandas Series.
    ion : str
    **asked_too
        See :func:`~sse_window.api.stability_window`.

    Returns
    -------
    Window or Answers
        Answers where several compositions are given, were it a list of one.

    Examples
    --------
    >>> window("LGPS", phases="mp-legacy")
    <Window Li10GeP2S12: 1.721 to 2.291 V vs Li/Li+ [mp-legacy]>
    >>> both = window(["LGPS", "Li3PS4"], phases="mp-legacy")
    >>> both.to_frame()["oxidation_potential_V"].round(2).tolist()
    [2.29, 2.36]
    """
    return _each(Window, formulas, ion, asked_too)


def profile(
    formulas: CompositionLike, ion: str = "Li", **asked_too: Any
) -> Profile | Answers[Profile]:
    """Voltage profile of an electrolyte, or of each of several: one row for each step.

    Parameters
    ----------
    formulas, ion, **asked_too
        See :func:`window`.

    Returns
    -------
    Profile or Answers

    Examples
    --------
    >>> steps = profile("Li2S", phases="mp-legacy").to_frame()
    >>> steps["voltage_low_V"].round(2).tolist()
    [0.0, 2.14, 3.76]
    """
    return _each(Profile, formulas, ion, asked_too)


def _each(kind: type[W], formulas: Any, ion: str, asked_too: dict[str, Any]) -> W | Answers[W]:
    found = [kind.of(asked(text, ion, **asked_too)) for text in formulas_of(formulas, "formulas")]
    return found[0] if is_one_composition(formulas) else Answers(found)
