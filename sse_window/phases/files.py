"""How a table of phases lies on disk: ``<name>.parquet`` and beside it ``<name>.json``.

One format for the packaged, the fetched and the imported datasets. The JSON file says where the
energies come from and holds the SHA-256 of the parquet file and of what it says itself, so that
files that were cut short, edited or exchanged are told from those that were written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.elements import SYMBOLS
from ..core.errors import DataError, OutputError
from ..core.files import replacing
from ..core.tolerances import ENERGY_eV_per_atom
from .columns import E_ABOVE_HULL, FORMATION_ENERGY
from .table import PhaseTable, Provenance

__all__ = [
    "provenance_in",
    "read_columns",
    "read_provenance",
    "read_table",
    "sealed",
    "to_numpy",
    "verified_provenance",
    "write_sealed",
    "write_table",
]

_KEYS = {"name": str, "date": str, "corrections": str, "sha256": str, "rows": int}
_COLUMNS = ("formula", "atomic_numbers", "amounts", FORMATION_ENERGY, E_ABOVE_HULL)
_REMEDY = "fetch, import or install it again"
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
            f"{_REMEDY}"
        ) from None
    except OSError as error:
        raise DataError(f"cannot read {sidecar}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise DataError(f"{sidecar} is damaged (no JSON): {_REMEDY}") from None
    if not isinstance(contents, dict):
        raise DataError(f"{sidecar} is not the provenance of a dataset: {_REMEDY}")
    for key, kind in _KEYS.items():
        if not isinstance(contents.get(key), kind):
            raise DataError(f"{sidecar} does not give {key!r} of the dataset: {_REMEDY}")
    if not whole:
        raise DataError(
            f"{sidecar} is damaged or was changed: what it says does not have the SHA-256 in its "
            f"{_SEAL!r}: {_REMEDY}"
        )
    return contents


def verified_provenance(path: Path) -> dict[str, Any]:
    """Contents of the JSON file beside a parquet file, which has the SHA-256 that they give.

    Parameters
    ----------
    path : Path
        The parquet file.

    Returns
    -------
    dict
        As of :func:`read_provenance`.

    Raises
    ------
    DataError
        If either file is absent, damaged or was changed since it was written.
    """
    contents = read_provenance(path)
    _verified(path, contents)
    return contents


def read_table(path: Path) -> PhaseTable:
    """Read the rows of a parquet file, checked against its provenance; elements are not added.

    Phases on the hull compete, and those whose energy above hull the file does not give.

    Parameters
    ----------
    path : Path

    Returns
    -------
    PhaseTable

    Raises
    ------
    DataError
        If either file is absent, damaged, changed since it was written, or something else.
    """
    contents = read_provenance(path)
    return _from_arrow(path, read_columns(path, contents, _COLUMNS), provenance_in(contents))


def provenance_in(contents: Mapping[str, Any]) -> Provenance:
    """What results quote, out of the contents of a provenance file."""
    return Provenance(
        name=contents["name"],
        date=contents["date"],
        corrections=contents["corrections"],
        sha256=contents["sha256"],
        additions=_texts(contents, "additions"),
        systems=_texts(contents, "systems"),
    )


def read_columns(path: Path, contents: Mapping[str, Any], columns: Sequence[str]) -> Any:
    """Arrow table of a parquet file that has the SHA-256 of its provenance and these columns."""
    return _parse(path, _verified(path, contents), columns)


def _verified(path: Path, contents: Mapping[str, Any]) -> bytes:
    """Bytes of a parquet file, which have the SHA-256 that its provenance gives."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path} is missing: {_REMEDY}") from None
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from None
    found = hashlib.sha256(data).hexdigest()
    if found != contents["sha256"]:
        raise DataError(
            f"{path} is damaged or was changed: its SHA-256 is {found[:12]}..., not the "
            f"{contents['sha256'][:12]}... of {path.with_suffix('.json').name}: {_REMEDY}"
        )
    return data


