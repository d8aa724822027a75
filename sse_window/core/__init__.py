"""Numbers, formulas and the linear program; no phases yet.

Some modules are compiled where the package was built with a C compiler. The environment variable
``SSE_WINDOW_CORE=python`` has their source interpreted all the same.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


class _SourceFirst:
    """Finds the Python source of modules of this folder, also where they were compiled."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, module = name.rpartition(".")
        source = Path(__file__).with_name(f"{module}.py")
        if package != __name__ or not source.is_file():
            return None
        return spec_from_file_location(name, source)


if os.environ.get("SSE_WINDOW_CORE") == "python":
    sys.meta_path.insert(0, _SourceFirst)


def implementation() -> str:
    """Which core runs: ``compiled``, or ``Python``, which gives the same answers more slowly."""
    found = find_spec(f"{__name__}.simplex")
    return "Python" if found is None or str(found.origin).endswith(".py") else "compiled"
