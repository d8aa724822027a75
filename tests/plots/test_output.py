"""Files of pictures: whole, the same each time, and with their provenance."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from pictures import curves_of, described, outside, visible_texts, window_of

from sse_window.core.errors import OutputError
from sse_window.plots import (
    Style,
    interphase_figure,
    pair_figure,
    profile_figure,
    windows_figure,
    write_profile_page,
)
from sse_window.plots.sheet import caption_of, house_style
from sse_window.results.records import program_version

pytestmark = pytest.mark.slow

SINGLE = Style.of("single")


def draw_all(table, folder, suffix):
    """One picture of each kind; returns the paths."""
    window = window_of(table, "Li3PS4")
    paths = [folder / f"{name}{suffix}" for name in ("profile", "pair", "bars", "interphase")]
    options = {"ion": "Li", "exclude": "LiS4"}
    curves = [curves_of(table, "Li3PS4", "LiCoO2", (3.0, 4.2))]
    figures = (
        profile_figure(window, energy=True, options=options),
        pair_figure(curves, options=options),
        windows_figure([window, window_of(table, "LLZO")], options=options),
        interphase_figure(window, described(table, window), options=options),
    )
    for figure, path in zip(figures, paths, strict=True):
        figure.save(path)
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
    profile_figure(window).save(tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    for step in window.steps:
        assert " + ".join(product.formula for product in step.products) in titles
        assert any(title.endswith(step.reaction) for title in titles)


def test_single_column_is_335_inches(table, tmp_path):
    from PIL import Image

    windows_figure([window_of(table, "LGPS")], style=SINGLE).save(tmp_path / "a.png")
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
def test_unusable_paths_are_told(table, tmp_path, name, said):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(OutputError, match=re.escape(said)):
        profile_figure(window_of(table, "Li3PS4")).save(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


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
        windows_figure([window_of(table, "Li3PS4")]).save(path)
    assert path.read_bytes() == b"the last good one"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == [path.name]


def test_web_page_stands_alone(table, tmp_path):
    window = window_of(table, "LATP")
    path = tmp_path / "profile.html"
    write_profile_page(window, path, options={"ion": "Li"})
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
        write_profile_page(window, tmp_path / "a.png")


def test_names_are_escaped_everywhere(table, tmp_path):
    window = replace(window_of(table, "Li3PS4"), formula="<b>&$x_1$\"'")
    write_profile_page(window, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<b>" not in page
    ET.fromstring(page[page.index("<svg ") : page.index("</svg>") + 6])
    windows_figure([window], labels=["<i>$"]).save(tmp_path / "a.svg")
    assert "<i>$" in "".join(ET.parse(tmp_path / "a.svg").getroot().itertext())


def test_settings_of_the_user_neither_matter_nor_change(table, tmp_path):
    import matplotlib as mpl

    window = window_of(table, "Li3PS4")
    profile_figure(window).save(tmp_path / "plain.svg")
    with mpl.rc_context({"text.usetex": True, "font.size": 30.0, "savefig.bbox": "tight"}):
        profile_figure(window).save(tmp_path / "odd.svg")
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


@pytest.mark.parametrize("labels", ["full", "short", "none"])
@pytest.mark.parametrize("width", ["single", "4.2", "double"])
def test_every_style_of_every_figure(table, tmp_path, labels, width):
    style = replace(Style.of(width), labels=labels, caption=labels == "full", title="Mine", dpi=100)
    window = window_of(table, "LGPS")
    curves = [curves_of(table, "Li3PS4", "LiCoO2", (3.0, 4.2))]
    for number, sheet in enumerate(
        (
            profile_figure(window, style=style, energy=True),
            pair_figure(curves, style=style),
            windows_figure([window], style=style),
            interphase_figure(window, described(table, window), style=style),
        )
    ):
        assert sheet.figure.get_size_inches()[0] == pytest.approx(style.width_in)
        with house_style(style):
            shown = " ".join(text.get_text() for text, _ in visible_texts(sheet))
            assert not outside(sheet)
        assert ("sha256" in shown) == (labels == "full")
        if number < 2 or number == 3:
            assert "Mine" in shown
        sheet.save(tmp_path / f"{number}.png")
        assert (tmp_path / f"{number}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("width", "words"),
    [("0.1", "inches wide"), ("nan", "inches wide"), ("wide", "of width")],
)
def test_widths_that_are_none(width, words):
    with pytest.raises(OutputError, match=words):
        Style.of(width)


def test_a_font_that_is_not_there(table, tmp_path):
    with pytest.raises(OutputError, match="no font 'No Such Font'"):
        profile_figure(window_of(table, "Li2S"), style=Style(font="No Such Font"))