def _texts(contents: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = contents.get(key)
    return tuple(map(str, values)) if isinstance(values, list) else ()


def _parse(path: Path, data: bytes, columns: Sequence[str]) -> Any:
    import pyarrow
    from pyarrow import parquet

    try:
        # ParquetFile and not read_table, which would load pyarrow.dataset and with it pandas.
        table = parquet.ParquetFile(pyarrow.BufferReader(data)).read()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{path} is not a parquet file ({reason}): {_REMEDY}") from None
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise DataError(f"{path} is no table of phases: no column {missing[0]!r}")
    return table.combine_chunks()


def _from_arrow(path: Path, arrow: Any, provenance: Provenance) -> PhaseTable:
    import pyarrow

    try:
        numbers = _one_chunk(arrow["atomic_numbers"])
        amounts = _one_chunk(arrow["amounts"])
        columns = {name: to_numpy(arrow[name]) for name in arrow.column_names[3:]}
        energy = columns.pop(FORMATION_ENERGY)
        above = columns.pop(E_ABOVE_HULL)
        table = PhaseTable(
            formulas=to_numpy(arrow["formula"]),
            offsets=to_numpy(numbers.offsets).astype(np.intp),
            numbers=_atomic_numbers(to_numpy(numbers.values)),
            amounts=to_numpy(amounts.values).astype(np.float64),
            formation_energy_per_atom=energy.astype(np.float64),
            e_above_hull=above.astype(np.float64),
            competing=~(above.astype(np.float64) > ENERGY_eV_per_atom),
            provenance=provenance,
            properties=columns,
        )
        same = np.array_equal(to_numpy(numbers.offsets), to_numpy(amounts.offsets))
    except (pyarrow.ArrowException, AttributeError, TypeError, ValueError) as error:
        raise DataError(f"{path} is no table of phases: {error}") from None
    _check(path, table, same)
    return table


def _atomic_numbers(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    # A cast would make others of numbers beyond 255, and anything of fractions.
    if values.dtype.kind not in "iu" or not np.all((values >= 1) & (values <= len(SYMBOLS))):
        raise ValueError(f"atomic numbers go from 1 to {len(SYMBOLS)}")
    return values.astype(np.uint8)


def _one_chunk(column: Any) -> Any:
    import pyarrow

    if not isinstance(column, pyarrow.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks else pyarrow.array([], column.type)


def to_numpy(column: Any) -> npt.NDArray[Any]:
    """Floats with nan for null; text and truth values as objects with None for null."""
    import pyarrow

    chunk = _one_chunk(column)
    kind = chunk.type
    if pyarrow.types.is_dictionary(kind):
        texts = np.array([*chunk.dictionary.to_pylist(), None], dtype=object)
        places, valid = _buffer(chunk.indices)
        found: npt.NDArray[Any] = texts[np.where(valid, places, len(texts) - 1)]
        return found
    if pyarrow.types.is_floating(kind) or pyarrow.types.is_integer(kind):
        numbers, valid = _buffer(chunk)
        return numbers if valid.all() else np.where(valid, numbers, np.nan)
    listed = chunk.to_pylist()
    everywhere = pyarrow.types.is_boolean(kind) and chunk.null_count == 0
    return np.array(listed, dtype=bool if everywhere else object)


def _buffer(numbers: Any) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Values and which of them are not null, out of the memory of an arrow array of numbers.

    The conversion that pyarrow offers loads pandas, which takes longer than all the rest.
    """
    bits, data = numbers.buffers()
    part = slice(numbers.offset, numbers.offset + len(numbers))
    values = np.frombuffer(data, dtype=numbers.type.to_pandas_dtype())[part]
    if bits is None:
        return values, np.ones(len(values), bool)
    valid = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")[part]
    return values, valid.astype(bool)


def _check(path: Path, table: PhaseTable, same_lengths: bool) -> None:
    """Check what the hash cannot tell: that a file written elsewhere holds phases at all."""
    n = len(table)
    ends = table.offsets
    lengths = np.diff(ends)
    problem = None
    if not same_lengths or n == 0 or lengths.min() < 1 or ends[0] or ends[-1] != len(table.numbers):
        problem = "every phase needs as many amounts as elements, at least one"
    elif table.numbers.min() < 1 or table.numbers.max() > len(SYMBOLS):
        problem = f"atomic numbers go from 1 to {len(SYMBOLS)}"
    elif not (np.isfinite(table.amounts).all() and table.amounts.min() > 0.0):
        problem = "amounts must be positive"
    elif not np.isfinite(table.formation_energy_per_atom).all():
        problem = "a formation energy is missing"
    elif None in table.formulas.tolist() or not isinstance(table.formulas[0], str):
        problem = "a formula is missing"
    elif not np.all(table.formulas[:-1] < table.formulas[1:]):
        problem = "formulas must be unique and sorted"
    if problem is not None:
        raise DataError(f"{path} is no table of phases: {problem}")


def write_table(
    table: PhaseTable,
    path: Path,
    *,
    licence: str | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    details: Mapping[str, Any] | None = None,
) -> Provenance:
    """Write a table and its provenance; each file appears whole or not at all.

    Parameters
    ----------
    table : PhaseTable
        Its provenance gives name, date and corrections; ``e_above_hull`` must refer to the phases
        of this table, since only phases on the hull compete when it is read again.
    path : Path
        Ends in ``.parquet``; the folder is made.
    licence : str, optional
        Of the energies.
    sources : sequence of mapping
        One per source, with DOI, licence, version.
    details : mapping, optional
        Further keys for the provenance file.

    Returns
    -------
    Provenance
        With the SHA-256 of the file that was written.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    import pyarrow
    from pyarrow import parquet

    if path.suffix != ".parquet":
        raise OutputError(f"{path}: a dataset is written to a file that ends in .parquet")
    arrow = _to_arrow(table)
    sink = pyarrow.BufferOutputStream()
    text = [f.name for f in arrow.schema if pyarrow.types.is_dictionary(f.type)]
    dictionaries = [*text, *(f"{c}.list.element" for c in ("atomic_numbers", "amounts"))]
    parquet.write_table(
        arrow, sink, compression="zstd", compression_level=19, use_dictionary=dictionaries,
        use_byte_stream_split=[FORMATION_ENERGY, E_ABOVE_HULL], write_statistics=False,
        row_group_size=max(len(table), 1),
    )  # fmt: skip
    given = table.provenance
    sha256 = write_sealed(
        path,
        sink.getvalue().to_pybytes(),
        {
            "name": given.name,
            "date": given.date,
            "corrections": given.corrections,
            "additions": list(given.additions),
            "systems": list(given.systems),
            "licence": licence,
            "rows": len(table),
            "elements": list(table.elements),
            "sources": [dict(source) for source in sources],
            **(details or {}),
        },
    )
    return replace(given, sha256=sha256)


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
        # Both files are complete before either replaces an old one.
        with replacing(path.with_suffix(".json")) as sidecar, replacing(path) as parquet_file:
            parquet_file.write_bytes(data)
            sidecar.write_text(document, "utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
    return sha256


def _to_arrow(table: PhaseTable) -> Any:
    import pyarrow

    offsets = pyarrow.array(table.offsets.astype(np.int32))
    whole = np.all((table.amounts == np.floor(table.amounts)) & (table.amounts < 2**16))
    amounts = table.amounts.astype(np.uint16) if whole else table.amounts
    columns = {
        "formula": pyarrow.array(table.formulas.tolist(), pyarrow.string()),
        "atomic_numbers": pyarrow.ListArray.from_arrays(offsets, table.numbers.astype(np.uint8)),
        "amounts": pyarrow.ListArray.from_arrays(offsets, amounts),
        FORMATION_ENERGY: pyarrow.array(table.formation_energy_per_atom),
        E_ABOVE_HULL: _column(table.e_above_hull),
        **{name: _column(values) for name, values in table.properties.items()},
    }
    return pyarrow.table(columns)


def _column(values: npt.NDArray[Any]) -> Any:
    import pyarrow

    if values.dtype == object:
        present = [v for v in values.tolist() if v is not None]
        if all(isinstance(v, (bool, np.bool_)) for v in present) and present:
            return pyarrow.array(values.tolist(), pyarrow.bool_())
        return pyarrow.array(values.tolist(), pyarrow.string()).dictionary_encode()
    if values.dtype.kind == "f":
        return pyarrow.array(values, mask=np.isnan(values))
    return pyarrow.array(values)
