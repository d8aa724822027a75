"""What a column is: its place in a record, and how its values are read and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ...core.version import __version__

__all__ = [
    "DISTRIBUTION",
    "NOTES",
    "ORIGIN",
    "SCHEMA",
    "STATUS",
    "Column",
    "Kind",
    "formula",
    "formulas",
    "interphase",
    "label_and_unit",
    "markdown",
    "program_version",
    "truth",
    "volts",
]

SCHEMA = "sse-window/1"
"""Changes only when a key is renamed or removed, or its meaning changes."""


def program_version() -> str:
    """Version of this package."""
    return __version__


Kind: TypeAlias = Literal["text", "number", "whole", "truth"]
"""What a column holds: text, a float, a whole number, or true and false."""

Chemistry: TypeAlias = Literal["", "formula", "formulas"]
"""Whether a text is one formula, or has formulas in it, such as a reaction."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value stands in a record, and how it is read and shown.

    Attributes
    ----------
    key : str
        Its name in CSV and Parquet files; ends in the unit where it has one.
    label : str
        Heading for people.
    kind : str
    unit : str
        As people write it.
    digits : int or None
        Decimals to show; None for as many as the value needs.
    missing : str
        What null means in a row that did not fail.
    path : str
        Keys of the JSON record that lead to the value, with dots between; of a list, a position or
        the value of the entry's key "at". The key itself if left out.
    chemistry : str
    shown : int
        Place among the columns that a table shows before it is asked for more; 0 is none.
    optional : bool
        Only there where the record has something under the first key of the path.
    separator : str
        Between the values of a list.
    """

    key: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    digits: int | None = None
    missing: str = "none"
    path: str = ""
    chemistry: Chemistry = ""
    shown: int = 0
    optional: bool = False
    separator: str = "; "

    @property
    def steps(self) -> tuple[str, ...]:
        """The path, key by key."""
        return tuple((self.path or self.key).split("."))


def formula(key: str, label: str, missing: str = "unknown", *, shown: int = 0) -> Column:
    """A text that is one formula."""
    return Column(key, label, missing=missing, chemistry="formula", shown=shown)


def formulas(key: str, label: str, path: str = "", missing: str = "none") -> Column:
    """A text with formulas in it."""
    return Column(key, label, missing=missing, path=path, chemistry="formulas")


def volts(
    key: str, label: str, path: str = "", *, missing: str = "unknown", shown: int = 0
) -> Column:
    """A voltage vs the metal."""
    return Column(key, label, "number", "V", 3, missing, path, shown=shown)


def truth(key: str, label: str, path: str = "") -> Column:
    """True or false."""
    return Column(key, label, "truth", missing="unknown", path=path)


STATUS = (
    Column("status", "Status", missing="ok"),
    Column("message", "Message"),
)
"""Whether a row has an answer; the message is that of a list that was worked through."""


ORIGIN = (
    Column("dataset_name", "Dataset", missing="unknown", path="dataset.name"),
    Column("dataset_date", "Dataset date", missing="unknown", path="dataset.date"),
    Column("dataset_corrections", "Corrections", missing="unknown", path="dataset.corrections"),
    Column("dataset_sha256", "Dataset SHA-256", missing="unknown", path="dataset.sha256"),
    Column("dataset_additions", "Additions to the dataset", path="dataset.additions"),
    Column("program_version", "Program version", missing="unknown", path="version"),
)
"""Where the energies of a row come from, and which program worked it out: the end of every row."""


NOTES = (
    Column("phases_off_measurement", "Phases off measurement", chemistry="formulas"),
    Column("read_as", "Read as", chemistry="formulas"),
    Column("notes", "Notes", chemistry="formulas"),
)


DISTRIBUTION = (
    ("median", "median"),
    ("percentile_16", "16th percentile"),
    ("percentile_84", "84th percentile"),
)


def interphase(*, optional: bool = False) -> Iterator[Column]:
    """Verdict on what forms; optional where it has to be asked for."""
    yield Column(
        "interphase_class", "Interphase", "whole", "class", 0, "unknown", "interphase.class",
        shown=5, optional=optional,
    )  # fmt: skip
    for name, label, missing in (
        ("label", "Interphase", "unknown"),
        ("reason", "Reason of the class", "unknown"),
        ("flags", "Interphase flags", "none"),
        ("reaction", "Interphase reaction", "none"),
        ("condition", "Interphase formed at", "unknown"),
        ("formed_by", "Interphase formed by", "unknown"),
        ("added_at_high", "Added at the high end", "nothing"),
        ("reported_stable", "Reported stable", "not reported"),
    ):
        column = formulas(f"interphase_{name}", label, f"interphase.{name}", missing)
        yield replace(column, optional=optional)
    yield Column(
        "interphase_classes", "All classes", path="interphase.classes", separator=", ",
        optional=optional,
    )  # fmt: skip
    for name, label in (("contact", "At contact"), ("low", "Low end"), ("high", "High end")):
        text = formulas(f"interphase_{name}", label, f"interphase.conditions.{name}.text")
        yield replace(text, optional=optional)
    at = volts("interphase_voltage_V", "Interphase voltage", "interphase.voltage_V")
    yield replace(at, missing="no voltage", optional=optional)


_UNITS = {
    "_eV_per_nonion_atom": "eV/non-ion atom",
    "_eV_per_atom": "eV/atom",
    "_S_per_cm": "S/cm",
    "_mAh_per_g": "mAh/g",
    "_A3": "Å³",
    "_GPa": "GPa",
    "_eV": "eV",
    "_K": "K",
    "_V": "V",
}


def label_and_unit(name: str) -> tuple[str, str]:
    """Label and unit of a column that is named as this program names its own.

    Parameters
    ----------
    name : str

    Returns
    -------
    tuple of str
        The name itself and no unit where it does not end in one.

    Examples
    --------
    >>> label_and_unit("conductivity_S_per_cm"), label_and_unit("batch_no")
    (('conductivity', 'S/cm'), ('batch_no', ''))
    """
    for ending, unit in _UNITS.items():
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending).replace("_", " "), unit
    return name, ""


def markdown(columns: Sequence[Column]) -> str:
    """The list of columns for documentation.

    Parameters
    ----------
    columns : sequence of Column

    Returns
    -------
    str
        A Markdown table.

    Examples
    --------
    >>> print(markdown(STATUS))
    | column | meaning | unit | kind | empty means |
    |---|---|---|---|---|
    | `status` | Status |  | text | ok |
    | `message` | Message |  | text | none |
    """
    lines = ["| column | meaning | unit | kind | empty means |", "|---|---|---|---|---|"]
    lines += [f"| `{c.key}` | {c.label} | {c.unit} | {c.kind} | {c.missing} |" for c in columns]
    return "\n".join(lines)
