"""Datasets by name: the packaged ones, the user's own, or any file of the same format.

================== ==============================================================================
name               what it is
================== ==============================================================================
mp-2020-polyanions packaged: mp-2020 less one measured constant per nonmetal in an oxyanion, the
                   default
mp-2020            packaged: mp-legacy with the corrections that the Materials Project uses today
mp-legacy          packaged: 85,014 compounds of the Materials Project of 2019, as published tables
                   have them
mp-calibrated      packaged: mp-legacy less its systematic error against measured enthalpies
oqmd               packaged: phases near the hull of the Open Quantum Materials Database
oqmd-calibrated    packaged: oqmd less its systematic error against measured enthalpies
mp                 what the user fetched from the live Materials Project
other              what the user imported under this name, or the path of a ``.parquet`` file
================== ==============================================================================
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.arguments import check_arguments
from ..core.errors import DataError, OutputError
from ..core.files import is_file, shown
from ..core.locks import only_writer
from ..core.record import Record
from ..facts.packaged import data_file
from ..phases.files import read_provenance, read_table, verified_provenance, write_table
from ..phases.reference import with_elements
from ..phases.repriced import base_of, read_repriced
from ..phases.sealed_files import waiting_file
from ..phases.table import PhaseTable, Provenance
from .kept import kept

__all__ = [
    "DEFAULT",
    "PACKAGED",
    "DatasetInfo",
    "available",
    "cache_directory",
    "is_of_a_dataset",
    "load",
    "provenance_of",
    "read",
    "remove",
    "user_directory",
    "user_file",
    "write",
    "writing",
]

DEFAULT = "mp-2020-polyanions"
"""Name of the dataset that answers when none is asked for."""

PACKAGED = {
    "mp-legacy": "phases.parquet",
    "mp-2020": "mp-2020.parquet",
    "mp-2020-polyanions": "mp-2020-polyanions.parquet",
    "mp-calibrated": "mp-calibrated.parquet",
    "oqmd": "oqmd.parquet",
    "oqmd-calibrated": "oqmd-calibrated.parquet",
}
"""Datasets that come with the package, and their files."""
_LIVE = "mp"
_VARIABLE = "SSE_WINDOW_DATA"
_FOLDER = "datasets"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class DatasetInfo(Record):
    """What is known of a dataset without reading its phases.

    Attributes
    ----------
    name : str
    rows : int or None
        Phases in the file; elements that join at 0 eV/atom are not counted.
    elements : tuple of str
    date, corrections, sha256, licence : str or None
    sources : tuple of mapping
        One per source, with DOI, licence and version.
    path : Path
    packaged : bool
        Part of the package rather than fetched or imported.
    problem : str or None
        Why the dataset cannot be used; everything else is then None or empty.
    """

    name: str
    path: Path
    packaged: bool
    rows: int | None = None
    elements: tuple[str, ...] = ()
    date: str | None = None
    corrections: str | None = None
    sha256: str | None = None
    licence: str | None = None
    sources: tuple[Mapping[str, Any], ...] = ()
    problem: str | None = None


def user_directory() -> Path:
    """Where imported datasets are kept: the user's data directory, or ``$SSE_WINDOW_DATA``."""
    return _directory("user_data_path")


def cache_directory() -> Path:
    """Where fetched datasets are kept: the user's cache directory, or ``$SSE_WINDOW_DATA``."""
    return _directory("user_cache_path")


def _directory(kind: str) -> Path:
    chosen = os.environ.get(_VARIABLE)
    if chosen:
        try:
            return Path(chosen).expanduser()
        except RuntimeError:  # of a user who does not exist
            raise DataError(f"${_VARIABLE} is {chosen!r:.80}: there is no such user") from None
    import platformdirs

    try:
        path: Path = getattr(platformdirs, kind)("sse-window", appauthor=False)
    except RuntimeError:  # as a user of a container that has no entry and no HOME
        raise _HomelessError from None
    if not path.is_absolute():
        raise _HomelessError
    return path


