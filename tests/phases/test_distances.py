"""How far two datasets lie apart."""

import math

import pytest

from sse_window.core.errors import DataError
from sse_window.phases.distances import distances
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.sources.datasets import load


def table_of(name, energies):
    return PhaseTable.from_formulas(energies, Provenance(name, "", "", ""))


def test_by_hand():
    one = table_of("one", {"Li2S": -1.4, "Na2S": -1.2, "LiCl": -2.1, "LiAl": -0.2, "LiBr": -1.8})
    two = table_of("two", {"Li2S": -1.5, "Na2S": -1.5, "LiCl": -2.0, "LiAl": -0.1})
    found = distances(one, two)
    assert [(d.anion, d.compounds) for d in found] == [
        ("all", 3), ("sulfide", 2), ("chloride", 1), ("alloy", 1),
    ]  # fmt: skip
    everything, sulfides, *_ = found
    assert math.isclose(everything.median_eV_per_atom, 0.1)
    assert math.isclose(everything.mean_absolute_distance_eV_per_atom, 0.5 / 3)
    assert math.isclose(sulfides.median_eV_per_atom, 0.2)
    assert (sulfides.dataset_name, sulfides.other_name) == ("one", "two")
    with pytest.raises(DataError, match="'one' and 'three' have no compound in common"):
        distances(one, table_of("three", {"K2S": -1.3}))


@pytest.mark.slow
def test_calibration_brings_the_databases_together():
    raw, calibrated = (
        {d.anion: d for d in distances(load(mp), load(oqmd))}
        for mp, oqmd in (("mp-legacy", "oqmd"), ("mp-calibrated", "oqmd-calibrated"))
    )
    for name in ("all", "oxide", "sulfide", "chloride", "phosphate", "sulfate", "nitrate"):
        assert calibrated[name].compounds > 50
        assert (
            calibrated[name].mean_absolute_distance_eV_per_atom
            < 0.35 * raw[name].mean_absolute_distance_eV_per_atom
        )
