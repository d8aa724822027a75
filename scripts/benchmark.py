"""Speed against pymatgen on the same phases, measured in one run.

Prints a table of ratios and writes it as JSON::

    python scripts/benchmark.py -o benchmark.json [--screens] [--slow]

``--screens`` adds the long ones (a million compositions, full rows of all pairs), ``--slow`` the
9-element pair, on which pymatgen takes minutes. Commands are counted in CPU time and largest memory
by the operating system, so that what else the machine does matters little; seconds depend on the
machine, ratios less. Against pymatgen two forms are quoted: a question from the whole table, as it
is usually asked, and phases on the hull alone with their entries made before, the fairest.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sse_window.core.composition import Composition, parse
from sse_window.equilibria.batch import windows
from sse_window.equilibria.crosscheck import phase_diagram_entries
from sse_window.equilibria.interfaces import Interface
from sse_window.equilibria.window_uncertainty import window_uncertainty
from sse_window.equilibria.windows import stability_window
from sse_window.phases.composition_arrays import CompositionArrays
from sse_window.phases.hulls import energies_above_hull
from sse_window.phases.table import PhaseTable
from sse_window.runs.selection import select_phases
from sse_window.sources import datasets

Row = dict[str, Any]


def seconds(function: Callable[[], object], runs: int) -> float:
    """Median time of a function over some runs, after one that is not counted."""
    function()
    times = []
    for _ in range(runs):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
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
    for said, phases in (("", table), (", phases on the hull alone", table.competitors())):
        system = system_of(phases, pair)
        ours = seconds(lambda system=system: our_pair(system, *pair), 5)
        start = time.process_time()
        pymatgen_pair(system, *pair)
        taken = time.process_time() - start
        rows.append(compared(f"8-element pair Li6PS5Cl | NMC111{said}", ours, taken, 100))
    if slow:
        pair = parse("Li10GeP2S12"), parse("LiNi0.8Co0.15Al0.05Mn0.01O2")
        system = system_of(table, pair)
        ours = seconds(lambda: our_pair(system, *pair), 5)
        start = time.process_time()
        pymatgen_pair(system, *pair)
        rows.append(
            compared("9-element pair LGPS | NCA + Mn", ours, time.process_time() - start, 1000)
        )
    pair = parse("Li13Ge2P3SnSiS24ClI"), parse("LiNi0.8Mn0.1Co0.1AlTiO2")
    system = system_of(table, pair)
    ours = seconds(lambda: our_pair(system, *pair), 5)
    rows.append(alone("13-element pair, which pymatgen did not finish in 25 min", ours, 0.001))
    many = parse("Li13Ge2P3SnSiS24ClINiMnCoAlTiO2")
    asked = CompositionArrays.of([many] * 100)
    ours = seconds(lambda: windows(table, asked), 5) / len(asked)
    rows.append(alone("14-element window, one of many", ours, 0.0002))
    ours = seconds(lambda: window_uncertainty(table, lgps), 3)
    rows.append(alone("200 Monte Carlo draws of the window of LGPS", ours, 0.01))
    return rows


_LAUNCH = """
import os, sys
null = os.open(os.devnull, os.O_WRONLY)
file = [(os.POSIX_SPAWN_DUP2, null, 1)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=file)
_, status, usage = os.wait4(pid, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status) not in (0, 3))
"""


def command(*arguments: str) -> tuple[float, float]:
    """CPU time [s] and largest memory [MiB] of a command, as the operating system counts them."""
    full = [sys.executable, "-m", "sse_window", *arguments]
    # A small process starts the command: one inherits the largest memory of whom it is forked from.
    done = subprocess.run(
        [sys.executable, "-S", "-c", _LAUNCH, *full], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr}")
    used, memory = done.stdout.split()
    # Linux counts in KiB, macOS in bytes.
    return float(used), float(memory) / (1024**2 if sys.platform == "darwin" else 1024)


def pymatgen_window_s(table: PhaseTable, formulas: Sequence[str]) -> float:
    """CPU time of a window in the fairest form: phases on the hull alone, entries made before."""
    from pymatgen.analysis.phase_diagram import PhaseDiagram
    from pymatgen.core import Composition as PymatgenComposition
    from pymatgen.core import Element

    competitors = table.competitors()
    asked = [parse(formula) for formula in formulas]
    entries = [
        phase_diagram_entries(competitors.within({*composition.elements, "Li"}))
        for composition in asked
    ]
    begun = time.process_time()
    for composition, phases in zip(asked, entries, strict=True):
        PhaseDiagram(phases).get_element_profile(
            Element("Li"), PymatgenComposition(composition.amounts)
        )
    return (time.process_time() - begun) / len(asked)


def commands(table: PhaseTable, *, long: bool) -> list[Row]:
    """Commands as a user runs them: CPU time, memory, and what pymatgen takes for the same rows."""
    compounds = select_phases(table, "Li").formulas
    chosen = np.random.default_rng(0).choice(len(compounds), 40, replace=False).tolist()
    each = pymatgen_window_s(table, [compounds[i] for i in chosen])
    electrodes = ["Li", "graphite", "LTO", "S", "LCO", "LNO", "LMO", "LFP", "NMC811", "LNMO"]
    against = [option for name in electrodes for option in ("--electrode", name)]
    worst = "electrochemical_worst_mutual_reaction_energy_eV_per_nonion_atom"
    energies = (
        f"formula,electrode,electrode_state,chemical_mutual_reaction_energy_eV_per_atom,{worst}"
    )
    rows = []

    def add(
        said: str, wanted_s: float, *arguments: str, windows: int = 0, most_MiB: float | None = None
    ) -> None:
        used, memory = command(*arguments)
        theirs = each * windows if windows else None
        rows.append(
            {
                "question": said,
                "ours_s": used,
                "pymatgen_s": theirs,
                "ratio": None if theirs is None else theirs / used,
                "memory_MiB": memory,
                "wanted": f"<= {wanted_s:g} s",
                "wanted_MiB": most_MiB,
                "met": used <= wanted_s and (most_MiB is None or memory <= most_MiB),
            }
        )

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        screen = ("screen", "-q", "--jobs", "1", "-o", str(folder / "out.parquet"))
        command("window", "LGPS")  # the first one of an installation keeps the tables
        add("window LGPS, from a cold start", 0.2, "window", "LGPS", most_MiB=80.0)
        add("window LGPS --uncertainty=200", 0.21, "window", "LGPS", "--uncertainty=200")
        add("screen --all Li", 1.0, *screen, "--all", "Li", windows=len(compounds))
        best = ("--sort", f"-{worst}", "--top", "100")
        add("the same with ten electrodes, the best 100", 10.0, *screen, "--all", "Li", *against,
            *best)  # fmt: skip
        add("the same, energies alone", 10.0, *screen, "--all", "Li", *against, "--columns",
            energies)  # fmt: skip
        coatings = ("coatings", "LPSCl", "NMC811", "--jobs", "1")
        add("coatings LPSCl NMC811 --all Li", 4.0, *coatings, "--all", "Li")
        if long:
            hull = folder / "hull.txt"
            hull.write_text("\n".join(table.formulas[table.competing].tolist()))
            add("the same among all phases on the hull", 12.0, *coatings, "--among", str(hull))
        for count, wanted in ((10_000, 0.5), (100_000, 3.0), (1_000_000, 20.0))[: 3 if long else 1]:
            listed = folder / "series.txt"
            steps = (i / count for i in range(count))
            listed.write_text(
                "".join(f"Li{7 - x:.6f}La3Zr{2 - x:.6f}Ta{x:.6f}O12\n" for x in steps)
            )
            add(f"dopant series of {count:,} formulas", wanted, *screen, str(listed),
                windows=count, most_MiB=477.0)  # fmt: skip
        if long:
            add("screen --all Li with ten electrodes, full rows", 60.0, *screen, "--all", "Li",
                *against)  # fmt: skip
    return rows


def arrays(table: PhaseTable) -> list[Row]:
    """Many compositions at once, in this process: CPU time."""
    begun = time.process_time()
    energies_above_hull(cold(table))
    rows = [
        alone("energies above hull of all phases, from nothing", time.process_time() - begun, 0.5)
    ]
    competitors = cold(table)
    x = np.arange(100_000) / 100_000
    amounts = np.stack([7 - x, np.full_like(x, 3.0), 2 - x, x, np.full_like(x, 12.0)], axis=1)
    series = CompositionArrays.of_matrix(["Li", "La", "Zr", "Ta", "O"], amounts)
    begun = time.process_time()
    windows(competitors, series)
    rows.append(alone("windows of 100,000 compositions", time.process_time() - begun, 3.0))
    return rows


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, help="JSON file")
    parser.add_argument("--screens", action="store_true", help="add whole-table screenings")
    parser.add_argument("--slow", action="store_true", help="add the 9-element pair")
    options = parser.parse_args()
    table = datasets.load()
    rows = in_process(table, slow=options.slow) + arrays(table)
    rows += commands(table, long=options.screens)
    for row in rows:
        theirs = "" if row["pymatgen_s"] is None else f"{row['pymatgen_s']:10.4f}"
        ratio = "" if row["ratio"] is None else f"{row['ratio']:8.0f}x"
        met = "met" if row["met"] else "NOT MET"
        memory = f"{row['memory_MiB']:6.0f} MiB" if "memory_MiB" in row else ""
        print(
            f"{row['question']:58s} {row['ours_s']:10.4f} {theirs:>10s} {ratio:>9s} "
            f"{row['wanted']:>10s} {memory:>10s} {met}"
        )
    if options.output:
        options.output.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
