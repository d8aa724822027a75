"""Distributions of limits: closed forms, the deterministic answer, and reproducibility."""

from __future__ import annotations

import json
import statistics

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import SSEWindowError, UnknownElementsError
from sse_window.equilibria.energy_errors import ErrorModel
from sse_window.equilibria.window_uncertainty import product_sets, quantiles, window_uncertainty
from sse_window.equilibria.windows import decomposition_energy, stability_window
from sse_window.phases.table import PhaseTable

LI_P_S = {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}


def errors_of(table, formulas, **options):
    errors = ErrorModel(**options).errors(table)
    return [errors[:, table.index(formula)] for formula in formulas]


@pytest.mark.slow
def test_limits_are_linear_in_the_errors(li_p_s):
    # Reduction Li3PS4 + 5 Li -> 4 Li2S + P and oxidation Li3PS4 -> 1.5 S + 0.5 P2S5 + 3 Li, as long
    # as errors are too small to change the products: V = -dE / dn in every draw, exactly, and
    # standard deviations in closed form.
    sigma, draws = 0.002, 2000
    result = window_uncertainty(li_p_s, parse("Li3PS4"), errors=ErrorModel(sigma, draws))
    sulfide, pentasulfide, thiophosphate = errors_of(
        li_p_s, ["Li2S", "P2S5", "Li3PS4"], sigma_eV_per_atom=sigma, draws=draws
    )
    low = 1.84 - (12 * sulfide - 8 * thiophosphate) / 5
    high = 2.183333333333333 + (3.5 * pentasulfide - 8 * thiophosphate) / 3
    assert result.reduction.draws_V == pytest.approx(low, abs=1e-9)
    assert result.oxidation.draws_V == pytest.approx(high, abs=1e-9)
    for limit, centre, spread in (
        (result.reduction, 1.84, sigma * np.hypot(12, 8) / 5),
        (result.oxidation, 2.183333333333333, sigma * np.hypot(3.5, 8) / 3),
    ):
        assert limit.median_V == pytest.approx(centre, abs=4 * spread / np.sqrt(draws))
        assert np.std(limit.draws_V) == pytest.approx(spread, rel=0.06)
        # 16 and 84 % of a Gaussian are 0.9945 standard deviations away.
        assert limit.percentile_84_V - limit.median_V == pytest.approx(spread, rel=0.12)
        assert limit.median_V - limit.percentile_16_V == pytest.approx(spread, rel=0.12)
        assert len(limit.product_sets) == 1
    assert result.reduction.product_sets[0].products == ("Li2S", "P")
    assert result.oxidation.product_sets[0].products == ("P2S5", "S")
    assert result.probability_on_hull == 1.0


@pytest.mark.slow
def test_probability_on_hull_has_a_closed_form(li_p_s):
    # Li3PS4 lies 0.03125 eV/atom below 0.5625 Li2S + 0.4375 P2S5 (fractions of atoms).
    spread = 0.02 * np.sqrt(1 + 0.5625**2 + 0.4375**2)
    expected = statistics.NormalDist().cdf(0.03125 / spread)
    draws = 3000
    result = window_uncertainty(li_p_s, parse("Li3PS4"), errors=ErrorModel(draws=draws))
    assert result.probability_on_hull == pytest.approx(
        expected, abs=4 * np.sqrt(expected * (1 - expected) / draws)
    )


