"""Arrow arrays laid out by hand hold what pyarrow's own conversion makes of the same values."""

import subprocess
import sys

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse_window.results.arrow_columns import arrow_array, arrow_type

VALUES = {
    "text": st.text(st.characters(exclude_categories=["Cs"])),
    "number": st.floats(allow_nan=False) | st.integers(-(2**50), 2**50),
    "whole": st.integers(-(2**63), 2**63 - 1),
    "truth": st.booleans(),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_same_as_the_conversion_of_pyarrow(kind, data):
    values = data.draw(st.lists(VALUES[kind] | st.none()))
    made = arrow_array(values, kind)
    made.validate(full=True)
    assert made.equals(pyarrow.array(values, arrow_type(kind)))


def test_text_that_is_no_unicode_is_written_as_it_is_shown():
    assert arrow_array(["\udce9"], "text").to_pylist() == ["\\udce9"]


def test_pandas_is_not_loaded():
    code = (
        "import sys; from sse_window.results.files import write_rows; from pathlib import Path;"
        "import tempfile; path = Path(tempfile.mkdtemp()) / 'a.parquet';"
        "write_rows(path, [['a', 1.0]], {'a': 'text', 'b': 'number'});"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
