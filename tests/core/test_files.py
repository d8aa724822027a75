"""Files appear whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from sse_window.core.errors import OutputError
from sse_window.core.files import check_writable, replacing, shown, write_text
from sse_window.core.locks import only_writer


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_failed_write_leaves_the_last_good_result(tmp_path):
    path = tmp_path / "result.json"
    write_text(path, "good")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "good"
    assert listed(tmp_path) == ["result.json"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("absent/x.csv", "no folder"), ("x.doc", "must end in"), (".", "must end in|is a folder")],
)
def test_unwritable_outputs_are_found_before_the_work(tmp_path, name, message):
    with pytest.raises(OutputError, match=message):
        check_writable(tmp_path / name, (".csv",))
    assert listed(tmp_path) == []


def test_check_does_not_touch_what_is_there(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("kept")
    check_writable(path, (".csv",))
    assert path.read_text() == "kept"
    assert listed(tmp_path) == ["x.csv"]


def test_a_full_device_is_one_clear_error():
    from pathlib import Path

    with pytest.raises(OutputError, match="cannot write"):
        write_text(Path("/proc/nothing/x.txt"), "text")


def test_a_link_that_waits_is_not_followed(tmp_path, monkeypatch):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    monkeypatch.setattr("os.urandom", lambda n: bytes(n))
    with replacing(tmp_path / "a.csv") as temporary:
        pass
    temporary.symlink_to(victim)
    with pytest.raises(OutputError, match="File exists"):
        write_text(tmp_path / "a.csv", "overwritten")
    assert victim.read_text() == "mine"


def test_permissions_stay(tmp_path):
    path = tmp_path / "a.csv"
    before = os.umask(0o027)
    try:
        write_text(path, "one")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        write_text(path, "two")
        assert stat.S_IMODE(path.stat().st_mode) == 0o604
    finally:
        os.umask(before)


def test_leftovers_of_killed_runs_are_deleted(tmp_path):
    path = tmp_path / "a.csv"
    code = (
        "import os, signal, sys; from pathlib import Path; "
        "from sse_window.core.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as t: t.write_text('x'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert len(listed(tmp_path)) == 1
    write_text(tmp_path / "b.csv", "another name")
    assert len(listed(tmp_path)) == 2
    with replacing(path) as held:
        write_text(path, "meanwhile")  # what is being written is left alone
        assert held.exists()
        held.write_text("later")
    assert listed(tmp_path) == ["a.csv", "b.csv"]
    assert path.read_text() == "later"


@pytest.mark.parametrize("length", [200, 250, 255])
def test_names_as_long_as_they_can_be(tmp_path, length):
    path = tmp_path / ("x" * (length - 4) + ".csv")
    check_writable(path, (".csv",))
    write_text(path, "whole")
    assert path.read_text() == "whole"


def test_names_that_are_too_long_or_no_files(tmp_path):
    with pytest.raises(OutputError, match="File name too long"):
        check_writable(tmp_path / ("x" * 300 + ".csv"))
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(OutputError, match="no file but a device or pipe"):
        check_writable(tmp_path / "a.csv")
    with pytest.raises(OutputError, match="null"):
        check_writable(tmp_path / "a\0.csv")


def test_a_name_that_is_no_text_can_be_said():
    name = os.fsdecode(b"caf\xe9.csv")
    assert shown(name) == r"caf\udce9.csv"


def test_one_writer_at_a_time(tmp_path):
    code = (
        "import sys; from pathlib import Path; from sse_window.core.locks import only_writer\n"
        "with only_writer(Path(sys.argv[1]), 'dataset'): print('in', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout is not None and other.stdout.readline() == "in\n"
    with (
        pytest.raises(OutputError, match="another process is writing a dataset"),
        only_writer(tmp_path, "dataset", wait_s=0.1),
    ):
        pass
    other.kill()
    other.communicate()
    with only_writer(tmp_path, "dataset"):
        pass
