"""Distributions of reaction energies: closed forms, and the deterministic answer draw by draw."""

from __future__ import annotations

import json
import statistics

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import SSEWindowError, UnknownElementsError
from sse_window.equilibria.energy_errors import ErrorModel
from sse_window.equilibria.interfaces import Interface
from sse_window.equilibria.mixture_uncertainty import pair_uncertainty

NMC = "LiNi0.3333333Mn0.3333333Co0.3333333O2"


def worst(interface, low, high):
    """Worst total and mutual energies: closed, and open over a range of voltage."""
    closed = interface.chemical()
    inner = interface.transitions_V(low, high) if high > low else []
    reactions = [interface.electrochemical(v) for v in [low, *inner, high]]
    return (
        closed.total.reaction_energy,
        closed.mutual.reaction_energy,
        min(r.total.reaction_energy for r in reactions),
        min(r.mutual.reaction_energy for r in reactions),
    )


def medians(result):
    return (
        result.chemical_total.median_eV_per_atom,
        result.chemical_mutual.median_eV_per_atom,
        result.electrochemical_total.median_eV_per_nonion_atom,
        result.electrochemical_mutual.median_eV_per_nonion_atom,
    )


PAIRS = [
    ("Li10GeP2S12", "LiCoO2", (3.0, 4.5)),
    ("Li6PS5Cl", NMC, (3.0, 4.3)),
    ("Li7La3Zr2O12", "Li", (0.0, 0.0)),  # the reservoir metal
    ("Li3PS4", "CoO2", (3.0, 4.5)),  # no ion on one side
    ("Li3InCl6", "Li3InCl6", (2.0, 4.5)),  # nothing to mix
    ("Li", "Li", (0.0, 0.5)),
    ("Li1.3Al0.3Ti1.7(PO4)3", "LiFePO4", (2.5, 3.8)),  # not in the table
]


@pytest.mark.parametrize(("electrolyte", "electrode", "span"), PAIRS)
def test_no_error_is_the_deterministic_answer(table, electrolyte, electrode, span):
    a, b = parse(electrolyte), parse(electrode)
    result = pair_uncertainty(
        table, a, b, voltage_range_V=span, errors=ErrorModel(0.0, 2), threshold_eV=0.03
    )
    expected = worst(Interface(table, a, b), *span)
    assert medians(result) == pytest.approx(expected, abs=1e-8)
    for found, energy in zip(
        (
            result.chemical_total,
            result.chemical_mutual,
            result.electrochemical_total,
            result.electrochemical_mutual,
        ),
        expected,
        strict=True,
    ):
        assert found.probability_beyond_threshold == float(-energy > 0.03)
        (only,) = found.product_sets
        assert (only.products is None) == (energy == 0.0)


@pytest.mark.parametrize(("electrolyte", "electrode", "span"), PAIRS[:4])
def test_a_draw_is_the_interface_of_the_perturbed_table(table, electrolyte, electrode, span):
    a, b = parse(electrolyte), parse(electrode)
    near = table.within({*a.elements, *b.elements, "Li"})
    for seed in (1, 2, 3):
        model = ErrorModel(draws=1, seed=seed)
        energies = near.formation_energy_per_atom + model.errors(near)[0]
        perturbed = near.with_energies(energies, "perturbed")
        result = pair_uncertainty(table, a, b, voltage_range_V=span, errors=model)
        expected = worst(Interface(perturbed, a, b), *span)
        assert medians(result) == pytest.approx(expected, abs=1e-8)


@pytest.mark.slow
def test_probability_has_a_closed_form(li_p_s):
    # Li2S | P2S5 gives Li3PS4 at 0.5625 atoms of Li2S: -0.03125 eV/atom, and with errors
    # 0.5625 dE(Li2S) + 0.4375 dE(P2S5) - dE(Li3PS4) more is released.
    draws = 2000
    spread = 0.02 * np.sqrt(1 + 0.5625**2 + 0.4375**2)
    expected = 1 - statistics.NormalDist(0.03125, spread).cdf(0.04)
    result = pair_uncertainty(
        li_p_s, parse("Li2S"), parse("P2S5"), threshold_eV=0.04, errors=ErrorModel(draws=draws)
    )
    tolerance = 4 * np.sqrt(expected * (1 - expected) / draws)
    total = result.chemical_total
    assert total.probability_beyond_threshold == pytest.approx(expected, abs=tolerance)
    assert total.median_eV_per_atom == pytest.approx(-0.03125, abs=4 * 1.25 * spread / draws**0.5)
    assert total.median_eV_per_atom - total.percentile_16_eV_per_atom == pytest.approx(
        spread, rel=0.12
    )
    # Both sides are stable in every draw, so that mixing is all there is.
    mutual = result.chemical_mutual
    assert mutual.median_eV_per_atom == pytest.approx(total.median_eV_per_atom, abs=1e-12)
    assert mutual.product_sets == total.product_sets
    assert total.product_sets[0].products == ("Li3PS4",)


