"""Files appear whole or not at all."""

from __future__ import annotations

import pytest

from sse_window.core.errors import OutputError
from sse_window.core.files import check_writable, replacing, write_text


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
