"""What every terminal table shares: width and colour, reference electrode, provenance."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markup import escape
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Column as RichColumn
from rich.table import Table
from rich.text import Text

from ..results.answers import Provenance
from ..results.formats import cell_text, columns_of
from ..results.reference import Reference
from ..results.schema import program_version

if TYPE_CHECKING:
    from ..cells.heat_results import SinterResult
    from ..cells.pair_questions import PairAnalysis
    from ..cells.pairs import PairResult
    from ..cells.window_questions import WindowAnalysis
    from ..results.answers import Interphase, StabilityWindow

__all__ = [
    "Grid",
    "Reference",
    "grid",
    "html_of",
    "interphase_text",
    "lost_text",
    "notes_before",
    "notes_behind",
    "notes_text",
    "number",
    "off_measurement",
    "options_line",
    "products_table",
    "provenance_line",
    "rows_table",
    "terminal_text",
]

_PIPED_WIDTH = 110
_MOST_WIDTH = 10_000

_LEAST_WIDTH = 40
"""On a narrower terminal lines wrap, which is better than columns without room for a number."""


def terminal_text(renderables: Iterable[RenderableType], *, to_file: bool = False) -> str:
    """Text of rich renderables: coloured and fitted to a terminal, plain and wide elsewhere.

    Parameters
    ----------
    renderables : iterable of rich renderables
    to_file : bool
        The text goes to a file even though stdout may be a terminal.

    Returns
    -------
    str
    """
    terminal = sys.stdout.isatty() and not to_file
    buffer = io.StringIO()
    console = _Console(
        file=buffer,
        force_terminal=terminal,
        no_color=bool(os.environ.get("NO_COLOR")),
        width=_width(terminal),
        highlight=False,
        legacy_windows=False,
    )
    for renderable in renderables:
        console.print(renderable)
    # Trailing blanks of table cells are noise in files and documentation.
    text = buffer.getvalue().replace(_GLUE, " ")
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip("\n") + "\n"


def html_of(renderables: Iterable[RenderableType]) -> str:
    """The same tables for a notebook: one block of text with its colours, as HTML.

    Parameters
    ----------
    renderables : iterable of rich renderables

    Returns
    -------
    str
    """
    console = _Console(
        file=io.StringIO(), record=True, width=_PIPED_WIDTH, highlight=False, legacy_windows=False
    )
    for renderable in renderables:
        console.print(renderable)
    block = '<pre style="line-height: 1.25; overflow-x: auto; white-space: pre">{code}</pre>'
    return console.export_html(inline_styles=True, code_format=block).replace(_GLUE, " ")


class _Console(Console):
    """A console on which no text moves the cursor or changes colours."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Segments, with controls in their texts made visible."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                text = "".join(c if _is_plain(c) else "?" for c in segment.text)
                yield Segment(text, segment.style)


def _is_plain(character: str) -> bool:
    return character.isprintable() or character in ("\n", _GLUE)


def _width(terminal: bool) -> int:
    """Width of the terminal; elsewhere what COLUMNS says, if it says a number."""
    said = shutil.get_terminal_size((0, 0)).columns if terminal else _said_columns()
    return min(max(said or _PIPED_WIDTH, _LEAST_WIDTH), _MOST_WIDTH)


def _said_columns() -> int:
    said = os.environ.get("COLUMNS", "").strip()
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def provenance_line(dataset: Provenance) -> Text:
    """Dataset, date, corrections and hash in one line."""
    text = (
        f"dataset {dataset.name} ({dataset.date}; {dataset.corrections}; "
        f"sha256 {dataset.sha256[:12]}); sse-window {program_version()}"
    )
    for addition in dataset.additions:
        text += f"\n{addition}"
    return Text(text, style="dim")


def options_line(options: Mapping[str, Any]) -> list[RenderableType]:
    """Options that shaped a result, besides a working ion that the table names anyway."""
    told = [_option_text(key, value) for key, value in options.items() if key != "ion"]
    return [Text(f"options: {', '.join(told)}", style="dim")] if told else []


def _option_text(key: str, value: Any) -> str:
    if value is True:
        return key
    if isinstance(value, list | tuple):
        return f"{key} {', '.join(map(str, value))}"
    return f"{key} {value}"


