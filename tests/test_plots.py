"""Pictures: nothing covers anything, numbers and names are the result's, files are whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hand_made import with_properties
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window import names
from sse_window.composition import parse
from sse_window.conductors import facts
from sse_window.electrodes import electrodes
from sse_window.errors import OutputError
from sse_window.interfaces import Interface, MixingPoint
from sse_window.phases import PhaseTable, Provenance
from sse_window.plots import (
    PairCurves,
    draw_interphase,
    draw_pair,
    draw_profile,
    draw_profile_html,
    draw_windows,
)
from sse_window.plots.bars import bars_sheet
from sse_window.plots.decomposition import _above
from sse_window.plots.interphase import interphase_sheet
from sse_window.plots.pair import _path, pair_sheet
from sse_window.plots.placement import lanes, spread
from sse_window.plots.profile import profile_sheet
from sse_window.plots.sheet import caption_of, house_style
from sse_window.plots.typography import formula_text, interval_text, name_text, reaction_terms
from sse_window.products import describe
from sse_window.records import program_version
from sse_window.uncertainty import window_uncertainty
from sse_window.windows import stability_window

CROWDED = [
    "LGPS",
    "LLZO",
    "Li3PS4",
    "LATP",
    "Li9.54Si1.74P1.44S11.7Cl0.3",
    "Li1.5Al0.5Ge1.5(PO4)3",
    "Li13Ge2P3SnSiS24ClI",
]


def window_of(table, name, ion="Li"):
    return stability_window(table, names.resolve(name), ion)


def curves_of(table, electrolyte, electrode, voltages, ion="Li", state="as given"):
    a, b = names.resolve(electrolyte), names.resolve(electrode)
    interface = Interface(table, a, b, ion)
    return PairCurves(
        electrolyte=electrolyte,
        electrode=electrode,
        electrolyte_composition=a,
        electrode_composition=b,
        electrode_state=state,
        working_ion=ion,
        chemical=tuple(interface.chemical_curve()),
        electrochemical=tuple((v, tuple(interface.electrochemical_curve(v))) for v in voltages),
        dataset=table.provenance,
    )


def described(table, window):
    ion = window.working_ion
    return [describe(step.products, table, facts(), ion) for step in window.steps]


def visible_texts(sheet):
    """Every text that is drawn, with its extent in pixels."""
    from matplotlib.text import Text

    figure = sheet.figure
    figure.draw_without_rendering()
    unseen = set()  # tick labels beyond the ends of their axis
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    unseen |= {tick.label1, tick.label2}
    return [
        (text, text.get_window_extent())
        for text in figure.findobj(Text)
        if text.get_text() and text.get_visible() and text not in unseen
    ]


def overlaps(sheet):
    found = []
    half = 0.5  # pixel at 300 dpi: rounding of extents
    for (a, box), (b, other) in combinations(visible_texts(sheet), 2):
        across = min(box.x1, other.x1) - max(box.x0, other.x0)
        up = min(box.y1, other.y1) - max(box.y0, other.y0)
        if across > half and up > half:
            found.append((a.get_text(), b.get_text()))
    return found


def outside(sheet):
    width, height = sheet.figure.get_size_inches() * sheet.figure.dpi
    return [
        text.get_text()
        for text, box in visible_texts(sheet)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]


def texts_of(sheet, prefix):
    return {
        text.get_gid(): text.get_text()
        for text, _ in visible_texts(sheet)
        if (text.get_gid() or "").startswith(prefix)
    }


# --- voltage profile -----------------------------------------------------------------------------


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize("name", CROWDED)
def test_labels_of_a_profile_do_not_overlap(table, name, width):
    window = window_of(table, name)
    with house_style():
        sheet = profile_sheet(window, width=width, energy=len(window.steps) < 20)
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
        sheet = profile_sheet(window)
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
        axes = profile_sheet(window).figure.axes[0]
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
        axes = profile_sheet(window, reference=("Li-In", 0.62)).figure.axes[0]
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
        sheet = profile_sheet(window_of(table, name, ion), energy=True)
        axes, panel = sheet.figure.axes
        assert overlaps(sheet) == []
    assert panel.get_ylabel() == label
    assert axes.get_xlabel() == f"{ion} exchanged per formula unit"


def test_alloys_rich_in_the_ion_are_left_off_the_scale_and_said_to_be(table):
    window = window_of(table, "MgSc2Se4", "Mg")
    assert max(step.ion_exchange for step in window.steps) > 100.0
    with house_style():
        sheet = profile_sheet(window)
        assert sheet.figure.axes[0].get_xlim()[1] < 3.0
        shown = texts_of(sheet, "step-0")
    assert "off scale" in shown["step-0-0"]
    assert f"{window.steps[0].ion_exchange:.4g} Mg" in shown["step-0-0"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Li", "no stability window (width 0 at 0.00 V); stable phase"),
        ("P2S5", "stability window > 2.28 V (no oxidation limit); stable phase"),
        ("Li13Ge2P3SnSiS24ClI", "no stability window (width 0 at 2.16 V)"),
        ("LGPS", "metastable phase put on the hull, 0.019 eV/atom above it"),
        ("LATP", "phase equilibria of the composition, which is not in the dataset"),
    ],
)
def test_heading_says_what_the_window_is(table, name, said):
    with house_style():
        sheet = profile_sheet(window_of(table, name), energy=True)
        heading = texts_of(sheet, "heading-")
    assert said in " ".join(heading[gid] for gid in sorted(heading))


def test_gas_is_marked(table):
    with house_style():
        shown = texts_of(profile_sheet(window_of(table, "LLZO")), "step-5")
    assert shown["step-5-0"].endswith("O$_{2}$↑")


def test_uncertainty_is_drawn_and_written(table):
    window = window_of(table, "LGPS")
    found = window_uncertainty(table, names.resolve("LGPS"), draws=20)
    with house_style():
        sheet = profile_sheet(window, uncertainty=found, energy=True)
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
        sheet = profile_sheet(window, voltage_max_V=1.5, energy=True)
        assert overlaps(sheet) == []
        assert sheet.figure.axes[0].get_ylim() == (0.0, 1.5)
        shown = texts_of(sheet, "interval-")
    assert len(shown) == sum(step.voltage_low_V < 1.5 for step in window.steps)
    with pytest.raises(OutputError, match="give a number above 0"):
        draw_profile(window, tmp_path / "a.png", voltage_max_V=0.0)


def test_long_names_fit(table):
    name = "Li9.54Si1.74P1.44S11.7Cl0.3" + "(Li2S)0.123456" * 4
    window = window_of(table, name)
    with house_style():
        for sheet in (
            profile_sheet(window, width="single"),
            bars_sheet([window], width="single"),
            interphase_sheet(window, described(table, window), width="single"),
            pair_sheet([curves_of(table, name, "LiNi0.8Mn0.1Co0.1O2", (4.0,))], width="single"),
        ):
            assert overlaps(sheet) == []
            assert outside(sheet) == []


# --- pairs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", ["single", "double"])
def test_pair_shows_the_worst_reactions(table, width):
    states = [
        curves_of(table, "LGPS", "LiCoO2", (3.0, 4.2), state="discharged"),
        curves_of(table, "LLZO", "Li0.5CoO2", (3.0, 4.2), state="charged"),
    ]
    with house_style():
        sheet = pair_sheet(states, width=width)
        assert overlaps(sheet) == []
        assert outside(sheet) == []
        said = " ".join(texts_of(sheet, "reaction-").values())
        labels = {axes.get_ylabel() for axes in sheet.figure.axes}
    assert "chemical, x = 0.42: worst total −0.345, worst mutual −0.337 eV" in said
    worst = Interface(table, parse("Li10GeP2S12"), parse("LiCoO2")).electrochemical(4.2)
    assert f"worst total {worst.total.reaction_energy:.3f}".replace("-", "−") in said
    assert f"worst mutual {worst.mutual.reaction_energy:.3f}".replace("-", "−") in said
    assert " ".join(reaction_terms(worst.mutual.reaction)[:2]) in said
    # The charged pair releases less than 0.1 eV/atom without exchange of ions.
    assert "Reaction energy (meV per atom)" in labels
    assert "Reaction energy (eV per non-Li atom)" in labels


def test_letters_are_unique_within_a_state(table):
    with house_style():
        sheet = pair_sheet([curves_of(table, "LGPS", "LiCoO2", (3.0, 4.2))], width="single")
        shown = texts_of(sheet, "reaction-")
    letters = {gid.split("-")[2] for gid in shown}
    assert letters == set("abcde")


def test_open_curve_is_straight_in_nonion_atoms():
    points = [
        MixingPoint(0.0, 0.0, 0.0, "", ()),
        MixingPoint(1.0, -1.0, -1.0, "", ()),
    ]
    # Half of the electrolyte's atoms are ions: an equal number of atoms of both sides holds a
    # third of its non-ion atoms.
    xs, ys = _path(points, "total", (0.5, 1.0))
    assert np.interp(0.5, xs, ys) == pytest.approx(-1.0 / 3.0, abs=1e-3)
    assert _path(points, "total", (1.0, 1.0)) == ([0.0, 1.0], [0.0, -1.0])


def test_open_curve_meets_the_interface_between_kinks(li_p_s):
    """At a fraction between kinks, against the grand potential of the mixture itself."""
    electrolyte, electrode, voltage = parse("Li2S"), parse("P2S5"), 2.15
    curves = curves_of(li_p_s, "Li2S", "P2S5", (voltage,))
    points = curves.electrochemical[0][1]
    xs, ys = _path(points, "total", (1 / 3, 1.0))
    x = (points[0].x_electrolyte + points[1].x_electrolyte) / 2.0
    # x in atoms: x / 3 formula units of Li2S with (1 - x) / 7 of P2S5.
    mixture = parse(f"Li{2 * x / 3:.9f}S{x / 3 + 5 * (1 - x) / 7:.9f}P{2 * (1 - x) / 7:.9f}")
    window = stability_window(li_p_s, mixture)
    step = next(s for s in window.steps if s.voltage_high_V is None or s.voltage_high_V > voltage)
    energy = {"Li2S": -4.2, "Li3P": -3.6, "P2S5": -2.1, "Li3PS4": -7.6}
    products = sum(p.amount * energy.get(p.formula, 0.0) for p in step.products)
    lithium = step.ion_exchange + mixture.amount("Li")
    apart = x / 3 * (energy["Li2S"] + 2 * voltage) + (1 - x) / 7 * energy["P2S5"]
    nonion = 1.0 - 2 * x / 3
    expected = (products + voltage * lithium - apart) / nonion
    assert np.interp(x, xs, ys) == pytest.approx(expected, abs=2e-4)
    assert electrolyte.atoms == 3 and electrode.atoms == 7


def test_pairs_without_reaction_and_with_the_metal_are_pictures(table, tmp_path):
    same = curves_of(table, "LiF", "LiF", (0.0, 3.0))
    metal = curves_of(table, "LGPS", "Li", (0.0,))
    with house_style():
        sheet = pair_sheet([same])
        assert [t.get_text() for t, _ in visible_texts(sheet)].count("no reaction") == 2
        assert overlaps(sheet) == []
        said = texts_of(pair_sheet([metal]), "reaction-")
    assert any(text.startswith("0.00 V, x = 1.00: worst total") for text in said.values())
    draw_pair([same, metal], tmp_path / "pair.pdf", width="single")
    assert (tmp_path / "pair.pdf").read_bytes().startswith(b"%PDF-")


# --- bars ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", ["single", "double"])
def test_bars_show_limits_errors_and_electrodes(table, width):
    formulas = ["LGPS", "LLZO", "Li3PS4", "LATP", "P2S5", "LLTO"]
    windows = [window_of(table, name) for name in formulas]
    found = [window_uncertainty(table, names.resolve(name), draws=8) for name in formulas]
    known = electrodes("Li")
    with house_style():
        sheet = bars_sheet(
            windows, labels=formulas, uncertainties=found, electrodes=known, width=width
        )
        assert overlaps(sheet) == []
        assert outside(sheet) == []
        cells = texts_of(sheet, "limit-")
        assert set(texts_of(sheet, "electrode-").values()) == {name_text(e.name) for e in known}
    assert cells["limit-0-0"].startswith("1.72")
    assert cells["limit-1-1"].startswith("2.91")
    assert cells["limit-4-1"] == "no limit"
    assert ("(" in cells["limit-0-0"]) == (width == "double")
    assert "Error bars: middle 68 % of 8 draws" in sheet.caption


def test_bars_end_in_an_arrow_or_stand_as_a_diamond(table):
    windows = [window_of(table, name) for name in ("P2S5", "Li13Ge2P3SnSiS24ClI", "LGPS")]
    assert windows[1].window_width_V == 0.0
    with house_style():
        axes = bars_sheet(windows).figure.axes[0]
        markers = [line.get_marker() for line in axes.lines]
        bars = [patch for patch in axes.patches if patch.get_zorder() == 3]
    assert markers.count(">") == 1
    assert markers.count("D") == 1
    assert [bar.get_x() for bar in bars] == pytest.approx(
        [windows[0].reduction_potential_V, windows[2].reduction_potential_V]
    )
    assert bars[1].get_width() == pytest.approx(windows[2].window_width_V)


def test_bars_of_several_ions_and_datasets_say_so(table):
    sodium = window_of(table, "Na3PS4", "Na")
    other = replace(sodium, dataset=Provenance("oqmd", "1.2", "none", "f" * 64))
    with house_style():
        sheet = bars_sheet([window_of(table, "LGPS"), sodium, other])
        label = sheet.figure.axes[0].get_xlabel()
    assert label == "Voltage vs the metal of the working ion, Li or Na (V)"
    assert table.provenance.sha256[:12] in sheet.caption
    assert "oqmd, 1.2, none, sha256 ffffffffffff" in sheet.caption


# --- interphase ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "width"),
    [("LGPS", "double"), ("LLZO", "double"), ("Li3PS4", "double"), ("LLTO", "double"),
     ("LATP", "double"), ("LATP", "single")],
)  # fmt: skip
def test_interphase_fills_every_interval_outside_the_window(table, name, width):
    window = window_of(table, name)
    with house_style():
        sheet = interphase_sheet(window, described(table, window), width=width)
        assert overlaps(sheet) == []
        assert outside(sheet) == []
        axes = sheet.figure.axes[0]
        blocks = [patch for patch in axes.patches if patch.get_zorder() == 2]
        shown = " ".join(texts_of(sheet, "legend-").values())
    height: dict[float, float] = {}
    for block in blocks:
        height[block.get_x()] = height.get(block.get_x(), 0.0) + block.get_height()
    reacting = [s for s in window.steps if s.ion_exchange != 0.0 and s.voltage_low_V < 5.0]
    assert sorted(height) == pytest.approx([step.voltage_low_V for step in reacting])
    assert list(height.values()) == pytest.approx([1.0] * len(reacting))
    for step in reacting:
        assert all(formula_text(p.formula) in shown for p in step.products)


def test_interphase_hatches_electronic_conductors(table):
    window = window_of(table, "LGPS")
    products = described(table, window)
    conducting = [
        sum(p.volume_fraction or 0.0 for p in step if p.conducts_electrons) for step in products
    ]
    assert conducting[0] > 0.0
    with house_style():
        axes = interphase_sheet(window, products).figure.axes[0]
        hatched = [patch for patch in axes.patches if patch.get_hatch() == "//////"]
    at_metal = [patch for patch in hatched if patch.get_x() == 0.0]
    # At the bottom of the stack, so that their sum can be read off the axis.
    assert max(p.get_y() + p.get_height() for p in at_metal) == pytest.approx(conducting[0])


def test_interphase_without_volumes_shows_atoms_and_says_so(table, li_p_s):
    window = window_of(table, "LGPS")
    with house_style():
        sheet = interphase_sheet(window, described(table, window))
        assert "no volume is known for LiS4" in sheet.caption
        bare = stability_window(li_p_s, parse("Li3PS4"))
        none_known = interphase_sheet(bare, described(li_p_s, bare))
        axes = none_known.figure.axes[0]
        first = [p for p in axes.patches if p.get_zorder() == 2 and p.get_x() == 0.0]
    assert axes.get_ylabel() == "Atom fraction"
    # Li3PS4 + 8 Li -> 4 Li2S + Li3P: 12 and 4 of 16 atoms.
    assert sorted(p.get_height() for p in first) == pytest.approx([0.25, 0.75])


def test_interphase_volume_fractions_by_hand(li_p_s):
    table = with_properties(
        li_p_s,
        volume_per_atom_A3={"Li2S": 15.0, "Li3P": 5.0, "Li3PS4": 10.0, "P2S5": 10.0, "S": 10},
    )
    window = stability_window(table, parse("Li3PS4"))
    products = described(table, window)
    with house_style():
        axes = interphase_sheet(window, products).figure.axes[0]
        first = [p for p in axes.patches if p.get_zorder() == 2 and p.get_x() == 0.0]
    # 12 atoms of 15 A3 and 4 of 5 A3.
    assert sorted(p.get_height() for p in first) == pytest.approx([0.1, 0.9])


def test_interphase_names_gases_apart(table):
    window = window_of(table, "LLZO")
    with house_style():
        shown = texts_of(interphase_sheet(window, described(table, window)), "legend-")
    assert "O$_{2}$: > 3.30 V" in shown.values()


# --- files ---------------------------------------------------------------------------------------


def draw_all(table, folder, suffix):
    """One picture of each kind; returns the paths."""
    window = window_of(table, "Li3PS4")
    paths = [folder / f"{name}{suffix}" for name in ("profile", "pair", "bars", "interphase")]
    options = {"ion": "Li", "exclude": "LiS4"}
    draw_profile(window, paths[0], energy=True, options=options)
    draw_pair([curves_of(table, "Li3PS4", "LiCoO2", (3.0, 4.2))], paths[1], options=options)
    draw_windows([window, window_of(table, "LLZO")], paths[2], options=options)
    draw_interphase(window, described(table, window), paths[3], options=options)
    return paths


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_files_are_the_same_each_time_and_say_where_they_come_from(table, tmp_path, suffix):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    paths = draw_all(table, first, suffix)
    again = draw_all(table, second, suffix)
    caption = caption_of([table.provenance], {"ion": "Li", "exclude": "LiS4"})
    for path, other in zip(paths, again, strict=True):
        data = path.read_bytes()
        assert data == other.read_bytes()
        if suffix == ".png":
            from PIL import Image

            with Image.open(path) as image:
                assert image.size[0] == 2100  # 7 inches at 300 dpi
                assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
                assert image.text["Description"].endswith(caption)
                assert image.text["Software"] == f"sse-window {program_version()}"
        elif suffix == ".svg":
            text = "".join(ET.fromstring(data).itertext())
            assert caption in text
            assert "glyph" not in data.decode()  # text stays text
        else:
            assert data.startswith(b"%PDF-1.")
            assert data.rstrip().endswith(b"%%EOF")
            assert table.provenance.sha256[:12].encode() in data
            assert b"CreationDate" not in data


def test_svg_holds_the_products_by_name(table, tmp_path):
    window = window_of(table, "LGPS")
    draw_profile(window, tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    for step in window.steps:
        assert " + ".join(product.formula for product in step.products) in titles
        assert any(title.endswith(step.reaction) for title in titles)


def test_single_column_is_335_inches(table, tmp_path):
    from PIL import Image

    draw_windows([window_of(table, "LGPS")], tmp_path / "a.png", width="single")
    with Image.open(tmp_path / "a.png") as image:
        assert image.size[0] == 1005


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.jpg", "must end in .png, .svg, .pdf"),
        ("a", "must end in"),
        ("absent/a.png", "create it first"),
        ("folder.png", "give a file name"),
    ],
)
def test_unusable_paths_are_told_before_drawing(table, tmp_path, monkeypatch, name, said):
    (tmp_path / "folder.png").mkdir()
    monkeypatch.setattr("sse_window.plots.profile.profile_sheet", None)
    with pytest.raises(OutputError, match=re.escape(said)):
        draw_profile(window_of(table, "Li3PS4"), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_unknown_width_is_told(table, tmp_path):
    with pytest.raises(OutputError, match="choose single or double"):
        draw_profile(window_of(table, "Li3PS4"), tmp_path / "a.png", width="triple")


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_failure_leaves_the_last_good_file(table, tmp_path, monkeypatch, suffix):
    from matplotlib.figure import Figure

    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"the last good one")

    def full_disk(self, target, **more):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Figure, "savefig", full_disk)
    with pytest.raises(OutputError, match="No space left on device"):
        draw_windows([window_of(table, "Li3PS4")], path)
    assert path.read_bytes() == b"the last good one"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == [path.name]


def test_web_page_stands_alone(table, tmp_path):
    window = window_of(table, "LATP")
    path = tmp_path / "profile.html"
    draw_profile_html(window, path, options={"ion": "Li"})
    page = path.read_text("utf-8")
    assert page.count("<tr data-step=") == len(window.steps)
    assert page.count("<svg ") == 1
    for step in window.steps:
        assert step.reaction.replace(">", "&gt;") in page
    # Nothing is fetched: addresses stand only in namespaces and metadata.
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", page)
    assert table.provenance.sha256[:12] in page
    svg = page[page.index("<svg ") : page.index("</svg>") + 6]
    assert ET.fromstring(svg).tag.endswith("svg")
    with pytest.raises(OutputError, match=r"must end in \.html"):
        draw_profile_html(window, tmp_path / "a.png")


def test_names_are_escaped_everywhere(table, tmp_path):
    window = replace(window_of(table, "Li3PS4"), formula="<b>&$x_1$\"'")
    draw_profile_html(window, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<b>" not in page
    ET.fromstring(page[page.index("<svg ") : page.index("</svg>") + 6])
    draw_windows([window], tmp_path / "a.svg", labels=["<i>$"])
    assert "<i>$" in "".join(ET.parse(tmp_path / "a.svg").getroot().itertext())


def test_settings_of_the_user_neither_matter_nor_change(table, tmp_path):
    import matplotlib as mpl

    window = window_of(table, "Li3PS4")
    draw_profile(window, tmp_path / "plain.svg")
    with mpl.rc_context({"text.usetex": True, "font.size": 30.0, "savefig.bbox": "tight"}):
        draw_profile(window, tmp_path / "odd.svg")
        assert mpl.rcParams["font.size"] == 30.0
    assert (tmp_path / "plain.svg").read_bytes() == (tmp_path / "odd.svg").read_bytes()


def test_importing_plots_loads_no_plotting_library():
    code = (
        "import sys, sse_window.plots; "
        "print([m for m in ('matplotlib', 'pandas', 'pymatgen', 'scipy') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert ran.stdout.strip() == "[]"


# --- placement and text --------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0.0, 10.0), st.floats(0.01, 1.0)), min_size=1, max_size=12),
    st.floats(0.0, 5.0),
)
def test_spread_labels_keep_order_distance_and_range(labels, slack):
    wanted = sorted(centre for centre, _ in labels)
    sizes = [size for _, size in labels]
    high = sum(sizes) + slack
    found = spread(wanted, sizes, 0.0, high)
    assert found[0] - sizes[0] / 2.0 >= -1e-9
    assert found[-1] + sizes[-1] / 2.0 <= high + 1e-9
    for (a, b), (x, y) in zip(pairwise(found), pairwise(sizes), strict=True):
        assert b - a >= (x + y) / 2.0 - 1e-9


@settings(deadline=None)  # the first call imports scipy's optimisers
@given(st.lists(st.floats(0.0, 10.0), min_size=2, max_size=5).map(sorted))
def test_spread_moves_labels_as_little_as_possible(wanted):
    """Against scipy's solver of the same quadratic program."""
    from scipy.optimize import minimize

    sizes = [1.0] * len(wanted)
    found = spread(wanted, sizes, 0.0, 20.0)
    distance = [
        {"type": "ineq", "fun": lambda p, i=i: p[i + 1] - p[i] - 1.0}
        for i in range(len(wanted) - 1)
    ]
    best = minimize(
        lambda p: float(np.sum((p - wanted) ** 2)),
        np.arange(len(wanted)) + 1.0,
        constraints=distance,
        bounds=[(0.5, 19.5)] * len(wanted),
        method="SLSQP",
    )
    moved = float(np.sum((np.array(found) - wanted) ** 2))
    assert moved <= best.fun + 1e-5


