"""A Dask cluster for the tests that need one."""

from __future__ import annotations

import pytest
from processes import DaskCluster


@pytest.fixture
def dask_cluster(tmp_path):
    cluster = DaskCluster(tmp_path)
    yield cluster
    cluster.close()
