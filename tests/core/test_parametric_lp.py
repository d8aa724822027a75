"""The linear program against scipy's HiGHS, and its properties."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sse_window.core.errors import EquilibriumError
from sse_window.core.parametric_lp import LinearProgram, mixing_program


@st.composite
def programs(draw):
    """Random phases over k elements: small whole amounts, so that ties and degeneracy abound."""
    k = draw(st.integers(1, 5))
    n = draw(st.integers(0, 12))
    grid = st.integers(0, 4)
    rows = [draw(st.lists(grid, min_size=k, max_size=k)) for _ in range(n)]
    atoms = np.array([*np.eye(k).tolist(), *[r for r in rows if sum(r) > 0]], float)
    total = atoms.sum(axis=1)
    tenths = st.integers(-20, 0)
    cost = np.array([0.0] * k + [draw(tenths) / 10 for _ in range(len(atoms) - k)])
    slope = np.array([0.0] * k + [draw(st.integers(0, 4)) for _ in range(len(atoms) - k)]) / total
    b = np.array(draw(st.lists(st.integers(0, 4), min_size=k, max_size=k)), float)
    assume(b.sum() > 0)
    return (atoms / total[:, None]).T, cost, slope, b / b.sum()


def reference(matrix, cost, b):
    answer = linprog(cost, A_eq=matrix, b_eq=b, method="highs")
    assert answer.status == 0
    return answer.fun


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(programs(), st.floats(0, 6))
def test_trace_equals_highs_at_any_parameter(program, t):
    matrix, cost, slope, b = program
    segments = LinearProgram(matrix, cost, slope).trace(b, 0.0, np.inf)
    here = next(s for s in segments if s.low <= t <= s.high)
    assert here.vertex.value(t) == pytest.approx(reference(matrix, cost + t * slope, b), abs=1e-8)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(programs())
def test_trace_is_contiguous_concave_and_conserves(program):
    matrix, cost, slope, b = program
    segments = LinearProgram(matrix, cost, slope).trace(b, 0.0, np.inf)
    assert segments[0].low == 0.0
    assert segments[-1].high == np.inf
    for left, right in pairwise(segments):
        assert left.high == right.low
        # Concave: the ion content (slope) never rises, and the value is continuous.
        assert right.vertex.slope <= left.vertex.slope + 1e-9
        assert left.vertex.value(left.high) == pytest.approx(
            right.vertex.value(left.high), abs=1e-7
        )
    for segment in segments:
        vertex = segment.vertex
        made = matrix[:, vertex.columns] @ vertex.amounts
        assert made == pytest.approx(b, abs=1e-9)
        assert np.all(vertex.amounts > 0)


@pytest.mark.slow
@settings(max_examples=75, deadline=None)
@given(programs(), st.randoms(use_true_random=False))
def test_order_of_phases_changes_no_value(program, random):
    matrix, cost, slope, b = program
    order = list(range(len(cost)))
    random.shuffle(order)
    straight = LinearProgram(matrix, cost, slope).trace(b, 0.0, np.inf)
    shuffled = LinearProgram(matrix[:, order], cost[order], slope[order]).trace(b, 0.0, np.inf)
    assert [s.low for s in straight] == pytest.approx([s.low for s in shuffled], abs=1e-7)
    assert [s.vertex.slope for s in straight] == pytest.approx(
        [s.vertex.slope for s in shuffled], abs=1e-9
    )


@settings(max_examples=75, deadline=None)
@given(programs(), st.floats(0, 4), st.integers(0, 2**31))
def test_solve_from_any_start_and_with_ties_is_the_same(program, t, seed):
    matrix, cost, slope, b = program
    program_ = LinearProgram(matrix, cost, slope)
    cold = program_.solve(b, t)
    start = program_.solve(b, float(np.random.default_rng(seed).uniform(0, 6))).basis
    warm = program_.solve(b, t, start)
    assert warm.value(t) == pytest.approx(cold.value(t), abs=1e-9)
    assert warm.columns.tolist() == cold.columns.tolist()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(programs(), st.data())
def test_mixing_visits_every_kink(program, data):
    matrix, cost, _, first = program
    k = len(first)
    second = np.array(data.draw(st.lists(st.integers(0, 4), min_size=k, max_size=k)), float)
    assume(second.sum() > 0)
    second /= second.sum()
    mixing, b = mixing_program(matrix, cost, [first, second])
    n = len(cost)
    kinks = []
    for segment in mixing.trace(b, -np.inf, np.inf):
        u = segment.vertex.amounts[segment.vertex.columns == n].sum()
        kinks.append((u, segment.vertex.cost))
    u, energy = np.array(kinks).T
    assert (u[0], u[-1]) == pytest.approx((0.0, 1.0), abs=1e-9)
    assert np.all(np.diff(u) > 0)
    for fraction in np.linspace(0, 1, 7):
        expected = reference(matrix, cost, fraction * first + (1 - fraction) * second)
        assert np.interp(fraction, u, energy) == pytest.approx(expected, abs=1e-7)
    # The most negative reaction energy in one solve equals the lowest kink.
    energies = [reference(matrix, cost, first), reference(matrix, cost, second)]
    worst, b = mixing_program(matrix, cost, [first, second], energies)
    expected = min(e - f * energies[0] - (1 - f) * energies[1] for f, e in kinks)
    assert worst.solve(b).cost - energies[1] == pytest.approx(expected, abs=1e-8)


def test_ties_are_broken_by_the_order_of_columns():
    # Columns 2 and 3 are the same phase at the same energy.
    matrix = np.array([[1.0, 0.0, 0.5, 0.5], [0.0, 1.0, 0.5, 0.5]])
    vertex = LinearProgram(matrix, np.array([0.0, 0.0, -1.0, -1.0])).solve([0.5, 0.5])
    assert vertex.columns.tolist() == [2]


def test_without_an_element_the_rest_must_make_the_composition():
    matrix = np.array([[1.0, 2 / 3], [0.0, 1 / 3]])  # the second element only inside a compound
    program = LinearProgram(matrix, np.array([0.0, -1.0]))
    assert program.solve([0.8, 0.2]).amounts == pytest.approx([0.4, 0.6])
    with pytest.raises(EquilibriumError, match="no combination of the phases"):
        program.solve([0.5, 0.5])


def test_absent_element_is_driven_out_at_a_degenerate_vertex():
    matrix = np.array([[1.0, 0.5], [0.0, 0.5]])
    program = LinearProgram(matrix, np.array([0.0, -1.0]))
    vertex = program.solve([0.5, 0.5])
    assert vertex.columns.tolist() == [1]
    assert vertex.cost == pytest.approx(-1.0)


def test_energy_that_is_no_number_raises():
    for bad in (-np.inf, np.nan):
        with pytest.raises(EquilibriumError, match="not a finite number"):
            LinearProgram(np.eye(2), np.array([0.0, bad]))


def test_method_that_does_not_end_raises(monkeypatch):
    from sse_window.core import simplex

    monkeypatch.setattr(simplex, "_PIVOTS_PER_ROW", 0)
    program = LinearProgram(np.eye(2), np.zeros(2), np.zeros(2))
    with pytest.raises(EquilibriumError, match="did not converge"):
        program.solve([0.5, 0.5])


def test_beale_cycling_example_ends():
    # Beale 1955: Dantzig's rule with first-row ties cycles for ever.
    a = np.array([[0.25, -60.0, -0.04, 9.0], [0.5, -90.0, -0.02, 3.0], [0.0, 0.0, 1.0, 0.0]])
    cost = np.array([-0.75, 150.0, -0.02, 6.0, 0.0, 0.0, 0.0])
    program = LinearProgram(np.hstack([a, np.eye(3)]), cost)
    assert program.solve([0.0, 0.0, 1.0]).cost == pytest.approx(-0.05)
