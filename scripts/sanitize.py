"""Run the property tests of the compiled core under the address and undefined-behaviour sanitizers.

    python scripts/sanitize.py [TESTS...]

Needs gcc or clang with their sanitizers. The core is compiled anew in a temporary folder, with the
checks of array bounds that a wheel leaves out; the source tree stays as it is. Any finding ends the
run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import hatch_build

ROOT = Path(__file__).resolve().parents[1]

TESTS = ("tests/core/test_parametric_lp.py", "tests/equilibria/test_batch.py")
FLAGS = ("-fsanitize=address,undefined", "-fno-omit-frame-pointer", "-fno-sanitize-recover=all")
LIBRARIES = ("libasan.so", "libubsan.so")


def main() -> int:
    """Build, run, and say how it ended."""
    tests = sys.argv[1:] or TESTS
    with tempfile.TemporaryDirectory(prefix="sse-window-sanitize-") as name:
        folder = Path(name)
        ignored = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
        shutil.copytree(ROOT / "sse_window", folder / "sse_window", ignore=ignored)
        (folder / "data").symlink_to(ROOT / "data")
        built = hatch_build.compile_modules(ROOT, folder / "build", FLAGS, checked=True)
        for place, path in built.items():
            shutil.copy(path, folder / place)
        compiler = os.environ.get("CC", "cc")
        found = [
            subprocess.run(
                [compiler, f"-print-file-name={library}"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
            for library in LIBRARIES
        ]
        environment = {
            **os.environ,
            # The interpreter itself is not instrumented; what it keeps to its end is no leak.
            "LD_PRELOAD": " ".join(found),
            "ASAN_OPTIONS": "detect_leaks=0",
            "PYTHONMALLOC": "malloc",
            "PYTHONPATH": str(folder),
            "SSE_WINDOW_CORE": "",
        }
        told = [sys.executable, "-c", "from sse_window.core import implementation as i; print(i())"]
        which = subprocess.run(told, cwd=folder, env=environment, capture_output=True, text=True)
        if which.stdout.strip() != "compiled":
            print(f"the core was not compiled:\n{which.stderr}", file=sys.stderr)
            return 1
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += [str(ROOT / test) for test in tests]
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
