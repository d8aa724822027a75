"""Columns of plain values as arrow arrays, out of memory that is laid out here.

The conversion that pyarrow offers loads pandas, which takes longer than most files.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np

from .schema import Kind

__all__ = ["arrow_array", "arrow_type"]


def arrow_type(kind: Kind) -> Any:
    """Arrow type of a kind of column."""
    import pyarrow

    types = {
        "text": pyarrow.string(),
        "number": pyarrow.float64(),
        "whole": pyarrow.int64(),
        "truth": pyarrow.bool_(),
    }
    return types[kind]


def arrow_array(values: Sequence[Any], kind: Kind) -> Any:
    """Values of one column, None for null, as an arrow array.

    Parameters
    ----------
    values : sequence
        Of the kind, or None.
    kind : str

    Returns
    -------
    pyarrow.Array

    Examples
    --------
    >>> arrow_array(["Li2S", None], "text").to_pylist(), arrow_array([None, 2], "whole").to_pylist()
    (['Li2S', None], [None, 2])
    """
    import pyarrow

    there = np.array([value is not None for value in values], dtype=bool)
    missing = len(there) - int(there.sum())
    valid = pyarrow.py_buffer(_bits(there)) if missing else None
    if kind == "text":
        texts = [
            b"" if value is None else value.encode("utf-8", "backslashreplace") for value in values
        ]
        ends = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in texts], out=ends[1:])
        if ends[-1] > np.iinfo(np.int32).max:
            raise OverflowError(f"{ends[-1]} bytes of text in one part of a file")
        buffers = [pyarrow.py_buffer(ends.astype(np.int32)), pyarrow.py_buffer(b"".join(texts))]
    elif kind == "truth":
        buffers = [pyarrow.py_buffer(_bits(np.array([bool(value) for value in values], bool)))]
    else:
        number = np.float64 if kind == "number" else np.int64
        # A number with decimals is no whole one, and must not become one.
        whole = values if kind == "number" else [v if v is None else index(v) for v in values]
        numbers = [0 if value is None else value for value in whole] if missing else whole
        buffers = [pyarrow.py_buffer(np.array(numbers, dtype=number))]
    return pyarrow.Array.from_buffers(arrow_type(kind), len(there), [valid, *buffers], missing)


def _bits(truths: Any) -> Any:
    return np.packbits(truths, bitorder="little")
