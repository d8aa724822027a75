"""Locks that end with the process that holds them, however it ends."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from .errors import OutputError

__all__ = ["lock_open_file", "only_writer"]

_REFUSED = (errno.EAGAIN, errno.EACCES)


def lock_open_file(file: IO[Any] | int) -> bool | None:
    """Lock an open file for as long as it is open, without waiting.

    Parameters
    ----------
    file : file object or int
        Open for writing, or its descriptor.

    Returns
    -------
    bool or None
        False where another process holds the lock; None where the system, or a network file
        system, has no such locks, so that nothing is known of other processes.
    """
    try:
        import fcntl
    except ImportError:  # another system than Unix
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _REFUSED else None
    return True


@contextmanager
def only_writer(folder: Path, what: str, *, wait_s: float = 10.0) -> Iterator[None]:
    """Let no other process write in a folder meanwhile.

    Parameters
    ----------
    folder : Path
        Made if it is not there; a file ``.lock`` in it stays.
    what : str
        What is written, for messages.
    wait_s : float
        How long another writer is waited for.

    Raises
    ------
    OutputError
        If another process holds the lock for longer, or the folder cannot be written in.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with only_writer(folder, "dataset"):
    ...     sorted(path.name for path in folder.iterdir())
    ['.lock']
    """
    import filelock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / ".lock", timeout=wait_s)
        lock.acquire()
    except filelock.Timeout:
        raise OutputError(
            f"another process is writing a {what} in {folder}: try again when it is done"
        ) from None
    # A file system that knows no locks is told by NotImplementedError.
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"cannot write in {folder}: {reason}") from None
    try:
        yield
    finally:
        lock.release()
