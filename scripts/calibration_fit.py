"""Fit of the systematic errors of a table of formation energies to measured enthalpies.

Ridge regression with Huber's loss on the units of ``sse_window.phases.calibration``. What counts is
what the fit says about compounds that it has not seen: ten folds of compounds, and ten folds of
whole chemical systems (all compounds of the same elements left out together).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sse_window.core.composition import parse
from sse_window.phases.calibration import units
from sse_window.phases.energy_classes import CLASSES, energy_class

FloatArray = npt.NDArray[np.float64]

RIDGE = 0.01
"""Weight of the squared coefficients: the value at which compounds left out come out best; ten
times as much changes their mean error by 1 %."""

PRIOR_RIDGE = 10.0
"""The same where a prior is known: the few polysulfides that were measured are transition-metal
ones, whose own errors must not be taken for that of sulfur bonded to sulfur."""

HUBER_eV_per_atom = 0.15
"""Residual from which a compound pulls no harder: a failed calculation or a wrong measurement."""

FOLDS = 10

UNCORRECTED = frozenset(
    ["Se(2-)", "Se neutral", "Te(2-)", "P(3-)", "As(3-)", "I neutral", "Br neutral", "F neutral"]
)
"""Units that are counted but not corrected: selenides, tellurides and pnictides are as good
without, and of the neutral parts only those of sulfur and chlorine have been measured."""

LEGACY_PRIOR = {"S neutral": -0.66346, "Cl neutral": -0.59476}
"""What the legacy scheme adds to every S, and to every Cl by its reference Cl2 (-1.25385 instead of
-1.84854 eV), whether they carry a charge or not [eV]: the value where measurements are silent."""


@dataclass(frozen=True)
class Fit:
    """Coefficients [eV per unit], and how far measured compounds are off [eV/atom]."""

    coefficients: dict[str, float]
    compounds: tuple[str, ...]
    raw: FloatArray
    fitted: FloatArray
    without_compound: FloatArray
    without_system: FloatArray
    without: Callable[[frozenset[str]], dict[str, float]]
    """Coefficients of the fit that has not seen any compound made of these elements alone."""

    def errors(self, measured: Mapping[str, float], energies: Mapping[str, float]) -> Any:
        """Mean absolute deviations by class, of compounds fitted and of those left as they are."""
        rows: dict[str, list[tuple[float, float, float, float]]] = {}
        columns = zip(
            self.raw, self.fitted, self.without_compound, self.without_system, strict=True
        )
        fitted = dict(zip(self.compounds, columns, strict=True))
        for formula in sorted(measured):
            if formula not in energies:
                continue
            name = energy_class(amounts_of(formula))
            plain = energies[formula] - measured[formula]
            row = fitted.get(formula, (plain,) * 4)
            for group in ("all", "all but alloys", name):
                if group is not None and not (group == "all but alloys" and name == "alloy"):
                    rows.setdefault(group, []).append(row)
        return {
            name: {
                "compounds": len(rows[name]),
                "raw": _mean(rows[name], 0),
                "fitted": _mean(rows[name], 1),
                "compound_left_out": _mean(rows[name], 2),
                "chemical_system_left_out": _mean(rows[name], 3),
            }
            for name in ("all", "all but alloys", *CLASSES)
            if name in rows
        }


def _mean(rows: Sequence[Sequence[float]], column: int) -> float:
    return round(float(np.abs([row[column] for row in rows]).mean()), 4)


def amounts_of(formula: str) -> dict[str, float]:
    """Atoms of each element."""
    return dict(parse(formula).amounts)


def fit(
    energies: Mapping[str, float],
    measured: Mapping[str, float],
    prior: Mapping[str, float],
    only: frozenset[str] | None = None,
) -> Fit:
    """Fit the residuals of all measured solids that hold a unit.

    Parameters
    ----------
    energies, measured : mapping of str to float
        [eV/atom] by reduced formula.
    prior : mapping of str to float
        Coefficients towards which the ridge pulls; 0 where not given.
    only : set of str, optional
        Units to fit; the others get no coefficient.
    """
    found = {}
    for formula in sorted(set(energies) & set(measured)):
        amounts = amounts_of(formula)
        found[formula] = {
            k: n / sum(amounts.values())
            for k, n in units(amounts).items()
            if k not in UNCORRECTED and (only is None or k in only)
        }
    compounds = tuple(f for f, u in found.items() if u)
    names = sorted({k for f in compounds for k in found[f]} | prior.keys())
    place = {k: i for i, k in enumerate(names)}
    x = np.zeros((len(compounds), len(names)))
    for row, formula in enumerate(compounds):
        for k, n in found[formula].items():
            x[row, place[k]] = n
    y = np.array([energies[f] - measured[f] for f in compounds])
    start = np.array([prior.get(k, 0.0) for k in names])
    ridge = np.array([PRIOR_RIDGE if k in prior else RIDGE for k in names])
    # Rounded first: what is written is what was used, on any machine.
    b = solve(x, y, start, ridge).round(4)

    def left_out(groups: Sequence[str]) -> FloatArray:
        fold = np.array([_fold(group) for group in groups])
        out = np.zeros(len(y))
        for k in range(FOLDS):
            kept = fold != k
            out[~kept] = (y - x @ solve(x[kept], y[kept], start, ridge))[~kept]
        return out

    def without(elements: frozenset[str]) -> dict[str, float]:
        kept = np.array([not elements.issuperset(parse(f).elements) for f in compounds])
        return dict(zip(names, solve(x[kept], y[kept], start, ridge).tolist(), strict=True))

    return Fit(
        coefficients={k: float(v) for k, v in zip(names, b, strict=True)},
        compounds=compounds,
        raw=y,
        fitted=y - x @ b,
        without_compound=left_out(compounds),
        without_system=left_out(["-".join(sorted(parse(f).elements)) for f in compounds]),
        without=without,
    )


def _fold(text: str) -> int:
    """Fold of a compound or system, the same on any machine and with any other data."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % FOLDS


def solve(x: FloatArray, y: FloatArray, prior: FloatArray, ridge: FloatArray) -> FloatArray:
    """Coefficients that minimise Huber's loss of the residuals plus the ridge, by reweighting."""
    target = y - x @ prior
    b = np.zeros(x.shape[1])
    weight = np.ones(len(y))
    for _ in range(200):
        matrix = x.T @ (weight[:, np.newaxis] * x) + np.diag(ridge)
        new = np.linalg.solve(matrix, x.T @ (weight * target))
        off = np.abs(target - x @ new)
        weight = np.minimum(1.0, HUBER_eV_per_atom / np.maximum(off, 1e-12))
        if np.abs(new - b).max() < 1e-10:
            break
        b = new
    return new + prior
