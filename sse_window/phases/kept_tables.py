"""Tables of phases as plain arrays in one file, of which a question reads what it needs.

A parquet file has to be unpacked as a whole, which takes a hundred times as long as most questions.
What came out of it is kept in this form beside other things that can be made again. Every block has
a checksum and the file has a key, what it was made from: one that is damaged, or was made from
something else, is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from ..core.errors import DataError
from ..core.files import replacing
from .lazy_columns import Columns
from .table import PhaseTable, Provenance

__all__ = ["read_kept", "write_kept"]

_BEGIN = b"sse-window phases 1 "
_LONGEST_HEADER = 1 << 20

_ARRAYS = (
    "offsets", "numbers", "amounts", "formation_energy_per_atom", "e_above_hull", "competing",
)  # fmt: skip

Array = npt.NDArray[Any]


def write_kept(table: PhaseTable, path: Path, key: str) -> None:
    """Write a table; it appears whole or not at all.

    Parameters
    ----------
    table : PhaseTable
    path : Path
        In a folder that is there.
    key : str
        Of what the table was made from.

    Raises
    ------
    OutputError, OSError
        If the file cannot be written.
    """
    blocks: list[bytes] = []
    listed: dict[str, dict[str, Any]] = {}
    place = 0

    def add(name: str, kind: str, packed: Array, **more: Any) -> None:
        nonlocal place
        data = np.ascontiguousarray(packed).tobytes()
        sha256 = hashlib.sha256(data).hexdigest()
        listed[name] = {
            "kind": kind, "dtype": packed.dtype.str, "at": place, "bytes": len(data),
            "sha256": sha256, **more,
        }  # fmt: skip
        blocks.append(data)
        place += len(data)

    def add_texts(name: str, values: list[Any], **more: Any) -> None:
        add(name, "json", np.frombuffer(json.dumps(values).encode("ascii"), np.uint8), **more)

    lines = "\n".join(table.formulas.tolist()).encode("utf-8")
    add("formulas", "lines", np.frombuffer(lines, np.uint8))
    for name in _ARRAYS:
        values = getattr(table, name)
        add(name, "array", _packed(values), then=values.dtype.str)
    for name, values in table.properties.items():
        if values.dtype != object:
            add(f"column {name}", "array", values, then=values.dtype.str)
            continue
        # 1 and True are equal, and not the same.
        places = {(type(v), v): i for i, v in enumerate(values.tolist())}
        order = sorted(places.values())
        code = {place: i for i, place in enumerate(order)}
        codes = [code[places[type(v), v]] for v in values.tolist()]
        add_texts(f"values of {name}", [values[i] for i in order])
        add(f"column {name}", "codes", np.array(codes, np.int32), values=f"values of {name}")
    header = json.dumps(
        {"key": key, "rows": len(table), "provenance": _plain(table.provenance), "blocks": listed}
    ).encode("ascii")
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(_BEGIN + hashlib.sha256(header).hexdigest().encode("ascii"))
        file.write(b" %d\n" % len(header))
        file.write(header)
        file.writelines(blocks)


def _packed(values: Array) -> Array:
    """Whole numbers in as few bytes as they need."""
    if values.dtype.kind == "b" or not len(values):
        return values
    for small in (np.uint8, np.uint16, np.uint32):
        if values.min() >= 0 and values.max() <= np.iinfo(small).max:
            fewer = values.astype(small)
            return fewer if np.array_equal(fewer, values) else values
    return values


def _plain(provenance: Provenance) -> dict[str, Any]:
    return {name: getattr(provenance, name) for name in Provenance.__slots__}


def read_kept(path: Path, key: str, again: Callable[[], PhaseTable]) -> PhaseTable | None:
    """Read a table written by :func:`write_kept`.

    Parameters
    ----------
    path : Path
    key : str
    again : callable
        Makes the table anew: should a column turn out to be damaged when it is asked for.

    Returns
    -------
    PhaseTable or None
        None where there is no such file, or it was made from something else, or is damaged.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "mine"
    >>> write_kept(PhaseTable.from_formulas({"Li2S": -1.4}), path, "a")
    >>> read_kept(path, "a", PhaseTable.from_formulas).formulas.tolist()
    ['Li', 'Li2S', 'S']
    >>> read_kept(path, "b", PhaseTable.from_formulas) is None
    True
    """
    try:
        file = _File.opened(path, key)
        arrays = {name: file.column(name) for name in _ARRAYS}
        formulas = file.column("formulas")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    makers = {
        name.removeprefix("column "): _maker(file, name, formulas, again)
        for name in file.blocks
        if name.startswith("column ")
    }
    return PhaseTable(
        formulas=formulas, provenance=file.provenance, properties=Columns(makers), **arrays
    )


def _maker(
    file: _File, name: str, formulas: Array, again: Callable[[], PhaseTable]
) -> Callable[[], Array]:
    def made() -> Array:
        try:
            column: Array = file.column(name)
            return column
        except (OSError, ValueError, KeyError, TypeError):
            table = again()
        if not np.array_equal(table.formulas, formulas):
            raise DataError(
                f"dataset {file.provenance.name!r} was replaced while it was in use: start again"
            )
        return table.properties[name.removeprefix("column ")]

    return made


def _own(path: Path) -> BinaryIO:
    """Open a regular file of this user (or of the system's), and nothing that leads elsewhere.

    The checksums lie in the file: they tell damage, not who wrote it.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode) or (
        hasattr(os, "getuid") and found.st_uid not in (os.getuid(), 0)
    ):
        file.close()
        raise ValueError("of somebody else")
    return file


@dataclass(frozen=True)
class _File:
    """A file whose header is whole."""

    path: Path
    begin: int
    blocks: Mapping[str, Mapping[str, Any]]
    provenance: Provenance

    @classmethod
    def opened(cls, path: Path, key: str) -> _File:
        with _own(path) as file:
            first = file.readline(len(_BEGIN) + 100)
            sha256, length = first.removeprefix(_BEGIN).decode("ascii").split()
            if not first.startswith(_BEGIN) or not 0 <= int(length) <= _LONGEST_HEADER:
                raise ValueError("of another form")
            header = file.read(int(length))
        if hashlib.sha256(header).hexdigest() != sha256:
            raise ValueError("damaged")
        found = json.loads(header)
        if found["key"] != key:
            raise ValueError("made from something else")
        given = {k: _tupled(v) for k, v in found["provenance"].items()}
        return cls(path, len(first) + len(header), found["blocks"], Provenance(**given))

    def column(self, name: str) -> Any:
        """A block as it was."""
        block = self.blocks[name]
        with _own(self.path) as file:
            file.seek(self.begin + block["at"])
            data = file.read(block["bytes"])
        if hashlib.sha256(data).hexdigest() != block["sha256"]:
            raise ValueError("damaged")
        if block["kind"] == "lines":
            return np.array(data.decode("utf-8").split("\n"), dtype=object)
        if block["kind"] == "json":
            return json.loads(data)
        values = np.frombuffer(data, block["dtype"])
        if block["kind"] == "codes":
            return np.array(self.column(block["values"]), dtype=object)[values]
        return values.astype(block["then"])


def _tupled(value: Any) -> Any:
    return tuple(map(_tupled, value)) if isinstance(value, list) else value
