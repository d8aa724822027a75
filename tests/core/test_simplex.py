"""The compiled and the interpreted core give the same bits."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from sse_window.core import implementation

_ROOT = Path(__file__).parents[2]

_TRACES = """
import pickle, sys
import numpy as np
from sse_window.core.contacts import Contacts
from sse_window.core.parametric_lp import LinearProgram, Minima, mixing_program
from sse_window.core.profiles import Profiles
from sse_window.core.simplex import COMPILED
from sse_window.core.systems import Phases, element_words

random = np.random.default_rng(5)
found = [COMPILED]
for _ in range(200):
    k, extra = int(random.integers(1, 9)), int(random.integers(0, 60))
    atoms = np.concatenate([np.eye(k), random.integers(0, 4, (extra, k))])
    atoms = atoms[atoms.sum(axis=1) > 0]
    total = atoms.sum(axis=1)
    cost = np.where(np.arange(len(atoms)) < k, 0.0, -random.random(len(atoms)).round(2))
    slope = random.integers(0, 4, len(atoms)) / total
    slope[:k] = 0.0
    keep = random.random(len(atoms)) > 0.05
    matrix = (atoms / total[:, None]).T[:, keep]
    sides = [random.integers(0, 4, k) + np.eye(k)[0] for _ in range(2)]
    sides = [side / side.sum() for side in sides]
    program = LinearProgram(matrix, cost[keep], slope[keep])
    for low, high in ((0.0, np.inf), (-np.inf, 0.0), (0.3, 2.0)):
        try:
            found.append(program.trace(sides[0], low, high))
        except Exception as error:
            found.append(str(error))
    mixing, b = mixing_program(matrix, cost[keep], sides)
    try:
        found.append(mixing.trace(b, -np.inf, np.inf))
        minima = Minima(mixing, b)
        found += [minima.at(random.random(mixing.n) - 0.5) for _ in range(3)]
    except Exception as error:
        found.append(str(error))

n = 40
numbers = [np.sort(random.permutation(np.arange(1, 7))[: random.integers(1, 6)]) for _ in range(n)]
numbers = [np.array([z]) for z in range(1, 7)] + numbers
offsets = np.concatenate([[0], np.cumsum([len(z) for z in numbers])])
numbers = np.concatenate(numbers)
amounts = random.integers(1, 5, len(numbers)).astype(float)
energies = np.append(np.zeros(6), -random.random(n).round(3))
competing = np.arange(n + 6)
phases = Phases(offsets, numbers, amounts, energies, competing, np.arange(128))
arrays = (offsets, numbers, amounts)
sets = element_words(numbers, offsets)
profiles = Profiles(phases, n + 6)
profiles.trace(*arrays, *sets, competing, 3, 1.0, True)
names = ("first", "length", "conserved", "hull", "low", "high", "cost", "slope", "held_amount")
found += [np.asarray(getattr(profiles, name)).tobytes() for name in names]
contacts = Contacts(profiles, profiles, arrays, arrays, sets, sets, 3, 1.0)
out = np.zeros((n + 6, n + 6, 12))
lows, highs = np.zeros(n + 6), np.full(n + 6, 2.0)
hulls = np.asarray(profiles.hull)
found.append(contacts.all(hulls, hulls, lows, highs, competing, out))
found.append(out.tobytes())
sys.stdout.buffer.write(pickle.dumps(found))
"""


def _run(code: str, **environment: str) -> bytes:
    return subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
    ).stdout


def test_source_runs_where_it_is_asked_for():
    code = "from sse_window.core import implementation; print(implementation())"
    assert _run(code, SSE_WINDOW_CORE="python").split() == [b"Python"]
    built = any(
        (_ROOT / "sse_window" / "core" / f"simplex{suffix}").exists()
        for suffix in EXTENSION_SUFFIXES
    )
    assert _run(code, SSE_WINDOW_CORE="").split() == [b"compiled" if built else b"Python"]


@pytest.mark.slow
def test_compiled_core_gives_the_same_bits(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(_ROOT))
    if implementation() == "compiled":
        where = _ROOT
    else:
        import hatch_build

        if not shutil.which(os.environ.get("CC", "cc")):
            pytest.skip("no C compiler")
        where = tmp_path
        core = where / "sse_window" / "core"
        core.mkdir(parents=True)
        (core.parent / "__init__.py").touch()
        for file in (_ROOT / "sse_window" / "core").glob("*.py"):
            (core / file.name).write_bytes(file.read_bytes())
        built = hatch_build.compile_modules(_ROOT, tmp_path / "build")
        for name, path in built.items():
            (where / name).write_bytes(path.read_bytes())
    compiled = pickle.loads(_run(_TRACES, PYTHONPATH=str(where), SSE_WINDOW_CORE=""))
    interpreted = pickle.loads(_run(_TRACES, PYTHONPATH=str(where), SSE_WINDOW_CORE="python"))
    assert compiled.pop(0) is True
    assert interpreted.pop(0) is False
    assert compiled == interpreted
