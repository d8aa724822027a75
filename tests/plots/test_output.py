"""Files of pictures: whole, the same each time, and with their provenance."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from pictures import curves_of, described, window_of

from sse_window.core.errors import OutputError
from sse_window.plots import (
    draw_interphase,
    draw_pair,
    draw_profile,
    draw_profile_html,
    draw_windows,
)
from sse_window.plots.sheet import caption_of
from sse_window.results.records import program_version


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
