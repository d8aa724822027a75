"""Joining two tables of phases."""

import math

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import DataError
from sse_window.phases.hulls import energies_above_hull
from sse_window.phases.merging import merge
from sse_window.phases.table import PhaseTable, Provenance


def on_hull_only(table: PhaseTable) -> PhaseTable:
    """The table as it is loaded: with energies above hull, and only phases on it competing."""
    above = energies_above_hull(table)
    return PhaseTable.from_compositions(
        [parse(f) for f in table.formulas],
        table.formation_energy_per_atom,
        Provenance("data", "2019", "legacy", "0" * 64, ("before",), ("Li-P-S",)),
        e_above_hull=above,
        competing=above == 0.0,
        properties={
            "band_gap_eV": np.arange(len(table), dtype=float),
            "material_id": np.array([f"mp-{i}" for i in range(len(table))], dtype=object),
        },
    )


def users(energies: dict[str, float], **properties: list[object]) -> PhaseTable:
    bare = PhaseTable.from_formulas(energies, elements=False)
    return PhaseTable.from_compositions(
        [parse(f) for f in energies],
        list(energies.values()),
        Provenance("mine.csv", "", "not stated", "abcdef0123456789", ("not stated",)),
        properties={k: np.array(v, dtype=object) for k, v in properties.items()},
    ) if len(bare) else bare  # fmt: skip


@pytest.fixture
def dataset(li_p_s: PhaseTable) -> PhaseTable:
    return on_hull_only(li_p_s)


def column(table: PhaseTable, name: str) -> dict[str, object]:
    return dict(zip(table.formulas.tolist(), table.properties[name].tolist(), strict=True))


def values(table: PhaseTable) -> dict[str, float]:
    return dict(zip(table.formulas, table.formation_energy_per_atom.tolist(), strict=True))


def test_new_phases_compete_and_keep_the_table_sorted(dataset: PhaseTable) -> None:
    merged = merge(dataset, users({"Li7PS6": -1.2, "Li4P2S6": -0.1}))
    table = merged.table
    assert merged.added == ("Li2PS3", "Li7PS6") and merged.messages == ()
    assert table.formulas.tolist() == sorted(table.formulas)
    assert values(table) == values(dataset) | {"Li7PS6": -1.2, "Li2PS3": -0.1}
    # Even one far above the hull: nobody has calculated that yet.
    assert table.competing[table.index("Li2PS3")]
    row = table.index("Li7PS6")
    assert row is not None and table.composition(row) == {"Li": 7.0, "P": 1.0, "S": 6.0}
    assert table.provenance.systems == ("Li-P-S",)
    assert table.provenance.additions == (
        "before",
        "mine.csv (sha256 abcdef012345): 2 phases added, 0 replaced, 0 not taken",
        "not stated",
    )


def test_a_lower_energy_replaces_and_is_reported(dataset: PhaseTable) -> None:
    merged = merge(dataset, users({"Li6P2S8": -1.0}))
    assert merged.replaced == ("Li3PS4",)
    assert merged.messages == (
        "Li3PS4: -1.0000 eV/atom in mine.csv is below -0.9500 in data: replaced",
    )
    assert values(merged.table)["Li3PS4"] == -1.0
    assert len(merged.table) == len(dataset)


def test_a_higher_energy_replaces_only_when_told(dataset: PhaseTable) -> None:
    mine = users({"Li3PS4": -0.8})
    kept = merge(dataset, mine)
    assert kept.not_taken == ("Li3PS4",) and values(kept.table) == values(dataset)
    assert kept.messages[0].endswith("is above -0.9500 in data: not taken")
    told = merge(dataset, mine, replace_existing=True)
    assert told.replaced == ("Li3PS4",) and values(told.table)["Li3PS4"] == -0.8


def test_phases_above_the_hull_compete_again_when_one_on_it_rises(li_p_s: PhaseTable) -> None:
    # With Li3PS4 at -0.95, Li7PS6 lies above the hull; with Li3PS4 at -0.5 it lies on it.
    hidden = PhaseTable.from_formulas(
        dict(zip(li_p_s.formulas, li_p_s.formation_energy_per_atom, strict=True))
        | {"Li7PS6": -1.13}
    )
    dataset = on_hull_only(hidden)
    row = dataset.index("Li7PS6")
    assert row is not None and not dataset.competing[row]
    table = merge(dataset, users({"Li3PS4": -0.5}), replace_existing=True).table
    assert table.competing.all()
    assert energies_above_hull(table)[table.index("Li7PS6")] == 0.0
    lower = merge(dataset, users({"Li3PS4": -1.0})).table
    assert not lower.competing[lower.index("Li7PS6")]


def test_the_same_energy_changes_nothing(dataset: PhaseTable) -> None:
    merged = merge(dataset, users({"Li3PS4": -0.95 + 1e-12}))
    assert merged.messages == () and merged.replaced == ()
    np.testing.assert_array_equal(merged.table.e_above_hull, dataset.e_above_hull)
    assert merge(dataset, users({})).table.formulas.tolist() == dataset.formulas.tolist()


def test_energies_above_hull_that_may_have_changed_are_unknown(dataset: PhaseTable) -> None:
    table = merge(dataset, users({"Li2S2": -1.2})).table
    above = dict(zip(table.formulas, table.e_above_hull, strict=True))
    assert all(math.isnan(above[f]) for f in ("LiS", "Li2S", "Li3PS4"))
    assert all(above[f] == 0.0 for f in ("Li", "P", "S", "Li3P", "P2S5"))


def test_properties_of_a_replaced_phase_stay_unless_given(dataset: PhaseTable) -> None:
    mine = users({"Li3PS4": -1.0, "Li2S": -1.5}, band_gap_eV=[3.5, None], theoretical=[True, None])
    table = merge(dataset, mine).table
    before, after = column(dataset, "band_gap_eV"), column(table, "band_gap_eV")
    assert after["Li3PS4"] == 3.5 and after["Li2S"] == before["Li2S"]
    # What belongs to one calculation does not pass to another.
    ids = column(table, "material_id")
    assert ids["Li3PS4"] is None and ids["Li3P"] == column(dataset, "material_id")["Li3P"]
    assert column(table, "theoretical")["Li3PS4"] is True
    assert column(table, "theoretical")["Li3P"] is None
    assert table.properties["band_gap_eV"].dtype == np.float64


def test_a_new_element_joins_at_zero_and_is_reported(dataset: PhaseTable) -> None:
    mine = PhaseTable.from_formulas({"LiCl": -2.0})
    merged = merge(dataset, mine)
    assert merged.added == ("LiCl",)
    assert "Cl2 joins at 0 eV/atom; data holds no phases of this element" in merged.messages[0]
    assert values(merged.table)["Cl2"] == 0.0


def test_elements_are_no_matter_of_opinion(dataset: PhaseTable) -> None:
    with pytest.raises(DataError, match=r"the element S has -0\.1 eV/atom"):
        merge(dataset, users({"S": -0.1}))


def test_order_of_joining_does_not_matter(dataset: PhaseTable) -> None:
    first, second = users({"Li7PS6": -1.2, "Li3P": -1.0}), users({"Li3P": -0.95, "LiS": -0.9})
    one = merge(merge(dataset, first).table, second).table
    other = merge(merge(dataset, second).table, first).table
    assert values(one) == values(other)
    np.testing.assert_array_equal(one.competing, other.competing)
