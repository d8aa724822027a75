"""Plain drawings of results on axes that somebody else has made, in the style set there.

The pictures of :mod:`sse_window.plots` fill a sheet and choose every size themselves; these leave
colours, fonts and sizes to matplotlib's rcParams, and fit into any figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..results.answers import PairCurves, StabilityWindow, TopotacticWindow
from .typography import name_text, voltage_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..cells.coating_search import CoatingSearch
    from ..cells.heat_results import SinterResult
    from ..cells.series import SeriesPoint
    from ..cells.space_charge import SpaceChargeResult
    from ..cells.stability_map import StabilityMap
    from ..cells.stacks import StackResult
    from ..cells.strain import StrainResult

__all__ = [
    "draw_coatings",
    "draw_map",
    "draw_pairs",
    "draw_profiles",
    "draw_rows",
    "draw_series",
    "draw_sinter",
    "draw_space_charge",
    "draw_stack",
    "draw_strain",
    "draw_topotactic",
    "draw_windows",
]

_CEILING_V = 5.0
_BEST = 20


def _bars(
    axes: Axes, names: Sequence[str], spans: Sequence[tuple[float, float | None]], label: str
) -> None:
    """Intervals of voltage below each other; an open one ends at the edge, in an arrow."""
    highest = max([_CEILING_V, *(high + 0.3 for _, high in spans if high is not None)])
    places = range(len(names))
    ends = [highest if high is None else high for _, high in spans]
    axes.barh(
        places, [end - low for (low, _), end in zip(spans, ends, strict=True)],
        left=[low for low, _ in spans], height=0.6,
    )  # fmt: skip
    for place, (low, high) in zip(places, spans, strict=True):
        if high is None:
            axes.plot([highest], [place], ">", color="C0", clip_on=False)
        elif high == low:
            axes.plot([low], [place], "D", color="C0")
    axes.set_yticks(places, [name_text(name) for name in names])
    beside = max(0.5, 2.0 - len(names) / 2.0)  # one bar alone is not as high as the axes
    axes.set_ylim(len(names) - 1.0 + beside, -beside)
    axes.set_xlim(min(0.0, *(low for low, _ in spans)), highest)
    axes.set_xlabel(label)


def _label(windows: Sequence[StabilityWindow]) -> str:
    ions = sorted({window.working_ion for window in windows})
    return voltage_label(ions[0]) if len(ions) == 1 else "Voltage vs the metal (V)"


def draw_windows(axes: Axes, windows: Sequence[StabilityWindow]) -> None:
    """Stability windows as bars."""
    several = len({window.dataset.name for window in windows}) > 1
    names = [f"{w.formula} [{w.dataset.name}]" if several else w.formula for w in windows]
    spans = [(w.reduction_potential_V, w.oxidation_potential_V) for w in windows]
    _bars(axes, names, spans, _label(windows))


def draw_profiles(axes: Axes, windows: Sequence[StabilityWindow]) -> None:
    """Ions exchanged against voltage, the steps of each composition."""
    for i, window in enumerate(windows):
        ceiling = max(_CEILING_V, window.steps[-1].voltage_low_V + 0.3)
        edges = [step.voltage_low_V for step in window.steps] + [ceiling]
        axes.stairs(
            [step.ion_exchange for step in window.steps], edges, baseline=None, color=f"C{i % 10}",
            label=name_text(window.formula),
        )  # fmt: skip
    axes.set_xlabel(_label(windows))
    axes.set_ylabel(f"{windows[0].working_ion} exchanged per formula unit")
    axes.legend()


def draw_pairs(axes: Axes, curves: Sequence[PairCurves]) -> None:
    """Closed reaction energies along the mixing line; the dashed lines are what mixing adds."""
    for i, curve in enumerate(curves):
        x = [point.x_electrolyte for point in curve.chemical]
        colour = f"C{i % 10}"
        name = f"{name_text(curve.electrode)}, {curve.electrode_state}"
        axes.plot(x, [point.total for point in curve.chemical], color=colour, label=name)
        axes.plot(x, [point.mutual for point in curve.chemical], "--", color=colour)
    axes.set_xlabel(f"Atomic fraction of {name_text(curves[0].electrolyte)}")
    axes.set_ylabel("Reaction energy (eV/atom)")
    axes.legend()


def draw_coatings(axes: Axes, searches: Sequence[CoatingSearch]) -> None:
    """The best coatings by their worst reaction energy, and the pair without one."""
    search = searches[0]
    best = [each for each in search.results if each.rank is not None][:_BEST]
    energies = [each.worst_reaction_energy_eV_per_atom or 0.0 for each in best]
    names = ["no coating", *(each.coating for each in best)]
    axes.barh(range(len(names)), [search.bare.worst_reaction_energy_eV_per_atom, *energies])
    axes.set_yticks(range(len(names)), [name_text(name) for name in names])
    axes.invert_yaxis()
    axes.set_xlabel("Worst reaction energy (eV/atom)")


def draw_stack(axes: Axes, stacks: Sequence[StackResult]) -> None:
    """The windows, or the operating ranges, of the layers."""
    stack = stacks[0]
    spans: list[tuple[float, float | None]] = [
        (layer.reduction_potential_V or 0.0, layer.oxidation_potential_V)
        if layer.voltage_range_V is None
        else layer.voltage_range_V
        for layer in stack.layers
    ]
    _bars(axes, [layer.name for layer in stack.layers], spans, voltage_label(stack.working_ion))


def draw_sinter(axes: Axes, results: Sequence[SinterResult]) -> None:
    """Reaction energies against temperature."""
    for result in results:
        name = " | ".join(name_text(side) for side in (result.a, result.b) if side)
        energies = [
            p.total_eV_per_nongas_atom if result.b is None else p.mutual_eV_per_nongas_atom
            for p in result.points
        ]
        shown = [float("nan") if energy is None else energy for energy in energies]
        axes.plot([point.temperature_K for point in result.points], shown, label=name)
        if result.onset_K is not None:
            axes.axvline(result.onset_K, linestyle=":", color=axes.lines[-1].get_color())
    axes.set_xlabel("Temperature (K)")
    axes.set_ylabel("Reaction energy (eV/atom of no gas)")
    axes.legend()


def draw_map(axes: Axes, maps: Sequence[StabilityMap]) -> None:
    """Fields of phases over temperature and oxygen pressure."""
    found = maps[0]
    sets = list(dict.fromkeys(field.products for field in found.fields))
    temperatures = sorted({field.temperature_K for field in found.fields})
    half = (temperatures[1] - temperatures[0]) / 2.0 if len(temperatures) > 1 else 0.5
    named: set[tuple[str, ...]] = set()
    for field in found.fields:
        label = None if field.products in named else " + ".join(map(name_text, field.products))
        named.add(field.products)
        axes.bar(
            field.temperature_K, field.log_pressure_high - field.log_pressure_low, 2.0 * half,
            field.log_pressure_low, color=f"C{sets.index(field.products) % 10}", label=label,
        )  # fmt: skip
    axes.set_xlabel("Temperature (K)")
    axes.set_ylabel("log$_{10}$ of the O$_2$ pressure (bar)")
    axes.legend()


def draw_series(axes: Axes, points: Sequence[SeriesPoint]) -> None:
    """Both limits along a series."""
    steps = all(point.x is not None for point in points)
    x: list[Any] = [point.x if steps else name_text(point.window.formula) for point in points]
    axes.plot(x, [p.window.reduction_potential_V for p in points], "o-", label="reduction")
    limits = [p.window.oxidation_potential_V for p in points]
    axes.plot(x, [float("nan") if v is None else v for v in limits], "o-", label="oxidation")
    axes.set_xlabel("x" if steps else "composition")
    axes.set_ylabel(_label([point.window for point in points]))
    axes.legend()


def draw_strain(axes: Axes, results: Sequence[StrainResult]) -> None:
    """Volume of electrodes against the share of their sites that the ion fills."""
    for electrode in results[0].electrodes:
        axes.plot(
            [point.ion_fraction for point in electrode.points],
            [100.0 * point.volume_change for point in electrode.points],
            "o-", label=name_text(electrode.electrode),
        )  # fmt: skip
    axes.set_xlabel(f"Share of {results[0].electrodes[0].working_ion} sites filled")
    axes.set_ylabel("Volume change (%)")
    axes.legend()


def draw_space_charge(axes: Axes, results: Sequence[SpaceChargeResult]) -> None:
    """Potential against the distance from the interface, side by side."""
    for i, layer in enumerate(results[0].layers):
        axes.plot(layer.distance_nm, layer.potential_V, label=f"side {i + 1}: {layer.kind}")
    axes.set_xlabel("Distance from the interface (nm)")
    axes.set_ylabel("Potential against the bulk (V)")
    axes.legend()


def draw_topotactic(axes: Axes, results: Sequence[TopotacticWindow]) -> None:
    """Voltages of the steps of a framework against its ion content."""
    result = results[0]
    steps = sorted(result.steps, key=lambda step: step.ions_low)
    axes.stairs(
        [step.voltage_V for step in steps], [steps[0].ions_low, *(s.ions_high for s in steps)],
        baseline=None,
    )  # fmt: skip
    axes.set_xlabel(f"{result.working_ion} per {name_text(result.framework)}")
    axes.set_ylabel(voltage_label(result.working_ion))


def draw_rows(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of a screening: windows as points, or reaction energies of pairs as a matrix."""
    if any(row.get("electrode") for row in rows):
        _matrix(axes, rows)
        return
    known = [row for row in rows if row.get("reduction_potential_V") is not None]
    low = [row["reduction_potential_V"] for row in known]
    high = [row["oxidation_potential_V"] for row in known]
    axes.plot(low, [float("nan") if v is None else v for v in high], "o")
    axes.axline((0.0, 0.0), slope=1.0, linestyle=":", color="0.5")
    axes.set_xlabel("Reduction potential (V)")
    axes.set_ylabel("Oxidation potential (V)")


_PAIR_ENERGY = "chemical_mutual_reaction_energy_eV_per_atom"


def _matrix(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    def place(row: Mapping[str, Any]) -> tuple[str, str]:
        state = row.get("electrode_state")
        known = state in ("charged", "discharged")
        beside = f"{row['electrode']} {state}" if known else str(row["electrode"])
        return str(row["electrolyte"]), beside

    lines = list(dict.fromkeys(place(row)[0] for row in rows))
    columns = list(dict.fromkeys(place(row)[1] for row in rows))
    values = [[float("nan")] * len(columns) for _ in lines]
    for row in rows:
        line, column = place(row)
        if row.get(_PAIR_ENERGY) is not None:
            values[lines.index(line)][columns.index(column)] = row[_PAIR_ENERGY]
    image = axes.imshow(values, aspect="auto")
    axes.set_yticks(range(len(lines)), [name_text(line) for line in lines])
    axes.set_xticks(range(len(columns)), [name_text(c) for c in columns], rotation=45, ha="right")
    axes.figure.colorbar(image, ax=axes, label="Mutual reaction energy (eV/atom)")
