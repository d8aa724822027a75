"""Stability windows and voltage profiles as terminal tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import RenderableType
from rich.markup import escape
from rich.text import Text

from .layout import (
    Grid,
    Reference,
    grid,
    interphase_text,
    lost_text,
    notes_before,
    notes_behind,
    number,
    off_measurement,
    products_table,
    provenance_line,
)

if TYPE_CHECKING:
    from ..cells.window_questions import WindowAnalysis, WindowSpread
    from ..results.answers import Interphase, StabilityWindow, Step

__all__ = ["profile_tables", "window_tables"]


_BASIS = {
    "metastable phase put on the hull": "metastable",
    "phase equilibria of the composition": "mixture",
}
"""Shorter words for what a window is the window of."""

_NAME_WIDTH = 20
"""Longer compositions fold; shorter ones are in one piece, whatever stands beside them."""


def window_tables(results: Sequence[WindowAnalysis], reference: Reference) -> list[RenderableType]:
    """Summary of stability windows, the reactions beyond each limit, and what else was asked.

    Parameters
    ----------
    results : sequence of WindowAnalysis
        All with the same ion.
    reference : Reference

    Returns
    -------
    list of rich renderables
    """
    windows = list(results)
    compared = len({w.dataset.name for w in windows}) > 1
    unit = f"V vs {reference.label}"
    summary = grid(
        "composition", f"reduction\n{unit}", f"oxidation\n{unit}", "width\nV",
        f"within {windows[0].tolerance_eV_per_atom:g}\neV/atom, V", "E_D(0 V)\neV/atom",
        "above hull\neV/atom", "phase",
    )  # fmt: skip
    summary.columns[-1].justify = "left"
    names = [f"{w.formula} [{w.dataset.name}]" if compared else w.formula for w in windows]
    summary.columns[0].min_width = min(max(map(len, names)), _NAME_WIDTH)
    reactions = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    reactions.add_column("composition", overflow="fold")
    reactions.add_column("beyond", justify="right", no_wrap=True)
    reactions.add_column("reaction per formula unit", overflow="fold")
    notes: list[str] = []
    apart: list[str] = []
    for name, result in zip(names, results, strict=True):
        w = result
        stable = " stable" if w.stable_against_metal else ""
        summary.add_row(
            escape(name),
            reference.show(w.reduction_potential_V) + stable,
            reference.show(w.oxidation_potential_V),
            number(w.window_width_V, none="no limit"),
            _tolerated(w, reference),
            number(w.decomposition_energy_0V_eV_per_atom),
            number(w.e_above_hull_eV_per_atom, none="unknown"),
            _BASIS.get(w.window_basis, w.window_basis),
        )
        redox = result.redox_elements
        assert redox is not None
        for side, limit, change in (
            ("<", w.reduction, redox.reduction),
            (">", w.oxidation, redox.oxidation),
        ):
            if limit is not None:
                where = f"{side} {reference.show(limit.voltage_V)} V"
                marks = [f"gas: {', '.join(limit.gases)}"] if limit.gases else []
                if change is not None and change.element:
                    verb = "reduced" if side == "<" else "oxidised"
                    marks.append(f"{change.element} {verb}")
                tail = f"  ({'; '.join(marks)})" if marks else ""
                reactions.add_row(escape(name), where, escape(limit.reaction) + tail)
        gas = dict.fromkeys(x.gas_note for x in (w.reduction, w.oxidation) if x and x.gas_note)
        if (w.e_above_hull_eV_per_atom or 0.0) >= _LARGE_eV_per_atom:
            apart.append(_apart(w))
        said = (*w.notes, *off_measurement(w), *lost_text(w), *gas)
        notes += [note for note in said if note not in notes]
    tables: list[RenderableType] = [summary]
    if reactions.row_count:
        tables.append(reactions)
    tables += [Text(line) for line in apart]
    for result in results:
        if result.interphase is not None:
            tables += [Text(""), _driven(result, result.interphase)]
            tables += products_table(result.interphase)
            tables += interphase_text(result.interphase)
        tables += _sensitivity_text(result, reference)
        tables += _uncertainty_text(result, reference)
    for spread in dict.fromkeys(result.spread for result in results if result.spread):
        tables.append(_spread_text(spread))
    provenance = dict.fromkeys(w.dataset for w in windows)
    return [
        *notes_before(notes),
        *tables,
        *notes_behind(notes),
        *(provenance_line(dataset) for dataset in provenance),
        *(_elsewhere_line(w, reference) for w in windows if w.elsewhere),
    ]


def _apart(window: WindowAnalysis) -> str:
    """What of the driving force at 0 V is the phase's own energy above hull."""
    own = window.e_above_hull_eV_per_atom or 0.0
    atoms = window.composition.atoms
    on_hull = window.decomposition_energy_0V_on_hull_eV_per_atom
    return (
        f"{window.formula}: E_D(0 V) less its own {own:.3f} eV/atom above hull "
        f"({own * atoms:.2f} eV per formula unit) is {on_hull:.3f} eV/atom"
    )


def _elsewhere_line(window: WindowAnalysis, reference: Reference) -> RenderableType:
    """The same limits on the other packaged energies."""
    shown = ", ".join(
        f"{other.dataset_name} {reference.show(other.reduction_potential_V, digits=2)}-"
        f"{reference.show(other.oxidation_potential_V, digits=2)}"
        for other in window.elsewhere
    )
    return Text(f"{window.formula} elsewhere: {shown} V")


_LARGE_eV_per_atom = 0.03
"""Energy above hull from which on it is told apart from the rest of a decomposition energy."""


