"""Names of a package are there before their modules are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sse_window import api, plots, terminal
from sse_window.core.lazy_names import lazy_names


def test_a_name_is_that_of_its_module():
    found, names = lazy_names("sse_window.core", {".composition": ["parse"], ".ions": ["CHARGE"]})
    assert names == ["CHARGE", "parse"]
    assert found("CHARGE")["Mg"] == 2
    with pytest.raises(AttributeError, match=r"has no attribute 'nothing'"):
        found("nothing")


@pytest.mark.parametrize("package", [api, plots, terminal])
def test_every_listed_name_is_there(package):
    assert package.__all__
    assert all(getattr(package, name) is not None for name in package.__all__)


def test_a_package_loads_no_module_before_it_is_asked():
    told = "import sys, sse_window.plots; print('sse_window.plots.pair' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    assert answer.stdout.strip() == "False"
