"""Machines that lack something: the work is done all the same, or one line says what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sse_window.cli import main
from sse_window.core.errors import DataError
from sse_window.sources import datasets


def ran(*arguments: str, folder: Path, **environment: str | None) -> tuple[int, str, str]:
    surroundings = {**os.environ, **environment}
    done = subprocess.run(
        [sys.executable, "-m", "sse_window", *arguments],
        env={name: value for name, value in surroundings.items() if value is not None},
        cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user that the system does not know, without HOME."""
    monkeypatch.delenv("SSE_WINDOW_DATA", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    def refused(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_data_path", refused)
    monkeypatch.setattr("platformdirs.user_cache_path", refused)


@pytest.mark.usefixtures("homeless")
def test_without_a_home_packaged_datasets_are_there_and_others_have_no_place() -> None:
    assert {info.name for info in datasets.available()} == set(datasets.PACKAGED)
    with pytest.raises(DataError, match="no dataset named 'mine'"):
        datasets.load("mine")
    with pytest.raises(DataError, match=r"no home folder.*SSE_WINDOW_DATA"):
        datasets.user_file("mine")


def test_a_home_that_is_no_absolute_path_makes_no_folder_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSE_WINDOW_DATA")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: Path("~nosuchuser/share"))
    with pytest.raises(DataError, match="no home folder"):
        datasets.user_file("mine")
    assert len(datasets.available()) >= len(datasets.PACKAGED)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"MPLBACKEND": "module://nothing.here"},
        {"MPLCONFIGDIR": "/proc/nothing"},
        {"COLUMNS": "wide", "LINES": "-3"},
        {"HOME": "/nothing/here", "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": None},
    ],
    ids=lambda environment: next(iter(environment)),
)
def test_a_picture_is_drawn_in_odd_surroundings(
    environment: dict[str, str | None], tmp_path: Path
) -> None:
    done = ran("profile", "LGPS", "-o", "lgps.png", folder=tmp_path, **environment)
    assert done == (0, "", "")
    assert (tmp_path / "lgps.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_settings_of_matplotlib_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_bytes(b"font.size: 9\n\xff\xfe")
    code, out, err = ran("profile", "LGPS", "-o", "lgps.png", folder=tmp_path)
    assert (code, out, err.count("\n")) == (1, "", 1) and "matplotlibrc" in err
    assert not (tmp_path / "lgps.png").exists()


def test_without_a_home_tables_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_cache_path", refused)
    assert len(datasets.load("oqmd-calibrated")) > 1000


@pytest.mark.slow
def test_a_date_of_the_surroundings_that_is_none_is_one_line(tmp_path: Path) -> None:
    code, out, err = ran("profile", "LGPS", "-o", "x.pdf", folder=tmp_path, SOURCE_DATE_EPOCH="abc")
    assert (code, out, err.count("\n")) == (1, "", 1) and "abc" in err
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("sse_window.api.open_table", too_much)
    done = CliRunner().invoke(main, ["window", "LGPS"])
    assert done.exit_code == 1 and done.stderr.startswith("sse-window: out of memory")
