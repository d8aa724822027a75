"""The public names, pinned, and the two questions asked from Python."""

from __future__ import annotations

import importlib

import pytest

import sse_window as sw
from sse_window import api
from sse_window.api import compare_pairs, pair_curves
from sse_window.phases.table import PhaseTable


def test_public_names():
    assert sw.__all__ == [
        "Answers",
        "Composition",
        "PairResult",
        "PhaseTable",
        "Provenance",
        "SSEWindowError",
        "StabilityWindow",
        "available",
        "coatings",
        "decomposition_energy",
        "load",
        "open_table",
        "pair",
        "parse",
        "profile",
        "screen",
        "series",
        "sinter",
        "space_charge",
        "stability_map",
        "stability_window",
        "stack",
        "strain",
        "topotactic",
        "window",
    ]
    for name in sw.__all__:
        assert getattr(sw, name).__doc__


@pytest.mark.parametrize("room", ["cells", "heat", "phases", "questions", "screening", "tuning"])
def test_the_one_door_has_every_name_of_its_rooms(room):
    module = importlib.import_module(f"sse_window.api.{room}")
    assert set(module.__all__) <= set(api.__all__)
    for name in module.__all__:
        assert getattr(api, name) is getattr(module, name)


@pytest.mark.slow
def test_phases_may_be_a_table_a_name_or_a_path(li_p_s):
    assert sw.stability_window("Li3PS4", phases=li_p_s).reduction_potential_V == pytest.approx(1.84)
    oqmd = sw.stability_window("Li3PS4", phases="oqmd")
    assert oqmd.dataset.name == "oqmd"
    path = next(info.path for info in sw.available() if info.name == "oqmd")
    assert sw.stability_window("Li3PS4", phases=path).steps == oqmd.steps


def test_results_are_frozen_and_plain(li_p_s):
    window = sw.stability_window("Li3PS4", phases=li_p_s)
    with pytest.raises(AttributeError):
        window.formula = "Li"
    record = window.to_dict()
    assert record["formula"] == "Li3PS4"
    assert isinstance(record["steps"], list)


def test_exclude_and_errors(li_p_s):
    open_ended = sw.stability_window("Li3PS4", phases=li_p_s, exclude=["P2S5"])
    assert open_ended.oxidation_potential_V > 2.18334
    with pytest.raises(sw.SSEWindowError, match="not in dataset"):
        sw.stability_window("Li3PS4", phases=li_p_s, exclude=["Li9S"])
    with pytest.raises(sw.SSEWindowError, match="did you mean"):
        sw.stability_window("lgps")


def test_curves_come_from_the_database_of_their_result():
    results = compare_pairs("LGPS", "LiCoO2", phases=["mp-legacy", "oqmd"])
    assert [result.dataset.name for result in results] == ["mp-legacy", "oqmd"]
    for result in results:
        curves = pair_curves(result)
        worst = min(point.total for point in curves.chemical)
        assert worst == pytest.approx(result.chemical.total.reaction_energy, abs=1e-8)
        assert curves.dataset == result.dataset
    assert results[0].spread == results[1].spread
    assert results[0].spread.chemical_spread_eV_per_atom > 1e-4


def test_products_of_a_profile_are_those_of_its_own_phases():
    # Li9P exists nowhere but here.
    mine = PhaseTable.from_formulas({"Li2S": -1.4, "Li9P": -0.9, "Li3PS4": -0.95})
    window = api.stability_window("Li3PS4", phases=mine)
    found = api.products_over_voltage(window)
    assert [c.formula for c in found[0]] == [p.formula for p in window.steps[0].products]
    assert "Li9P" in {character.formula for step in found for character in step}
