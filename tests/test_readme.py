"""Every command of the README runs and prints what the README shows."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)\n```", README, flags=re.DOTALL)


def commands():
    """Pairs of command and expected output, in order; they may build on one another."""
    for block in BLOCKS:
        command, output = None, []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command is not None:
                    yield command, "\n".join(output)
                command, output = line[2:], []
            else:
                output.append(line)
        yield command, "\n".join(output)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("readme")


def timeless(text):
    """The text without run times and blank lines at its ends."""
    return re.sub(r"in \d+\.\d s", "in ... s", text).strip("\n")


@pytest.mark.parametrize(("command", "expected"), list(commands()))
def test_command_prints_what_the_readme_shows(folder, command, expected):
    scripts = str(Path(sys.executable).parent)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={
            "PATH": f"{scripts}:{os.environ['PATH']}",
            "SSE_WINDOW_DATA": str(folder / "data"),
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert timeless(done.stdout) == timeless(expected)
    for name in re.findall(r"-o (\S+\.png)", command):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
        assert (ROOT / "docs" / name).is_file(), "the picture that the README shows"


def test_python_session():
    for block in re.findall(r"```python\n(>>> .*?)```", README, flags=re.DOTALL):
        test = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
        runner = doctest.DocTestRunner()
        runner.run(test)
        assert runner.tries > 0
        assert runner.failures == 0


def test_every_command_is_documented():
    from sse_window.cli.app import COMMANDS

    for name in COMMANDS:
        assert f"sse-window {name}" in README


def test_install_and_test_commands_are_those_of_ci():
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "pip install ." in README
    assert "pip install -e '.[test]'" in README
    assert "-e '.[test]'" in ci
    assert "python -m pytest" in README.replace(".venv/bin/", "")
    assert '/bin/python" -m pytest' in ci
