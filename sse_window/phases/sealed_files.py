"""A table on disk and beside it a JSON file that vouches for it.

The JSON file says where the values come from and holds the SHA-256 of the parquet file and of what
it says itself, so that files that were cut short, edited or exchanged are told from those that were
written.

Both are replaced in one step, that of the JSON file: a new table waits beside the old one in
``.<name>.new.parquet`` and counts as soon as the JSON file has its SHA-256. Whatever happens in
between, the old pair or the new one is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.errors import DataError, OutputError
from ..core.files import replacing

__all__ = [
    "REMEDY",
    "read_provenance",
    "sealed",
    "verified",
    "verified_provenance",
    "waiting_file",
    "write_sealed",
]

_KEYS = {"name": str, "date": str, "corrections": str, "sha256": str, "rows": int}
_LISTS = {"additions": str, "systems": str, "elements": str, "sources": dict}
"""Keys that may be absent, and what their lists hold."""
REMEDY = "fetch, import or install it again"
_SEAL = "provenance_sha256"


def sealed(contents: Mapping[str, Any]) -> dict[str, Any]:
    """Contents of a provenance file with the SHA-256 of all that they say.

    Every result quotes them, so that a change must be noticed.

    Parameters
    ----------
    contents : mapping
        What JSON can hold; an older sum among them is replaced.

    Returns
    -------
    dict
        With the key ``provenance_sha256``: of the others as JSON with sorted keys, without spaces
        and in ASCII.

    Examples
    --------
    >>> sealed({"name": "mine"})["provenance_sha256"][:12]
    'e29934461156'
    """
    others = {key: value for key, value in contents.items() if key != _SEAL}
    canonical = json.dumps(others, sort_keys=True, separators=(",", ":"))
    return {**others, _SEAL: hashlib.sha256(canonical.encode("ascii")).hexdigest()}


def read_provenance(path: Path) -> dict[str, Any]:
    """Contents of the JSON file beside a parquet file.

    Parameters
    ----------
    path : Path
        The parquet file.

    Returns
    -------
    dict
        At least ``name``, ``date``, ``corrections``, ``sha256`` and ``rows``.

    Raises
    ------
    DataError
        If the JSON file is absent, unreadable, lacks one of these, or was changed.
    """
    sidecar = path.with_suffix(".json")
    try:
        contents = json.loads(sidecar.read_text("utf-8"))
        whole = isinstance(contents, dict) and contents == sealed(contents)
    except FileNotFoundError:
        raise DataError(
            f"{sidecar} is missing, which says where the energies of {path.name} come from: "
            f"{REMEDY}"
        ) from None
    except OSError as error:
        raise DataError(f"cannot read {sidecar}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise DataError(f"{sidecar} is damaged (no JSON): {REMEDY}") from None
    if not isinstance(contents, dict):
        raise DataError(f"{sidecar} is not the provenance of a dataset: {REMEDY}")
    for key, kind in _KEYS.items():
        if not isinstance(contents.get(key), kind):
            raise DataError(f"{sidecar} does not give {key!r} of the dataset: {REMEDY}")
    for key, kind in _LISTS.items():
        listed = contents.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(one, kind) for one in listed):
            raise DataError(f"{sidecar}: {key!r} is not the list that it should be: {REMEDY}")
    unprintable = next(_unprintable(contents), None)
    if unprintable is not None:
        raise DataError(f"{sidecar}: {unprintable} holds characters that are no text: {REMEDY}")
    if not whole:
        raise DataError(
            f"{sidecar} is damaged or was changed: what it says does not have the SHA-256 in its "
            f"{_SEAL!r}: {REMEDY}"
        )
    return contents


def _unprintable(value: Any, place: str = "") -> Iterator[str]:
    """Where control characters or lone surrogates stand, which are no text in a terminal."""
    if isinstance(value, str):
        if not value.replace("\n", " ").replace("\t", " ").isprintable():
            yield ascii(place or "its text")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _unprintable(key, place)
            yield from _unprintable(item, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for item in value:
            yield from _unprintable(item, place)


def verified_provenance(path: Path) -> dict[str, Any]:
    """Contents of the JSON file beside a parquet file, which has the SHA-256 that they give.

    Parameters
    ----------
    path : see :func:`read_provenance`

    Returns
    -------
    dict
        As of :func:`read_provenance`.

    Raises
    ------
    DataError
        If either file is absent, damaged or was changed since it was written.
    """
    return dict(verified(path)[0])


def verified(
    path: Path, contents: Mapping[str, Any] | None = None
) -> tuple[Mapping[str, Any], bytes]:
    """Provenance, and bytes of a parquet file that have the SHA-256 which it gives.

    Parameters
    ----------
    path : Path
        The parquet file.
    contents : mapping, optional
        Provenance that has been read already.

    Raises
    ------
    DataError
        If either file is absent, damaged or was changed since it was written.
    """
    contents = contents or read_provenance(path)
    found, reason = "", ""
    # Once more if another process has replaced the dataset between the two files.
    for _ in range(2):
        for place in (path, waiting_file(path)):
            try:
                data = place.read_bytes()
            except FileNotFoundError:
                continue
            except OSError as error:
                reason = error.strerror or str(error)
                continue
            sha256 = hashlib.sha256(data).hexdigest()
            if sha256 == contents["sha256"]:
                return contents, data
            found = found or sha256
        contents = read_provenance(path)
    if reason:
        raise DataError(f"cannot read {path}: {reason}")
    if not found:
        raise DataError(f"{path} is missing: {REMEDY}")
    raise DataError(
        f"{path} is damaged or was changed: its SHA-256 is {found[:12]}..., not the "
        f"{contents['sha256'][:12]}... of {path.with_suffix('.json').name}: {REMEDY}"
    )


def waiting_file(path: Path) -> Path:
    """Where the phases of a dataset lie until they have taken the place of older ones."""
    return path.with_name(f".{path.stem}.new.parquet")


def write_sealed(path: Path, data: bytes, contents: Mapping[str, Any]) -> str:
    """Write a parquet file and its provenance; each file appears whole or not at all.

    Parameters
    ----------
    path : Path
        Of the parquet file; the folder is made.
    data : bytes
        Its contents.
    contents : mapping
        What the provenance says, without the SHA-256 of either file.

    Returns
    -------
    str
        SHA-256 of the parquet file.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    contents = {**contents, "sha256": sha256}
    document = json.dumps(sealed(contents), indent=1, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _finish(path)
        waiting = waiting_file(path)
        with replacing(waiting) as parquet_file:
            parquet_file.write_bytes(data)
        try:
            with replacing(path.with_suffix(".json")) as sidecar:
                sidecar.write_text(document, "utf-8")
        except BaseException:
            waiting.unlink(missing_ok=True)
            raise
        waiting.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
    return sha256


def _finish(path: Path) -> None:
    """Do the last step of a write that was killed before it."""
    waiting = waiting_file(path)
    if waiting.is_file():
        with contextlib.suppress(DataError):
            if hashlib.sha256(waiting.read_bytes()).hexdigest() == read_provenance(path)["sha256"]:
                waiting.replace(path)
