"""Columns of result rows as a reader sees them: label, unit, decimals, word for what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["NUMBER", "TEXT", "TRUTH", "Column", "known_columns", "label_and_unit"]

NUMBER, TEXT, TRUTH = "number", "text", "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is read and shown.

    Attributes
    ----------
    key : str
        Its name in the file.
    label, unit : str
    kind : str
        ``number``, ``text`` or ``boolean``.
    digits : int or None
        Decimals; None for as many as the value needs.
    missing : str
        What null means in a row that did not fail.
    shown : bool
        In the table from the start; everything is in the panel of a row.
    searched : bool
        Looked through by the text filter.
    """

    key: str
    label: str
    unit: str = ""
    kind: str = TEXT
    digits: int | None = None
    missing: str = "none"
    shown: bool = False
    searched: bool = True


def known_columns() -> dict[str, Column]:
    """Every column that the program writes, in the order in which a table shows them.

    Returns
    -------
    dict of str to Column

    Examples
    --------
    >>> known_columns()["oxidation_potential_V"].missing
    'no limit'
    """
    return {column.key: column for column in (*_identity(), *_energies(), *_texts(), *_origin())}


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


def _identity() -> Iterator[Column]:
    yield Column("formula", "Formula", shown=True)
    yield Column("electrolyte", "Electrolyte", shown=True)
    yield Column("electrode", "Electrode", shown=True)
    yield Column("electrode_state", "State", shown=True)


def _number(
    key: str, label: str, unit: str, digits: int, missing: str = "unknown", *, shown: bool = False
) -> Column:
    return Column(key, label, unit, NUMBER, digits, missing, shown, searched=False)


def _energies() -> Iterator[Column]:
    yield Column(
        "interphase_class", "Interphase", "class", NUMBER, 0, "unknown", True, searched=False
    )
    yield _number("reduction_potential_V", "Reduction", "V", 3, shown=True)
    yield _number("oxidation_potential_V", "Oxidation", "V", 3, "no limit", shown=True)
    yield _number("window_width_V", "Width", "V", 3, "no limit")
    yield _number("e_above_hull_eV_per_atom", "Above hull", "eV/atom", 4, shown=True)
    yield from _analyses()
    closed = "reaction_energy_eV_per_atom"
    opened = "reaction_energy_eV_per_nonion_atom"
    yield _number(f"chemical_mutual_{closed}", "Chemical, mutual", "eV/atom", 3, shown=True)
    yield _number(f"chemical_total_{closed}", "Chemical, total", "eV/atom", 3)
    for at, where in (("worst", "worst"), ("low", "at low V"), ("high", "at high V")):
        for sort in ("mutual", "total"):
            yield _number(
                f"electrochemical_{at}_{sort}_{opened}",
                f"Electrochemical {where}, {sort}",
                "eV/non-ion atom",
                3,
                shown=(at, sort) == ("worst", "mutual"),
            )
            prefix = f"electrochemical_{at}_{sort}"
            yield _number(f"{prefix}_voltage_V", f"Voltage, {where}, {sort}", "V", 3)
            yield _number(f"{prefix}_x_electrolyte", f"x, {where}, {sort}", "", 3, "no reaction")
    for sort in ("mutual", "total"):
        yield _number(
            f"chemical_{sort}_x_electrolyte", f"x, chemical, {sort}", "", 3, "no reaction"
        )
    yield _number("voltage_low_V", "Range from", "V", 2)
    yield _number("voltage_high_V", "Range to", "V", 2)
    yield Column("in_dataset", "In dataset", kind=TRUTH, missing="unknown", searched=False)
    yield Column(
        "stable_against_metal",
        "Stable against metal",
        kind=TRUTH,
        missing="unknown",
        searched=False,
    )


def _analyses() -> Iterator[Column]:
    """What the limits rest on, and how certain they are."""
    for side, label in (("reduction", "Reduction"), ("oxidation", "Oxidation")):
        yield Column(f"{side}_element", f"{label}: element", missing="unknown")
        yield Column(f"{side}_limiting_phase", f"{label}: limiting phase")
        yield _number(f"{side}_potential_without_it_V", f"{label} without it", "V", 3)
        yield _number(f"{side}_median_V", f"{label}, median", "V", 3, "no limit")
        yield _number(f"{side}_percentile_16_V", f"{label}, 16th percentile", "V", 3, "no limit")
        yield _number(f"{side}_percentile_84_V", f"{label}, 84th percentile", "V", 3, "no limit")
        yield _number(f"{side}_spread_V", f"{label}, spread of databases", "V", 3)
        name = f"{side}_products_differ"
        yield Column(name, f"{label}: products differ", kind=TRUTH, searched=False)


def _texts() -> Iterator[Column]:
    yield Column("window_basis", "Basis", missing="unknown")
    yield Column("reduced_formula", "Reduced formula", missing="unknown")
    yield Column("electrolyte_composition", "Electrolyte composition", missing="unknown")
    yield Column("electrode_composition", "Electrode composition", missing="unknown")
    yield Column("working_ion", "Working ion", missing="unknown", searched=False)
    for side, label in (("reduction", "Reduction"), ("oxidation", "Oxidation")):
        yield Column(f"{side}_reaction", f"{label} reaction")
        yield Column(f"{side}_products", f"{label} products")
        yield Column(f"{side}_gases", f"{label} gases")
    for sort in ("mutual", "total"):
        yield Column(f"chemical_{sort}_reaction", f"Chemical reaction, {sort}")
    for at in ("worst", "low", "high"):
        for sort in ("mutual", "total"):
            label = f"Electrochemical reaction, {at}, {sort}"
            yield Column(f"electrochemical_{at}_{sort}_reaction", label)
    yield Column("interphase_label", "Interphase", missing="unknown")
    yield Column("interphase_reason", "Reason of the class", missing="unknown")
    yield Column("interphase_flags", "Interphase flags")
    yield Column("interphase_reaction", "Interphase reaction")
    yield Column("voltage_range_source", "Source of the range", missing="unknown")
    yield Column("transitions_V", "Transitions", "V")
    yield Column("notes", "Notes")
    yield Column("phases_off_measurement", "Phases off measurement")
    yield Column("status", "Status", missing="ok")
    yield Column("message", "Message")


def _origin() -> Iterator[Column]:
    labels = {
        "dataset_name": "Dataset",
        "dataset_date": "Dataset date",
        "dataset_corrections": "Corrections",
        "dataset_sha256": "Dataset SHA-256",
        "dataset_additions": "Additions to the dataset",
        "program_version": "Program version",
    }
    for key, label in labels.items():
        missing = "none" if key == "dataset_additions" else "unknown"
        yield Column(key, label, missing=missing, searched=False)
