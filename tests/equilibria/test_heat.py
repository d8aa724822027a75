"""Mixtures in an atmosphere against scipy's HiGHS, and against pymatgen open to oxygen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from sse_window.core.composition import parse
from sse_window.equilibria.crosscheck import phase_diagram_entries
from sse_window.equilibria.heat import HotSystem
from sse_window.phases.gibbs import HotPhases


def hot(table, a, b, low, high, pressures=None):
    sides = [parse(a), parse(b)]
    elements = frozenset(e for c in sides for e in c.elements)
    phases = HotPhases.of_table(table, elements)
    return phases, sides, HotSystem(phases, elements, pressures or {"O2": 0.21}, low, high)


def highs(phases, sides, temperature, pressure=0.21):
    """Worst mutual energy per non-oxygen atom: mixing and both sides alone as linear programs."""
    table = phases.table.competitors()
    elements = sorted({e for c in sides for e in c.elements} - {"O"})
    counts = table.matrix([*elements, "O"])
    keep = counts[:-1].sum(axis=0) > 0
    energy = (table.formation_energy_per_atom * table.atoms)[keep]
    oxygen = phases.potential("O2", temperature, pressure) / 2
    cost, matrix = energy - oxygen * counts[-1, keep], counts[:-1, keep]

    def vector(side):
        amounts = np.array([side.amount(e) for e in elements])
        return amounts / amounts.sum()

    ends = [vector(side) for side in sides]
    alone = [linprog(cost, A_eq=matrix, b_eq=end, method="highs").fun for end in ends]
    columns = np.column_stack([matrix, -ends[0], -ends[1]])
    columns = np.vstack([columns, [*np.zeros(matrix.shape[1]), 1.0, 1.0]])
    found = linprog(
        np.concatenate([cost, [-alone[0], -alone[1]]]), A_eq=columns,
        b_eq=[*np.zeros(len(elements)), 1.0], method="highs",
    )  # fmt: skip
    assert found.status == 0
    return found.fun


@pytest.mark.slow
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Li7La3Zr2O12", "LiCoO2"),
        ("Li7La3Zr2O12", "LiFePO4"),
        ("Li1.3Al0.3Ti1.7(PO4)3", "LiNi0.8Mn0.1Co0.1O2"),
        ("Li3PS4", "LiMn2O4"),
        ("Na3Zr2Si2PO12", "NaCrO2"),
        ("Li2O2", "CoO"),
    ],
)
def test_trace_is_the_program_at_every_temperature(table, a, b):
    phases, sides, system = hot(table, a, b, 400.0, 1400.0)
    trace = system.mutual(sides)
    assert trace[0].low_K == 400.0
    assert trace[-1].high_K == 1400.0
    for t in (425.0, 650.0, 1000.0, 1375.0):  # where no line is drawn between two temperatures
        here = next(r for r in trace if r.low_K <= t <= r.high_K)
        assert here.at(t) == pytest.approx(highs(phases, sides, t), abs=1e-7)


@pytest.mark.slow
def test_against_pymatgen_open_to_oxygen(table):
    from pymatgen.analysis.interface_reactions import GrandPotentialInterfacialReactivity
    from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram, PhaseDiagram
    from pymatgen.core import Composition, Element

    phases, sides, system = hot(table, "Li7La3Zr2O12", "LiFePO4", 773.0, 773.0)
    oxygen = phases.potential("O2", 773.0, 0.21) / 2
    entries = phase_diagram_entries(phases.table.competitors())
    diagram = GrandPotentialPhaseDiagram(entries, {Element("O"): oxygen})
    theirs = GrandPotentialInterfacialReactivity(
        *(Composition(side.amounts) for side in sides),
        diagram,
        pd_non_grand=PhaseDiagram(entries),
        include_no_mixing_energy=False,
        norm=True,
        use_hull_energy=True,
    )
    worst = min(theirs.get_kinks(), key=lambda kink: kink[2])[2]
    ours = system.mutual(sides)[0].energy[0]
    assert ours == pytest.approx(worst, abs=1e-5)


def test_crossing_is_exact():
    from sse_window.equilibria.heat import HotReaction

    reaction = HotReaction((300.0, 400.0, 500.0), (0.0, 0.0, -0.1), "A -> B", (), {}, 1.0)
    assert reaction.crossing(-0.05) == pytest.approx((450.0, -1e-3))
    assert reaction.crossing(-0.2) is None
    assert reaction.at(475.0) == pytest.approx(-0.075)


def test_without_products_of_a_metal_less_is_gained(table):
    _, sides, system = hot(table, "Li7La3Zr2O12", "LiMnO2", 773.0, 773.0)
    whole = system.mutual(sides)[0].energy[0]
    assert whole + 0.05 < system.mutual_without(sides, 773.0, "Zr") <= 0.0
    # Li2MnO3 forms from LiMnO2 alone, too: no new phase holds manganese.
    assert system.mutual_without(sides, 773.0, "Mn") == pytest.approx(whole, abs=1e-9)
    assert system.mutual_without(sides, 773.0, "Co") == pytest.approx(whole, abs=1e-9)
