"""Equality with pymatgen on random questions to the packaged table, closed and open, over ions."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import pytest

from sse_window.core.composition import parse
from sse_window.core.errors import DataError
from sse_window.core.ions import CHARGE
from sse_window.equilibria import crosscheck
from sse_window.equilibria.crosscheck import compare_window, phase_diagram_entries
from sse_window.equilibria.interfaces import Interface

pytestmark = pytest.mark.slow

IONS = tuple(CHARGE)
MOST_PHASES = 60  # of a chemical system: pymatgen's hulls stay below a second


def random_compositions(table, ion, count, seed):
    """Phases of the table and mixtures of two of them, in systems of up to five elements."""
    rng = np.random.default_rng(seed)
    holds = table.within(table.elements).matrix([ion])[0] > 0
    rows = np.flatnonzero(holds)
    found = []
    while len(found) < count:
        picked = [table.composition(int(i)) for i in rng.choice(rows, 2)]
        amounts = dict(picked[0])
        if rng.random() < 0.3:
            for element, n in picked[1].items():
                amounts[element] = amounts.get(element, 0.0) + n
        system = table.within({*amounts, ion})
        if len({*amounts, ion}) <= 5 and len(amounts) > 1 and len(system) <= MOST_PHASES:
            found.append("".join(f"{e}{n:g}" for e, n in amounts.items()))
    return found


@pytest.mark.parametrize("ion", IONS)
def test_profiles_and_hull_energies_of_random_compositions(table, ion):
    asked = random_compositions(table, ion, 45, seed=20150923)
    assert len(asked) * len(IONS) >= 300
    probe = []
    for formula in asked:
        comparison = compare_window(table, parse(formula), ion)
        assert comparison.largest_difference_eV_per_atom <= crosscheck.TOLERANCE_eV_per_atom
        if not comparison.agrees:
            probe.append(comparison)
    # pymatgen reads a potential 1e-5 atoms beside a critical composition: fields narrower than
    # that are skipped or read from their neighbour.
    for comparison in probe:
        assert explained_by_probe(table, comparison), comparison
    assert len(probe) <= 2


def explained_by_probe(table, comparison):
    """The fields that only one side lists differ from a neighbour by less than the probe."""
    from sse_window.equilibria.windows import stability_window

    composition = parse(comparison.formula)
    steps = stability_window(table, composition, comparison.working_ion).steps
    exchanges = np.array([s.ion_exchange for s in steps])
    narrow = np.abs(np.diff(exchanges)) / composition.atoms
    return len(narrow) > 0 and float(narrow.min()) < 1e-4


@pytest.fixture(scope="module")
def pairs(table):
    """Sixty random pairs of phases, with the ion and a voltage."""
    rng = np.random.default_rng(20160110)
    # pymatgen forgets phases of positive formation energy as reactants (it looks them up among its
    # hull candidates) and takes them on the hull.
    negative = table.formation_energy_per_atom < 0
    compounds = np.flatnonzero((np.diff(table.offsets) > 1) & negative)
    found = []
    while len(found) < 60:
        ion = IONS[len(found) % len(IONS)]
        a, b = (table.composition(int(i)) for i in rng.choice(compounds, 2))
        if rng.random() < 0.7:
            holders = np.flatnonzero((table.matrix([ion])[0] > 0) & negative)
            a = table.composition(int(rng.choice(holders)))
        elements = {*a, *b, ion}
        if len(elements) > 5 or len(table.within(elements)) > MOST_PHASES or a == b:
            continue
        if {*a} == {ion} or {*b} == {ion}:
            continue  # pymatgen divides by zero; see below
        texts = ["".join(f"{e}{n:g}" for e, n in c.items()) for c in (a, b)]
        found.append((*texts, ion, float(rng.uniform(0.0, 4.5))))
    return found


def pymatgen_worst(diagram, a, b, *, hull):
    from pymatgen.analysis.interface_reactions import InterfacialReactivity
    from pymatgen.core import Composition

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of compositions that are not in the diagram
        reactivity = InterfacialReactivity(
            Composition(a), Composition(b), diagram, norm=True, use_hull_energy=hull
        )
        return min(energy for _, _, energy, _, _ in reactivity.get_kinks())


def pymatgen_worst_open(diagram, a, b, ion, voltage, *, mutual):
    from pymatgen.analysis.interface_reactions import GrandPotentialInterfacialReactivity
    from pymatgen.analysis.phase_diagram import GrandPotentialPhaseDiagram
    from pymatgen.core import Composition, Element

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        grand = GrandPotentialPhaseDiagram(
            diagram.all_entries, {Element(ion): -voltage * CHARGE[ion]}
        )
        reactivity = GrandPotentialInterfacialReactivity(
            Composition(a),
            Composition(b),
            grand,
            pd_non_grand=diagram,
            norm=True,
            include_no_mixing_energy=not mutual,
            use_hull_energy=False,
        )
        return min(energy for _, _, energy, _, _ in reactivity.get_kinks())


def test_random_pairs(table, pairs):
    from pymatgen.analysis.phase_diagram import PhaseDiagram

    compared = failed = 0
    for a, b, ion, voltage in pairs:
        system = table.within({*parse(a).elements, *parse(b).elements, ion})
        diagram = PhaseDiagram(phase_diagram_entries(system))
        interface = Interface(table, parse(a), parse(b), ion)
        closed, opened = interface.chemical(), interface.electrochemical(voltage)
        shut = partial(pymatgen_worst, diagram, a, b)
        opened_up = partial(pymatgen_worst_open, diagram, a, b, ion, voltage)
        asked = [
            (closed.total, partial(shut, hull=False)),
            (closed.mutual, partial(shut, hull=True)),
            (opened.total, partial(opened_up, mutual=False)),
            (opened.mutual, partial(opened_up, mutual=True)),
        ]
        for ours, ask in asked:
            try:
                theirs = ask()
            except (ValueError, ZeroDivisionError, RuntimeError):
                failed += 1  # pymatgen has no answer; ours is checked against HiGHS elsewhere
                continue
            compared += 1
            assert ours.reaction_energy == pytest.approx(min(theirs, 0.0), abs=1e-6), (a, b, ion)
    assert compared >= 200, failed


def highs_worst(table, a, b, ion=None, voltage=0.0):
    """Most negative mutual reaction energy by scipy, straight from the definition."""
    from scipy.optimize import linprog

    elements = sorted({*parse(a).elements, *parse(b).elements} - {ion})
    system = table.within({*elements, *([ion] if ion else [])})
    atoms = system.matrix(elements)
    keep = atoms.sum(axis=0) > 0
    ions = system.matrix([ion])[0] if ion else np.zeros(len(system))
    charge = CHARGE[ion] if ion else 0
    cost = system.formation_energy_per_atom * system.atoms + charge * voltage * ions
    sides = [np.array([parse(f).amount(e) for e in elements]) for f in (a, b)]
    sides = [side / side.sum() for side in sides]

    def energy(amounts):
        answer = linprog(cost[keep], A_eq=atoms[:, keep], b_eq=amounts, method="highs")
        assert answer.status == 0
        return answer.fun

    alone = [energy(side) for side in sides]
    # Columns: phases, then the fraction of each side.
    extended = np.zeros((len(elements) + 1, keep.sum() + 2))
    extended[:-1, :-2] = atoms[:, keep]
    extended[:-1, -2:] = -np.array(sides).T
    extended[-1, -2:] = 1.0
    answer = linprog(
        np.concatenate([cost[keep], [-alone[0], -alone[1]]]),
        A_eq=extended,
        b_eq=[0.0] * len(elements) + [1.0],
        method="highs",
    )
    assert answer.status == 0
    return answer.fun


NMC111 = "LiNi0.3333333Mn0.3333333Co0.3333333O2"


def test_degenerate_kinks_that_pymatgen_cannot_order(published):
    from pymatgen.analysis.phase_diagram import PhaseDiagram

    a, b = "Li3PS4", NMC111
    system = published.within({*parse(a).elements, *parse(b).elements})
    on_hull = system.competitors()
    with pytest.raises(ValueError, match="More than 2 intersections"):
        pymatgen_worst(PhaseDiagram(phase_diagram_entries(on_hull)), a, b, hull=True)
    interface = Interface(published, parse(a), parse(b))
    assert interface.chemical().mutual.reaction_energy == pytest.approx(
        highs_worst(published, a, b), abs=1e-8
    )
    x = [p.x_electrolyte for p in interface.chemical_curve()]
    assert x == sorted(set(x))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Li6PS5Cl", "LiNi0.33Mn0.33Co0.33O2"),
        ("Li10GeP2S12", "LiNi0.8Co0.15Al0.05Mn0.01O2"),
        ("Li13Ge2P3SnSiS24ClI", "LiNi0.8Mn0.1Co0.1AlTiO2"),
    ],
)
@pytest.mark.parametrize("voltage", [None, 0.0, 3.4])
def test_many_elements_against_highs(table, a, b, voltage):
    interface = Interface(table, parse(a), parse(b))
    if voltage is None:
        ours, theirs = interface.chemical(), highs_worst(table, a, b)
    else:
        ours = interface.electrochemical(voltage)
        theirs = highs_worst(table, a, b, "Li", voltage)
    assert ours.mutual.reaction_energy == pytest.approx(theirs, abs=1e-7)


def test_the_pure_ion_as_reactant(table):
    from pymatgen.analysis.phase_diagram import PhaseDiagram

    system = table.within(["Li", "P", "S"])
    diagram = PhaseDiagram(phase_diagram_entries(system))
    with pytest.raises(ZeroDivisionError):
        pymatgen_worst_open(diagram, "Li3PS4", "Li", "Li", 0.0, mutual=True)
    worst = Interface(table, parse("Li3PS4"), parse("Li")).electrochemical(0.0)
    assert worst.total.reaction == "Li3PS4 + 8 Li -> 4 Li2S + Li3P"
    closed = Interface(table, parse("Li3PS4"), parse("Li")).chemical().mutual
    assert closed.reaction_energy == pytest.approx(highs_worst(table, "Li3PS4", "Li"), abs=1e-8)


@pytest.mark.parametrize(
    ("formula", "ion"),
    [
        ("Na3PS4", "Na"),
        ("NaAlCl4", "Na"),
        ("Na3Zr2Si2PO12", "Na"),
        ("MgSc2Se4", "Mg"),
        ("K3SbS4", "K"),
        ("CaS", "Ca"),
        ("ZnS", "Zn"),
        ("Al2S3", "Al"),
    ],
)
def test_electrolytes_of_other_ions(table, formula, ion):
    comparison = compare_window(table, parse(formula), ion)
    assert comparison.agrees, comparison


def test_without_pymatgen_the_package_is_named(monkeypatch, table):
    import sys

    monkeypatch.setitem(sys.modules, "pymatgen.analysis.phase_diagram", None)
    with pytest.raises(DataError, match="pip install pymatgen"):
        compare_window(table, parse("Li2S"))
