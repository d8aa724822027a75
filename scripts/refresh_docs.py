"""Run every command of the README and of the documentation, and write what they print.

::

    python scripts/refresh_docs.py            # all pages
    python scripts/refresh_docs.py README.md  # one

A page shows commands in ``console`` blocks, each line that begins with ``$`` followed by what it
prints.
The commands of a page run one after the other in a folder of their own, so that they may build on
one another; pictures that they write are kept in docs/images. The tests check that nothing on any
page differs from what its commands print.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from validation_page import validation_page

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"

_BLOCK = re.compile(r"(```console\n)(.*?)(\n```)", flags=re.DOTALL)
_PICTURE = re.compile(r"-o (\S+\.(?:png|svg))")


def pages() -> list[Path]:
    """README and every page of the documentation, in order."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Commands of a block with what they print; lines may go on after a backslash."""
    command: list[str] = []
    output: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield "\n".join(command), "\n".join(output)
            command, output = [line[2:]], []
        elif command and command[-1].endswith("\\") and not output:
            command.append(line)
        else:
            output.append(line)
    if command:
        yield "\n".join(command), "\n".join(output)


def blocks(text: str) -> list[str]:
    """Contents of the console blocks of a page."""
    return [match[2] for match in _BLOCK.finditer(text)]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command as a reader would, away from the checkout and from the user's data."""
    scripts = str(Path(sys.executable).parent)
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={
            "PATH": f"{scripts}:{os.environ['PATH']}",
            "SSE_WINDOW_DATA": str(folder / "data"),
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            **{k: v for k, v in os.environ.items() if k == "PYTHONPATH"},
        },
        capture_output=True,
        text=True,
        check=False,
    )


def timeless(text: str) -> str:
    """The text without run times and blank lines at its ends."""
    return re.sub(r"in \d+\.\d s", "in ... s", text).strip("\n")


def pictures(command: str) -> list[str]:
    """Pictures that a command writes."""
    return _PICTURE.findall(command)


def refreshed(text: str, folder: Path) -> str:
    """A page with the output of its commands as it is now."""

    def renew(match: re.Match[str]) -> str:
        lines = []
        for command, _ in commands(match[2]):
            done = run(command, folder)
            if done.returncode:
                raise SystemExit(f"{command}\n{done.stderr}")
            lines += [f"$ {command}", *done.stdout.rstrip("\n").splitlines()]
            for name in pictures(command):
                IMAGES.mkdir(exist_ok=True)
                shutil.copy(folder / name, IMAGES / Path(name).name)
        return match[1] + "\n".join(lines) + match[3]

    return _BLOCK.sub(renew, text)


def columns_page() -> str:
    """Every column of CSV and Parquet files, from the schema that they are made of."""
    from sse_window.results.schema import TABLES
    from sse_window.results.schema.column import markdown

    parts = [
        "# Columns",
        "Columns of the tables that commands write as CSV or Parquet. JSON records hold the same "
        "values under their own keys, and more. An empty field means what the last column says.",
    ]
    for name, columns in TABLES.items():
        parts += [f"## {name}", markdown(columns)]
    return "\n\n".join(parts) + "\n"


def commands_page() -> str:
    """The help of every command, to be filled in by running it."""
    from sse_window.cli.app import COMMANDS

    parts = ["# Commands"]
    for name in COMMANDS:
        parts += [f"## {name}", f"```console\n$ sse-window {name} --help\n```"]
    return "\n\n".join(parts) + "\n"


GENERATED = {
    "reference/columns.md": columns_page,
    "reference/commands.md": commands_page,
    "validation.md": validation_page,
}
"""Pages of the documentation that follow from the code."""


def main() -> None:
    """Refresh the pages named on the command line, or all of them."""
    chosen = [ROOT / name for name in sys.argv[1:]] or pages()
    for name, make in GENERATED.items():
        if ROOT / "docs" / name in chosen:
            (ROOT / "docs" / name).write_text(make(), encoding="utf-8")
    for page in chosen:
        text = page.read_text(encoding="utf-8")
        if "```console" not in text:
            continue
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(refreshed(text, Path(folder)), encoding="utf-8")
        print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
