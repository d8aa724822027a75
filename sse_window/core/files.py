"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import OutputError
from .locks import lock_open_file

__all__ = [
    "check_writable",
    "is_file",
    "is_there",
    "open_at_once",
    "replacing",
    "shown",
    "write_bytes",
    "write_text",
]

_PART = ".sse-window-"
"""How the names of unfinished files begin."""


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
        If the ending is not accepted, the name belongs to something that is no file or is too long,
        or the folder is absent or read-only.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        raise _cannot_write(path, f"the name must end in {', '.join(suffixes)}")
    try:
        if path.is_dir():
            raise _cannot_write(path, "it is a folder; give a file name")
        if path.exists() and not path.is_file():
            raise _cannot_write(path, "it is no file but a device or pipe; give a file name")
        if not path.parent.is_dir():
            raise _cannot_write(path, f"there is no folder {shown(path.parent)}; create it first")
        path.lstat()  # raises if the name is too long
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise _cannot_write(path, _reason(error)) from None
    import tempfile

    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _cannot_write(path, _reason(error)) from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends without error.

    Nobody can foresee its name, so that no link waits there. The new file has the permissions of
    the one that it replaces. What runs that were killed left of earlier attempts is deleted.

    Raises
    ------
    OutputError
        If the file system refuses.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replacing(folder / "a.txt") as temporary:
    ...     _ = temporary.write_text("whole")
    >>> [p.name for p in folder.iterdir()]
    ['a.txt']
    """
    # The ending tells writers of tables and pictures what to write. The rest may be as long as a
    # name can be, so that a hash stands for it.
    begin = f"{_PART}{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:12]}-"
    temporary = path.with_name(f"{begin}{os.urandom(8).hex()}{path.suffix}")
    _delete_leftovers(path.parent, begin)
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    except OSError as error:
        raise _cannot_write(path, _reason(error)) from error
    try:
        lock_open_file(descriptor)
        yield temporary
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    except OSError as error:
        raise _cannot_write(path, _reason(error)) from error
    finally:
        os.close(descriptor)
        temporary.unlink(missing_ok=True)


def _delete_leftovers(folder: Path, begin: str) -> None:
    """Delete unfinished files of processes that are no more: nobody holds their lock."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{begin}*"):
            if path.is_symlink() or not path.is_file():
                continue
            with contextlib.suppress(OSError), path.open("r+b") as file:
                if lock_open_file(file):
                    path.unlink()


def is_file(path: str | Path) -> bool:
    r"""Whether there is such a file; also of what can be no name of one.

    Examples
    --------
    >>> is_file("x" * 5000), is_file("nul\0")
    (False, False)
    """
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # too long, or with what no name can hold
        return False


def is_there(path: str | Path) -> bool:
    """Whether there is such a file or folder; also of what can be no name of one."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def open_at_once(count: int) -> None:
    """Make sure that this process can open further files, before one that it needs is refused.

    Parameters
    ----------
    count : int

    Raises
    ------
    OSError
        Where the system allows fewer.
    """
    spare: list[int] = []
    try:
        while len(spare) < count:
            spare.append(os.open(os.devnull, os.O_RDONLY))
    finally:
        for handle in spare:
            os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8, whole or not at all.

    Raises
    ------
    OutputError
        If the file system refuses.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    OutputError
        If the file system refuses.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def shown(path: str | Path) -> str:
    r"""Name of a file as it can be printed and stored: bytes that are no UTF-8 as ``\udc..``.

    Examples
    --------
    >>> print(shown("caf\udce9.csv"))
    caf\udce9.csv
    """
    return str(path).encode("utf-8", "backslashreplace").decode()


def _cannot_write(path: Path, reason: str) -> OutputError:
    return OutputError(f"cannot write {shown(path)}: {reason}")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
