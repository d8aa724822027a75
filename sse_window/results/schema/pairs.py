"""Columns of pairs of an electrolyte and an electrode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .column import (
    DISTRIBUTION,
    NOTES,
    ORIGIN,
    STATUS,
    Column,
    formula,
    formulas,
    interphase,
    truth,
    volts,
)

__all__ = ["OF_PAIR", "PAIR", "pair_spread"]

_CONDITIONS = (
    ("chemical", "chemical", "Chemical", "eV_per_atom", "eV/atom"),
    *(
        (f"electrochemical_{at}", f"electrochemical.{at}", f"Electrochemical{where}",
         "eV_per_nonion_atom", "eV/non-ion atom")
        for at, where in (("low", " at low V"), ("high", " at high V"), ("worst", " worst"))
    ),
)  # fmt: skip


def _reactions() -> Iterator[Column]:
    """Total and mutual reaction at every condition."""
    for key, path, label, unit, said in _CONDITIONS:
        for sort in ("total", "mutual"):
            head, at = f"{key}_{sort}", f"{path}.{sort}"
            energy = f"reaction_energy_{unit}"
            shown = {"chemical_mutual": 9, "electrochemical_worst_mutual": 10}.get(head, 0)
            yield Column(
                f"{head}_{energy}", f"{label}, {sort}", "number", said, 3, "unknown",
                f"{at}.{energy}", shown=shown,
            )  # fmt: skip
            x = Column(f"{head}_x_electrolyte", f"x: {label.lower()}, {sort}", "number", "", 3)
            yield replace(x, missing="no reaction", path=f"{at}.x_electrolyte")
            if key != "chemical":
                words = f"Voltage: {label.lower()}, {sort}"
                yield volts(f"{head}_voltage_V", words, f"{at}.voltage_V")
            yield formulas(f"{head}_reaction", f"{label}, {sort}: reaction", f"{at}.reaction")


def _pair_analyses() -> Iterator[Column]:
    yield Column("additive", "Additive", path="additive.additive", optional=True)
    for key, path, words in (
        ("chemical_mutual", "chemical.mutual", "chemical"),
        ("electrochemical_worst_mutual", "electrochemical.worst.mutual", "electrochemical, worst"),
    ):
        unit = "atom" if key.startswith("chemical") else "nonion_atom"
        energy = f"reaction_energy_eV_per_{unit}"
        per = "eV/atom" if unit == "atom" else "eV/non-ion atom"
        yield Column(
            f"additive_{key}_{energy}", f"With the additive, {words}", "number", per, 3,
            "unknown", f"additive.{path}.{energy}", optional=True,
        )  # fmt: skip
        reaction = formulas(f"additive_{key}_reaction", f"With the additive, {words}: reaction")
        yield replace(reaction, path=f"additive.{path}.reaction", optional=True)
    yield Column(
        "interphase_class_without_additive", "Class without the additive", "whole", "class", 0,
        "unknown", "additive.interphase_class_without", optional=True,
    )  # fmt: skip
    yield replace(
        formulas("additive_statement", "What the additive does"),
        path="additive.statement",
        optional=True,
    )
    for key, label, unit, said in (
        ("chemical_mutual", "chemical", "eV_per_atom", "eV/atom"),
        ("electrochemical_mutual", "electrochemical", "eV_per_nonion_atom", "eV/non-ion atom"),
    ):
        yield Column(
            f"additive_added_{key}_{unit}", f"Additive adds, {label}", "number", said, 3,
            "unknown", f"additive.added_{key}_{unit}", optional=True,
        )  # fmt: skip
    for key, label in (("chemical", "Chemical"), ("electrochemical", "Electrochemical")):
        unit = "eV_per_atom" if key == "chemical" else "eV_per_nonion_atom"
        said = "eV/atom" if key == "chemical" else "eV/non-ion atom"
        for sort in ("total", "mutual"):
            at = f"uncertainty.{key}_{sort}"
            for name, words in DISTRIBUTION:
                yield Column(
                    f"{key}_{sort}_{name}_{unit}", f"{label}, {sort}, {words}", "number", said, 3,
                    "unknown", f"{at}.{name}_{unit}", optional=True,
                )  # fmt: skip
            beyond = "probability_beyond_threshold"
            yield Column(
                f"{key}_{sort}_{beyond}", f"{label}, {sort}: probability to react", "number", "",
                2, "unknown", f"{at}.{beyond}", optional=True,
            )  # fmt: skip
    for column in pair_spread():
        yield replace(column, path=f"spread.{column.key}", optional=True)


def pair_spread() -> Iterator[Column]:
    """How far apart databases are."""
    yield Column(
        "chemical_spread_eV_per_atom", "Chemical, spread of databases", "number", "eV/atom", 3
    )
    yield Column(
        "electrochemical_spread_eV_per_nonion_atom", "Electrochemical, spread of databases",
        "number", "eV/non-ion atom", 3,
    )  # fmt: skip
    yield truth("products_differ", "Products differ")


OF_PAIR = (
    formula("electrolyte", "Electrolyte", shown=2),
    formula("electrolyte_composition", "Electrolyte composition"),
    formula("electrode", "Electrode", shown=3),
    formula("electrode_composition", "Electrode composition"),
    Column("electrode_state", "State", shown=4),
    Column("voltage_low_V", "Range from", "number", "V", 2, "unknown", "voltage_range_V.0"),
    Column("voltage_high_V", "Range to", "number", "V", 2, "unknown", "voltage_range_V.1"),
    Column("voltage_range_source", "Source of the range", missing="unknown"),
    *_reactions(),
    *interphase(),
)

PAIR = (
    *OF_PAIR,
    Column("transitions_V", "Transitions", unit="V", separator=", "),
    *_pair_analyses(),
    Column("working_ion", "Working ion", missing="unknown"),
    *NOTES,
    STATUS[0],
    *ORIGIN,
)
"""An electrolyte with one state of an electrode, with the analyses that were asked for."""
