"""Mixtures solved by hand, and the published one that keeps its volume."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window.cells.strain import strain
from sse_window.facts.cell_volumes import Curve, packaged_hosts


def test_zero_strain_mixture_belongs_to_a_state_of_charge():
    # LiCoO2 : NCM811 = 45:55 by mass at x 0.60 and 0.40, 81:19 at 0.50 and 0.20 (densities 5.05
    # and 4.78): w = (1.68 / 4.78) / (2.19 / 5.05 + 1.68 / 4.78) = 0.448.
    hosts = packaged_hosts()
    (mix,) = strain(["LCO", "NMC811"], hosts, ion_fractions=[0.60, 0.40]).mix
    assert mix.mass_fractions[0] == pytest.approx(0.448, abs=0.001) and mix.volume_change == 0.0
    (stated,) = strain(
        ["LCO", "NMC811"], hosts, ion_fractions=[0.60, 0.40], mass_fractions=[45, 55]
    ).mix
    assert 100 * stated.volume_change == pytest.approx(0.01, abs=0.01)
    (other,) = strain(
        ["LCO", "NMC811"], hosts, ion_fractions=[0.50, 0.21], mass_fractions=[45, 55]
    ).mix
    assert 100 * other.volume_change < -1.5
    (charged,) = strain(["LCO", "NMC811"], hosts, ion_fractions=[0.50, 0.21]).mix
    assert charged.mass_fractions[0] == pytest.approx(0.80, abs=0.01)


def test_mixtures_over_the_upper_voltage():
    found = strain(["LCO", "NMC811"], packaged_hosts())
    shares = {round(m.upto_V, 2): m.mass_fractions for m in found.mix}
    assert shares[4.05][0] < shares[4.10][0] < shares[4.15][0] < shares[4.20][0]
    assert shares[4.30] is None and "outside the measured" in found.mix[-1].reason
    both = strain(["NMC811", "NMC811"], packaged_hosts(), upto_V=4.1).mix[0]
    assert both.mass_fractions is None and both.reason == "both shrink"


def test_what_is_not_known_is_said():
    (found,) = strain(["NMC111"], packaged_hosts()).electrodes
    assert found.partial_molar_volume_cm3_per_mol is None
    assert any("no density" in note for note in found.notes)
    (mix,) = strain(["LCO", "NMC111"], packaged_hosts(), upto_V=4.0).mix
    assert mix.mass_fractions is None and "density" in mix.reason
    three = strain(["LCO", "NMC811", "LCO"], packaged_hosts(), upto_V=4.0).mix[0]
    assert three.mass_fractions is None and "state shares" in three.reason


@given(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2), st.floats(1.0, 9.0), st.floats(1.0, 9.0))
@settings(max_examples=100, deadline=None)
def test_the_share_found_keeps_the_volume(first, second, rho1, rho2):
    from dataclasses import replace

    base = packaged_hosts()[0]
    hosts = [
        replace(
            base,
            electrode=name,
            density_g_per_cm3=rho,
            volume_change=Curve((0.0, 1.0), (change, 0.0)),
        )
        for name, change, rho in (("A", first, rho1), ("B", second, rho2))
    ]  # fmt: skip
    (mix,) = strain(["A", "B"], hosts, ion_fractions=[0.0, 0.0]).mix
    if first * second >= 0.0:
        assert mix.mass_fractions is None and mix.reason
        return
    a, b = mix.mass_fractions
    assert 0.0 <= a <= 1.0 and a + b == pytest.approx(1.0)
    assert a / rho1 * first + b / rho2 * second == pytest.approx(0.0, abs=1e-12)
