"""How a table of phases lies on disk: ``<name>.parquet`` and beside it ``<name>.json``.

One format for the packaged, the fetched and the imported datasets;
:mod:`~sse_window.phases.sealed_files` keeps the two files together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.elements import SYMBOLS
from ..core.errors import DataError, OutputError
from ..core.tolerances import ENERGY_eV_per_atom
from .columns import E_ABOVE_HULL, FORMATION_ENERGY, PROPERTIES, holds_numbers
from .sealed_files import (
    REMEDY,
    read_provenance,
    sealed,
    verified,
    verified_provenance,
    write_sealed,
)
from .table import PhaseTable, Provenance

__all__ = [
    "list_column",
    "provenance_in",
    "read_columns",
    "read_provenance",
    "read_table",
    "sealed",
    "to_numpy",
    "verified_provenance",
    "write_columns",
    "write_table",
]

_NUMPY_NAMES = {"double": "float64", "float": "float32", "halffloat": "float16"}
"""Of the types that arrow calls otherwise."""

_COLUMNS = ("formula", "atomic_numbers", "amounts", FORMATION_ENERGY, E_ABOVE_HULL)


def read_table(path: Path) -> PhaseTable:
    """Read the rows of a parquet file, checked against its provenance; elements are not added.

    Phases on the hull compete, and those whose energy above hull the file does not give.

    Parameters
    ----------
    path : Path

    Returns
    -------
    PhaseTable
        With the columns of the file as properties, and the provenance beside it.

    Raises
    ------
    DataError
        If either file is absent, damaged, changed since it was written, or something else.
    """
    contents, data = verified(path)
    return _from_arrow(path, _parse(path, data, _COLUMNS), provenance_in(contents))


def provenance_in(contents: Mapping[str, Any]) -> Provenance:
    """What results quote, out of the contents of a provenance file."""
    return Provenance(
        name=contents["name"],
        date=contents["date"],
        corrections=contents["corrections"],
        sha256=contents["sha256"],
        additions=_texts(contents, "additions"),
        systems=_texts(contents, "systems"),
        error_by_class=_errors(contents.get("error_by_class_eV_per_atom")),
    )


def _errors(found: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(found, dict):
        return ()
    return tuple(
        (str(name), float(error))
        for name, error in found.items()
        if isinstance(error, (int, float)) and error >= 0.0
    )


def read_columns(
    path: Path, contents: Mapping[str, Any], columns: Sequence[str], *, only: bool = False
) -> Any:
    """Arrow table of a parquet file that has the SHA-256 of its provenance.

    Parameters
    ----------
    path : Path
    contents : mapping
        Of the provenance.
    columns : sequence of str
        Columns that have to be there.
    only : bool
        Read no others.

    Returns
    -------
    pyarrow.Table

    Raises
    ------
    DataError
        If the file is absent, damaged, or lacks a column.
    """
    return _parse(path, verified(path, contents)[1], columns, only)


def _texts(contents: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = contents.get(key)
    return tuple(map(str, values)) if isinstance(values, list) else ()


def _parse(path: Path, data: bytes, columns: Sequence[str], only: bool = False) -> Any:
    import pyarrow
    from pyarrow import parquet

    try:
        # ParquetFile and not read_table, which would load pyarrow.dataset and with it pandas.
        file = parquet.ParquetFile(pyarrow.BufferReader(data))
        table = file.read(columns=list(columns) if only else None)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{path} is not a parquet file ({reason}): {REMEDY}") from None
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise DataError(f"{path} is no table of phases: no column {missing[0]!r}")
    return table.combine_chunks()


def _from_arrow(path: Path, arrow: Any, provenance: Provenance) -> PhaseTable:
    import pyarrow

    try:
        numbers = _one_chunk(arrow["atomic_numbers"])
        amounts = _one_chunk(arrow["amounts"])
        if not pyarrow.types.is_list(numbers.type) or not pyarrow.types.is_list(amounts.type):
            raise TypeError("columns 'atomic_numbers' and 'amounts' must hold lists")
        others = [name for name in arrow.column_names if name not in _COLUMNS]
        table = PhaseTable(
            formulas=_typed("formula", arrow["formula"]),
            offsets=to_numpy(numbers.offsets).astype(np.intp),
            numbers=_atomic_numbers(to_numpy(numbers.values)),
            amounts=to_numpy(amounts.values).astype(np.float64),
            formation_energy_per_atom=_typed(FORMATION_ENERGY, arrow[FORMATION_ENERGY]),
            e_above_hull=_typed(E_ABOVE_HULL, arrow[E_ABOVE_HULL]),
            competing=np.ones(arrow.num_rows, bool),
            provenance=provenance,
            properties={name: _typed(name, arrow[name]) for name in others},
        )
        table = replace(table, competing=~(table.e_above_hull > ENERGY_eV_per_atom))
        same = np.array_equal(to_numpy(numbers.offsets), to_numpy(amounts.offsets))
    except (pyarrow.ArrowException, AttributeError, TypeError, ValueError) as error:
        raise DataError(f"{path} is no table of phases: {error}") from None
    _check(path, table, same)
    return table


def _typed(name: str, column: Any) -> npt.NDArray[Any]:
    """A column of the kind that its name stands for; others as they are."""
    values = to_numpy(column)
    known = PROPERTIES.get(name)
    if name in (FORMATION_ENERGY, E_ABOVE_HULL) or holds_numbers(name):
        if values.dtype.kind not in "iuf":
            if any(value is not None for value in values.tolist()):
                raise TypeError(f"column {name!r} holds {column.type}, not numbers")
            return np.full(len(values), np.nan)
        return values.astype(np.float64)
    kind = "text" if name == "formula" else None if known is None else known.kind
    if kind is not None:
        words = {"text": "text", "truth": "truth values"}
        right = bool if kind == "truth" else str
        # Of a column of that type nothing else can be.
        if not _holds(column.type, kind) and not all(
            value is None or isinstance(value, right) for value in values.tolist()
        ):
            raise TypeError(f"column {name!r} holds {column.type}, not {words[kind]}")
        return values
    if values.dtype == object:
        plain = (str, bool, int, float, type(None))
        listed = [v if isinstance(v, plain) else str(v) for v in values.tolist()]
        return np.array(listed, dtype=object)
    return values


def _holds(of: Any, kind: str) -> bool:
    """Whether an arrow type has texts, or truth values, alone."""
    from pyarrow import types

    of = of.value_type if types.is_dictionary(of) else of
    return bool(types.is_boolean(of) if kind == "truth" else types.is_string(of))


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


def list_column(column: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Values of a column of lists, one after the other, and where each list begins and ends."""
    lists = _one_chunk(column)
    return to_numpy(lists.values), to_numpy(lists.offsets)


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
    # Not by to_pandas_dtype, which loads pandas as well in some versions.
    kind = str(numbers.type)
    values = np.frombuffer(data, dtype=_NUMPY_NAMES.get(kind, kind))[part]
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
    elif not "".join(table.formulas.tolist()).isprintable():
        problem = "a formula holds characters that are no text"
    elif not np.all(table.formulas[:-1] < table.formulas[1:]):
        problem = "formulas must be unique and sorted"
    if problem is not None:
        raise DataError(f"{path} is no table of phases: {problem}")


