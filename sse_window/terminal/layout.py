"""What every terminal table shares: width and colour, reference electrode, provenance."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from ..core.ions import CHARGE
from ..results.answers import Provenance
from ..results.records import program_version

if TYPE_CHECKING:
    from ..cells.pairs import PairResult
    from ..results.answers import Interphase, StabilityWindow

__all__ = [
    "Reference",
    "grid",
    "interphase_text",
    "notes_text",
    "number",
    "off_measurement",
    "options_line",
    "provenance_line",
    "terminal_text",
]

_PIPED_WIDTH = 110

_OTHER_CONDITION = ("electrolyte alone, ", "electrochemical, ", "chemical, ")

_LEAST_WIDTH = 80
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
    console = Console(
        file=buffer,
        force_terminal=terminal,
        no_color=bool(os.environ.get("NO_COLOR")),
        width=max(shutil.get_terminal_size().columns, _LEAST_WIDTH) if terminal else _PIPED_WIDTH,
        highlight=False,
        legacy_windows=False,
    )
    for renderable in renderables:
        console.print(renderable)
    # Trailing blanks of table cells are noise in files and documentation.
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference electrode of displayed voltages; stored values stay vs the metal.

    Attributes
    ----------
    label : str
        What stands after "V vs".
    plateau_V : float
        Its own potential [V vs the metal].

    Examples
    --------
    >>> Reference("Li-In", 0.62).show(2.62)
    '2.000'
    """

    label: str
    plateau_V: float = 0.0

    @classmethod
    def metal(cls, ion: str) -> Reference:
        """The metal of a working ion, e.g. ``Mg/Mg2+``."""
        charge = CHARGE[ion]
        return cls(f"{ion}/{ion}{charge if charge > 1 else ''}+")

    @property
    def shift(self) -> tuple[str, float] | None:
        """Label and plateau, None for the metal itself."""
        return (self.label, self.plateau_V) if self.plateau_V else None

    def show(self, voltage_V: float | None, none: str = "no limit") -> str:
        """Text of a voltage vs the metal, as seen from this reference."""
        return none if voltage_V is None else f"{voltage_V - self.plateau_V:.3f}"


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
    told = [f"{key} {value}" for key, value in options.items() if key != "ion"]
    return [Text(f"options: {', '.join(told)}", style="dim")] if told else []


def grid(*columns: str, title: str | None = None) -> Table:
    """Table of numbers: first column left-aligned, the others right-aligned."""
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for i, column in enumerate(columns):
        # Text folds on a narrow terminal; a number that is broken in two is none.
        table.add_column(column, justify="right" if i else "left", overflow="fold", no_wrap=bool(i))
    return table


def number(value: float | None, digits: int = 3, *, none: str = "none") -> str:
    """Text of a number that may be unknown."""
    return none if value is None else f"{value:.{digits}f}"


def notes_text(notes: Sequence[str]) -> list[RenderableType]:
    """Notes, a line each."""
    return [Text(f"note: {note}", style="yellow") for note in notes]


def off_measurement(result: StabilityWindow | PairResult) -> list[str]:
    """Warning about phases whose energies are known to be off, empty if there are none."""
    found = [
        f"{d.formula} ({d.deviation_eV_per_atom:+.2f} eV/atom)"
        for d in result.phases_off_measurement
    ]
    if not found:
        return []
    return [f"{result.dataset.name} is off measured formation enthalpies for {', '.join(found)}"]


def interphase_text(interphase: Interphase) -> list[RenderableType]:
    """Verdict, its reason, the condition and the flags."""
    number = "unknown" if interphase.interphase_class is None else str(interphase.interphase_class)
    where = f", {interphase.voltage_V:.2f} V" if interphase.voltage_V is not None else ""
    lines = [f"interphase class {number}: {interphase.label}. {interphase.reason}"]
    if interphase.products:
        lines.append(f"formed by: {interphase.condition}{where}")
    # What is true of other conditions than the deciding one is in the record; here only what
    # conducts.
    lines += [
        f"flag: {flag}"
        for flag in interphase.flags
        if not flag.startswith(_OTHER_CONDITION) or "electronic conductor:" in flag
    ]
    return [Text("\n".join(lines), style="cyan")]
