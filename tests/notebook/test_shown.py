"""Every answer in Python: short text, table, data frame, record, plot."""

from __future__ import annotations

import builtins
import pickle

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure

import sse_window as sw
from sse_window import api
from sse_window.core.errors import DataError

ASKED = {
    "window": lambda: sw.window("Li3PS4"),
    "windows": lambda: sw.window(["Li3PS4", "Al2O3"]),
    "profile": lambda: sw.profile("Li3PS4"),
    "pair": lambda: sw.pair("Li3PS4", "LiFePO4"),
    "coatings": lambda: sw.coatings("LPS", "LCO", candidates=["LiF"]),
    "stack": lambda: sw.stack(["Li", "LPSCl", "LCO"]),
    "sinter": lambda: sw.sinter("LLZO", "LFP", temperature_K=(773, 873)),
    "map": lambda: sw.stability_map("CuO", temperature_K=(1000.0, 1200.0)),
    "series": lambda: sw.series("Li{7-x}La3Zr{2-x}Ta{x}O12", x="0:1:0.5"),
    "strain": lambda: sw.strain(["LCO", "NMC811"]),
    "space charge": lambda: sw.space_charge(1.0, 2.67e28, 60.0),
    "topotactic": lambda: sw.topotactic({"LiCoO2": -1.75, "CoO2": -0.75}),
    "screen": lambda: sw.screen(["LGPS", "LLZO"]),
    "pairs screened": lambda: sw.screen(["LGPS", "LLZO"], electrodes="LFP"),
}


@pytest.mark.slow
@pytest.mark.parametrize("question", ASKED)
def test_every_answer_shows_itself(question):
    answer = ASKED[question]()
    assert all(len(line) < 120 for line in repr(answer).splitlines())
    assert repr(answer).startswith("<")
    html = answer._repr_html_()
    assert html.startswith("<pre") and html.endswith("</pre>") and len(html) > 300
    frame = answer.to_frame()
    assert len(frame) == len(answer.rows()) > 0
    assert frame.columns.is_unique
    record = answer.to_dict()
    assert isinstance(record, list if isinstance(answer, sw.Answers) else dict)
    axes = Figure().add_subplot()
    assert answer.plot(axes) is axes
    assert axes.has_data()
    assert repr(pickle.loads(pickle.dumps(answer))) == repr(answer)


def test_a_frame_holds_the_numbers_of_the_result_and_where_they_come_from():
    answer = sw.window(["Li3PS4", "Al2O3"], phases="mp-legacy")
    frame = answer.to_frame()
    assert frame["reduction_potential_V"].tolist() == [w.reduction_potential_V for w in answer]
    assert frame["oxidation_potential_V"].isna().tolist() == [False, True]
    assert set(frame["dataset_name"]) == {"mp-legacy"}
    assert answer.to_dict()[0] == answer[0].to_dict()


def test_records_are_those_of_the_question(li_p_s):
    shown = sw.window("Li3PS4", phases=li_p_s)
    plain = api.stability_window("Li3PS4", phases=li_p_s)
    assert isinstance(shown, sw.StabilityWindow)
    assert shown.to_dict() == plain.to_dict()
    discharged, charged = sw.pair("LGPS", "LCO")
    assert isinstance(discharged, sw.PairResult)
    assert charged.to_dict() == api.pair("LGPS", "LCO")[1].to_dict()


def test_one_text_is_one_answer_and_a_list_is_several(li_p_s):
    assert isinstance(sw.window("Li3PS4", phases=li_p_s), sw.StabilityWindow)
    assert len(sw.window(["Li3PS4"], phases=li_p_s)) == 1
    none = sw.window([], phases=li_p_s)
    assert repr(none) == "<Answers: none>" and none.to_frame().empty
    with pytest.raises(sw.SSEWindowError, match="nothing to plot"):
        none.plot()


def test_a_column_of_a_table_is_a_list(li_p_s):
    table = pd.DataFrame({"formula": ["Li3PS4", "Li2S"]})
    found = sw.window(table["formula"], phases=li_p_s)
    assert [window.formula for window in found] == ["Li3PS4", "Li2S"]


def test_plots_keep_the_style_of_the_user():
    with mpl.rc_context({"axes.prop_cycle": mpl.cycler(color=["#123456"]), "font.size": 17.0}):
        axes = sw.window("Li3PS4").plot(Figure().add_subplot())
    assert mpl.colors.to_hex(axes.patches[0].get_facecolor()) == "#123456"
    assert axes.xaxis.label.get_size() == 17.0


def test_without_pandas_a_frame_says_what_to_install(monkeypatch, li_p_s):
    answer = sw.window("Li3PS4", phases=li_p_s)
    known = builtins.__import__

    def refused(name, *args, **kwargs):
        if name == "pandas":
            raise ImportError(name)
        return known(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refused)
    with pytest.raises(sw.SSEWindowError, match="pip install pandas"):
        answer.to_frame()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sw.window(3.5),
        lambda: sw.window([3.5]),
        lambda: sw.window({"Li": 1}),
        lambda: sw.pair("LGPS", 3),
        lambda: sw.screen(7),
        lambda: sw.stack(7),
        lambda: sw.coatings("LGPS", "LCO", candidates=[1]),
        lambda: sw.coatings("LGPS", "LCO", among=["LiF"]),
        lambda: sw.strain(7),
        lambda: sw.topotactic(7),
        lambda: sw.topotactic(["LiCoO2"]),
        lambda: sw.series(7),
        lambda: sw.sinter("LLZO", temperature_K=500),
        lambda: sw.window(pd.DataFrame({"formula": ["LGPS"]})),
        lambda: sw.window("LGPS", phases=7),
        lambda: sw.window("LGPS", ion=7),
        lambda: sw.pair("LGPS", "LCO", voltage_range_V=3),
        lambda: sw.space_charge("1", 2.67e28, 60.0),
    ],
)
def test_what_is_not_taken_is_said_in_one_sentence_that_says_what_is(ask):
    with pytest.raises((TypeError, sw.SSEWindowError)) as raised:
        ask()
    said = str(raised.value)
    assert "\n" not in said and ("give" in said or "choose" in said), said


def test_a_screening_names_no_file_that_is_gone():
    found = sw.screen(["LGPS", *(f"X{letter}" for letter in "abcdefg")])
    assert found.summary.output is None
    html = found._repr_html_()
    assert "8 rows of 8" in html and "see the column" in html
    assert "parquet" not in html and "None" not in html


def test_a_screening_stays_as_it_was_when_its_file_is_written_again(tmp_path):
    output = tmp_path / "rows.csv"
    first = sw.screen(["LGPS", "LLZO"], output=output)
    before = first.to_dict()
    assert str(output) in first._repr_html_().replace("\n", "")
    assert sw.screen(["LiF"], output=output).rows()[0]["formula"] == "LiF"
    assert first.to_dict() == before
    output.unlink()
    assert [row["formula"] for row in first.rows()] == ["LGPS", "LLZO"]


def test_only_a_screening_with_an_output_goes_on():
    with pytest.raises(DataError, match="resume needs an output: give"):
        sw.screen(["LGPS"], resume=True)
