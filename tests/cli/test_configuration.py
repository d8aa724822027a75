"""Defaults from a file, and surroundings that are not as one would wish."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from sse_window.cli import main


def run(*args, code=0):
    done = CliRunner().invoke(main, args, prog_name="sse-window")
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def configured(tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    monkeypatch.setenv("SSE_WINDOW_CONFIG", str(path))
    return path


def test_options_of_every_command_and_of_one(configured):
    configured.write_text('dataset = "oqmd"\nformat = "json"\n[window]\nion = "Na"\n')
    record = json.loads(run("window", "Na3PS4").stdout)
    assert record["dataset"]["name"] == "oqmd"
    assert record["results"][0]["working_ion"] == "Na"
    assert json.loads(run("profile", "LGPS").stdout)["results"][0]["working_ion"] == "Li"
    # What is typed goes before what is written.
    assert json.loads(run("window", "LGPS", "--ion", "Li").stdout)["options"]["ion"] == "Li"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('datset = "oqmd"', "did you mean 'dataset'?"),
        ("[window]\njobs = 2", "no option of window"),
        ("[windows]\nion = 'Na'", "is no command"),
        ("window = 1", "[window]"),
        ("output = 'x.csv'", "can have a default"),
        ("= 3", "is no TOML"),
    ],
)
def test_what_would_have_no_effect_is_an_error(configured, text, said):
    configured.write_text(text)
    assert said in run("window", "LGPS", code=1).stderr


def test_a_file_that_is_named_has_to_be_there(configured):
    assert "config.toml" in run("window", "LGPS", code=1).stderr


def command(*args: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """The command with its error stream closed."""
    line = " ".join([sys.executable, "-m", "sse_window", *args]) + " 2>&-"
    return subprocess.run(
        ["sh", "-c", line], env=os.environ | surroundings, capture_output=True, text=True
    )


@pytest.mark.slow
def test_a_closed_error_stream_changes_nothing(tmp_path):
    assert command("window", "LGPS").returncode == 0
    (tmp_path / "list.txt").write_text("LGPS\nxx9\n")
    output = tmp_path / "a.csv"
    assert command("screen", str(tmp_path / "list.txt"), "-o", str(output)).returncode == 3
    assert len(output.read_text().splitlines()) == 3


@pytest.mark.slow
def test_a_drawing_backend_that_is_not_there_stops_nothing(tmp_path):
    output = tmp_path / "a.svg"
    done = command("window", "LGPS", "-o", str(output), MPLBACKEND="module://nowhere", COLUMNS="x")
    assert done.returncode == 0
    assert output.read_text().startswith("<?xml")


def test_the_folder_of_a_user_who_does_not_exist(monkeypatch):
    monkeypatch.setenv("SSE_WINDOW_DATA", "~nobody-of-this-name/x")
    assert "no such user" in run("data", "info", code=1).stderr
    assert (
        "no such user"
        in run("data", "fetch", "Li-S", "--api-key-file", "~nobody-x/k", code=1).stderr
    )


def test_what_the_shell_offers(monkeypatch):
    from click.shell_completion import ShellComplete

    def offered(*args: str) -> list[str]:
        complete = ShellComplete(main, {}, "sse-window", "_SSE_WINDOW_COMPLETE")
        return [item.value for item in complete.get_completions(list(args[:-1]), args[-1])]

    assert {"LLZO", "LLTO"} <= set(offered("window", "ll"))
    assert "NMC811" in offered("pair", "LGPS", "NM")
    assert "oqmd" in offered("window", "LGPS", "--dataset", "oq")