class _HomelessError(DataError):
    """There is no place for datasets of this user; packaged ones need none."""

    def __init__(self) -> None:
        super().__init__(
            f"no home folder of this user to keep datasets in: set HOME, or {_VARIABLE} to a folder"
        )


def user_file(name: str) -> Path:
    """Path of the parquet file of a fetched (``"mp"``) or imported dataset, there or not.

    Parameters
    ----------
    name : str

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If the name is taken by a packaged dataset or cannot be that of a file.
    """
    if name in PACKAGED:
        raise DataError(f"the name {name!r} belongs to a packaged dataset: choose another")
    if not _NAME.fullmatch(name) or name.endswith((".parquet", ".json")):
        raise DataError(
            f"no dataset can be named {name!r}: use letters, digits, dots, dashes and underscores"
        )
    folder = cache_directory() if name == _LIVE else user_directory()
    return folder / _FOLDER / f"{name}.parquet"


@contextmanager
def writing(path: Path, *, wait_s: float = 30.0) -> Iterator[None]:
    """Let nobody else change the user's datasets meanwhile.

    Parameters
    ----------
    path : Path
        Of :func:`user_file`.
    wait_s : float
        How long another process is waited for.

    Raises
    ------
    OutputError
        If it takes longer, or the folder cannot be written in.
    """
    with only_writer(path.parent, "dataset", wait_s=wait_s):
        yield


def is_of_a_dataset(path: Path) -> bool:
    """Whether a file is one of a packaged, fetched or imported dataset.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool

    Examples
    --------
    >>> is_of_a_dataset(data_file("phases.parquet")), is_of_a_dataset(Path("mine.csv"))
    (True, False)
    """
    check_arguments(is_of_a_dataset, locals())
    known = [*(data_file(file) for file in PACKAGED.values()), *_of_user().values()]
    for file in [*known, *(file.with_suffix(".json") for file in known)]:
        with contextlib.suppress(OSError):
            if file.samefile(path):
                return True
    return False


def load(name_or_path: str | Path | None = None) -> PhaseTable:
    """Load a dataset, ready for use.

    Parameters
    ----------
    name_or_path : str or Path, optional
        Name of a dataset or path of a ``.parquet`` file; None is :data:`DEFAULT`.

    Returns
    -------
    PhaseTable
        With the elements of its phases at 0 eV/atom.

    Raises
    ------
    DataError
        If there is no such dataset, ``"mp"`` was never fetched, or its files are damaged.

    Examples
    --------
    >>> table = load()
    >>> row = table.index("Li7La3Zr2O12")
    >>> table.provenance.name, round(float(table.formation_energy_per_atom[row]), 4)
    ('mp-2020-polyanions', -3.1283)
    """
    check_arguments(load, locals())
    name = DEFAULT if name_or_path is None else str(name_or_path)
    path = _find(name)
    if path is None:
        raise DataError(_unknown(name))
    return kept(path, "all", lambda: read(path)) if name in PACKAGED else read(path)


def read(path: str | Path) -> PhaseTable:
    """Read a dataset from its parquet file, with the elements of its phases at 0 eV/atom.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    PhaseTable

    Raises
    ------
    DataError
        If the file or the JSON file beside it is absent, damaged or of another kind.
    """
    file = Path(path)
    return with_elements(read_table(file) if base_of(file) is None else read_repriced(file))


def write(
    table: PhaseTable,
    path: str | Path,
    *,
    licence: str | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    details: Mapping[str, Any] | None = None,
) -> Provenance:
    """Write a dataset: see :func:`~sse_window.phases.files.write_table`."""
    known = {"licence": licence, "sources": [dict(source) for source in sources]}
    return write_table(table, Path(path), {**known, **(details or {})})


