"""Every command of the README and the documentation runs and prints what the page shows."""

from __future__ import annotations

import doctest
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import refresh_docs as docs  # noqa: E402

README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

COMMANDS = [
    pytest.param(page, number, command, expected, id=f"{page.stem}-{number}")
    for page in docs.pages()
    for number, (command, expected) in enumerate(
        found
        for block in docs.blocks(page.read_text(encoding="utf-8"))
        for found in docs.commands(block)
    )
]


@pytest.fixture(scope="module")
def folder_of(tmp_path_factory):
    """The folder of a page, in which its commands run one after the other."""
    folders = {}
    return lambda page: folders.setdefault(page, tmp_path_factory.mktemp(page.stem))


@pytest.mark.slow
@pytest.mark.parametrize(("page", "number", "command", "expected"), COMMANDS)
def test_command_prints_what_the_page_shows(folder_of, page, number, command, expected):
    folder = folder_of(page)
    done = docs.run(command, folder)
    assert done.returncode == 0, done.stderr
    assert docs.timeless(done.stdout) == docs.timeless(expected)
    for name in docs.pictures(command):
        assert (folder / name).stat().st_size > 1000
        assert (docs.IMAGES / Path(name).name).is_file(), "the picture that the page shows"


def test_python_sessions():
    sessions = 0
    for page in docs.pages():
        text = page.read_text(encoding="utf-8")
        scope: dict[str, object] = {}
        for block in re.findall(r"```python\n(>>> .*?)```", text, flags=re.DOTALL):
            test = doctest.DocTestParser().get_doctest(block, scope, page.stem, str(page), 0)
            runner = doctest.DocTestRunner()
            runner.run(test, clear_globs=False)
            assert runner.tries > 0 and runner.failures == 0, page
            scope = test.globs
            sessions += 1
    assert sessions


def test_pictures_of_every_page_are_there():
    for page in docs.pages():
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page.name}: {target}"


def test_links_between_pages_lead_somewhere():
    for page in docs.pages():
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if not target.startswith(("http", "mailto:")):
                assert (page.parent / target.strip()).exists(), f"{page.name}: {target}"


def test_the_list_of_columns_is_that_of_the_schema():
    page = ROOT / "docs" / "reference" / "columns.md"
    assert page.read_text(encoding="utf-8") == docs.columns_page()


def test_every_command_is_documented():
    from sse_window.cli import app

    text = "\n".join(page.read_text(encoding="utf-8") for page in docs.pages())
    for name in app.COMMANDS:
        assert f"sse-window {name}" in text, name


def test_install_and_test_commands_are_those_of_ci():
    assert "pip install ." in README
    assert "pip install -e '.[test]'" in README
    assert "-e '.[test]'" in CI
    assert "python -m pytest" in README.replace(".venv/bin/", "")
    assert '/bin/python" -m pytest' in CI
