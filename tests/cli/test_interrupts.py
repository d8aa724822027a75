"""Ctrl-C at any moment of a command's start: one line, exit code 130, no traceback."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sse_window.core.elements import SYMBOLS
from sse_window.phases.hulls import energies_above_hull
from sse_window.phases.table import PhaseTable

LINE = "sse-window: interrupted\n"

WAYS = {
    "module": "import runpy, sys\nrunpy.run_module('sse_window', run_name='__main__')",
    "installed command": "import sys\nfrom sse_window.__main__ import main\nsys.exit(main())",
}

# Python looks for the n-th module that the command line asks for: the interrupt comes there.
AT_IMPORT = """
import os, signal, sys
class Trap:
    left = int(sys.argv.pop(1))
    def find_spec(self, name, path=None, target=None):
        if name != "sse_window" and not name.endswith("__main__"):
            Trap.left -= 1
            if Trap.left == 0:
                os.kill(os.getpid(), signal.SIGINT)
        return None
def armed():
    sys.meta_path.insert(0, Trap())
"""

COMMANDS = (["window", "LGPS"], ["pair", "LGPS", "LCO"], ["names"], ["--version"])


def interrupted(program: str, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def in_one_line(code: int, out: str, err: str) -> bool:
    """Ended by the interrupt, in one line; or done before it came."""
    return (code, err) == (130, LINE) or (code == 0 and err == "" and out != "")


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_an_interrupt_at_any_import_is_one_line(way: str) -> None:
    draw = random.Random(way)
    program = AT_IMPORT + "import runpy, typing\narmed()\n" + WAYS[way]
    stopped = 0
    for at in [2, 3, 4, 5, *(draw.randint(6, 700) for _ in range(8))]:
        code, out, err = interrupted(program, str(at), *draw.choice(COMMANDS))
        assert in_one_line(code, out, err), (at, code, err)
        stopped += code == 130
    assert stopped >= 4


@pytest.mark.slow
def test_an_interrupt_after_any_time_is_one_line() -> None:
    """Before the first line of the package, Python speaks for itself: no name of ours is in it."""
    draw = random.Random(7)
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-m", "sse_window", "window", "LGPS"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(draw.uniform(0.0, 0.8))
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        started = err == "" or "sse_window/" in err or err == LINE
        assert not started or in_one_line(process.returncode, out, err) or process.returncode < 0, (
            err
        )


def test_nothing_is_imported_before_the_handler() -> None:
    seen = (
        "import sys; before = set(sys.modules); import sse_window.__main__; "
        "print(*sorted(set(sys.modules) - before))"
    )
    code, out, _ = interrupted(seen)
    assert (code, out.split()) == (0, ["sse_window", "sse_window.__main__"])


@pytest.mark.parametrize("raised", ["ImportError('numpy failed')", "SystemError()", "ValueError()"])
def test_what_an_interrupt_turns_into_is_still_the_interrupt(raised: str) -> None:
    program = (
        "import os, signal, sys, types\n"
        "import sse_window.__main__ as begin\n"
        "def command(prog_name):\n"
        "    try:\n        os.kill(os.getpid(), signal.SIGINT)\n"
        f"    except KeyboardInterrupt:\n        raise {raised} from None\n"
        "cli = types.ModuleType('sse_window.cli'); cli.main = command\n"
        "sys.modules['sse_window.cli'] = cli\n"
        "begin.main()"
    )
    assert interrupted(program) == (130, "", LINE)


def test_an_interrupt_in_a_finaliser_is_not_lost() -> None:
    program = (
        "import os, signal, sys, time, types\n"
        "import sse_window.__main__ as begin\n"
        "class Held:\n    def __del__(self):\n        os.kill(os.getpid(), signal.SIGINT)\n"
        "        time.sleep(0.01)\n"
        "def command(prog_name):\n    held = Held()\n    del held\n    time.sleep(30)\n"
        "cli = types.ModuleType('sse_window.cli'); cli.main = command\n"
        "sys.modules['sse_window.cli'] = cli\n"
        "begin.main()"
    )
    assert interrupted(program) == (130, "", LINE)


def table_of(elements: int, path: Path) -> Path:
    """As many phases as take seconds, of all elements together."""
    draw = random.Random(elements)
    symbols = SYMBOLS[2:54]
    formulas = {"".join(f"{e}2" for e in symbols[:elements])}
    while len(formulas) < 4000:
        chosen = draw.sample(symbols[:elements], 6)
        formulas.add("".join(f"{e}{draw.choice((2, 3, 5, 7, 11, 13))}" for e in sorted(chosen)))
    lines = [f"{f},{-0.1 * draw.random():.4f}" for f in sorted(formulas)]
    path.write_text("\n".join(["formula,formation_energy_per_atom_eV", *lines]) + "\n")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("parts", [1, 3, 6])
def test_an_import_of_many_elements_stops_and_leaves_nothing(
    parts: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interrupt comes while the hull is worked out, some phases after its begin."""
    monkeypatch.setenv("SSE_WINDOW_DATA", str(tmp_path / "data"))
    path = table_of(50, tmp_path / "large.csv")
    program = (
        "import os, signal\n"
        "import sse_window.phases.hulls as hulls, sse_window.sources.importing as entries\n"
        "whole = hulls.energies_above_hull\n"
        "seen = []\n"
        "def watched(table, progress):\n"
        "    def told(done, total):\n"
        "        seen.append(done)\n"
        f"        if len(seen) == {parts}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "        assert done < total, 'not stopped'\n"
        "    return whole(table, told)\n"
        "entries.energies_above_hull = watched\n"
        "from sse_window.__main__ import main\nmain()"
    )
    code, out, err = interrupted(
        program, "data", "import", str(path), "--name", "large", "--allow-mixed"
    )
    assert (code, out, err) == (130, "", LINE)
    assert [p for p in tmp_path.rglob("*") if p.is_file() and p != path] == []


def test_the_hull_says_how_far_it_is(li_p_s: PhaseTable) -> None:
    told: list[tuple[int, int]] = []
    energies_above_hull(li_p_s, lambda done, total: told.append((done, total)))
    assert told == [(len(li_p_s), len(li_p_s))]
