"""Formats in which a command answers: one interface, whatever is written."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.errors import DataError, OutputError
from ..core.record import Record
from ..phases.table import Provenance
from . import records
from .columns import no_column
from .rows import Row, origin_row
from .schema import Column, known_columns, label_and_unit

__all__ = ["FORMATS", "Answer", "Format", "cell_text", "columns_of"]


@dataclass(frozen=True)
class Answer:
    """What a command found, to be written in one format or another.

    Attributes
    ----------
    results : sequence of Record
    dataset : Provenance
    options : mapping
        Options that shaped the results.
    rows : callable
        Flat rows.
    text : callable
        The table for a terminal.
    columns : tuple of str or None
        Keys of the columns to write; None leaves them to the format.
    beside : mapping
        Further keys of the JSON envelope, about all results together.
    """

    results: Sequence[Record]
    dataset: Provenance
    options: Mapping[str, Any]
    rows: Callable[[], list[Row]]
    text: Callable[[], str]
    columns: tuple[str, ...] | None = None
    beside: Mapping[str, Any] = field(default_factory=dict)

    def table(self) -> list[Row]:
        """Flat rows with where they come from, and only the columns that are wanted."""
        asked = records.json_text(dict(self.options), None).strip()
        origin = origin_row(self.dataset.to_dict())
        rows = [{**row, **origin, **row, "options": asked} for row in self.rows()]
        if self.columns is None:
            return rows
        known = list(dict.fromkeys(key for row in rows for key in row))
        for key in self.columns:
            if rows and key not in known:
                raise DataError(f"--columns: {no_column(key, known)}")
        return [{key: row.get(key) for key in self.columns} for row in rows]


@dataclass(frozen=True)
class Format:
    """How answers are written.

    Attributes
    ----------
    suffix : str
        Ending of files.
    render : callable
        The content, text or bytes.
    """

    suffix: str
    render: Callable[[Answer], str | bytes]


def columns_of(rows: Sequence[Row], wanted: Sequence[str] | None = None) -> list[Column]:
    """Columns of rows for people: those asked for, else those that are shown at first.

    Parameters
    ----------
    rows : sequence of dict
    wanted : sequence of str, optional
        Keys.

    Returns
    -------
    list of Column
    """
    known = known_columns()
    keys = list(dict.fromkeys(key for row in rows for key in row)) if wanted is None else wanted
    columns = [known.get(key) or Column(key, *_said(key)) for key in keys]
    shown = sorted((c for c in columns if c.shown), key=lambda column: column.shown)
    return columns if wanted is not None or not shown else shown


def _said(key: str) -> tuple[str, Any, str]:
    label, unit = label_and_unit(key)
    return label, "text", unit


def cell_text(value: Any, column: Column, *, failed: bool = False) -> str:
    """A cell as people read it: decimals of the column, and its word for what is missing.

    Examples
    --------
    >>> volts = known_columns()["oxidation_potential_V"]
    >>> cell_text(2.2914, volts), cell_text(None, volts), cell_text(None, volts, failed=True)
    ('2.291', 'no limit', '-')
    """
    if value is None:
        return "-" if failed else column.missing
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}" if column.digits is None else f"{value:.{column.digits}f}"
    return str(value)


def _csv(answer: Answer) -> str:
    return records.csv_text(answer.table())


def _json(answer: Answer) -> str:
    document = records.document(answer.results, answer.dataset, answer.options)
    results = document.pop("results")
    return records.json_text({**document, **answer.beside, "results": results})


def _jsonl(answer: Answer) -> str:
    return records.jsonl_text(answer.results, answer.dataset, answer.options)


def _for_people(answer: Answer) -> tuple[list[str], list[list[str]], list[Column]]:
    rows = answer.table()
    columns = columns_of(rows, answer.columns)
    headings = [f"{c.label} ({c.unit})" if c.unit else c.label for c in columns]
    cells = [
        [cell_text(row.get(c.key), c, failed=(row.get("status") or "ok") != "ok") for c in columns]
        for row in rows
    ]
    return headings, cells, columns


def _tabulated(headings: Sequence[str], cells: Sequence[Sequence[str]], style: str) -> str:
    try:
        from tabulate import tabulate
    except ImportError:
        raise _missing("tabulate") from None
    made: str = tabulate(cells, headings, tablefmt=style, disable_numparse=True)
    return made + "\n"


def _missing(package: str) -> OutputError:
    return OutputError(f"this format needs the package {package}: pip install 'sse-window[tables]'")


def _markdown(answer: Answer) -> str:
    headings, cells, _ = _for_people(answer)
    # A bar would end the cell.
    escaped = [[text.replace("|", "\\|") for text in row] for row in cells]
    said = (
        f"\nDataset {answer.dataset.name} ({answer.dataset.date}; {answer.dataset.corrections})\n"
    )
    return _tabulated(headings, escaped, "github") + said


_AMOUNT = re.compile(r"(?<=[A-Za-z)\]])(\d+(?:\.\d+)?)")
_SPECIAL = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}",
    "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def _latex(answer: Answer) -> str:
    headings, cells, columns = _for_people(answer)

    def escaped(text: str) -> str:
        return "".join(_SPECIAL.get(character, character) for character in text)

    def written(text: str, column: Column) -> str:
        text = escaped(text)
        if not column.chemistry:
            return text
        return _AMOUNT.sub(r"$_{\1}$", text).replace("-\\textgreater{}", r"$\rightarrow$")

    lines = [
        [written(text, column) for text, column in zip(row, columns, strict=True)] for row in cells
    ]
    said = escaped(f"{answer.dataset.name} ({answer.dataset.date}; {answer.dataset.corrections})")
    table = _tabulated([escaped(text) for text in headings], lines, "latex_raw")
    return f"% dataset {said}\n{table}"


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _xlsx(answer: Answer) -> bytes:
    try:
        from openpyxl import Workbook
    except ImportError:
        raise _missing("openpyxl") from None
    rows = answer.table()
    keys = list(dict.fromkeys(key for row in rows for key in row))
    book = Workbook()
    sheet = book.active
    sheet.append(keys)
    for row in rows:
        sheet.append(
            [_CONTROL.sub(" ", v) if isinstance(v := row.get(k), str) else v for k in keys]
        )
    for line in sheet.iter_rows():
        for cell in line:
            if cell.data_type == "f":
                cell.data_type = "s"  # text of the user's that begins with = is no formula
    sheet.freeze_panes = "B2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


FORMATS: dict[str, Format] = {
    "table": Format(".txt", lambda answer: answer.text()),
    "json": Format(".json", _json),
    "jsonl": Format(".jsonl", _jsonl),
    "csv": Format(".csv", _csv),
    "markdown": Format(".md", _markdown),
    "latex": Format(".tex", _latex),
    "xlsx": Format(".xlsx", _xlsx),
}
"""Formats by the names of the option."""
