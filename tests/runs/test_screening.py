"""Many compositions: the same rows however the work is done, and none lost whatever ends it."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import signal
import subprocess
import time

import pytest
from hand_made import pair
from processes import finish, in_session, kept, kill, run, start, until, workers_of

from sse_window.core.errors import DataError, FormulaError, OutputError
from sse_window.equilibria.windows import stability_window
from sse_window.facts.names import resolve
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.results.files import Choice
from sse_window.results.rows import csv_cell
from sse_window.results.rows import row as flat_row
from sse_window.results.schema import PAIR, WINDOW
from sse_window.runs.checkpoints import checkpoint_of
from sse_window.runs.lists import read_list
from sse_window.runs.screening import Plan, screen
from sse_window.runs.selection import Selection
from sse_window.sources import datasets

pytestmark = pytest.mark.slow


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def small(table, tmp_path_factory):
    """A dataset that loads at once."""
    part = table.within(["Li", "Ge", "P", "S", "Cl", "O", "Co", "Na"])
    path = tmp_path_factory.mktemp("dataset") / "small.parquet"
    datasets.write(part, path)
    return path


def dopants(count):
    """A series between Li10GeP2S12 and Li6PS5Cl, every composition its own, and other systems."""
    for i in range(count):
        x = round((i + 1) / (count + 1), 6)
        yield f"Li{10 - 4 * x:g}Ge{1 - x:g}P{2 - x:g}S{12 - 7 * x:g}Cl{x:g}"
        if i % 3 == 0:
            yield f"Li{3 + x:g}P{1 + x:g}S4"


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    path = tmp_path_factory.mktemp("series") / "series.txt"
    path.write_text("\n".join(dopants(6000)) + "\nXx\n")
    return path


@pytest.fixture(scope="module")
def uninterrupted(series, small, tmp_path_factory):
    output = tmp_path_factory.mktemp("whole") / "results.csv"
    run("screen", series, "--dataset", small, "-o", output, "--jobs", 2, code=3)
    return output.read_bytes()


# ---------------------------------------------------------------------------------------- the rows


def test_rows_are_those_of_single_questions(table, tmp_path):
    output = tmp_path / "windows.csv"
    summary = screen(table, Selection(("LGPS", "LLZO", "La2O3")), output)
    assert (summary.rows, summary.failed, summary.written) == (3, 0, 3)
    for row, name in zip(rows_of(output), ("LGPS", "LLZO", "La2O3"), strict=True):
        wanted = flat_row(stability_window(table, resolve(name)), WINDOW)
        wanted |= {"formula": name, "message": None}
        assert set(row) == set(wanted)
        for key, value in wanted.items():
            if isinstance(value, float):
                assert float(row[key]) == pytest.approx(value, abs=1e-9), key
            else:
                assert row[key] == ("" if value is None else str(csv_cell(value))), key


def test_pairs_have_a_row_for_each_state(table, tmp_path):
    output = tmp_path / "pairs.csv"
    plan = Plan(electrodes=("LCO", "Li", "LiFePO4"))
    screen(table, Selection(("LGPS", "Li2S")), output, plan)
    rows = rows_of(output)
    assert [(r["formula"], r["electrode"], r["electrode_state"]) for r in rows] == [
        (formula, electrode, state)
        for formula in ("LGPS", "Li2S")
        for electrode, state in (
            ("LCO", "discharged"),
            ("LCO", "charged"),
            ("Li", "as given"),
            ("LiFePO4", "as given"),
        )
    ]
    alone = flat_row(pair(table, "LGPS", "LCO")[1], PAIR)
    for key in ("chemical_mutual_reaction", "electrochemical_worst_total_reaction"):
        assert rows[1][key] == alone[key]
    key = "electrochemical_worst_mutual_reaction_energy_eV_per_nonion_atom"
    assert float(rows[1][key]) == alone[key]
    assert rows[1]["interphase_class"] == str(alone["interphase_class"])
    assert float(rows[1]["oxidation_potential_V"]) == pytest.approx(2.29, abs=0.01)


def test_a_list_may_name_the_electrodes(table, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("electrolyte,electrode,batch\nLGPS,LCO,7\nLi2S,,8\nLi2S,LCOO,9\n")
    output = tmp_path / "results.csv"
    summary = screen(table, read_list(path), output)
    rows = rows_of(output)
    assert [(r["electrode_state"], r["batch"]) for r in rows] == [
        ("discharged", "7"),
        ("charged", "7"),
        ("", "8"),
        ("", "9"),
    ]
    assert "no electrode" in rows[2]["message"]
    assert "did you mean 'LCO'" in rows[3]["message"]
    assert float(rows[3]["oxidation_potential_V"]) > 1.5  # the electrolyte itself has an answer
    assert summary.failed == 2
    with pytest.raises(DataError, match="leave out --electrode"):
        screen(table, read_list(path), output, Plan(electrodes=("Li",)))


def test_order_and_rows_do_not_depend_on_workers_or_what_stands_beside(table, tmp_path):
    formulas = [*dopants(40), "LGPS", "Xx", "LLZO", "Li2S", "LGPS", "MgO", "Li"]
    random.Random(1).shuffle(formulas)
    plan = Plan(electrodes=("Li", "graphite"))
    written = []
    for jobs in (1, 3):
        output = tmp_path / f"{jobs}.csv"
        screen(table, Selection(tuple(formulas)), output, plan, jobs=jobs)
        written.append(output.read_bytes())
    assert written[0] == written[1]
    alone = tmp_path / "alone.csv"
    screen(table, Selection(("LLZO",)), alone, plan)
    assert alone.read_bytes().splitlines()[1] in written[0].splitlines()


def test_other_ions(table, tmp_path):
    output = tmp_path / "na.csv"
    screen(table, Selection(("Na3PS4", "Li3PS4")), output, Plan(ion="Na", electrodes=("Na",)))
    assert {row["working_ion"] for row in rows_of(output)} == {"Na"}
    lonely = PhaseTable.from_formulas({"Li2S": -1.4}, Provenance("mine", "", "", ""))
    with pytest.raises(DataError, match="no phases with Na"):
        screen(lonely, Selection(("Li2S",)), output, Plan(ion="Na"))
    with pytest.raises(FormulaError, match="did you mean 'LCO'"):
        screen(table, Selection(("Li2S",)), output, Plan(electrodes=("LCOO",)))


def test_choice_is_made_on_all_columns(table, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("formula,rank,status\nLGPS,3,new\nLLZO,1,old\nLi2S,2,new\nXx,0,new\n")
    output = tmp_path / "chosen.csv"
    choice = Choice(where="input_status == 'new' and status == 'ok'", sort="rank", top=1)
    summary = screen(table, read_list(path), output, choice=choice)
    assert [row["formula"] for row in rows_of(output)] == ["Li2S"]
    assert (summary.rows, summary.failed, summary.written) == (4, 1, 1)
    assert summary.reasons == (("formula 'Xx': no element 'Xx'", 1),)


BAD = {
    "": "empty formula",
    "Xx2S": "no element 'Xx'",
    "lgps": "did you mean 'LGPS'",
    "Li-2O": "negative",
    "Li+": "charges",
    "(Li2S": "never closed",
    "Li2S)": "closes nothing",
    "Li0": "no element",
    "Li1e99": "",
    "LiPm": "Pm|",
    "He": "",
    "Rn2": "",
    "<script>alert(1)</script>": "cannot read",
    "=HYPERLINK(1)": "cannot read",
    'Li"2,S': "cannot read",
    "Li\n2": "",
    "Li2S" * 3000 + "Q": "",
    "锂": "cannot read",
    "nan": "",
    "None": "",
}


def test_ten_thousand_rows_with_every_kind_of_bad_row(table, tmp_path):
    good = ["Li2S", "NaN", "LiCl", "MgO", "La2O3", "S", "Li", "LiF", "K2S"]
    bad = list(BAD)
    formulas = tuple(
        bad[i // 5 % len(bad)] if i % 5 == 4 else good[i % len(good)] for i in range(10_000)
    )
    output = tmp_path / "results.csv"
    selection = Selection(formulas, columns={"place": list(range(10_000))})
    summary = screen(table, selection, output, jobs=2)
    rows = rows_of(output)
    for row in rows:  # a text that a spreadsheet would run stands behind an apostrophe
        row["formula"] = row["formula"].removeprefix("'")
    assert [row["formula"] for row in rows] == list(formulas)
    assert [int(row["place"]) for row in rows] == list(range(10_000))
    for i, row in enumerate(rows):
        assert (row["status"] == "ok") == (i % 5 != 4 or not row["message"]), row
        if row["status"] == "ok":
            assert row["reduction_potential_V"] != ""
        else:
            assert row["formula"] in BAD
            assert BAD[row["formula"]].split("|")[0] in row["message"]
            assert "\n" not in row["message"]
            assert "please report" not in row["message"]
            assert row["reduction_potential_V"] == row["in_dataset"] == ""
    failed = [row for row in rows if row["status"] != "ok"]
    assert len(failed) == summary.failed
    assert {row["formula"] for row in failed} >= set(BAD) - {"LiPm", "He", "Rn2", "Li\n2"}


def test_a_defect_in_one_row_ends_neither_the_run_nor_the_search_for_it(
    table, tmp_path, monkeypatch
):
    from sse_window.runs import tasks

    working = tasks.windows

    def broken(table, compositions, ion, **options):
        if (compositions.numbers == 8).any():
            raise ZeroDivisionError("float division by zero")
        return working(table, compositions, ion, **options)

    monkeypatch.setattr(tasks, "windows", broken)
    output = tmp_path / "results.csv"
    summary = screen(table, Selection(("Li2S", "Li2O", "LiF")), output)
    assert summary.failed == 1
    message = rows_of(output)[1]["message"]
    assert message == "ZeroDivisionError: float division by zero; please report this"


# ------------------------------------------------------------------------------- nothing is lost


def test_the_output_is_proved_writable_before_the_work(table, tmp_path, monkeypatch):
    from sse_window.runs import screening

    def no_work(*_, **__):
        raise AssertionError("worked before the output was looked at")

    monkeypatch.setattr(screening, "crew", no_work)
    last = tmp_path / "last.csv"
    last.write_text("the last good result")
    taken = tmp_path / "folder.csv"
    taken.mkdir()
    for output, message in (
        (tmp_path / "none" / "a.csv", "no folder"),
        (tmp_path / "a.xlsx", "must end in"),
        (taken, "folder"),
        (tmp_path.__class__("/proc/a.csv"), "cannot write"),
    ):
        with pytest.raises(OutputError, match=message):
            screen(table, Selection(("Li2S",)), output)
    with pytest.raises(AssertionError):
        screen(table, Selection(("Li2S",)), last)
    assert last.read_text() == "the last good result"


def test_an_input_is_never_overwritten(small, tmp_path):
    formulas = tmp_path / "list.csv"
    formulas.write_text("formula\nLi2S\n")
    entries = tmp_path / "entries.csv"
    entries.write_text("formula,formation_energy_per_atom_eV\nLi5PS5,-1.0\n")
    phases = tmp_path / "phases.parquet"
    phases.write_bytes(small.read_bytes())
    provenance = small.with_suffix(".json").read_bytes()
    phases.with_suffix(".json").write_bytes(provenance)
    (tmp_path / "link.csv").symlink_to(formulas)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    other = ("screen", formulas, "--dataset", small)
    for command in (
        (*other, "-o", formulas),
        ("screen", tmp_path / "link.csv", "--dataset", small, "-o", formulas),
        (*other, "--entries", entries, "-o", entries),
        ("screen", formulas, "--dataset", phases, "-o", phases),
        ("screen", formulas, "--compare", f"oqmd,{phases}", "-o", phases),
        ("window", "Li2S", "--entries", entries, "-o", entries),
        ("window", "Li2S", "--dataset", phases, "-o", phases.with_suffix(".json")),
    ):
        _, err = run(*command, code=1)
        assert "it is read as input; choose another name" in err, command
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_is_no_number_limits_nothing(small, tmp_path):
    output = tmp_path / "results.csv"
    every = ("screen", "--all", "Li & S", "--dataset", small, "-o", output)
    for more in (("--max-e-above-hull", "nan"), ("--electrode", "LCO", "--voltage", "1", "inf")):
        _, err = run(*every, *more, code=2)
        assert more[-1] in err
        assert not output.exists()


def test_closed_standard_input(small, tmp_path):
    command = ("screen", "-", "--dataset", small, "-o", tmp_path / "results.csv")
    _, err = run(*command, code=1, preexec_fn=lambda: os.close(0))
    assert "cannot read standard input: it is closed" in err


def test_a_run_without_a_scheduler_leaves_nothing(table, tmp_path, monkeypatch):
    monkeypatch.setattr("sse_window.runs.workers._CONNECT_TIMEOUT_s", 0.5)
    with pytest.raises(DataError, match="no Dask scheduler"):
        screen(table, Selection(("Li2S",)), tmp_path / "a.csv", scheduler="tcp://127.0.0.1:9")
    assert list(tmp_path.iterdir()) == []


def test_the_summary_says_what_was_asked_for(small, tmp_path):
    output = tmp_path / "results.csv"
    where = "window_width_V > 0.1"
    asked = ("--where", where, "--sort", "-formula", "--top", 3, "--format", "json", "--jobs", 1)
    common = ("--dataset", small, "-o", output, *asked)
    selected = ("--all", "Li & P & S & !O & !Ge", "--max-e-above-hull", 0)
    out, _ = run("screen", *selected, *common)
    chosen = {"ion": "Li", "where": where, "sort": "-formula", "top": 3}
    assert json.loads(out)["options"] == chosen | {
        "all": "Li & P & S & !O & !Ge",
        "max_e_above_hull_eV_per_atom": 0.0,
    }
    formulas = tmp_path / "list.txt"
    formulas.write_text("LGPS\n")
    pairs = ("--electrode", "LCO", "--electrode", "Li", "--voltage", 0.5, 4)
    out, _ = run("screen", formulas, *pairs, *common)
    assert json.loads(out)["options"] == chosen | {
        "list": str(formulas),
        "electrodes": ["LCO", "Li"],
        "voltage_range_V": [0.5, 4.0],
    }


def test_finished_rows_are_neither_repeated_nor_mixed(table, tmp_path, monkeypatch):
    from sse_window.runs import screening

    output = tmp_path / "results.csv"
    selection = Selection(("Li2S", "LGPS", "LLZO", "LiF"))
    asked = []

    def only_half(shared, plan, pairs, items):
        asked.extend(formula for _, formula, _ in items)
        if len(asked) > 2:
            raise KeyboardInterrupt
        return original(shared, plan, pairs, items)

    original = screening.screen_items
    monkeypatch.setattr(screening, "screen_items", only_half)
    monkeypatch.setattr(screening, "_WINDOWS_PER_TASK", 1)
    with pytest.raises(KeyboardInterrupt):
        screen(table, selection, output)
    first = set(asked[:2])
    assert not output.exists()
    with pytest.raises(OutputError, match="--resume"):
        screen(table, selection, output)
    for other in (
        {"selection": Selection(("Li2S", "LGPS", "LLZO", "LiCl"))},
        {"plan": Plan(ion="Na")},
        {"plan": Plan(steps=True)},
        {"table": table.exclude(["LiS4"])},
        {"table": table.with_energies(table.formation_energy_per_atom - 0.001, "lowered")},
    ):
        asked_for = {"table": table, "selection": selection, **other}
        with pytest.raises(DataError, match="rows of another run"):
            screen(**asked_for, output=output, resume=True)
    asked.clear()
    monkeypatch.setattr(screening, "screen_items", lambda *a: (asked.extend(a[3]), original(*a))[1])
    summary = screen(table, selection, output, resume=True, choice=Choice(sort="formula"))
    assert {formula for _, formula, _ in asked} == set(selection.formulas) - first
    assert (summary.resumed, summary.rows) == (2, 4)
    assert [row["formula"] for row in rows_of(output)] == ["LGPS", "LLZO", "Li2S", "LiF"]
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_random_and_gone_on_with(series, small, uninterrupted, tmp_path, seed):
    output = tmp_path / "results.csv"
    output.write_text("the last good result")
    chance = random.Random(seed)
    command = ("screen", series, "--dataset", small, "-o", output, "--jobs", 2, "--resume")
    sessions, before = [], 0
    for _ in range(3):
        process = start(*command)
        sessions.append(process.pid)
        goal = before + chance.randint(1, 400)
        until(lambda goal=goal, process=process: kept(output) >= goal or process.poll() is not None)
        time.sleep(chance.random() * 0.02)
        kill(process.pid)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert kept(output) >= before
        before = kept(output)
        assert output.read_text() == "the last good result"
    out, _ = run(*command, code=3)
    assert f"{before} of them kept from an earlier run" in " ".join(out.split()) or before == 0
    assert output.read_bytes() == uninterrupted
    assert not checkpoint_of(output).exists()
    # Workers end with the process that they work for, even if it was given no chance to say so.
    until(lambda: not any(in_session(session) for session in sessions))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_without_orphans(series, small, uninterrupted, tmp_path, number):
    output = tmp_path / "results.csv"
    command = ("screen", series, "--dataset", small, "-o", output, "--jobs", 2)
    process = start(*command)
    until(lambda: kept(output) > 100)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # Ctrl-C reaches every process of a terminal
    else:
        os.kill(process.pid, number)
    code, out, err = finish(process)
    assert code == 130
    assert out == ""
    assert err == "sse-window: interrupted; finished rows are kept, go on with --resume\n"
    until(lambda: not in_session(process.pid))
    assert not output.exists()
    run(*command, "--resume", code=3)
    assert output.read_bytes() == uninterrupted


def test_a_worker_that_dies_is_reported(series, small, uninterrupted, tmp_path):
    output = tmp_path / "results.csv"
    command = ("screen", series, "--dataset", small, "-o", output, "--jobs", 2)
    process = start(*command)
    until(lambda: kept(output) > 100)
    kill(until(lambda: workers_of(process))[0])
    code, _, err = finish(process)
    assert code == 1
    assert "a worker process died" in err
    assert "run again with --resume" in err
    until(lambda: not in_session(process.pid))
    run(*command, "--resume", code=3)
    assert output.read_bytes() == uninterrupted


class SmallDisk:
    """A file system of a few hundred kB where one can be mounted, else a limit on file sizes."""

    def __init__(self, folder, size):
        self.folder, self.size = folder, size
        folder.mkdir()
        options = f"size={size}"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True
        )
        self.mounted = done.returncode == 0

    def limit(self):
        if not self.mounted:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.size, self.size))

    def grow(self):
        if self.mounted:
            subprocess.run(["mount", "-o", "remount,size=64m", str(self.folder)], check=True)
        self.size = 2**26

    def close(self):
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def small_disk(tmp_path):
    disks = []

    def make(size):
        disks.append(SmallDisk(tmp_path / "disk", size))
        return disks[-1]

    yield make
    for disk in disks:
        disk.close()


@pytest.mark.parametrize("share", [0.4, 1.2])
def test_full_disk(series, small, uninterrupted, small_disk, share):
    """Full while rows come in, and full when the file is written beside them."""
    disk = small_disk(int(len(uninterrupted) * share))
    output = disk.folder / "results.csv"
    command = ("screen", series, "--dataset", small, "-o", output, "--jobs", 1)
    if share < 1 or disk.mounted:
        _, err = run(*command, code=1, preexec_fn=disk.limit)
        assert "cannot write" in err
        assert "run again with --resume" in err
        assert not output.exists()
        assert kept(output) > 100
    disk.grow()
    run(*command, "--resume", code=3, preexec_fn=disk.limit)
    assert output.read_bytes() == uninterrupted