def remove(name: str) -> tuple[Path, ...]:
    """Delete an imported or fetched dataset.

    Parameters
    ----------
    name : str

    Returns
    -------
    tuple of Path
        Files that are gone.

    Raises
    ------
    DataError
        If there is no such dataset, or it is part of the package.
    OutputError
        If the file system refuses.
    """
    check_arguments(remove, locals())
    if name in PACKAGED:
        raise DataError(f"dataset {name!r} is part of the package: it cannot be removed")
    path = _of_user().get(name)
    if path is None:
        raise DataError(_unknown(name))
    with only_writer(path.parent, f"dataset {name}"):
        # The table first: what is left of a removal that was cut off is no dataset.
        files = (path, waiting_file(path), path.with_suffix(".json"))
        gone = [file for file in files if file.exists()]
        try:
            for file in gone:
                file.unlink()
        except OSError as error:
            raise OutputError(f"cannot remove {error.filename}: {error.strerror}") from None
    return tuple(gone)


def provenance_of(name_or_path: str | Path) -> dict[str, Any]:
    """Everything the provenance file of a dataset says.

    Parameters
    ----------
    name_or_path : str or Path

    Returns
    -------
    dict
        Sources with DOI, licence, version, rows and SHA-256, and how the table was built.

    Raises
    ------
    DataError
        If there is no such dataset, or its provenance cannot be read.

    Examples
    --------
    >>> provenance_of("mp-legacy")["sources"][0]["doi"]
    '10.1038/s41524-020-00362-y'
    """
    check_arguments(provenance_of, locals())
    name = str(name_or_path)
    path = _find(name)
    if path is None:
        raise DataError(_unknown(name))
    return read_provenance(path)


def available() -> list[DatasetInfo]:
    """All datasets that can be asked for by name: packaged, then fetched and imported.

    Returns
    -------
    list of DatasetInfo
        A damaged one stands in the list with its problem; the files are compared with their
        SHA-256.
    """
    found = []
    for name, file in PACKAGED.items():
        found.append(_info(name, data_file(file), packaged=True))
    found += [_info(name, path, packaged=False) for name, path in sorted(_of_user().items())]
    return found


def _info(name: str, path: Path, *, packaged: bool) -> DatasetInfo:
    try:
        contents = verified_provenance(path)
    except DataError as error:
        return DatasetInfo(name, path, packaged, problem=str(error))
    return DatasetInfo(
        name=name,
        path=path,
        packaged=packaged,
        rows=contents["rows"],
        elements=tuple(contents.get("elements", ())),
        date=contents["date"],
        corrections=contents["corrections"],
        sha256=contents["sha256"],
        licence=contents.get("licence"),
        sources=tuple(contents.get("sources", ())),
    )


def _of_user() -> dict[str, Path]:
    paths = {}
    for directory in (user_directory, cache_directory):
        # A folder that is not there, or cannot be read, holds nothing.
        with contextlib.suppress(OSError, _HomelessError):
            folder = directory() / _FOLDER
            paths.update({path.stem: path for path in folder.glob("[!.]*.parquet")})
            # Of a first write that was killed before its last step.
            for waiting in folder.glob(".*.new.parquet"):
                path = folder / f"{waiting.name[1 : -len('.new.parquet')]}.parquet"
                if path.with_suffix(".json").is_file():
                    paths.setdefault(path.stem, path)
    return paths


def _find(name: str) -> Path | None:
    if name in PACKAGED:
        return data_file(PACKAGED[name])
    if name.endswith(".parquet") or Path(name).name != name:
        if not is_file(Path(name)):
            raise DataError(f"no dataset at {shown(name)}: no such file")
        if not name.endswith(".parquet"):
            raise DataError(
                f"{shown(name)} is no dataset: give a .parquet file, or take other files in with "
                "'sse-window data import' or --entries"
            )
        return Path(name)
    return _of_user().get(name)


def _unknown(name: str) -> str:
    if name == _LIVE:
        return (
            f"dataset {name!r} has not been fetched: name chemical systems or formulas to fetch, "
            f"such as 'sse-window data fetch Li-Ge-P-S', or choose the packaged {DEFAULT!r}"
        )
    import difflib

    names = [*PACKAGED, _LIVE, *sorted(set(_of_user()) - {_LIVE})]
    close = difflib.get_close_matches(name.lower(), names, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    if is_file(Path(name)):
        hint = "to use a file of your own, import it with 'sse-window data import'. "
    return f"no dataset named {name!r:.80}: {hint}available: {', '.join(names)}"
