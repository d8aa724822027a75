"""Files that come with the package, wherever it is installed."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import DataError

__all__ = ["data_file"]


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