class Grid(Table):
    """A table that breaks neither numbers nor formulas.

    Columns that have no room beside each other stand below each other, the leading ones repeated.

    Attributes
    ----------
    lead : int
        Columns that tell rows apart.
    """

    lead = 1

    def add_row(self, *cells: RenderableType | None, **style: Any) -> None:
        """Add a row; an amount stays on the line of its formula."""
        glued = []
        for cell in cells:
            if isinstance(cell, Text):
                cell = cell.copy()
                cell.plain = _glued(cell.plain)
            glued.append(_glued(cell) if isinstance(cell, str) else cell)
        super().add_row(*glued, **style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Set every width, or split the columns."""
        ranges = [_widths(console, options, column) for column in self.columns]
        room = options.max_width - (3 * len(ranges) - 1)
        least, most = ([r[end] for r in ranges] for end in (0, 1))
        if sum(least) <= room:
            for column, width in zip(self.columns, _shared(least, most, room), strict=True):
                column.width = width
            yield from super().__rich_console__(console, options)
            return
        first = list(range(min(self.lead, len(ranges))))
        while len(first) > 1 and sum(least[p] + 3 for p in first) > options.max_width // 2:
            first.pop()
        group = list(first)
        groups = [group]
        for place in range(len(first), len(ranges)):
            needed = sum(least[p] for p in (*group, place)) + 3 * (len(group) + 1) - 1
            if needed > options.max_width and len(group) > len(first):
                group = list(first)
                groups.append(group)
            group.append(place)
        if len(groups) == 1:
            # Nothing to split: the widest text has to fold.
            yield from super().__rich_console__(console, options)
            return
        for group in groups:
            part = self._of(group)
            part.title = self.title if group is groups[0] else None
            part.caption = self.caption if group is groups[-1] else None
            yield part

    def _of(self, places: Sequence[int]) -> Grid:
        part = Grid(box=self.box, title_justify="left", caption_justify="left", pad_edge=False)
        part.lead = self.lead
        for index, place in enumerate(places):
            column = self.columns[place]
            copied = column.copy()
            copied._index, copied._cells, copied.width = index, column._cells, None
            part.columns.append(copied)
        part.rows = self.rows
        return part


_GLUE = "\ue000"
"""Of the private use area: no blank to whoever wraps lines, and one when they are wrapped."""


def _glued(text: str) -> str:
    visible = _ENDLESS.sub(lambda word: f"{word[0][:60]}...{word[0][-20:]}", text)
    visible = "".join(c if _is_plain(c) else "?" for c in visible)
    return _AMOUNT.sub(rf"\1{_GLUE}", visible)


_ENDLESS = re.compile(r"[^\s]{200,}")
_AMOUNT = re.compile(r"((?:^|(?<=[ +]))\d[\d.]*) (?=[A-Z(])")


def _widths(console: Console, options: ConsoleOptions, column: RichColumn) -> tuple[int, int]:
    """Least and natural width: that of the longest word, and of the longest line."""
    free = options.update(width=_MOST_WIDTH, max_width=_MOST_WIDTH)
    cells = [Measurement.get(console, free, cell) for cell in (column.header, *column.cells)]
    most = max(cell.maximum for cell in cells)
    return (most if column.no_wrap else max(cell.minimum for cell in cells)), most


def _shared(least: Sequence[int], most: Sequence[int], room: int) -> list[int]:
    """Widths between least and most: narrow columns get all they want, the wide share the rest."""
    widths = list(most)
    while sum(widths) > room:
        place = max(range(len(widths)), key=lambda p: widths[p] - least[p])
        widths[place] -= max(1, min(sum(widths) - room, (widths[place] - least[place]) // 2))
    return widths


def grid(*columns: str, title: str | None = None) -> Grid:
    """Table of numbers: first column left-aligned, the others right-aligned."""
    table = Grid(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for i, column in enumerate(columns):
        # Text wraps between words; a number that is broken in two is none.
        table.add_column(column, justify="right" if i else "left", overflow="fold", no_wrap=bool(i))
    return table


_HEADING_WIDTH = 20


def rows_table(
    rows: Sequence[dict[str, Any]], wanted: Sequence[str] | None = None, lead: int = 1
) -> Grid:
    """Flat rows as a table, labelled and rounded as the schema of results has it.

    Parameters
    ----------
    rows : sequence of dict
    wanted : sequence of str, optional
        Keys of the columns; those that are shown at first, if left out.
    lead : int
        Columns that tell rows apart.

    Returns
    -------
    Grid
    """
    columns = columns_of(rows, wanted)
    table = grid(*(_heading(column.label, column.unit) for column in columns))
    table.lead = lead
    for column, shown in zip(columns, table.columns, strict=True):
        if column.kind in ("text", "truth"):
            shown.justify, shown.no_wrap = "left", False
    for row in rows:
        failed = (row.get("status") or "ok") != "ok"
        texts = [cell_text(row.get(c.key), c, failed=failed) for c in columns]
        table.add_row(*(escape(text) for text in texts))
    return table


def _heading(label: str, unit: str) -> str:
    """Heading in lines that are hardly wider than numbers."""
    lines = textwrap.wrap(label, _HEADING_WIDTH, break_long_words=False) or [""]
    return "\n".join([*lines, f"({unit})"] if unit else lines)


def number(value: float | None, digits: int = 3, *, none: str = "none") -> str:
    """Text of a number that may be unknown."""
    return none if value is None else f"{value:.{digits}f}"


def notes_before(notes: Sequence[str]) -> list[RenderableType]:
    """Notes that another question may have been meant: they stand before the answer."""
    return notes_text([note for note in notes if _of_another_ion(note)])


def notes_behind(notes: Sequence[str]) -> list[RenderableType]:
    """All other notes."""
    return notes_text([note for note in notes if not _of_another_ion(note)])


def _of_another_ion(note: str) -> bool:
    return " holds no " in note and "'--ion " in note


def notes_text(notes: Sequence[str]) -> list[RenderableType]:
    """Notes, a line each."""
    return [Text(f"note: {note}", style="yellow") for note in notes]


def off_measurement(result: StabilityWindow | PairResult | SinterResult) -> list[str]:
    """Warning about phases whose energies are known to be off, empty if there are none."""
    found = [
        f"{d.formula} ({d.deviation_eV_per_atom:+.2f} eV/atom)"
        for d in result.phases_off_measurement
    ]
    if not found:
        return []
    return [f"{result.dataset.name} is off measured formation enthalpies for {', '.join(found)}"]


def lost_text(result: WindowAnalysis | PairAnalysis) -> list[str]:
    """Warning about measured solids that take no part in any equilibrium of a dataset."""
    found = [
        f"{p.formula} ({p.e_above_hull_eV_per_atom:.2f} eV/atom, "
        f"{p.deviation_eV_per_atom:+.2f} off measurement)"
        for p in result.lost_phases
    ]
    if not found:
        return []
    return [f"{result.dataset.name} wrongly puts above its hull, out of reach: {', '.join(found)}"]


def interphase_text(interphase: Interphase) -> list[RenderableType]:
    """Verdict with a line for each condition, and what was observed or limits it."""
    number = "unknown" if interphase.interphase_class is None else str(interphase.interphase_class)
    lines = [f"interphase class {number}: {interphase.label}"]
    lines += [f"  {condition.text}" for condition in interphase.conditions]
    volume = interphase.volume_change
    if volume is not None and volume.fraction is None:
        lines.append(f"volume of the solids: not known, {volume.reason}")
    elif volume is not None and volume.fraction is not None:
        open_to_ions = (
            "" if interphase.condition == "contact" else "ions of the reservoir not counted, "
        )
        lines.append(
            f"volume of the solids: {100.0 * volume.fraction:+.0f}% by the deciding reaction "
            f"({open_to_ions}volumes of phases are good to 10%)"
        )
    if interphase.reported_stable is not None:
        lines.append(f"observed: {interphase.reported_stable}")
    told = {flag for c in interphase.conditions for f in c.formations for flag in f.flags}
    lines += [f"flag: {flag}" for flag in interphase.flags if flag not in told]
    return [Text("\n".join(lines), style="cyan")]


def products_table(interphase: Interphase) -> list[RenderableType]:
    """What forms, how much of it, and what it lets through; nothing where nothing forms."""
    if not interphase.products:
        return []
    table = grid("forms", "amount", "volume", "electrons", "ions", "because")
    for column in table.columns[3:]:
        column.justify, column.no_wrap = "left", False
    for product in interphase.products:
        fraction = product.volume_fraction
        table.add_row(
            escape(product.formula),
            f"{product.amount:.4g}",
            ("unknown" if product.solid else "none") if fraction is None else f"{fraction:.0%}",
            product.electronic,
            product.ionic,
            escape(product.reason or ""),
        )
    return [table]
