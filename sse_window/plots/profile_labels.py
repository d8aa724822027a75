"""Labels of the steps of a voltage profile, in a column beside the plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..results.answers import StabilityWindow, Step
from ..results.reference import Reference
from .placement import spread
from .sheet import INK, OXIDATION, REDUCTION, STABLE, Sheet
from .typography import formula_text, interval_text

__all__ = [
    "Label",
    "Layout",
    "Scale",
    "colour_of",
    "make_labels",
    "phases_of",
    "place_labels",
    "voltage_ceiling",
]

_GAS = "↑"


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes [inch] and font sizes [pt] of one width of the picture."""

    left: float
    smallest_plot: float
    energy: float
    elbow: float
    font: float
    gap: float
    hanging: bool
    height: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The plot on the sheet [inch], and its axes: ions exchanged, voltage."""

    left: float
    bottom: float
    width: float
    height: float
    exchange: tuple[float, float]
    reference: Reference
    ceiling: float

    def x(self, ions: float) -> float:
        """Place of an ion exchange [inch], at the edge where it is off the scale."""
        low, high = self.exchange
        return self.left + self.width * (min(max(ions, low), high) - low) / (high - low)

    def span(self, step: Step) -> tuple[float, float]:
        """Ends of a step [V vs the metal] as far as they are shown."""
        high = self.ceiling if step.voltage_high_V is None else step.voltage_high_V
        return min(step.voltage_low_V, self.ceiling), min(high, self.ceiling)


@dataclass(frozen=True, slots=True)
class Label:
    """Text of one step: its interval, and its phases in lines."""

    interval: str
    phases: list[str]
    indent: float
    height: float


def colour_of(step: Step) -> str:
    """Colour of a step: reduced, stable or oxidised."""
    if step.ion_exchange == 0.0:
        return STABLE
    return REDUCTION if step.ion_exchange > 0.0 else OXIDATION


def phases_of(step: Step) -> list[str]:
    """Formulas of a step, an arrow behind a gas."""
    return [p.formula + (_GAS if p.formula in step.gases else "") for p in step.products]


def make_labels(
    sheet: Sheet,
    window: StabilityWindow,
    layout: Layout,
    widest: float,
    reference: Reference,
    most_ions: float,
) -> tuple[list[Label], float]:
    """Label of every step, and the width [inch] of the column that holds them.

    Steps with more than `most_ions` are off the scale: their label says how many they take up.
    Short labels leave out the intervals, which the axis shows.
    """
    if sheet.style.labels == "none":
        return [], 0.0
    short = sheet.style.labels == "short"
    intervals = [
        interval_text(
            reference.of(step.voltage_low_V),
            None if step.voltage_high_V is None else reference.of(step.voltage_high_V),
        )
        for step in window.steps
    ]
    if short:
        intervals = [""] * len(intervals)
    extents = [
        0.0 if short else sheet.width_of(text, layout.font, "bold") + 0.06 for text in intervals
    ]
    found, column = [], 0.0
    for step, interval, extent in zip(window.steps, intervals, extents, strict=True):
        indent = max(extents) if layout.hanging else extent
        rest = 0.0 if not layout.hanging else indent
        formulas = [formula_text(text) for text in phases_of(step)] or ["no solid phase"]
        words = [formulas[0], *(f"+ {text}" for text in formulas[1:])]
        if step.ion_exchange > most_ions:
            words.append(f"({step.ion_exchange:.4g} {window.working_ion}: off scale)")
        lines = sheet.wrap(words, widest - rest, layout.font, first_indent=indent - rest)
        for i, line in enumerate(lines):
            column = max(column, sheet.width_of(line, layout.font) + (rest if i else indent))
        height = len(lines) * sheet.line_height(layout.font) + layout.gap
        found.append(Label(interval, lines, indent, height))
    return found, min(column, widest)


def place_labels(
    sheet: Sheet,
    window: StabilityWindow,
    labels: Sequence[Label],
    layout: Layout,
    scale: Scale,
) -> None:
    """Labels in a column right of the plot, each led to its stretch of the curve.

    Right of the curve at the height of a stretch there is nothing else, as the ion content never
    rises with voltage: the leaders cross neither the curve nor each other.
    """
    if not labels:
        return
    line = sheet.line_height(layout.font)
    per_volt = scale.height / scale.ceiling
    spans = [scale.span(step) for step in window.steps]
    centres = spread(
        [(low + high) / 2.0 * per_volt for low, high in spans],
        [label.height for label in labels],
        0.0,
        scale.height,
    )
    edge = scale.left + scale.width + 0.02
    column = scale.left + scale.width + layout.elbow
    for i, (step, label) in enumerate(zip(window.steps, labels, strict=True)):
        low, high = (voltage * per_volt for voltage in spans[i])
        # The leader leaves the stretch at the height of the label, or as near to it as it can.
        inset = min(0.35 * (high - low), 0.06)
        level = scale.bottom + min(max(centres[i], low + inset), high - inset)
        target = scale.bottom + centres[i]
        colour = colour_of(step)
        sheet.rule(
            [scale.x(step.ion_exchange), edge, column - 0.06, column - 0.02],
            [level, level, target, target], color=colour, alpha=0.45, zorder=2, gid=f"leader-{i}",
        )  # fmt: skip
        first = target + (len(label.phases) / 2.0 - 0.78) * line
        sheet.text(column, first, label.interval, layout.font, color=colour, weight="bold",
                   gid=f"interval-{i}")  # fmt: skip
        for k, phases in enumerate(label.phases):
            indent = label.indent if layout.hanging or k == 0 else 0.0
            sheet.text(
                column + indent, first - k * line, phases, layout.font,
                color=STABLE if step.ion_exchange == 0.0 else INK, gid=f"step-{i}-{k}",
            )  # fmt: skip
        sheet.describe(f"step-{i}-0", " + ".join(phases_of(step)) or "no solid phase")
        sheet.describe(f"interval-{i}", f"{label.interval}: {step.reaction}".removeprefix(": "))


def voltage_ceiling(window: StabilityWindow) -> float:
    """Upper end of the voltage axis [V]: 5 V, unless the last step lies well off it."""
    last = window.steps[-1].voltage_low_V
    if last < 2.2:
        return 3.0
    return 5.0 if last < 4.75 else math.ceil(last + 0.5)
