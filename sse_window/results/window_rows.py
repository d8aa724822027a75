"""Flat rows of many windows that were worked out at once, without an object per window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition, format_amount
from ..core.tolerances import BREAKPOINT, ROUNDING
from ..equilibria.batch import WindowArrays
from ..equilibria.phase_energies import ABSENT, absent_note, basis_of
from ..equilibria.remarks import question_notes, supercell_notes
from ..equilibria.windows import neutral_note, neutral_window, width_note
from ..facts.gases import GASES
from ..phases.accuracy import energy_deviations, far_off
from ..phases.table import PhaseTable

__all__ = ["window_columns"]


def window_columns(
    table: PhaseTable,
    found: WindowArrays,
    formulas: Sequence[str],
    compositions: Sequence[Composition],
    reduced: Sequence[str],
    ion: str,
    tolerance_eV_per_atom: float,
) -> dict[str, list[Any]]:
    """Columns of windows, with the values that the row of a single window has.

    Parameters
    ----------
    table : PhaseTable
    found : WindowArrays
        With an answer for each.
    formulas : sequence of str
        As the list has them: a name or a formula.
    compositions : sequence of Composition
    reduced : sequence of str
        Their reduced formulas.
    ion : str
    tolerance_eV_per_atom : float
        That of the tolerance windows.

    Returns
    -------
    dict of str to list
        By the key of the column.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> from sse_window.equilibria.batch import windows
    >>> from sse_window.phases.composition_arrays import CompositionArrays
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "Li3PS4": -0.95})
    >>> found = windows(table, CompositionArrays.of([parse("Li2S")]))
    >>> asked = [parse("Li2S")]
    >>> columns = window_columns(table, found, ["Li2S"], asked, ["Li2S"], "Li", 0.03)
    >>> columns["oxidation_reaction"], columns["reduction_reaction"]
    (['Li2S -> S + 2 Li'], [None])
    """
    n = len(found)
    written = [composition.formula for composition in compositions]
    low = found.reduction_potential_V.tolist()
    known = (found.rows >= 0).tolist()
    above = found.e_above_hull_eV_per_atom.tolist()
    columns: dict[str, list[Any]] = {
        "formula": list(formulas),
        "reduced_formula": list(reduced),
        "working_ion": [ion] * n,
        "status": ["ok"] * n,
        "in_dataset": known,
        "window_basis": [basis_of(a) if k else ABSENT for k, a in zip(known, above, strict=True)],
        "stable_against_metal": (found.reduction_potential_V <= BREAKPOINT).tolist(),
        "tolerance_eV_per_atom": [tolerance_eV_per_atom] * n,
    }
    for key in (
        "e_above_hull_eV_per_atom",
        "reduction_potential_V",
        "oxidation_potential_V",
        "window_width_V",
        "decomposition_energy_0V_eV_per_atom",
        "decomposition_energy_0V_on_hull_eV_per_atom",
        "tolerance_low_V",
        "tolerance_high_V",
    ):
        columns[key] = _numbers(getattr(found, key))
    words = table.formulas
    deviation = energy_deviations(table)
    far = np.flatnonzero(far_off(deviation))
    suspects = set(far.tolist())
    rests: list[list[int]] = [[row] if row in suspects else [] for row in found.rows.tolist()]
    for side, segments, exchanges in (
        ("reduction", found.reduction_segment, found.reduction_ion_exchange),
        ("oxidation", found.oxidation_segment, found.oxidation_ion_exchange),
    ):
        reactions: list[str | None] = [None] * n
        products: list[str | None] = [None] * n
        gases: list[str | None] = [None] * n
        for i, (segment, exchange) in enumerate(
            zip(segments.tolist(), exchanges.tolist(), strict=True)
        ):
            if exchange != exchange:
                continue
            held = found.products(segment) if segment >= 0 else []
            named = [(amount, words[row]) for row, amount in held]
            text = _sum(named)
            products[i] = text or None
            ions = _sum([(abs(exchange), ion)])
            left = f"{written[i]} + {ions}" if exchange > 0.0 else written[i]
            right = " + ".join(t for t in (text, ions if exchange < 0.0 else "") if t)
            reactions[i] = f"{left} -> {right}"
            leaving = [formula for _, formula in named if formula in GASES]
            gases[i] = " ".join(leaving) or None
            if suspects:
                rests[i] += [row for row, _ in held if row in suspects]
        columns[f"{side}_reaction"] = reactions
        columns[f"{side}_products"] = products
        columns[f"{side}_gases"] = gases
    columns["phases_off_measurement"] = [
        "; ".join(
            f"{words[row]} {deviation[row]:+.2f} eV/atom"
            for row in sorted(set(rows), key=lambda row: (-abs(deviation[row]), row))
        )
        or None
        for rows in rests
    ]
    columns["read_as"] = [composition.read_as for composition in compositions]
    notes: list[str | None] = []
    for i, (composition, no_width) in enumerate(
        zip(compositions, found.no_width.tolist(), strict=True)
    ):
        said = list(question_notes(table, composition, ion, known=known[i]))
        if not known[i]:
            said.append(absent_note(written[i]))
        if no_width:
            said.append(width_note(written[i], ion, low[i]))
        neutral = None if known[i] else neutral_window(table, composition, ion)
        if neutral is not None:
            said.append(neutral_note(composition, neutral))
        of_limits = [columns[f"{side}_products"][i] or "" for side in ("reduction", "oxidation")]
        # Amounts and signs stand between the formulas.
        pieces = (piece for text in of_limits for piece in text.split())
        formed = (piece for piece in pieces if not piece[0].isdigit() and piece != "+")
        said += supercell_notes([reduced[i], *formed])
        notes.append("; ".join(said) or None)
    columns["notes"] = notes
    return columns


def _numbers(values: npt.NDArray[np.float64]) -> list[float | None]:
    cleaned = np.where(np.abs(values) < ROUNDING, 0.0, values)
    finite = np.isfinite(cleaned).tolist()
    return [x if there else None for x, there in zip(cleaned.tolist(), finite, strict=True)]


def _sum(terms: Sequence[tuple[float, str]]) -> str:
    return " + ".join([f"{format_amount(amount)} {formula}".strip() for amount, formula in terms])
