"""What an electrolyte becomes at each voltage: volume fractions of its products, stacked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..results.answers import ProductCharacter, StabilityWindow, Thresholds
from ..results.reference import Reference
from .phase_colours import phase_colours
from .profile_labels import voltage_ceiling
from .sheet import FAINT, INK, STABLE, STABLE_FILL, Sheet, check_axis, figure
from .style import DOUBLE, Style
from .typography import formula_text, interval_text, ion_text, name_text, voltage_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["interphase_figure"]

_LEFT = 0.42
_FONT = {"single": 5.4, "double": 6.2}
_PLOT_HEIGHT = {"single": 1.9, "double": 2.5}
_BELOW = 0.38
_SWATCH = 0.16
_LEGEND_GAP = 0.05
_HATCH = "#4A2000"


@dataclass(frozen=True, slots=True)
class _Kind:
    """Products that let the same through: their colours and hatch."""

    key: str
    colours: tuple[str, ...]
    hatch: str | None


# Told apart by hue and tone inside each family, so that neighbours in a stack never look alike.
_WARM = ("#FBD0A8", "#E98A3C", "#B85100", "#F2B0A0", "#D0664E", "#C9A27A", "#8A4A1E")
_GREY = ("#E6E6E6", "#BDBDBD", "#969696", "#D2D2C8", "#A8A89C", "#8C8C94")
_COOL = (
    "#D3E8F8", "#6FA8DC", "#1B6CA8", "#C9BCE8", "#8A7BC8", "#9FDDEB", "#3C9DB8", "#A9BFD6",
    "#5C7FA6", "#E6DCF5", "#4B5FA8",
)  # fmt: skip
_GREEN = ("#93D1BC", "#3E9C7C", "#00664C", "#C9E29A", "#86B84E", "#4C8A3C", "#DDEFD2")

# From the bottom of the stack: conductors first, so that their sum can be read off the axis.
_KINDS = (
    _Kind("conductor", _WARM, "//////"),
    _Kind("unknown", _GREY, "......"),
    _Kind("resistive", _COOL, None),
    _Kind("sei", _GREEN, None),
)


@dataclass(frozen=True, slots=True)
class _Phase:
    """A product wherever it occurs."""

    formula: str
    kind: _Kind
    colour: str


# A heading of the legend, and what stands under it.
_Group = tuple[str, list[tuple[_Phase | None, str]]]


@dataclass(frozen=True, slots=True)
class _Column:
    """One interval of voltage [V as shown], with fractions in stacking order."""

    low: float
    high: float
    fractions: list[tuple[_Phase, float]]
    by_atoms: bool


@figure
def interphase_figure(
    window: StabilityWindow,
    products: Sequence[Sequence[ProductCharacter]],
    *,
    name: str | None = None,
    thresholds: Thresholds | None = None,
    style: Style = DOUBLE,
    reference: Reference | None = None,
    voltage_max_V: float | None = None,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Draw the composition of the interphase against voltage.

    Volume fractions of the solid products are stacked over each interval of voltage, electronic
    conductors hatched and at the bottom, against their percolation threshold. Where the volume of a
    product is not known, the interval shows fractions of atoms, and is marked. Nothing forms in the
    stability window, which is shaded.

    Parameters
    ----------
    window : StabilityWindow
    products : sequence of sequence of ProductCharacter
        Described products of every step of the window, in the order of its steps.
    name : str, optional
        What the composition is called; its formula if left out.
    thresholds : Thresholds, optional
        Those that the products were described with; for the percolation threshold.
    style : Style
        Width, font, labels, caption, title and resolution.
    reference : Reference, optional
        Electrode that voltages are shown against; the ion's metal if left out.
    voltage_max_V : float, optional
        Upper end of the axis [V vs the metal].
    options : mapping, optional
        Options that shaped the result, for the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    check_axis(voltage_max_V)
    reference = reference or Reference.metal(window.working_ion)
    ceiling = voltage_max_V if voltage_max_V is not None else voltage_ceiling(window)
    phases = _phases(products, window)
    columns = _columns(window, products, phases, reference, ceiling)
    mixed = {column.by_atoms for column in columns}
    title = f"Interphase of {window.formula} against voltage"
    notes = _note(products, window) if True in mixed else ""
    sheet = Sheet(style, title, [window.dataset], options, notes)
    size = _FONT[style.column]
    groups = _groups(phases, products, window, reference)
    percolation = None
    if mixed != {True} and any(phase.kind is _KINDS[0] for phase in phases.values()):
        percolation = (thresholds or Thresholds()).percolation_volume_fraction
        groups.append((f"- - -  percolation threshold {percolation:g}", []))
    line = sheet.line_height(size) + 0.012
    beside = style.column == "double"
    legend = _deal(groups, 1 if beside else 2)
    rows = max(_rows(column) for column in legend)
    legend_width = 1.75 if beside else (sheet.width - _LEFT - 0.08) / 2.0
    plot_height = max(_PLOT_HEIGHT[style.column], rows * line if beside else 0.0)
    legend_height = 0.0 if beside else rows * line + 0.05
    bottom = sheet.bottom + _BELOW + legend_height
    plot_width = sheet.width - _LEFT - (legend_width + 0.1 if beside else 0.08)
    sheet.set_height(bottom + plot_height + 0.45)
    heading, y = (
        sheet.heading(name_text(name or window.formula, bold=True)),
        bottom + plot_height + 0.15,
    )
    large = sheet.fitting_size(heading, 8.0, sheet.width - _LEFT - 0.08, "bold")
    sheet.text(_LEFT, y + 0.13, heading, large, weight="bold", gid="heading-0")
    said = "equilibrium products of the electrolyte alone"
    sheet.text(_LEFT, y, said, 5.6, color=FAINT, gid="heading-1")
    axes = sheet.axes(_LEFT, bottom, plot_width, plot_height)
    axes.set_xlim(reference.of(0.0), reference.of(ceiling))
    axes.set_ylim(0.0, 1.0)
    axes.set_xlabel(voltage_label(window.working_ion, reference))
    axes.set_ylabel("Atom fraction" if mixed == {True} else "Volume fraction of solid products")
    _draw_window(sheet, axes, window, reference, ceiling, size)
    _draw_columns(axes, columns)
    inches = (plot_width / ceiling, plot_height)
    _label_blocks(sheet, axes, columns, inches, size)
    if percolation is not None:
        for span in _volume_spans(columns):
            axes.plot(span, [percolation] * 2, color=INK, linewidth=0.7, linestyle=(0, (4, 2)),
                      zorder=3)  # fmt: skip
    left = _LEFT + plot_width + 0.12 if beside else _LEFT
    top = bottom + plot_height if beside else bottom - _BELOW
    _draw_legend(sheet, legend, (left, top, legend_width), line, size)
    return sheet


def _phases(
    products: Sequence[Sequence[ProductCharacter]], window: StabilityWindow
) -> dict[str, _Phase]:
    """Solid products outside the window, by kind and then in order of appearance."""
    kinds: dict[str, _Kind] = {}
    for step, characters in zip(window.steps, products, strict=True):
        if step.ion_exchange == 0.0:
            continue
        for product in characters:
            if product.solid:
                kinds.setdefault(product.formula, _kind_of(product))
    found = {}
    for kind in _KINDS:
        members = [formula for formula, own in kinds.items() if own is kind]
        colours = phase_colours(members, kind.colours)
        for formula in members:
            found[formula] = _Phase(formula, kind, colours[formula])
    return found


def _kind_of(product: ProductCharacter) -> _Kind:
    conductor, unknown, resistive, sei = _KINDS
    if product.electronic != "insulator":
        return conductor if product.electronic == "conductor" else unknown
    return sei if product.ionic == "conductor" else resistive


def _columns(
    window: StabilityWindow,
    products: Sequence[Sequence[ProductCharacter]],
    phases: Mapping[str, _Phase],
    reference: Reference,
    ceiling: float,
) -> list[_Column]:
    order = list(phases)
    columns = []
    for step, characters in zip(window.steps, products, strict=True):
        high = ceiling if step.voltage_high_V is None else min(step.voltage_high_V, ceiling)
        solids = [product for product in characters if product.solid]
        if step.ion_exchange == 0.0 or high <= step.voltage_low_V or not solids:
            continue
        by_atoms = any(product.volume_fraction is None for product in solids)
        total = sum(product.atoms for product in solids)
        fractions = [
            (
                phases[product.formula],
                product.atoms / total if product.volume_fraction is None or by_atoms
                else product.volume_fraction,
            )
            for product in solids
        ]  # fmt: skip
        fractions.sort(key=lambda pair: order.index(pair[0].formula))
        columns.append(
            _Column(reference.of(step.voltage_low_V), reference.of(high), fractions, by_atoms)
        )
    return columns


def _note(products: Sequence[Sequence[ProductCharacter]], window: StabilityWindow) -> str:
    missing = {
        product.formula: None
        for step, characters in zip(window.steps, products, strict=True)
        for product in characters
        if step.ion_exchange != 0.0 and product.solid and product.volume_per_atom_A3 is None
    }
    return (
        "Intervals marked by a bar on top show fractions of atoms: no volume is known for "
        f"{', '.join(missing)}."
    )


def _groups(
    phases: Mapping[str, _Phase],
    products: Sequence[Sequence[ProductCharacter]],
    window: StabilityWindow,
    reference: Reference,
) -> list[_Group]:
    """Legend: heading of each kind, its phases from the top of the stack down; gases, liquids."""
    ion = ion_text(window.working_ion)
    headings = {
        "sei": f"insulator, conducts {ion}",
        "resistive": f"insulator, no {ion} conduction known",
        "unknown": "electronic conduction unknown",
        "conductor": "electronic conductor",
    }
    groups: list[_Group] = []
    for kind in reversed(_KINDS):
        members = [phase for phase in phases.values() if phase.kind is kind]
        if members:
            entries = [(phase, formula_text(phase.formula)) for phase in reversed(members)]
            groups.append((headings[kind.key], list(entries)))
    for state, heading in (("gas", "released as gas"), ("liquid", "liquid")):
        spans: dict[str, tuple[float, float | None]] = {}
        for step, characters in zip(window.steps, products, strict=True):
            for product in characters:
                if product.gas if state == "gas" else product.liquid:
                    start = spans.get(product.formula, (step.voltage_low_V, None))[0]
                    spans[product.formula] = (start, step.voltage_high_V)
        if spans:
            said = [
                (None, f"{formula_text(fluid)}: {_shifted(span, reference)}")
                for fluid, span in spans.items()
            ]
            groups.append((heading, list(said)))
    return groups


def _shifted(span: tuple[float, float | None], reference: Reference) -> str:
    low, high = span
    return interval_text(reference.of(low), None if high is None else reference.of(high))


def _draw_window(
    sheet: Sheet,
    axes: Axes,
    window: StabilityWindow,
    reference: Reference,
    ceiling: float,
    size: float,
) -> None:
    low, high = window.reduction_potential_V, window.oxidation_potential_V
    high = ceiling if high is None else min(high, ceiling)
    if high <= low:
        axes.axvline(
            reference.of(low), color=STABLE, linewidth=0.9, linestyle=(0, (4, 2)), zorder=5
        )
        return
    axes.axvspan(
        reference.of(low), reference.of(high), color=STABLE_FILL, linewidth=0.0, gid="window"
    )
    text = "stability window"
    room = (high - low) / ceiling * axes.get_window_extent().width / axes.figure.dpi
    upright = room < sheet.width_of(text, size) + 0.06
    if upright and room < 1.3 * size / 72.0:
        return
    axes.text(
        reference.of((low + high) / 2.0), 0.5, text, fontsize=size, color=STABLE, ha="center",
        va="center", rotation=90.0 if upright else 0.0, gid="window-label",
    )  # fmt: skip


def _draw_columns(axes: Axes, columns: Sequence[_Column]) -> None:
    from matplotlib.patches import Rectangle

    for column in columns:
        base = 0.0
        for phase, share in column.fractions:
            box = (column.low, base), column.high - column.low, share
            axes.add_patch(
                Rectangle(*box, facecolor=phase.colour, edgecolor="white", linewidth=0.3, zorder=2)
            )
            if phase.kind.hatch:
                # The colour of a hatch is that of the edge.
                axes.add_patch(
                    Rectangle(*box, facecolor="none", edgecolor=_HATCH, linewidth=0.0,
                              hatch=phase.kind.hatch, zorder=2.5, alpha=0.55)
                )  # fmt: skip
            base += share
        if column.by_atoms:
            axes.plot(
                [column.low, column.high], [1.02, 1.02], color=INK, linewidth=2.0, clip_on=False,
                transform=axes.get_xaxis_transform(),
            )  # fmt: skip


def _volume_spans(columns: Sequence[_Column]) -> list[list[float]]:
    """Ranges of voltage over which the columns show volumes."""
    spans: list[list[float]] = []
    for column in columns:
        if column.by_atoms:
            continue
        if spans and spans[-1][1] == column.low:
            spans[-1][1] = column.high
        else:
            spans.append([column.low, column.high])
    return spans


def _label_blocks(
    sheet: Sheet,
    axes: Axes,
    columns: Sequence[_Column],
    inches: tuple[float, float],
    size: float,
) -> None:
    """Formula of each phase in the block with most room for it, if it fits in one."""
    from matplotlib.colors import to_rgb

    blocks: dict[str, list[tuple[_Phase, _Column, float, float]]] = {}
    for column in columns:
        base = 0.0
        for phase, share in column.fractions:
            blocks.setdefault(phase.formula, []).append((phase, column, base, share))
            base += share
    tall = 1.2 * size / 72.0
    for k, (formula, places) in enumerate(blocks.items()):
        text = formula_text(formula)
        long = sheet.width_of(text, size) + 0.05

        def room(
            place: tuple[_Phase, _Column, float, float], long: float = long
        ) -> tuple[bool, float]:
            """Whether the text fits as it is, and how well it fits the better way."""
            _, column, _, share = place
            across, up = (column.high - column.low) * inches[0], share * inches[1]
            level, upright = min(across / long, up / tall), min(across / tall, up / long)
            return level >= 1.0, level if level >= 1.0 else upright

        phase, column, base, share = max(places, key=room)
        level, fits = room((phase, column, base, share))
        if fits < 1.0:
            continue
        red, green, blue = to_rgb(phase.colour)
        dark = 0.3 * red + 0.6 * green + 0.1 * blue < 0.5
        backed = {"boxstyle": "square,pad=0.12", "facecolor": phase.colour, "edgecolor": "none"}
        axes.text(
            (column.low + column.high) / 2.0, base + share / 2.0, text, fontsize=size,
            color="white" if dark else INK, ha="center", va="center", zorder=4,
            rotation=0.0 if level else 90.0, gid=f"block-{k}",
            bbox=backed,
        )  # fmt: skip
        sheet.describe(f"block-{k}", formula)


def _rows(groups: Sequence[_Group]) -> float:
    """Height of groups in the legend, in lines."""
    return sum(len(entries) + 1.3 for _, entries in groups)


def _deal(groups: Sequence[_Group], columns: int) -> list[Sequence[_Group]]:
    """Groups in one column, or in two of heights as equal as can be."""
    if columns == 1:
        return [groups]
    cuts = range(len(groups) + 1)
    cut = min(cuts, key=lambda c: max(_rows(groups[:c]), _rows(groups[c:])))
    return [groups[:cut], groups[cut:]]


def _draw_legend(
    sheet: Sheet,
    columns: Sequence[Sequence[_Group]],
    place: tuple[float, float, float],
    line: float,
    size: float,
) -> None:
    left, top, width = place
    for c, groups in enumerate(columns):
        x, y = left + c * width, top
        for g, (heading, entries) in enumerate(groups):
            y -= line
            sheet.text(x, y, heading, size - 0.4, color=FAINT, gid=f"kind-{c}-{g}")
            for k, (phase, text) in enumerate(entries):
                y -= line
                indent = 0.0
                if phase is not None:
                    _draw_swatch(sheet, phase, x, y)
                    indent = _SWATCH + _LEGEND_GAP
                sheet.text(x + indent, y, text, size, gid=f"legend-{c}-{g}-{k}")
            y -= 0.3 * line


def _draw_swatch(sheet: Sheet, phase: _Phase, x: float, y: float) -> None:
    from matplotlib.patches import Rectangle

    corner = (x / sheet.width, (y - 0.01) / sheet.height)
    sides = (_SWATCH / sheet.width, 0.08 / sheet.height)
    sheet.figure.add_artist(Rectangle(corner, *sides, facecolor=phase.colour, linewidth=0.0))
    if phase.kind.hatch:
        sheet.figure.add_artist(
            Rectangle(corner, *sides, facecolor="none", edgecolor=_HATCH, linewidth=0.0,
                      hatch=phase.kind.hatch, alpha=0.55)
        )  # fmt: skip
