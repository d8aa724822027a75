import pytest

from sse_window.api import electrode_voltages
from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError
from sse_window.equilibria.electrode_voltages import (
    average_voltage,
    check_voltages,
    mean_deviations,
)
from sse_window.facts.electrode_voltages import MeasuredVoltage, measured_voltages
from sse_window.phases.table import PhaseTable
from sse_window.sources.datasets import load

# Elements 0, so that E of 2 LiX is -4 eV and of X2 is -1 eV per formula unit as written.
TABLE = PhaseTable.from_formulas({"LiCoO2": -1.75, "CoO2": -0.75, "Li2O": -2.0})


def couple(charged, discharged, **more):
    return MeasuredVoltage(
        **{
            "couple": "made up", "ion": "Li", "charged": charged, "discharged": discharged,
            "taken_as": "phases", "chemistry": "oxide", "method": "cell", "voltage_V": 4.7,
            "enthalpy_voltage_V": None, "polymorph": None, "source": "none", **more,
        }
    )  # fmt: skip


def test_voltage_by_hand_whatever_the_factor():
    # E(LiCoO2) = -7, E(CoO2) = -2.25 eV: 4.75 V for one lithium.
    for charged, discharged in (("CoO2", "LiCoO2"), ("Co2O4", "LiCoO2"), ("CoO2", "Li2Co2O4")):
        found = average_voltage(TABLE, parse(charged), parse(discharged))
        assert found == pytest.approx(4.75)
    # In equilibrium Li2CoO2 is 2 Li + ... at -2 eV/atom for Li2O: 3 * -2 = -6 eV for two lithium.
    found = average_voltage(TABLE, parse("O"), parse("Li2O"), in_equilibrium=True)
    assert found == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("charged", "discharged"), [("CoO2", "Li2O"), ("LiCoO2", "CoO2"), ("Co2O3", "LiCoO2")]
)
def test_no_states_of_one_host(charged, discharged):
    with pytest.raises(FormulaError):
        average_voltage(TABLE, parse(charged), parse(discharged))


def test_what_is_not_the_phase_that_was_measured_is_marked_and_not_averaged():
    good, absent, other = check_voltages(
        TABLE,
        [
            couple("CoO2", "LiCoO2"),
            couple("CoO2", "Li2CoO2"),
            couple("CoO2", "LiCoO2", polymorph="another form"),
        ],
    )
    assert good.mark is None
    assert good.deviation_V == pytest.approx(0.05)
    assert absent.mark == "Li2CoO2 is not in the dataset"
    assert other.mark == "another form"
    assert list(mean_deviations([good, absent, other]).values()) == [pytest.approx(0.05)]
    assert check_voltages(TABLE, [couple("Cl", "LiCl")]) == ()


def test_every_measured_voltage_has_a_source():
    known = measured_voltages()
    assert len(known) == 46
    assert all(voltage.source for voltage in known)
    assert len({voltage.couple for voltage in known}) == len(known)


@pytest.mark.slow
def test_calibration_brings_voltages_nearer_to_measurement():
    for raw, calibrated in (("mp-legacy", "mp-calibrated"), ("oqmd", "oqmd-calibrated")):
        before = mean_deviations(check_voltages(load(raw)))
        after = mean_deviations(check_voltages(load(calibrated)))
        for (_, method), deviation in before.items():
            nearer = next(v for (_, m), v in after.items() if m == method)
            assert nearer < 0.85 * deviation


@pytest.mark.slow
def test_calibration_helps_couples_whose_compounds_it_has_not_seen():
    for raw, calibrated in (("mp-legacy", "mp-calibrated"), ("oqmd", "oqmd-calibrated")):
        before = mean_deviations(electrode_voltages(raw))
        checks = electrode_voltages(calibrated)
        unseen = mean_deviations(checks, left_out=True)
        plain = next(v for (_, method), v in before.items() if method == "thermochemical")
        found = next(v for (_, method), v in unseen.items() if method == "thermochemical")
        assert found < 0.85 * plain
        changed = [c for c in checks if c.left_out_V is not None and c.method == "thermochemical"]
        assert len(changed) == 30
        assert any(abs(c.left_out_V - c.calculated_V) > 0.02 for c in changed)
    assert all(check.left_out_V is None for check in electrode_voltages("oqmd"))
