"""Small tables, facts and products whose properties are chosen, not looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sse_window import api
from sse_window.cells.pair_questions import PairAnalysis
from sse_window.facts.conductors import ElectronicFact, Facts, IonicFact
from sse_window.interphases.products import ProductCharacter
from sse_window.phases.table import PhaseTable

NO_FACTS = Facts({}, {}, frozenset({"Li", "Na", "Mg", "Zn", "Y"}))


def with_properties(table: PhaseTable, **columns: Mapping[str, Any]) -> PhaseTable:
    """Columns by formula; everything that is not given is missing."""
    properties = {}
    for name, values in columns.items():
        text = name.endswith("source")
        assert set(values) <= set(table.formulas.tolist())
        properties[name] = np.array(
            [values.get(formula, None if text else np.nan) for formula in table.formulas.tolist()],
            dtype=object if text else np.float64,
        )
    return replace(table, properties=properties)


def ionic(formula: str, conductivity: float | None, ion: str = "Li", **changes: Any) -> IonicFact:
    fact = IonicFact(
        formula, ion, conductivity, None, None, None, "measured", "", f"source of {formula}"
    )
    return replace(fact, **changes)


def electronic(formula: str, character: str) -> ElectronicFact:
    return ElectronicFact(formula, character, None, "measured", "as cited", f"source of {formula}")


def facts(*known: IonicFact | ElectronicFact) -> Facts:
    return replace(
        NO_FACTS,
        ionic_facts={f.formula: f for f in known if isinstance(f, IonicFact)},
        electronic_facts={f.formula: f for f in known if isinstance(f, ElectronicFact)},
    )


def product(
    formula: str,
    electronic: str = "insulator",
    ionic: str = "insulator",
    volume: float | None = 1.0,
    total: float | None = 1.0,
    **changes: Any,
) -> ProductCharacter:
    """A product of one atom that fills `volume` out of `total`."""
    character = ProductCharacter(
        formula=formula,
        amount=1.0,
        electronic=electronic,
        ionic=ionic,
        volume_fraction=None if volume is None or total is None else volume / total,
        band_gap_eV=None,
        band_gap_source=None,
        band_gap_computed_eV=None,
        ionic_conductivity_S_per_cm=None,
        ionic_conductivity_range_S_per_cm=None,
        ionic_disputed=False,
        volume_per_atom_A3=volume,
        gas=False,
        liquid=False,
        reason="electronic reason; ionic reason",
        source="",
        atoms=1.0,
        volume_bounds_A3=(4.5, 120.0),
    )
    character = replace(character, **changes)
    known = character.volume_per_atom_A3
    return character if known is None else replace(character, volume_bounds_A3=(known, known))


def pair(
    table: PhaseTable, electrolyte: str, electrode: str, ion: str = "Li", **asked: Any
) -> tuple[PairAnalysis, ...]:
    """The pair in a table, one result for each state of the electrode."""
    return api.pair(electrolyte, electrode, ion, phases=table, **asked)
