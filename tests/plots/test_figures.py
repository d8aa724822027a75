"""Voltage profiles: nothing covers anything, numbers and names are those of the result."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from pictures import curves_of, described, outside, overlaps, texts_of, window_of

from sse_window.core.composition import parse
from sse_window.core.errors import OutputError
from sse_window.equilibria.energy_errors import ErrorModel
from sse_window.equilibria.window_uncertainty import window_uncertainty
from sse_window.equilibria.windows import stability_window
from sse_window.facts import names
from sse_window.plots.bars import windows_figure
from sse_window.plots.decomposition import _above
from sse_window.plots.interphase import interphase_figure
from sse_window.plots.pair import pair_figure
from sse_window.plots.profile import profile_figure
from sse_window.plots.sheet import house_style
from sse_window.plots.style import SINGLE, Style
from sse_window.plots.typography import formula_text, interval_text
from sse_window.results.reference import Reference

pytestmark = pytest.mark.slow

CROWDED = [
    "LGPS",
    "LLZO",
    "Li3PS4",
    "LATP",
    "Li9.54Si1.74P1.44S11.7Cl0.3",
    "Li1.5Al0.5Ge1.5(PO4)3",
    "Li13Ge2P3SnSiS24ClI",
]


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize("name", CROWDED)
def test_labels_of_a_profile_do_not_overlap(table, name, width):
    window = window_of(table, name)
    with house_style():
        sheet = profile_figure(window, style=Style.of(width), energy=len(window.steps) < 20)
        assert overlaps(sheet) == []
        assert outside(sheet) == []
        shown = texts_of(sheet, "step-")
    for i, step in enumerate(window.steps):
        said = " ".join(text for gid, text in shown.items() if gid.startswith(f"step-{i}-"))
        assert all(formula_text(product.formula) in said for product in step.products)


@pytest.mark.parametrize("name", ["LATP", "Li13Ge2P3SnSiS24ClI"])
def test_leaders_cross_neither_each_other_nor_the_curve(table, name):
    window = window_of(table, name)
    with house_style():
        sheet = profile_figure(window)
        axes = sheet.figure.axes[0]
        box = axes.get_position()
        low, high = axes.get_ylim()
        leaders = [
            sheet.figure.findobj(lambda artist, i=i: artist.get_gid() == f"leader-{i}")[0]
            for i in range(len(window.steps))
        ]
    ends = [leader.get_ydata() for leader in leaders]
    for below, above in pairwise(ends):
        assert below[0] < above[0]  # at the curve
        assert below[-1] < above[-1]  # at the label
    for step, points in zip(window.steps, ends, strict=True):
        # Each leaves the curve within its own interval of voltage, where the curve lies only there.
        voltage = low + (points[0] - box.y0) / box.height * (high - low)
        top = high if step.voltage_high_V is None else step.voltage_high_V
        assert step.voltage_low_V < voltage < top


def test_curve_follows_the_steps(li_p_s):
    window = stability_window(li_p_s, parse("Li3PS4"))
    with house_style():
        axes = profile_figure(window).figure.axes[0]
        ceiling = axes.get_ylim()[1]
        lines = [line.get_xydata() for line in axes.lines]
    stretches = [line for line in lines if line[0, 0] == line[1, 0] and line[0, 1] != line[1, 1]]
    plateaus = [line for line in lines if line[0, 1] == line[1, 1]]
    for step in window.steps:
        top = ceiling if step.voltage_high_V is None else step.voltage_high_V
        wanted = [[step.ion_exchange, step.voltage_low_V], [step.ion_exchange, top]]
        assert any(np.allclose(line, wanted, atol=1e-9) for line in stretches)
    # By hand: 5 Li are taken up at 1.84 V and 3 are given off at 2.18333 V.
    assert any(np.allclose(line, [[5, 1.84], [0, 1.84]], atol=1e-6) for line in plateaus)
    assert any(np.allclose(line, [[0, 2.183333], [-3, 2.183333]], atol=1e-5) for line in plateaus)


def test_window_is_shaded_between_its_limits(table):
    window = window_of(table, "LGPS")
    with house_style():
        axes = profile_figure(window, reference=Reference("Li-In", 0.62)).figure.axes[0]
        (band,) = axes.findobj(lambda artist: artist.get_gid() == "window")
        assert axes.get_ylim() == pytest.approx((-0.62, 4.38))
        assert axes.get_ylabel() == "Voltage vs Li-In (V)"
        bounds = band.get_y(), band.get_y() + band.get_height()
    wanted = (window.reduction_potential_V - 0.62, window.oxidation_potential_V - 0.62)
    assert bounds == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("name", "ion", "label"),
    [
        ("Na3PS4", "Na", "Voltage vs Na/Na$^{+}$ (V)"),
        ("MgSc2Se4", "Mg", "Voltage vs Mg/Mg$^{2+}$ (V)"),
    ],
)
def test_other_ions_are_named(table, name, ion, label):
    with house_style():
        sheet = profile_figure(window_of(table, name, ion), energy=True)
        axes, panel = sheet.figure.axes
        assert overlaps(sheet) == []
    assert panel.get_ylabel() == label
    assert axes.get_xlabel() == f"{ion} exchanged per formula unit"


def test_alloys_rich_in_the_ion_are_left_off_the_scale_and_said_to_be(table):
    window = window_of(table, "MgSc2Se4", "Mg")
    assert max(step.ion_exchange for step in window.steps) > 100.0
    with house_style():
        sheet = profile_figure(window)
        assert sheet.figure.axes[0].get_xlim()[1] < 3.0
        shown = texts_of(sheet, "step-0")
    assert "off scale" in shown["step-0-0"]
    assert f"{window.steps[0].ion_exchange:.4g} Mg" in shown["step-0-0"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Li", "no stability window (width 0 at 0.00 V); stable phase"),
        ("P2S5", "stability window > 2.28 V (no oxidation limit); stable phase"),
        ("Li13Ge2P3SnSiS24ClI", "no stability window (width 0 at 2.29 V)"),
        ("LGPS", "metastable phase put on the hull, 0.019 eV/atom above it"),
        ("LATP", "phase equilibria of the composition, which is not in the dataset"),
    ],
)
def test_heading_says_what_the_window_is(table, name, said):
    with house_style():
        sheet = profile_figure(window_of(table, name), energy=True)
        heading = texts_of(sheet, "heading-")
    assert said in " ".join(heading[gid] for gid in sorted(heading))


def test_gas_is_marked(table):
    with house_style():
        shown = texts_of(profile_figure(window_of(table, "LLZO")), "step-5")
    assert shown["step-5-0"].endswith("O$_{2}$↑")


def test_uncertainty_is_drawn_and_written(table):
    window = window_of(table, "LGPS")
    found = window_uncertainty(table, names.resolve("LGPS"), errors=ErrorModel(draws=20))
    with house_style():
        sheet = profile_figure(window, uncertainty=found, energy=True)
        assert overlaps(sheet) == []
        axes = sheet.figure.axes[0]
        (band,) = axes.findobj(lambda artist: artist.get_gid() == "band")
        corners = band.get_paths()[0].vertices
        heading = texts_of(sheet, "heading-")
    assert corners[:, 0].max() == pytest.approx(max(found.profile.ion_exchange_percentile_84))
    assert corners[:, 0].min() == pytest.approx(min(found.profile.ion_exchange_percentile_16))
    limit = found.oxidation
    assert interval_text(limit.percentile_16_V, limit.percentile_84_V) in heading["heading-2"]


def test_small_driving_force_is_cut_where_it_is_small():
    # A roof from (0, -2) over (1, 0) to (3, -1): level -0.5 is crossed at 0.75 and at 2.
    assert _above([0.0, 1.0, 3.0], [-2.0, 0.0, -1.0], -0.5) == [
        (0.75, -0.5),
        (1.0, 0.0),
        (2.0, -0.5),
    ]
    assert _above([0.0, 1.0], [-2.0, -1.0], -0.5) == []


def test_axis_can_end_lower(table, tmp_path):
    window = window_of(table, "LGPS")
    with house_style():
        sheet = profile_figure(window, voltage_max_V=1.5, energy=True)
        assert overlaps(sheet) == []
        assert sheet.figure.axes[0].get_ylim() == (0.0, 1.5)
        shown = texts_of(sheet, "interval-")
    assert len(shown) == sum(step.voltage_low_V < 1.5 for step in window.steps)
    with pytest.raises(OutputError, match="give a number above 0"):
        profile_figure(window, voltage_max_V=0.0)


def test_long_names_fit(table):
    name = "Li9.54Si1.74P1.44S11.7Cl0.3" + "(LiI)0.123456" * 4
    window = window_of(table, name)
    with house_style():
        for sheet in (
            profile_figure(window, style=SINGLE),
            windows_figure([window], style=SINGLE),
            interphase_figure(window, described(table, window), style=SINGLE),
            pair_figure([curves_of(table, name, "LiNi0.8Mn0.1Co0.1O2", (4.0,))], style=SINGLE),
        ):
            assert overlaps(sheet) == []
            assert outside(sheet) == []
