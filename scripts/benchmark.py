"""Speed against pymatgen on the same phases, measured in one run.

Prints a table of ratios and writes it as JSON::

    python scripts/benchmark.py -o benchmark.json [--screens] [--slow]

``--screens`` adds the whole-table screenings (minutes), ``--slow`` the 9-element pair, on which
pymatgen takes minutes. Ratios are of medians; seconds depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sse_window.core.composition import Composition, parse
from sse_window.equilibria.crosscheck import phase_diagram_entries
from sse_window.equilibria.mixtures import Interface
from sse_window.equilibria.window_uncertainty import window_uncertainty
from sse_window.equilibria.windows import stability_window
from sse_window.phases.table import PhaseTable
from sse_window.runs.selection import select_phases
from sse_window.sources import datasets

Row = dict[str, Any]


def seconds(function: Callable[[], object], runs: int) -> float:
    """Median time of a function over some runs, after one that is not counted."""
    function()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def cold(table: PhaseTable) -> PhaseTable:
    """The same table with nothing derived from it yet."""
    return table.select(np.arange(len(table)))


def pymatgen_window(table: PhaseTable, composition: Composition) -> None:
    """Phase diagram and element profile of one composition."""
    from pymatgen.analysis.phase_diagram import PhaseDiagram
    from pymatgen.core import Composition as PymatgenComposition
    from pymatgen.core import Element

    entries = phase_diagram_entries(table.within({*composition.elements, "Li"}))
    PhaseDiagram(entries).get_element_profile(
        Element("Li"), PymatgenComposition(composition.amounts)
    )


def pymatgen_pair(system: PhaseTable, first: Composition, second: Composition) -> None:
    """Closed reaction of a pair, from the phases of its chemical system."""
    from pymatgen.analysis.interface_reactions import InterfacialReactivity
    from pymatgen.analysis.phase_diagram import PhaseDiagram
    from pymatgen.core import Composition as PymatgenComposition

    diagram = PhaseDiagram(phase_diagram_entries(system))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        InterfacialReactivity(
            PymatgenComposition(first.amounts),
            PymatgenComposition(second.amounts),
            diagram,
            norm=True,
            use_hull_energy=True,
        ).get_kinks()


def our_pair(system: PhaseTable, first: Composition, second: Composition) -> None:
    """The same question to this package, with nothing prepared."""
    Interface(cold(system), first, second).chemical_curve()


def system_of(table: PhaseTable, pair: tuple[Composition, Composition]) -> PhaseTable:
    """Phases of the chemical system of a pair, the same for both sides."""
    return table.within({*pair[0].elements, *pair[1].elements})


def compared(name: str, ours: float, theirs: float, wanted: float) -> Row:
    """One row of the table."""
    return {
        "question": name,
        "ours_s": ours,
        "pymatgen_s": theirs,
        "ratio": theirs / ours,
        "wanted": f">= {wanted:g}x",
        "met": theirs / ours >= wanted,
    }


def alone(name: str, ours: float, wanted_s: float) -> Row:
    """A row without a counterpart."""
    return {
        "question": name,
        "ours_s": ours,
        "pymatgen_s": None,
        "ratio": None,
        "wanted": f"< {wanted_s:g} s",
        "met": ours < wanted_s,
    }


def in_process(table: PhaseTable, *, slow: bool) -> list[Row]:
    """Windows and pairs in this process."""
    rows = []
    lgps = parse("Li10GeP2S12")
    # Only the small table of the chemical system is cut out anew, as pymatgen's diagram is.
    ours = seconds(lambda: stability_window(cold(table.within([*lgps.elements])), lgps), 9)
    rows.append(
        compared("window of LGPS", ours, seconds(lambda: pymatgen_window(table, lgps), 5), 10)
    )

    pair = parse("Li6PS5Cl"), parse("LiNi0.33Mn0.33Co0.33O2")
    system = system_of(table, pair)
    ours = seconds(lambda: our_pair(system, *pair), 5)
    start = time.perf_counter()
    pymatgen_pair(system, *pair)
    rows.append(
        compared("8-element pair Li6PS5Cl | NMC111", ours, time.perf_counter() - start, 100)
    )
    if slow:
        pair = parse("Li10GeP2S12"), parse("LiNi0.8Co0.15Al0.05Mn0.01O2")
        system = system_of(table, pair)
        ours = seconds(lambda: our_pair(system, *pair), 5)
        start = time.perf_counter()
        pymatgen_pair(system, *pair)
        rows.append(
            compared("9-element pair LGPS | NCA + Mn", ours, time.perf_counter() - start, 1000)
        )
    pair = parse("Li13Ge2P3SnSiS24ClI"), parse("LiNi0.8Mn0.1Co0.1AlTiO2")
    system = system_of(table, pair)
    ours = seconds(lambda: our_pair(system, *pair), 5)
    rows.append(alone("13-element pair, which pymatgen did not finish in 25 min", ours, 0.2))
    ours = seconds(lambda: window_uncertainty(table, lgps), 3)
    rows.append(alone("200 Monte Carlo draws of the window of LGPS", ours, 1.0))
    return rows


def whole_processes(table: PhaseTable) -> list[Row]:
    """Commands as a user runs them."""

    def run(*arguments: str) -> float:
        command = [sys.executable, *arguments]
        return seconds(lambda: subprocess.run(command, check=True, capture_output=True), 5)

    ours = run("-m", "sse_window", "window", "LGPS")
    theirs = run("-c", "import pymatgen.analysis.phase_diagram")
    rows = [compared("process: window LGPS | import of pymatgen alone", ours, theirs, 1)]

    compounds = select_phases(table, "Li").formulas
    chosen = np.random.default_rng(0).choice(len(compounds), 200, replace=False).tolist()
    with tempfile.TemporaryDirectory() as folder:

        def per_composition(*command: str) -> float:
            """Seconds for each of the 200, without those that the first one takes alone."""
            taken = []
            for count in (1, len(chosen)):
                listed = Path(folder) / f"{count}.txt"
                listed.write_text("\n".join(compounds[i] for i in chosen[:count]) + "\n")
                taken.append(run(*command, str(listed)))
            return (taken[1] - taken[0]) / (len(chosen) - 1)

        output = str(Path(folder) / "out.csv")
        ours = per_composition("-m", "sse_window", "screen", "-q", "--jobs", "1", "-o", output)
        theirs = per_composition(__file__, "--pymatgen-windows")
    rows.append(compared("processes: 200 random Li compounds, each", ours, theirs, 50))
    return rows


def screens() -> list[Row]:
    """Whole-table screenings as the command line does them, and how cost and memory grow."""
    rows = []
    electrodes = ["Li", "graphite", "LTO", "S", "LCO", "LNO", "LMO", "LFP", "NMC811", "LNMO"]
    options = [option for name in electrodes for option in ("--electrode", name)]
    with tempfile.TemporaryDirectory() as folder:

        def screen(*arguments: str) -> tuple[float, float]:
            """Seconds, and the memory of the largest process [GiB]."""
            command = [sys.executable, "-m", "sse_window", "screen", *arguments]
            command += ["-o", str(Path(folder) / "out.parquet"), "-q"]
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
            largest = 0.0
            while process.poll() is None:
                largest = max(largest, largest_process_GiB(process.pid))
                time.sleep(0.1)
            taken = time.perf_counter() - start
            assert process.returncode in (0, 3), process.returncode
            return taken, largest

        taken, _ = screen("--all", "Li")
        rows.append(alone("all 8,656 Li compounds", taken, 10.0))
        taken, largest = screen("--all", "Li", *options)
        rows.append(alone("all 8,656 Li compounds with 10 electrodes", taken, 600.0))
        each = {}
        for count in (1_000, 10_000, 100_000):
            listed = Path(folder) / "series.txt"
            steps = (i / count for i in range(count))
            listed.write_text(
                "".join(f"Li{7 - x:.6f}La3Zr{2 - x:.6f}Ta{x:.6f}O12\n" for x in steps)
            )
            taken, memory = screen(str(listed))
            each[count] = taken / count
            largest = max(largest, memory)
            rows.append(alone(f"dopant series of {count:,} compositions", taken, 0.002 * count + 5))
        grown = each[100_000] / each[10_000]
        rows.append(alone("cost of one of 100,000 over one of 10,000 [1]", grown, 1.2))
        rows.append(alone("largest process of all screenings [GiB]", largest, 1.0))
    return rows


def largest_process_GiB(session: int) -> float:
    """Most memory that any living process of a session has held (Linux; else 0)."""
    largest = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getsid(int(status.parent.name)) == session:
                text = status.read_text()
                largest = max(largest, int(text.partition("VmHWM:")[2].split()[0]))
        except (OSError, IndexError):
            continue  # it has just ended
    return largest / 1024**2


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, help="JSON file")
    parser.add_argument("--screens", action="store_true", help="add whole-table screenings")
    parser.add_argument("--slow", action="store_true", help="add the 9-element pair")
    parser.add_argument("--pymatgen-windows", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    table = datasets.load()
    if options.pymatgen_windows:
        for formula in options.pymatgen_windows.read_text().split():
            pymatgen_window(table, parse(formula))
        return
    rows = in_process(table, slow=options.slow) + whole_processes(table)
    if options.screens:
        rows += screens()
    for row in rows:
        theirs = "" if row["pymatgen_s"] is None else f"{row['pymatgen_s']:10.4f}"
        ratio = "" if row["ratio"] is None else f"{row['ratio']:8.0f}x"
        met = "met" if row["met"] else "NOT MET"
        print(
            f"{row['question']:58s} {row['ours_s']:10.4f} {theirs:>10s} {ratio:>9s} "
            f"{row['wanted']:>10s} {met}"
        )
    if options.output:
        options.output.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