def _driven(window: StabilityWindow, interphase: Interphase) -> RenderableType:
    """Driving force at the voltage of an interphase, with and without the energy above hull."""
    text = f"{window.formula}:"
    if interphase.voltage_V is not None:
        text = f"{window.formula} at {interphase.voltage_V:.2f} V:"
    energy, above = interphase.driving_force_eV_per_atom, window.e_above_hull_eV_per_atom
    if energy is not None:
        own = above if above is not None and above >= _LARGE_eV_per_atom else 0.0
        # Where no ions are exchanged nothing forms, and the energy above hull is all there is.
        text += f" E_D {energy or -own:.3f} eV/atom"
        if own:
            text += f", {(energy or -own) + own:.3f} without its own {own:.3f} above the hull"
    return Text(text, style="bold")


def _tolerated(window: StabilityWindow, reference: Reference) -> str:
    """Tolerance window as text."""
    low, high = window.tolerance_window_V
    if high is None:
        return f"{reference.show(low)} on"
    return f"{reference.show(low)}-{reference.show(high)}"


def _sensitivity_text(result: WindowAnalysis, reference: Reference) -> list[RenderableType]:
    if result.sensitivity is None:
        return []
    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in (f"{result.formula}: limit", "without", "limit then", "shift (V)"):
        table.add_column(column, justify="left" if column in ("without",) else "right")
    for side, limit in (
        ("reduction", result.sensitivity.reduction),
        ("oxidation", result.sensitivity.oxidation),
    ):
        if limit is None:
            continue
        for other in limit.limits_without:
            then = getattr(other, f"{side}_potential_V")
            if other.status != "ok":
                table.add_row(side, escape(other.formula), "unknown", other.reason or "")
                continue
            decisive = " (decisive)" if other.formula == limit.limiting_phase else ""
            shift = "" if other.shift_V is None else f"{other.shift_V:+.3f}"
            table.add_row(side, escape(other.formula) + decisive, reference.show(then), shift)
    return [table]


def _uncertainty_text(result: WindowAnalysis, reference: Reference) -> list[RenderableType]:
    found = result.uncertainty
    if found is None:
        return []
    lines = [
        f"{result.formula}: {found.draws} draws, errors of {found.sigma_eV_per_atom:.2g} eV/atom "
        f"({found.errors}), seed {found.seed}"
    ]
    if found.probability_on_hull is not None:
        lines.append(f"  on the hull in {found.probability_on_hull:.0%} of the draws")
    for side in ("reduction", "oxidation"):
        limit = getattr(found, side)
        span = [reference.show(v) for v in (limit.percentile_16_V, limit.percentile_84_V)]
        lines.append(
            f"  {side}: median {reference.show(limit.median_V)} V, 16-84 % {span[0]} to {span[1]} V"
        )
        for products in limit.product_sets[:3]:
            names = " + ".join(products.products) if products.products else "no reaction"
            lines.append(f"    {products.frequency:4.0%}  {names}")
    return [Text("\n".join(lines))]


def _spread_text(spread: WindowSpread) -> RenderableType:
    lines = [f"spread over {', '.join(spread.datasets)}:"]
    for side in ("reduction", "oxidation"):
        value = getattr(spread, f"{side}_spread_V")
        text = "a limit in one only" if value is None else f"{value:.3f} V"
        products = getattr(spread, f"{side}_products")
        same = not getattr(spread, f"{side}_products_differ")
        lines.append(f"  {side} {text}; products " + ("the same" if same else "differ:"))
        if not same:
            pairs = zip(spread.datasets, products, strict=True)
            lines += [f"    {dataset}: {names}" for dataset, names in pairs]
    return Text("\n".join(lines))


def profile_tables(results: Sequence[WindowAnalysis], reference: Reference) -> list[RenderableType]:
    """Every step of the voltage profile of each composition."""
    renderables: list[RenderableType] = []
    for result in results:
        w = result
        above = w.e_above_hull_eV_per_atom or 0.0
        apart = ["less above hull\n(eV/atom)"] if above >= _LARGE_eV_per_atom else []
        table = grid(
            f"V vs {reference.label}", f"{w.working_ion} exchanged\n(per formula)",
            "E_D at low V\n(eV/atom)", *apart, "phase equilibria per formula unit",
            title=f"{w.formula}: {_window_text(w, reference)}",
        )  # fmt: skip
        table.columns[-1].justify, table.columns[-1].no_wrap = "left", False
        for step in w.steps:
            table.add_row(
                _interval(step, reference),
                f"{step.ion_exchange:+.3f}" if step.ion_exchange else "0",
                f"{step.decomposition_energy_low_eV_per_atom:.3f}",
                *(f"{step.decomposition_energy_low_eV_per_atom + above:.3f}" for _ in apart),
                escape(step.reaction.split(" -> ", 1)[1]) + _gas_mark(step),
                style="bold" if step.ion_exchange == 0.0 else None,
            )
        renderables += [*notes_before(w.notes), table, *_uncertainty_text(result, reference)]
        renderables += notes_behind(w.notes)
        renderables.append(provenance_line(w.dataset))
    return renderables


def _gas_mark(step: Step) -> str:
    return f"  (gas: {', '.join(step.gases)})" if step.gases else ""


def _interval(step: Step, reference: Reference) -> str:
    high = reference.show(step.voltage_high_V, none="")
    return f"{reference.show(step.voltage_low_V)} - {high}".rstrip()


def _window_text(w: StabilityWindow, reference: Reference) -> str:
    low, high = (reference.show(v) for v in (w.reduction_potential_V, w.oxidation_potential_V))
    return f"window {low} - {high} V vs {reference.label}, {w.window_basis}"
