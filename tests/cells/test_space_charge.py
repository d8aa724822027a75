"""Space charge against closed forms, an independent integration, and its limits."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from sse_window.api import space_charge as ask
from sse_window.cells.space_charge import Side, space_charge
from sse_window.cli import main
from sse_window.core.errors import DataError

KT_V = 1.380649e-23 * 298.15 / 1.602176634e-19


@pytest.mark.parametrize(
    ("permittivity", "density", "width_nm"),
    [(60.0, 2.67e28, 0.498), (60.0, 2.67e26, 4.984), (10.0, 1e26, 3.325)],
)
def test_depletion_width(permittivity, density, width_nm):
    # sqrt(2 eps phi / (e N)) at 1 V, worked out by hand to four digits.
    found = space_charge(1.0, [Side(density, permittivity)])
    assert found.depletion_width_nm == pytest.approx(width_nm, rel=5e-3)


@pytest.mark.parametrize(
    ("u", "charge"), [(20.0, 0.11769), (-1.0, 0.02288), (-3.0, 0.10828), (-5.0, 0.3222)]
)
def test_charge_of_the_first_integral(u, charge):
    # sqrt(2 eps kT N (exp(-u) - 1 + u)) at eps_r 10, N 1e27 per m3, 298.15 K, by hand.
    found = space_charge(u * KT_V, [Side(1e27, 10.0)])
    assert found.charge_C_per_m2 == pytest.approx(charge, rel=5e-3)


@pytest.mark.parametrize(("permittivity", "debye_nm"), [(60.0, 0.2919), (10.0, 0.1192)])
def test_debye_length(permittivity, debye_nm):
    found = space_charge(0.1, [Side(1e27, permittivity)])
    assert found.debye_length_nm == pytest.approx(debye_nm, rel=5e-3)


@pytest.mark.parametrize("u", [-6.0, -1.0, -1e-6, 1e-6, 2.0, 30.0])
@pytest.mark.parametrize("sites", [None, 5e27])
def test_capacitance_is_the_derivative_of_the_charge(u, sites):
    side = Side(1e27, 10.0, sites)
    step = u * KT_V
    delta = max(abs(step), 1e-9) * 1e-4
    low, high = (space_charge(step + d, [side]).charge_C_per_m2 for d in (-delta, delta))
    slope = abs(high - low) / (2 * delta)
    assert space_charge(step, [side]).capacitance_F_per_m2 == pytest.approx(slope, rel=1e-4)


@pytest.mark.parametrize("u", [-4.0, 3.0])
def test_profile_solves_poissons_equation(u):
    side = Side(1e26, 20.0, 1e27)
    (layer,) = space_charge(u * KT_V, [side]).layers
    eps = 20.0 * 8.8541878128e-12

    def slopes(x, y):
        density = 1e27 / (1.0 + 9.0 * math.exp(y[0] / KT_V))
        return [y[1], -1.602176634e-19 * (density - 1e26) / eps]

    # From the interface inwards, with the field that the charge of the layer makes.
    start = [layer.step_V, layer.charge_C_per_m2 / eps]
    reach = layer.distance_nm[40] * 1e-9
    solution = solve_ivp(slopes, (0.0, reach), start, rtol=1e-10, atol=1e-14)
    assert solution.y[0, -1] == pytest.approx(layer.potential_V[40], rel=2e-3)
    assert np.all(np.diff(layer.distance_nm) > 0.0)


def test_many_sites_are_unlimited_ones():
    free = space_charge(-3 * KT_V, [Side(1e27, 10.0)])
    many = space_charge(-3 * KT_V, [Side(1e27, 10.0, 1e36)])
    few = space_charge(-3 * KT_V, [Side(1e27, 10.0, 2e27)])
    assert many.charge_C_per_m2 == pytest.approx(free.charge_C_per_m2, rel=1e-6)
    assert few.charge_C_per_m2 < free.charge_C_per_m2
    assert few.layers[0].surface_density_per_m3 < 2e27


@given(
    st.floats(-3.0, 3.0).filter(lambda v: abs(v) > 1e-3),
    st.tuples(st.floats(24.0, 28.0), st.floats(24.0, 28.0)),
    st.tuples(st.floats(2.0, 80.0), st.floats(2.0, 80.0)),
)
@settings(max_examples=60, deadline=None)
def test_two_sides_share_the_step_at_equal_charge(step, logs, permittivities):
    sides = [Side(10**n, e, 10**n * 20.0) for n, e in zip(logs, permittivities, strict=True)]
    found = space_charge(step, sides)
    first, second = found.layers
    assert first.step_V - second.step_V == pytest.approx(step, rel=1e-9)
    assert first.charge_C_per_m2 == pytest.approx(-second.charge_C_per_m2, rel=1e-6)
    assert {first.kind, second.kind} == {"depletion", "accumulation"}
    exchanged = space_charge(-step, sides[::-1])
    assert exchanged.charge_C_per_m2 == pytest.approx(found.charge_C_per_m2, rel=1e-6)
    parts = [layer.capacitance_F_per_m2 for layer in found.layers]
    assert found.capacitance_F_per_m2 == pytest.approx(1.0 / sum(1.0 / c for c in parts))


def test_resistance_only_where_a_conductivity_was_stated():
    assert ask(0.5, 1e27, 10.0).area_resistance_ohm_cm2 is None
    found = ask(0.5, 1e27, 10.0, conductivity_S_per_cm=1e-8)
    width_cm = found.depletion_width_nm * 1e-7
    assert found.area_resistance_ohm_cm2 == pytest.approx(width_cm / 1e-8)
    gathered = ask(-0.5, 1e27, 10.0, sites_per_m3=1e28, conductivity_S_per_cm=1e-8)
    assert gathered.area_resistance_ohm_cm2 is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0.0, 1e27, 10.0), "other than 0"),
        ((math.nan, 1e27, 10.0), "potential step nan"),
        ((1.0, -1e27, 10.0), "density -1e\\+27"),
        ((1.0, 1e27, 0.0), "permittivity 0"),
        ((1.0, 1e27, 0.5), "1 or more"),
        ((1.0, 1e30, 10.0), "no solid holds"),
        ((1.0, 1e10, 10.0), "not per cm3"),
        ((60.0, 1e27, 10.0), "in volts"),
        ((1.0, [1e27] * 3, 10.0), "3 sides"),
        ((1.0, [1e27, 1e26], [10.0, 20.0, 30.0]), "3 values of permittivity for 2 sides"),
    ],
)
def test_numbers_without_a_meaning(arguments, words):
    with pytest.raises(DataError, match=words):
        ask(*arguments)
    with pytest.raises(DataError, match="more sites than ions"):
        ask(1.0, 1e27, 10.0, sites_per_m3=1e26)
    with pytest.raises(DataError, match="temperature -5"):
        ask(1.0, 1e27, 10.0, temperature_K=-5.0)
    with pytest.raises(DataError, match="state the sites"):
        ask(-9.0, 1e27, 10.0, temperature_K=20.0)


def test_it_says_what_it_is_not(table):
    thin = ask(1.0, 2.67e28, 60.0)
    assert any("below a lattice spacing" in line for line in thin.warnings)
    assert any("is yours" in line for line in thin.assumptions)
    spans = [(t.low_nm, t.high_nm) for t in thin.published_range]
    assert min(low for low, _ in spans) == 1.0 and max(high for _, high in spans) == 5000.0
    between = ask(1.0, 1e27, 10.0, between=("LCO", "LPS"), phases="mp-legacy")
    # Haruyama et al. 2014, doi:10.1021/cm5016959, Table 1.
    bulk = {v.phase: v.energy_V for v in between.vacancy_energies if v.place.startswith("bulk")}
    assert bulk == {"LiCoO2": 4.0, "Li3PS4": 3.2}
    assert any("outside the window" in line for line in between.context)


def test_command(tmp_path):
    runner = CliRunner()
    base = ["space-charge", "--step", "1.0", "--density", "2.67e28", "--permittivity", "60"]
    found = runner.invoke(main, [*base, "--format", "json"])
    (record,) = json.loads(found.stdout)["results"]
    assert round(record["depletion_width_nm"], 3) == 0.498 and record["assumptions"]
    assert runner.invoke(main, base).exit_code == 0
    picture = tmp_path / "layer.svg"
    assert runner.invoke(main, [*base, "-o", str(picture)]).exit_code == 0
    assert "Distance from the interface" in picture.read_text("utf-8")
    assert runner.invoke(main, [*base, "--dataset", "oqmd"]).exit_code == 2
    failed = runner.invoke(main, [*base[:-1], "-60"])
    assert failed.exit_code == 1 and failed.stderr.count("\n") == 1
