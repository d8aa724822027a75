"""What tests share: packaged tables, loaded once, and a system that can be solved by hand."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from sse_window.phases.table import PhaseTable
from sse_window.sources import datasets

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# Formation energies [eV/atom] of a made-up Li-P-S system; limits follow by hand:
# Li3PS4 1.84 - 2.18333 V, Li3P to 1.2 V, Li2S to 2.1 V, S from 2.1 V, P2S5 from 1.97333 V.
LI_P_S = {"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3, "Li3PS4": -0.95}


@pytest.fixture(scope="session")
def table() -> PhaseTable:
    """What answers when no dataset is named."""
    return datasets.load()


@pytest.fixture(scope="session")
def published() -> PhaseTable:
    """The energies that publications of 2015 to 2021 were computed with, or nearly so."""
    return datasets.load("mp-legacy")


@pytest.fixture(scope="session")
def li_p_s() -> PhaseTable:
    return PhaseTable.from_formulas(LI_P_S)


@pytest.fixture(autouse=True)
def own_data_directory(tmp_path, monkeypatch):
    """No test reads or writes the datasets, or reads the defaults, of whoever runs it."""
    monkeypatch.setenv("SSE_WINDOW_DATA", str(tmp_path / "sse-window-data"))
    monkeypatch.setenv("SSE_WINDOW_CONFIG", "")
    for variable in ("MP_API_KEY", "PMG_MAPI_KEY"):
        monkeypatch.delenv(variable, raising=False)
    assert os.environ["SSE_WINDOW_DATA"]
