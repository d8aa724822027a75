import math

import numpy as np
import pytest

from sse_window import api
from sse_window.core.composition import parse
from sse_window.equilibria.class_errors import class_error_model, class_spread, sigma_of
from sse_window.phases.provenance import Provenance
from sse_window.phases.table import PhaseTable

ERRORS = (("sulfide", 0.1), ("oxide", 0.05), ("alloy", 0.08))


@pytest.fixture
def table():
    return PhaseTable.from_formulas(
        {"Li2S": -1.4, "Na2S": -1.2, "Li2O": -2.0, "LiAl": -0.2, "LiBr": -1.8},
        Provenance("made up", "", "", "", error_by_class=ERRORS),
    )


def test_compounds_of_a_class_are_off_together(table):
    model = class_error_model(table, parse("Li2S"), draws=4000)
    errors = model.errors(table)
    sigma = 0.1 * math.sqrt(math.pi / 2.0)
    assert model.sigma_eV_per_atom == pytest.approx(sigma)
    column = {f: errors[:, table.index(f)] for f in table.formulas}
    assert column["Li2S"].std() == pytest.approx(sigma, rel=0.05)
    # What two sulfides do not share is the scatter of the plain model, 0.02 each.
    assert (column["Li2S"] - column["Na2S"]).std() == pytest.approx(0.02 * math.sqrt(2), rel=0.05)
    assert abs(np.corrcoef(column["Li2S"], column["Li2O"])[0, 1]) < 0.05
    assert not column["Li"].any()


def test_a_class_too_rarely_measured_has_the_mean_error(table):
    mean = sum(error for _, error in ERRORS) / 3
    assert sigma_of(table, "bromide") == pytest.approx(mean * math.sqrt(math.pi / 2.0))
    assert sigma_of(table, "molecule") == 0.0
    assert sigma_of(table, None) == 0.0
    assert class_spread(table).classes[table.index("LiBr")] == "bromide"


def test_a_table_that_states_no_errors_has_the_plain_one():
    bare = PhaseTable.from_formulas({"Li2S": -1.4})
    assert class_error_model(bare, parse("Li2S")).kind == "independent"


@pytest.mark.slow
def test_error_bars_of_a_window_by_class_or_as_asked():
    by_class = api.stability_window("Li2S", phases="mp-calibrated", draws=500).uncertainty
    plain = api.stability_window(
        "Li2S", phases="mp-calibrated", draws=500, energy_error_eV_per_atom=0.02
    ).uncertainty
    assert (by_class.errors, plain.errors) == ("by class, shared within it", "independent")
    assert plain.sigma_eV_per_atom == 0.02
    spans = [
        (u.oxidation.percentile_84_V - u.oxidation.percentile_16_V) / 2 for u in (by_class, plain)
    ]
    # V = -3 E / 2; other sulfides share the error, but compete little with Li2S.
    assert spans[0] == pytest.approx(1.5 * by_class.sigma_eV_per_atom, rel=0.25)
    assert spans[1] == pytest.approx(0.03, rel=0.25)
