import numpy as np
import pytest

from sse_window.core.errors import DataError
from sse_window.core.ions import charge_of
from sse_window.core.parametric_lp import LinearProgram
from sse_window.phases.hulls import energies_above_hull
from sse_window.phases.table import PhaseTable, Provenance
from sse_window.sources.datasets import load

SYSTEMS = [
    ("mp-legacy", "Li-P-S"), ("mp-legacy", "Li-Co-O"), ("mp-legacy", "Na-Zr-Si-O"),
    ("mp-legacy", "Mg-Sc-Se"), ("mp-legacy", "K-Fe-F"), ("mp-legacy", "Li-La-Zr-O"),
    ("mp-legacy", "Al-Cl-O"), ("oqmd", "Li-Ge-P-S"), ("oqmd", "Li-In-Cl"), ("oqmd", "Ca-Ti-O"),
    ("oqmd", "Na-Sb-S"), ("oqmd", "Zn-V-O"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "system"), SYSTEMS)
def test_packaged_energies_above_hull_are_those_of_pymatgen(name, system):
    from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram

    part = load(name).within(system.split("-"))
    entries = [
        PDEntry(part.composition(row), part.formation_energy_per_atom[row] * part.atoms[row])
        for row in range(len(part))
    ]
    diagram = PhaseDiagram(entries)
    expected = [diagram.get_e_above_hull(entry) for entry in entries]
    np.testing.assert_allclose(part.e_above_hull, expected, rtol=0.0, atol=1e-6)
    assert np.array_equal(part.competing, part.e_above_hull == 0.0)


@pytest.mark.parametrize("system", ["Li-P-S", "Na-Al-Cl-O", "Mg-Ti-S"])
def test_energies_of_a_part_are_those_of_the_whole(table, system):
    part = table.within(system.split("-"))
    np.testing.assert_allclose(energies_above_hull(part), part.e_above_hull, rtol=0.0, atol=2e-8)


def test_by_hand():
    # Between Li2S (-1.4) and S: LiS has half of 1.5 Li2S atoms, -1.4 x 0.75 = -1.05.
    table = PhaseTable.from_formulas({"Li2S": -1.4, "LiS": -0.9, "Li5S": 0.2})
    above = dict(zip(table.formulas, energies_above_hull(table), strict=True))
    assert above == {
        "Li": 0.0, "S": 0.0, "Li2S": 0.0,
        "LiS": pytest.approx(0.15), "Li5S": pytest.approx(0.2 + 1.4 / 2),
    }  # fmt: skip


def test_a_compound_without_its_element_is_an_error():
    bare = PhaseTable.from_formulas(
        {"Li2S": -1.4, "S": 0.0}, Provenance("mine", "", "", ""), elements=False
    )
    with pytest.raises(DataError, match=r"'mine' holds compounds of Li, but not the element"):
        energies_above_hull(bare)


def _open_system(part, ion):
    """Program of the phases that hold something else than the ion, per non-ion atom."""
    others = [element for element in part.elements if element != ion]
    non_ion = part.matrix(others).sum(axis=0)
    part = part.select(np.flatnonzero(non_ion > 0))
    non_ion = part.matrix(others).sum(axis=0)
    content = part.matrix([ion])[0] / non_ion
    energy = part.formation_energy_per_atom * part.atoms / non_ion
    return LinearProgram(part.matrix(others) / non_ion, energy, content * charge_of(ion))


@pytest.mark.parametrize(
    ("name", "ion"), [(n, i) for n in ("mp-legacy", "oqmd") for i in ("Li", "Na", "Mg")]
)
def test_phases_above_the_hull_change_no_answer(name, ion):
    """Equilibria over the phases on the hull alone equal those over all phases, open and closed.

    The data hold the proof in general: phases above the hull can be replaced by their decomposition
    products, which hold the same atoms, ions included, and cost less at any ion potential.
    """
    whole = load(name)
    random = np.random.default_rng(3)
    with_ion = np.flatnonzero((np.diff(whole.offsets) >= 3) & (whole.e_above_hull < 0.2))
    asked = 0
    while asked < 20:
        elements = {ion}
        for row in random.choice(with_ion, 2):
            elements |= set(whole.composition(int(row)))
        part = whole.within(elements)
        if part.competing.all():
            continue  # nothing to leave out
        others = [element for element in part.elements if element != ion]
        mixture = random.dirichlet(np.ones(len(others)))
        every, on_hull = _open_system(part, ion), _open_system(part.competitors(), ion)
        for voltage in random.uniform(0.0, 5.0, 3):
            assert on_hull.solve(mixture, voltage).value(voltage) == pytest.approx(
                every.solve(mixture, voltage).value(voltage), abs=1e-7
            )
        closed = random.dirichlet(np.ones(len(part.elements)))
        costs = []
        for phases in (part, part.competitors()):
            matrix = phases.matrix(part.elements) / phases.atoms
            costs.append(LinearProgram(matrix, phases.formation_energy_per_atom).solve(closed).cost)
        assert costs[1] == pytest.approx(costs[0], rel=0.0, abs=1e-7)
        asked += 1
    assert asked == 20  # of each database and ion: 120 compositions, 480 equilibria
