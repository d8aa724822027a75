import pytest

from sse_window import api, plots
from sse_window.cli.app import main
from sse_window.equilibria.electrode_voltages import check_voltages
from sse_window.sources.calibration_report import calibration_points
from sse_window.sources.datasets import load


@pytest.mark.slow
def test_pictures_name_their_datasets_and_numbers(tmp_path):
    plots.calibration_figure([calibration_points("mp-calibrated")]).save(tmp_path / "c.svg")
    text = (tmp_path / "c.svg").read_text()
    assert "mp-calibrated: " in text
    assert "left out" in text
    plots.voltages_figure(check_voltages(load("mp-2020"))).save(tmp_path / "v.svg")
    text = (tmp_path / "v.svg").read_text()
    assert "mp-2020: cells 0." in text


@pytest.mark.slow
def test_commands(capsys, tmp_path):
    for options, said in (
        (["--voltages", "--dataset", "mp-2020"], "S/Li2S"),
        (["--calibration", "--dataset", "mp-calibrated", "--format", "csv"], "sulfate"),
        (["--voltages", "--dataset", "oqmd", "--format", "csv"], "LiFeSO4F"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["data", "accuracy", *options])
        assert ended.value.code == 0
        assert said in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["data", "accuracy", "--voltages", "--calibration"])
    assert ended.value.code == 2


def test_limits_on_other_energies_frame_the_bars():
    windows = api.windows_elsewhere([api.stability_window("LPSCl", phases="mp-legacy")])
    plain = plots.windows_figure([api.stability_window("LPSCl", phases="mp-legacy")])
    framed = plots.windows_figure(windows)
    assert "Frame behind" in framed.caption
    assert "Frame behind" not in plain.caption
    highest = max(w.oxidation_potential_V for w in windows[0].elsewhere)
    frames = [
        patch for patch in framed.figure.axes[0].patches if patch.get_zorder() == pytest.approx(2.2)
    ]
    assert [round(p.get_x() + p.get_width(), 6) for p in frames] == [round(highest, 6)]