@pytest.mark.parametrize(
    "formula", ["Li3PS4", "Li10GeP2S12", "Li4Ti5O12", "Li3Ti5O12", "Li2S", "S", "Li7La3Zr2O12"]
)
def test_no_error_is_the_deterministic_answer(table, formula):
    window = stability_window(table, parse(formula))
    result = window_uncertainty(table, parse(formula), errors=ErrorModel(0.0, 3))
    assert result.reduction.median_V == pytest.approx(window.reduction_potential_V, abs=1e-9)
    assert result.reduction.percentile_16_V == result.reduction.percentile_84_V
    if window.oxidation_potential_V is None:
        assert result.oxidation.median_V is None
        assert result.window_width_median_V is None
    else:
        assert result.oxidation.median_V == pytest.approx(window.oxidation_potential_V, abs=1e-9)
        assert result.window_width_median_V == pytest.approx(window.window_width_V, abs=1e-9)
    for uncertain, limit in (
        (result.reduction, window.reduction),
        (result.oxidation, window.oxidation),
    ):
        (only,) = uncertain.product_sets
        assert only.frequency == 1.0
        expected = limit and tuple(product.formula for product in limit.products)
        assert only.products == expected
    stable = window.window_basis == "stable phase"
    if window.in_dataset:
        assert result.probability_on_hull == float(stable)
    assert result.probability_zero_width == float(window.window_width_V == 0.0)
    profile = result.profile
    for i in (0, 37, 123, 300):
        voltage = profile.voltage_V[i]
        step = next(
            s for s in window.steps if s.voltage_high_V is None or voltage < s.voltage_high_V
        )
        assert profile.ion_exchange_median[i] == pytest.approx(step.ion_exchange, abs=1e-6)
        assert profile.decomposition_energy_median_eV_per_atom[i] == pytest.approx(
            decomposition_energy(window, voltage), abs=1e-8
        )


@pytest.mark.parametrize("formula", ["Li10GeP2S12", "Li3Ti5O12", "LiFePO4", "P2S5", "Li6PS5Cl"])
def test_every_draw_is_the_window_of_the_perturbed_table(table, formula):
    composition = parse(formula)
    near = table.within({*composition.elements, "Li"})
    draws = 6
    model = ErrorModel(draws=draws)
    errors = model.errors(near)
    result = window_uncertainty(table, composition, errors=model)
    for draw in range(draws):
        perturbed = near.with_energies(near.formation_energy_per_atom + errors[draw], "perturbed")
        window = stability_window(perturbed, composition)
        high = window.oxidation_potential_V
        assert result.reduction.draws_V[draw] == pytest.approx(window.reduction_potential_V)
        assert result.oxidation.draws_V[draw] == pytest.approx(np.inf if high is None else high)


@pytest.mark.slow
def test_phases_known_to_be_irrelevant_change_nothing(table):
    composition = parse("LiFePO4")
    near = table.within({*composition.elements, "Li"})
    blind = near.with_energies(near.formation_energy_per_atom, "nothing known of the hull")
    assert near.competing.sum() < len(near)
    few = window_uncertainty(near, composition, errors=ErrorModel(draws=60))
    all_ = window_uncertainty(blind, composition, errors=ErrorModel(draws=60))
    assert few.reduction.draws_V == pytest.approx(all_.reduction.draws_V, abs=1e-9)
    assert few.oxidation.draws_V == pytest.approx(all_.oxidation.draws_V, abs=1e-9)
    assert few.probability_on_hull == all_.probability_on_hull


@pytest.mark.slow
def test_reproducible_whatever_else_is_in_the_table(li_p_s, table):
    first = window_uncertainty(li_p_s, parse("Li3PS4"))
    assert first == window_uncertainty(li_p_s, parse("Li3PS4"))
    reordered = PhaseTable.from_formulas(dict(reversed(LI_P_S.items())))
    assert first == window_uncertainty(reordered, parse("Li3PS4"))
    more = PhaseTable.from_formulas({**LI_P_S, "GeS2": -0.8, "Na2O": -1.4})
    assert first == window_uncertainty(more, parse("Li3PS4"))
    assert first != window_uncertainty(li_p_s, parse("Li3PS4"), errors=ErrorModel(seed=1))
    part = table.within(["Li", "P", "S", "Cl"])
    assert window_uncertainty(table, parse("Li6PS5Cl")) == window_uncertainty(
        part, parse("Li6PS5Cl")
    )


@pytest.mark.slow
def test_frequencies_and_quantiles_of_real_electrolytes(table):
    for formula in ("Li10GeP2S12", "Li7La3Zr2O12", "Li3InCl6"):
        result = window_uncertainty(table, parse(formula))
        for limit in (result.reduction, result.oxidation):
            frequencies = [found.frequency for found in limit.product_sets]
            assert sum(frequencies) == pytest.approx(1.0, abs=1e-12)
            assert frequencies == sorted(frequencies, reverse=True)
            assert limit.percentile_16_V <= limit.median_V <= limit.percentile_84_V
            none = [f.frequency for f in limit.product_sets if f.products is None]
            assert sum(none) == pytest.approx(limit.probability_no_limit)
        assert 0.0 < result.probability_on_hull < 1.0
    # LLZO is stable against lithium within the error: in some draws it is, in most it is not.
    llzo = window_uncertainty(table, parse("Li7La3Zr2O12"))
    assert 0.05 < llzo.reduction.probability_no_limit < 0.5
    assert llzo.reduction.median_V < 0.2


