"""Files of facts that were cut or changed are named, and what is missing in them."""

from __future__ import annotations

import shutil

import pytest

from sse_window.core.errors import DataError
from sse_window.facts import packaged
from sse_window.facts.coatings import coatings
from sse_window.facts.packaged import cited_facts, data_file


@pytest.fixture
def copy(tmp_path, monkeypatch):
    path = tmp_path / "coatings.toml"
    shutil.copy(data_file("coatings.toml"), path)
    monkeypatch.setattr(packaged, "data_file", lambda name: tmp_path / name)
    return path


@pytest.mark.parametrize("share", [0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.97])
def test_a_file_that_was_cut(copy, share):
    whole = copy.read_bytes()
    copy.write_bytes(whole[: int(share * len(whole))])
    try:
        found = getattr(coatings, "__wrapped__", coatings)()
    except DataError as error:
        assert str(copy) in str(error) and "\n" not in str(error)
        assert "install sse-window again" in str(error)
    else:
        assert found  # cut between two entries


def test_a_field_that_is_missing_is_named(copy):
    copy.write_text('[[coating]]\nformula = "Al2O3"\naliases = []\nnote = ""\n')
    with pytest.raises(DataError, match="'source' is missing"):
        getattr(coatings, "__wrapped__", coatings)()
    assert cited_facts("coatings.toml")["coating"][0]["formula"] == "Al2O3"
    with pytest.raises(DataError, match="cannot read"):
        cited_facts("absent.toml")