def write_table(
    table: PhaseTable, path: Path, details: Mapping[str, Any] = MappingProxyType({})
) -> Provenance:
    """Write a table and its provenance; each file appears whole or not at all.

    Parameters
    ----------
    table : PhaseTable
        Its provenance gives name, date and corrections; ``e_above_hull`` must refer to the phases
        of this table, since only phases on the hull compete when it is read again.
    path : Path
        Ends in ``.parquet``; the folder is made.
    details : mapping
        See :func:`write_columns`, which names what is raised.

    Returns
    -------
    Provenance
        With the SHA-256 of the file that was written.
    """
    import pyarrow

    arrow = _to_arrow(table)
    text = [f.name for f in arrow.schema if pyarrow.types.is_dictionary(f.type)]
    return write_columns(
        table,
        arrow,
        path,
        details,
        dictionaries=[*text, *(f"{c}.list.element" for c in ("atomic_numbers", "amounts"))],
        numbers=[FORMATION_ENERGY, E_ABOVE_HULL],
    )


def write_columns(
    table: PhaseTable,
    arrow: Any,
    path: Path,
    details: Mapping[str, Any],
    *,
    dictionaries: Sequence[str],
    numbers: Sequence[str],
) -> Provenance:
    """Write columns of a table and its provenance; each file appears whole or not at all.

    Parameters
    ----------
    table : PhaseTable
        What the provenance tells of.
    arrow : pyarrow.Table
        The columns, a row per phase of `table`.
    path : Path
        Ends in ``.parquet``; the folder is made.
    details : mapping
        Further keys for the provenance file: ``licence`` of the energies, their ``sources`` (each
        with DOI, licence, version), and any others.
    dictionaries, numbers : sequence of str
        Columns of few different values, and of floating-point numbers: each is packed its own way.

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
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(
        arrow, sink, compression="zstd", compression_level=19,
        use_dictionary=list(dictionaries) or False, use_byte_stream_split=list(numbers),
        write_statistics=False, row_group_size=max(len(table), 1),
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
            "rows": len(table),
            "elements": list(table.elements),
            "licence": None,
            "sources": [],
            **details,
        },
    )
    return replace(given, sha256=sha256)


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