@given(st.lists(st.tuples(st.floats(0.0, 9.0), st.floats(0.1, 3.0)), max_size=12))
def test_lanes_hold_intervals_apart(pairs):
    intervals = [(start, start + length) for start, length in pairs]
    lane = lanes(intervals)
    for i, j in combinations(range(len(intervals)), 2):
        if lane[i] == lane[j]:
            (a, b), (c, d) = intervals[i], intervals[j]
            assert b <= c or d <= a


def test_interval_text_tells_ends_apart():
    assert interval_text(0.0889, 0.0894) == "0.0889–0.0894 V"
    assert interval_text(-0.62, -0.34) == "−0.62 to −0.34 V"
    assert interval_text(0.0, 0.0) == "0.00 V"


def test_reaction_is_broken_between_its_terms():
    assert reaction_terms("Li2S -> 1e-05 S + 2 Li") == ["Li$_{2}$S", "→ 1e-05 S", "+ 2 Li"]
    assert reaction_terms("no reaction") == ["no reaction"]


def test_caption_names_what_was_changed():
    source = Provenance("mp", "2019", "legacy", "a" * 64, additions=("without LiS4",))
    said = caption_of([source], {"e_above_hull_eV_per_atom": 0.02})
    assert "mp, 2019, legacy, without LiS4, sha256 aaaaaaaaaaaa." in said
    assert said.endswith("e above hull eV per atom 0.02.")


def test_table_of_the_user_needs_no_hash(tmp_path):
    table = PhaseTable.from_formulas({"Li2S": -1.4})
    draw_profile(stability_window(table, parse("Li2S")), tmp_path / "a.svg")
    text = "".join(ET.parse(tmp_path / "a.svg").getroot().itertext())
    assert "Data: user, unknown." in text