def test_bands_of_the_profile(table):
    voltages = [0.0, 1.0, 2.0, 5.0]
    result = window_uncertainty(table, parse("Li10GeP2S12"), voltages_V=voltages)
    bands = result.profile
    assert bands.voltage_V == tuple(voltages)
    low, median, high = (
        np.array(bands.ion_exchange_percentile_16),
        np.array(bands.ion_exchange_median),
        np.array(bands.ion_exchange_percentile_84),
    )
    assert np.all(low <= median + 1e-12)
    assert np.all(median <= high + 1e-12)
    assert np.all(np.diff(median) <= 1e-12)
    assert median[-1] == pytest.approx(-10.0)  # all lithium is out at 5 V
    assert max(bands.decomposition_energy_percentile_84_eV_per_atom) <= 1e-9


def test_no_limit_is_no_number(table):
    result = window_uncertainty(table, parse("P2S5"))
    assert result.oxidation.median_V is None
    assert result.oxidation.percentile_84_V is None
    assert result.oxidation.probability_no_limit == 1.0
    assert result.window_width_median_V is None
    (only,) = result.oxidation.product_sets
    assert only.products is None
    assert result.reduction.median_V > 2.0


def test_metal_needs_no_draws(table):
    result = window_uncertainty(table, parse("Li"), errors=ErrorModel(draws=20))
    assert (result.reduction.median_V, result.oxidation.median_V) == (0.0, 0.0)
    assert result.probability_zero_width == 1.0
    assert result.probability_on_hull == 1.0
    assert result.profile.decomposition_energy_median_eV_per_atom[50] == pytest.approx(-1.0)


def test_unknown_probability_on_hull_has_a_note(table):
    absent = window_uncertainty(table, parse("Li1.3Al0.3Ti1.7(PO4)3"), errors=ErrorModel(draws=10))
    assert absent.probability_on_hull is None
    assert "not in the dataset" in absent.notes[0]
    assumed = window_uncertainty(
        table, parse("Li3PS4"), e_above_hull=0.05, errors=ErrorModel(draws=10)
    )
    assert assumed.probability_on_hull is None
    assert "set to 0.05 eV/atom" in assumed.notes[0]


def test_bad_questions(li_p_s):
    with pytest.raises(UnknownElementsError, match="Na"):
        window_uncertainty(li_p_s, parse("Li3PS4"), "Na")
    with pytest.raises(SSEWindowError, match="0 draws"):
        window_uncertainty(li_p_s, parse("Li3PS4"), errors=ErrorModel(draws=0))


def test_quantiles_of_infinite_values():
    assert quantiles(np.array([np.inf] * 3)) == (None, None, None)
    assert quantiles(np.array([1.0, np.inf])) == (None, None, None)
    assert quantiles(np.array([2.0])) == (2.0, 2.0, 2.0)
    values = np.random.default_rng(0).normal(size=101)
    assert quantiles(values) == pytest.approx(np.quantile(values, [0.16, 0.5, 0.84]))


def test_product_sets_in_a_fixed_order():
    found = product_sets([("B",), None, ("A",), None, ("A", "C")])
    assert [(p.products, p.frequency) for p in found] == [
        (None, 0.4),
        (("A",), 0.2),
        (("A", "C"), 0.2),
        (("B",), 0.2),
    ]


def test_record_is_json_with_units(table):
    result = window_uncertainty(table, parse("Li10GeP2S12"), errors=ErrorModel(draws=20))
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert {"median_V", "percentile_16_V", "percentile_84_V"} <= set(plain["oxidation"])
    assert "draws_V" not in plain["oxidation"]
    assert "profile" not in plain
    assert (plain["draws"], plain["sigma_eV_per_atom"]) == (20, 0.02)
