"""Rows that outlive the process that worked them out."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import resource
import signal

import pytest

from sse_window.core.errors import DataError, OutputError
from sse_window.runs.checkpoints import Checkpoint, checkpoint_of

IDENTITY = {"ion": "Li", "electrodes": ("LCO",), "dataset": {"name": "mp", "sha256": "a" * 64}}


@pytest.fixture
def path(tmp_path):
    return checkpoint_of(tmp_path / "results.csv")


def fill(path, items, **options):
    with Checkpoint(path, IDENTITY, **options) as checkpoint:
        for item in items:
            checkpoint.append([(item, [[f"formula {item}", None, 0.1 * item, True]])])


def test_rows_come_back_as_they_were(path):
    rows = [
        ["Li2S", None, 0.1, 1e-300, True, 7, 'a "quoted"\nline \u2028 é'],
        ["", "", 0, 0, 0, 0, ""],
    ]
    with Checkpoint(path, IDENTITY) as checkpoint:
        checkpoint.append([(5, rows), (2, [])])
        checkpoint.append([])
        assert checkpoint.rows(5) == rows
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert set(checkpoint.done) == {5, 2}
        assert checkpoint.rows(2) == []
        assert checkpoint.rows(5) == rows
        with pytest.raises(KeyError):
            checkpoint.rows(3)


def test_items_that_were_finished_together_come_back_one_by_one(path):
    with Checkpoint(path, IDENTITY) as checkpoint:
        for begin in range(0, 400, 4):
            checkpoint.append(
                [(item, [[item, "a"], [item, "b"]]) for item in range(begin, begin + 4)]
            )
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        for item in (*range(400), 399, 0, 200):
            assert checkpoint.rows(item) == [[item, "a"], [item, "b"]]


def test_rows_are_read_without_those_that_were_finished_together_with_them(path, monkeypatch):
    """In whatever order a sorted file wants them."""
    with Checkpoint(path, IDENTITY) as checkpoint:
        checkpoint.append([(item, [[item, "x" * 100]]) for item in range(1000)])
        read, loads = [], json.loads
        monkeypatch.setattr(json, "loads", lambda text: (read.append(len(text)), loads(text))[1])
        order = random.Random(3).sample(range(1000), 1000)
        assert [checkpoint.rows(item)[0][0] for item in order] == order
    assert len(read) == 1000 and sum(read) < path.stat().st_size


@pytest.mark.parametrize("cut", [0, 1, 30, 200])
def test_items_that_were_finished_together_are_kept_together_or_done_again(path, cut):
    with Checkpoint(path, IDENTITY) as checkpoint:
        for begin in (0, 4):
            checkpoint.append([(item, [[item] * 20]) for item in range(begin, begin + 4)])
    os.truncate(path, path.stat().st_size - cut)
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert set(checkpoint.done) == set(range(4 if cut else 8))
        checkpoint.append([(item, [[item] * 20]) for item in (8, 9)])
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert set(checkpoint.done) == {*range(4 if cut else 8), 8, 9}
        assert all(checkpoint.rows(item) == [[item] * 20] for item in checkpoint.done)


@pytest.mark.parametrize("damaged", [{1}, {2}, {3}, {2, 3}, {1, 2, 3}])
def test_damage_costs_the_items_that_were_finished_together_with_it(path, damaged):
    with Checkpoint(path, IDENTITY) as checkpoint:
        for begin in (0, 2, 4):
            checkpoint.append([(item, [[item]]) for item in (begin, begin + 1)])
    lines = path.read_bytes().splitlines(keepends=True)
    for number in damaged:
        lines[number] = lines[number].replace(b"rows", b"cows")
    path.write_bytes(b"".join(lines))
    lost = {(number - 1) // 2 for number in damaged}
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert set(checkpoint.done) == {item for item in range(6) if item // 2 not in lost}
        assert checkpoint.damaged == len(damaged)


def test_going_on_adds_to_what_is_there(path):
    fill(path, [4, 1])
    fill(path, [0, 9], resume=True)
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert list(checkpoint.done) == [4, 1, 0, 9]
        assert [checkpoint.rows(item)[0][0] for item in (9, 4)] == ["formula 9", "formula 4"]
        checkpoint.remove()
    assert not path.exists()


def test_finished_rows_are_not_overwritten(path):
    fill(path, [1])
    before = path.read_bytes()
    with pytest.raises(OutputError, match="go on with --resume, or delete"):
        Checkpoint(path, IDENTITY)
    assert path.read_bytes() == before


def test_a_run_that_finished_nothing_is_no_obstacle(path):
    fill(path, [])
    fill(path, [3])
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert set(checkpoint.done) == {3}


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_last_line_is_dropped(path, cut):
    fill(path, range(6))
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    fill(path, [77], resume=True)
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        kept = set(checkpoint.done) - {77}
        lost = whole[-cut:].count(b"\n")
        assert kept == set(range(6 - lost))
        assert checkpoint.rows(77) == [["formula 77", None, 0.1 * 77, True]]
        assert all(checkpoint.rows(item)[0][0] == f"formula {item}" for item in kept)


def test_a_torn_first_line_is_an_empty_file(path):
    fill(path, [])
    path.write_bytes(path.read_bytes()[:40])
    fill(path, [1])
    fill(path, [2], resume=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ion": "Na"}, 'ion was "Li", now "Na"'),
        ({"electrodes": []}, "electrodes was"),
        ({"dataset": {"name": "mp", "sha256": "b" * 64}}, r'dataset\.sha256 was "aaa.*, now "bbb'),
        ({"steps": True}, "steps was null, now true"),
    ],
)
def test_rows_of_another_run_are_not_mixed(path, change, message):
    fill(path, [1])
    with pytest.raises(DataError, match=message):
        Checkpoint(path, IDENTITY | change, resume=True)


def test_the_place_where_long_values_differ_is_shown(path):
    additions = ["100 phases of a file with a long name, which are the same in both runs"]
    identity = IDENTITY | {"dataset": {"name": "mp", "additions": additions}}
    with Checkpoint(path, identity) as checkpoint:
        checkpoint.append([(1, [])])
    other = {"name": "mp", "additions": [*additions, "-- without Li2S"]}
    with pytest.raises(DataError) as caught:
        Checkpoint(path, identity | {"dataset": other}, resume=True)
    assert (
        'dataset.additions was ...e same in both runs"], now ...e same in both runs", '
        '"-- without Li2S"]; repeat'
    ) in str(caught.value)


def test_a_run_that_failed_before_its_first_row_leaves_nothing(path):
    with pytest.raises(ZeroDivisionError), Checkpoint(path, IDENTITY):
        raise ZeroDivisionError
    assert not path.exists()
    with pytest.raises(ZeroDivisionError), Checkpoint(path, IDENTITY) as checkpoint:
        checkpoint.append([(1, [])])
        raise ZeroDivisionError
    assert path.exists()


HEAD = b'{"kind":"sse-window checkpoint 4","identity":{}} '


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"formula,status\nLGPS,ok\n", "no checkpoint"),
        (b"notes of someone", "no checkpoint"),
        (b'{"kind":"sse-window checkpoint 1","identity":{}}\n{"item":1,"rows":[]}\n', "version"),
        (b'{"kind":"sse-window checkpoint 4"}\n', "damaged in line 1"),
        (HEAD + b"00000000\n{}\n", "damaged in line 1"),
    ],
)
def test_other_files_are_left_alone(path, content, message):
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        Checkpoint(path, {}, resume=True)
    assert path.read_bytes() == content


def test_no_changed_bit_goes_unnoticed(path):
    fill(path, range(3))
    whole = path.read_bytes()
    begin = whole.index(b"\n") + 1
    for place in range(begin, len(whole)):
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << place % 8
        path.write_bytes(spoiled)
        with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
            assert checkpoint.damaged or len(checkpoint.done) < 3
            for item in checkpoint.done:
                assert checkpoint.rows(item) == [[f"formula {item}", None, 0.1 * item, True]]


def test_a_damaged_line_costs_its_item_alone(path):
    fill(path, range(3))
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b"formula", b"farmula")
    path.write_bytes(b"".join(lines))
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert (set(checkpoint.done), checkpoint.damaged) == ({0, 2}, 1)
        checkpoint.append([(1, [["again" * 100_000]])])
        assert [checkpoint.rows(item)[0][0] for item in (0, 2)] == ["formula 0", "formula 2"]
        path.write_bytes(path.read_bytes().replace(b"againagai", b"never"))
        with pytest.raises(DataError, match="was changed during the run"):
            checkpoint.rows(1)


@pytest.mark.parametrize("length", [240, 244, 245, 255])
def test_names_as_long_as_they_can_be(tmp_path, length):
    output = tmp_path / ("x" * (length - 4) + ".csv")
    path = checkpoint_of(output)
    fill(path, [1])
    assert path != output and path.exists()


def test_two_runs_do_not_write_one_file(path):
    with Checkpoint(path, IDENTITY) as checkpoint:
        checkpoint.append([(0, [])])
        with pytest.raises(OutputError, match="being written by another run"):
            Checkpoint(path, IDENTITY, resume=True)
    fill(path, [1], resume=True)


@pytest.mark.parametrize("folder", ["/proc", "/none/there"])
def test_unwritable(tmp_path, folder):
    with pytest.raises(OutputError, match="cannot write"):
        Checkpoint(checkpoint_of(type(tmp_path)(folder) / "a.csv"), IDENTITY)


def test_undefined_numbers_are_a_defect(path):
    with Checkpoint(path, IDENTITY) as checkpoint, pytest.raises(ValueError, match="JSON"):
        checkpoint.append([(0, [[float("nan")]])])


def _until_full(path, limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    with Checkpoint(path, IDENTITY) as checkpoint:
        try:
            for item in range(1000):
                checkpoint.append([(item, [["x" * 50]])])
        except OutputError as error:
            ok = "run again with --resume" in str(error)
            os._exit(40 if ok else 41)
    os._exit(42)


@pytest.mark.slow
def test_a_file_that_cannot_grow_keeps_whole_lines(path):
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_until_full, args=(path, 5000))
    process.start()
    process.join(60)
    assert process.exitcode == 40
    assert path.stat().st_size <= 5000
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert sorted(checkpoint.done) == list(range(len(checkpoint.done)))
        assert len(checkpoint.done) > 20


def _until_killed(path):
    with Checkpoint(path, IDENTITY) as checkpoint:
        for item in range(10):
            checkpoint.append([(item, [[item]])])
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_a_killed_process_loses_nothing_that_it_kept(path):
    process = multiprocessing.get_context("spawn").Process(target=_until_killed, args=(path,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert (
        json.loads(path.read_text().splitlines()[0].rpartition(" ")[0])["identity"]["ion"] == "Li"
    )
    with Checkpoint(path, IDENTITY, resume=True) as checkpoint:
        assert [checkpoint.rows(item) for item in range(10)] == [[[item]] for item in range(10)]