def test_no_range_no_electrochemistry(li_p_s):
    result = pair_uncertainty(li_p_s, parse("Li2S"), parse("P2S5"), errors=ErrorModel(draws=5))
    assert result.voltage_range_V is None
    assert result.electrochemical_total is None
    assert result.electrochemical_mutual is None


@pytest.mark.slow
def test_intervals_order_and_invariants(table):
    result = pair_uncertainty(
        table, parse("Li10GeP2S12"), parse("LiCoO2"), voltage_range_V=(3.0, 4.5)
    )
    for energy in (result.chemical_total, result.chemical_mutual):
        assert (
            energy.percentile_16_eV_per_atom
            <= energy.median_eV_per_atom
            <= energy.percentile_84_eV_per_atom
            <= 0.0
        )
        assert sum(p.frequency for p in energy.product_sets) == pytest.approx(1.0, abs=1e-12)
    assert result.chemical_total.median_eV_per_atom <= result.chemical_mutual.median_eV_per_atom
    # -345 meV/atom without errors; a reaction this large does not hang on them.
    assert result.chemical_total.median_eV_per_atom == pytest.approx(-0.345, abs=0.01)
    assert result.chemical_total.probability_beyond_threshold == 1.0


def test_reproducible_whatever_else_is_in_the_table(table):
    a, b = parse("Li7La3Zr2O12"), parse("LiCoO2")
    first = pair_uncertainty(table, a, b, voltage_range_V=(3.0, 4.5), errors=ErrorModel(draws=15))
    again = pair_uncertainty(
        table.within(["Li", "La", "Zr", "O", "Co"]),
        a,
        b,
        voltage_range_V=(3.0, 4.5),
        errors=ErrorModel(draws=15),
    )
    assert first == again
    other = pair_uncertainty(
        table, a, b, voltage_range_V=(3.0, 4.5), errors=ErrorModel(draws=15, seed=1)
    )
    assert first.chemical_total != other.chemical_total


def test_additive_is_mixed_in(table):
    a, b, c = parse("Li3PS4"), parse("LiCoO2"), parse("C")
    options = {"voltage_range_V": (3.0, 4.3), "errors": ErrorModel(0.0, 1)}
    result = pair_uncertainty(table, a, b, additives=[c], **options)
    assert medians(result) == pytest.approx(
        worst(Interface(table, a, b, additives=[c]), 3.0, 4.3), abs=1e-8
    )


def test_energies_above_hull_are_taken(table):
    a, b = parse("Li3PS4"), parse("LiCoO2")
    lifted = Interface(table, a, b, electrolyte_e_above_hull=0.1)
    result = pair_uncertainty(table, a, b, electrolyte_e_above_hull=0.1, errors=ErrorModel(0.0, 1))
    assert result.chemical_total.median_eV_per_atom == pytest.approx(
        lifted.chemical().total.reaction_energy, abs=1e-9
    )
    assert "set to 0.1 eV/atom" in result.notes[0]


def test_bad_questions(li_p_s):
    a, b = parse("Li2S"), parse("P2S5")
    with pytest.raises(SSEWindowError, match="voltage range 4 to 3 V"):
        pair_uncertainty(li_p_s, a, b, voltage_range_V=(4.0, 3.0))
    with pytest.raises(SSEWindowError, match="0 draws"):
        pair_uncertainty(li_p_s, a, b, errors=ErrorModel(draws=0))
    with pytest.raises(UnknownElementsError, match="Ge"):
        pair_uncertainty(li_p_s, a, parse("GeS2"))


def test_record_is_json_with_units(li_p_s):
    result = pair_uncertainty(
        li_p_s, parse("Li2S"), parse("P2S5"), voltage_range_V=(1.0, 2.0), errors=ErrorModel(draws=4)
    )
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert "median_eV_per_atom" in plain["chemical_total"]
    assert "median_eV_per_nonion_atom" in plain["electrochemical_mutual"]
    assert plain["voltage_range_V"] == [1.0, 2.0]
