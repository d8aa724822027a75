"""Triangles, several profiles in one picture, and measured limits beside bars."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from pictures import outside, overlaps, texts_of, window_of

from sse_window.cli import main
from sse_window.core.composition import parse
from sse_window.core.errors import OutputError
from sse_window.equilibria.ternary import ternary_diagram
from sse_window.facts.measured_windows import measured_window
from sse_window.plots.bars import windows_figure
from sse_window.plots.profiles import profiles_figure
from sse_window.plots.sheet import house_style
from sse_window.plots.style import Style
from sse_window.plots.ternary import ternary_figure
from sse_window.plots.typography import formula_text


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize(("formula", "voltage"), [("Li3PS4", None), ("Li10GeP2S12", 2.0)])
def test_a_triangle_numbers_its_phases(table, formula, voltage, width):
    found = ternary_diagram(table, parse(formula), voltage_V=voltage)
    with house_style():
        sheet = ternary_figure(found, name="mine", style=Style.of(width))
        assert outside(sheet) == []
        key = texts_of(sheet, "phase-")
        numbers = texts_of(sheet, "number-")
    for i, phase in enumerate(found.phases):
        assert numbers[f"number-{i}"] == str(i + 1)
        assert key[f"phase-{i}"] == f"{i + 1}  {formula_text(phase.formula)}"
    assert key[f"phase-{len(found.phases)}"].endswith("mine")
    patches = sheet.figure.axes[0].patches
    assert len(patches) == len(found.fields)
    colours = {patch.get_facecolor() for patch in patches}
    assert len(colours) > 5 if voltage is None else len(colours) == 2


@pytest.mark.parametrize("width", ["single", "double"])
def test_several_profiles_share_an_axis(table, width):
    windows = [window_of(table, name) for name in ("LGPS", "LLZO", "Li3InCl6")]
    with house_style():
        sheet = profiles_figure(windows, names=["LGPS", "LLZO", "mine"], style=Style.of(width))
        assert outside(sheet) == []
        assert overlaps(sheet) == []
        key = texts_of(sheet, "profile-")
    assert [text.split("  ")[0] for text in key.values()] == ["LGPS", "LLZO", "mine"]
    low, high, _ = sheet.figure.axes
    lgps = windows[0]
    energies = dict(zip(*low.lines[1].get_data(), strict=True))
    assert energies[0.0] == pytest.approx(lgps.decomposition_energy_0V_eV_per_atom)
    assert high.patches[0].get_data().values[0] == pytest.approx(
        lgps.steps[0].ion_exchange / lgps.composition.atoms
    )
    with pytest.raises(OutputError, match="at most"):
        profiles_figure(windows * 3)


def test_measured_limits_are_marked_and_cited(table):
    windows = [window_of(table, name) for name in ("LGPS", "LPSCl")]
    measured = [measured_window(window.composition, "Li") for window in windows]
    sheet = windows_figure(windows, labels=["LGPS", "LPSCl"], measured=measured)
    (marks,) = [line for line in sheet.figure.axes[0].lines if line.get_gid() == "measured-0"]
    assert marks.get_xdata().tolist() == [1.7, 2.1]
    assert "10.1002/aenm.201501590" in sheet.caption
    assert "Triangles" not in windows_figure(windows).caption


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["LGPS", "LPSCl", "--energy"], "drawn for one formula"),
        (["LPS", "--ternary", "--energy"], "different pictures"),
        (["LGPS", "--voltage", "2"], "--voltage goes with --ternary"),
        (["LPS", "--ternary", "--gas", "298"], "does not act on --ternary"),
    ],
)
def test_pictures_that_exclude_each_other(tmp_path, asked, said):
    result = CliRunner().invoke(main, ["profile", *asked, "-o", str(tmp_path / "a.svg")])
    assert result.exit_code == 2 and said in result.stderr


@pytest.mark.slow
def test_pictures_keep_the_names_that_were_typed(tmp_path):
    for command in (["window"], ["profile"]):
        path = tmp_path / "a.svg"
        assert CliRunner().invoke(main, [*command, "LLTO", "-o", str(path)]).exit_code == 0
        assert ">LLTO<" in path.read_text()


@pytest.mark.slow
def test_every_picture_takes_a_title(tmp_path):
    path = tmp_path / "a.svg"
    for command in (
        ["window", "LGPS"],
        ["profile", "LGPS"],
        ["profile", "LGPS", "LPSCl"],
        ["profile", "LPS", "--ternary"],
        ["pair", "LGPS", "LCO"],
        ["stack", "Li", "LPSCl", "LCO"],
        ["sinter", "LLZO", "LFP", "--temperature", "700", "800"],
        ["strain", "LCO", "NMC811"],
        ["series", "Li{7-x}La3Zr{2-x}Ta{x}O12", "--x", "0:1:0.5"],
        ["space-charge", "--step", "1", "--density", "2.67e28", "--permittivity", "60"],
    ):
        done = CliRunner().invoke(main, [*command, "--title", "MyTitle", "-o", str(path)])
        assert done.exit_code == 0, done.output
        assert "MyTitle" in path.read_text(), command


def test_a_state_that_is_asked_for_is_the_only_one(tmp_path):
    for state in ("discharged", "charged"):
        done = CliRunner().invoke(
            main, ["pair", "LGPS", "LCO", "--state", state, "--format", "csv"]
        )
        assert [line.split(",")[4] for line in done.stdout.splitlines()[1:]] == [state]
    done = CliRunner().invoke(main, ["pair", "LGPS", "LiCoO2", "--state", "charged"])
    assert done.exit_code == 2 and "as given only" in done.stderr
