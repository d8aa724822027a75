"""Copies of the packaged tables in a form that is read in milliseconds, in the user's cache folder.

A copy is made by the first question to a table and counts as long as everything that it was made
from is the same: the files of the table, the elements, and the code that reads them. Where it
cannot be written or is damaged, the table is read from its own files as if there were none.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from ..core.errors import SSEWindowError
from ..facts.packaged import data_file
from ..phases import kept_tables
from ..phases.repriced import base_of
from ..phases.sealed_files import verified
from ..phases.table import PhaseTable

__all__ = ["kept", "kept_folder"]

_MOST_BYTES = 250_000_000
"""Of all copies: those of one installation take 15 to 60 MB."""


def kept_folder() -> Path | None:
    """Where copies lie: below the cache folder of the user's account; None where there is none."""
    import platformdirs

    try:
        folder = platformdirs.user_cache_path("sse-window", appauthor=False)
    except RuntimeError:  # as a user of a container that has no entry and no HOME
        return None
    return folder / "tables" if folder.is_absolute() else None


def kept(path: Path, part: str, make: Callable[[], PhaseTable]) -> PhaseTable:
    """The table that `make` returns, from its copy where there is one.

    Parameters
    ----------
    path : Path
        Parquet file of a packaged table.
    part : str
        What of it is made, in a word that can be part of a file name.
    make : callable
        Takes no arguments.

    Returns
    -------
    PhaseTable

    Raises
    ------
    DataError
        If the files of the table are absent or damaged, copy or not.
    """
    folder = kept_folder()
    if folder is None:
        return make()
    key = _key(path, part)
    # Of every installation its own: two that differ would write theirs in turn.
    place = hashlib.sha256(bytes(path)).hexdigest()[:8]
    file = folder / f"{path.stem}-{part}-{place}"
    found = kept_tables.read_kept(file, key, make)
    if found is not None:
        return found
    table = make()
    with contextlib.suppress(OSError, SSEWindowError, ValueError):
        # Not where the files were replaced meanwhile: nobody knows which were read.
        if _key(path, part) == key:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            kept_tables.write_kept(table, file, key)
            _remove_oldest(file.parent)
    return table


def _remove_oldest(folder: Path) -> None:
    """Keep the copies of some installations; others are made again when they are needed."""
    total = 0
    for file in sorted(folder.iterdir(), key=lambda file: -file.stat().st_mtime_ns):
        total += file.stat().st_size
        if total > _MOST_BYTES:
            file.unlink(missing_ok=True)


def _key(path: Path, part: str) -> str:
    """Of everything that decides what a table is."""
    base = base_of(path)
    files = [path] if base is None else [path, path.with_name(base)]
    seals = [part, sys.byteorder, _code_seal()]
    for file in files:
        found = file.stat(), file.with_suffix(".json").stat()
        seals.append(_seal(file, *((s.st_mtime_ns, s.st_size, s.st_ino) for s in found)))
    seals.append(hashlib.sha256(data_file("elements.csv").read_bytes()).hexdigest())
    return hashlib.sha256("\n".join(seals).encode()).hexdigest()


@lru_cache(maxsize=16)
def _seal(path: Path, *state: object) -> str:
    """Checksum of what is said about a table, among it that of the table, which it has."""
    return str(verified(path)[0]["provenance_sha256"])


@lru_cache(maxsize=1)
def _code_seal() -> str:
    """Of the rooms whose modules make tables out of files, and of what they rest on."""
    found = hashlib.sha256()
    package = Path(kept_tables.__file__).parents[1]
    for room in ("core", "facts", "phases", "sources"):
        for file in sorted((package / room).glob("*.py")):
            found.update(file.read_bytes())
    return found.hexdigest()
