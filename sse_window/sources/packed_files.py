"""Bytes of a user's file, unpacked, within stated limits."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from ..core.errors import EntriesError
from ..core.files import shown

__all__ = ["LARGEST_bytes", "file_bytes", "sha256_of", "without_packing"]

LARGEST_bytes = 2**29
"""Half a gigabyte, unpacked: some hundred thousand entries with structures. A packed file of a few
kB can become any number of gigabytes."""

_OPENERS: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
_SUFFIXES = (".gz", ".bz2", ".xz")


def without_packing(name: str) -> str:
    """Name of a file in lower case, without the ending of a packed one.

    Examples
    --------
    >>> without_packing("Mine.JSON.gz")
    'mine.json'
    """
    name = name.lower()
    return next((name.removesuffix(s) for s in _SUFFIXES if name.endswith(s)), name)


def file_bytes(path: Path) -> bytes:
    """Content of a file, unpacked if it is packed with gzip, bzip2 or xz.

    Raises
    ------
    EntriesError
        If the file cannot be read, is a damaged archive or too large, packed or not.
    """
    data = _on_disk(path)
    opener = next((f for magic, f in _OPENERS.items() if data.startswith(magic)), None)
    if opener is None:
        return data
    try:
        with opener(io.BytesIO(data)) as file:
            unpacked: bytes = file.read(LARGEST_bytes + 1)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        raise EntriesError(f"{shown(path)}: damaged archive: pack it again") from None
    if len(unpacked) > LARGEST_bytes:
        raise EntriesError(f"{shown(path)}: more than {_LIMIT} when it is unpacked: divide it")
    return unpacked


_LIMIT = f"{LARGEST_bytes // 2**20} MB"


def _on_disk(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise EntriesError(f"cannot read {shown(path)}: it is no file")
        with path.open("rb") as file:
            data = file.read(LARGEST_bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise EntriesError(f"cannot read {shown(path)}: {reason}") from None
    if len(data) > LARGEST_bytes:
        raise EntriesError(f"{shown(path)}: more than {_LIMIT}: divide it")
    return data


def sha256_of(path: Path) -> str:
    """SHA-256 of a file as it lies on disk.

    Raises
    ------
    EntriesError
        If it cannot be read or is too large.
    """
    return hashlib.sha256(_on_disk(path)).hexdigest()
