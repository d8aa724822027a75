"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import OutputError

__all__ = ["check_writable", "replacing", "write_text"]


def check_writable(path: Path, suffixes: tuple[str, ...] = ()) -> None:
    """Make sure that a result can be written, before the work that leads to it.

    A file that is there already is not touched.

    Parameters
    ----------
    path : Path
    suffixes : tuple of str
        Accepted endings; empty for any.

    Raises
    ------
    OutputError
        If the ending is not accepted, or the folder is absent or read-only.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        raise OutputError(f"cannot write {path}: the name must end in {', '.join(suffixes)}")
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; give a file name")
    if not path.parent.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {path.parent}; create it first")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends without error.

    Raises
    ------
    OutputError
        If the file system refuses.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "a.txt") as temporary:
    ...     _ = temporary.write_text("whole")
    >>> [p.name for p in folder.iterdir()]
    ['a.txt']
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8, whole or not at all.

    Raises
    ------
    OutputError
        If the file system refuses.
    """
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
