import numpy as np
import pytest

from sse_window.core.errors import DataError
from sse_window.sources.calibration_report import calibration_points, calibration_report


def test_report_says_what_left_out_compounds_say():
    rows = {row.anion: row for row in calibration_report("mp-calibrated")}
    everything = rows["all but alloys"]
    assert everything.compounds > 1000
    left_out = everything.chemical_system_left_out_eV_per_atom
    assert everything.fitted_eV_per_atom < left_out < everything.raw_eV_per_atom


def test_points_are_the_compounds_of_the_fit():
    points = calibration_points("oqmd-calibrated")
    assert len(points.measured) == len(points.raw) == len(points.left_out) > 800
    left_out = np.abs(points.left_out - points.measured).mean()
    assert left_out < 0.8 * np.abs(points.raw - points.measured).mean()


def test_a_raw_dataset_was_not_calibrated():
    with pytest.raises(DataError, match="not calibrated to measurements"):
        calibration_report("mp-legacy")
    with pytest.raises(DataError, match="not calibrated to measurements"):
        calibration_points("oqmd")
