"""Files that come with the package, wherever it is installed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ..core.errors import DataError

__all__ = ["cited_facts", "data_file"]


def data_file(name: str) -> Path:
    """Path of a file that comes with the package.

    Parameters
    ----------
    name : str
        Such as ``"electrodes.toml"``.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If the package came without it.

    Examples
    --------
    >>> data_file("phases.parquet").name
    'phases.parquet'
    """
    here = Path(__file__).resolve().parents[1]
    # Inside the package when installed from a wheel, beside it in a clone or editable install.
    for folder in (here / "data", here.parent / "data"):
        if (folder / name).is_file():
            return folder / name
    raise DataError(f"the packaged file {name} is missing from {here}: install sse-window again")


class _Fields(dict[str, Any]):
    """Fields of a table of a file; one that is missing is named, with the file."""

    def __init__(self, path: Path, fields: dict[str, Any]) -> None:
        super().__init__((name, _named(path, value)) for name, value in fields.items())
        self._path = path

    def __missing__(self, name: str) -> Any:
        raise DataError(f"{self._path} is damaged: {name!r} is missing: install sse-window again")


def _named(path: Path, value: Any) -> Any:
    if isinstance(value, dict):
        return _Fields(path, value)
    return [_named(path, item) for item in value] if isinstance(value, list) else value


def cited_facts(name: str) -> dict[str, Any]:
    """Content of a TOML file that comes with the package.

    Parameters
    ----------
    name : see :func:`data_file`

    Returns
    -------
    dict
        Asking it, or a table in it, for a field that is missing raises a DataError.

    Raises
    ------
    DataError
        If the file is missing or damaged.

    Examples
    --------
    >>> sorted(cited_facts("electrodes.toml"))
    ['electrode']
    """
    path = data_file(name)
    try:
        return _Fields(path, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is damaged ({error!s:.100}): install sse-window again") from None
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from None
