"""Error bars in volts: windows and voltage profiles under random errors of formation energies.

In each draw the hull, the equilibria and the limits are those of the perturbed energies, the phase
in question included: where it comes down to the hull it is stable, and opens its own window; where
it is above, the window is that of the phase put on the hull.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..core.composition import Composition
from ..core.parametric_lp import Segment
from ..core.record import Record
from ..core.tolerances import BREAKPOINT, ION_CONTENT, ENERGY_eV_per_atom
from ..phases.table import PhaseTable, Provenance
from .chemical_system import ChemicalSystem
from .energy_errors import PLAIN, DrawnPhases, ErrorModel
from .reservoirs import metal

__all__ = [
    "GRID_V",
    "LimitUncertainty",
    "ProductSet",
    "ProfileBands",
    "WindowUncertainty",
    "product_sets",
    "quantiles",
    "window_uncertainty",
]

FloatArray = npt.NDArray[np.float64]

_QUANTILES = (0.16, 0.5, 0.84)
"""The middle 68 %: one standard deviation to each side of a Gaussian."""

GRID_V = tuple(0.02 * i for i in range(301))
"""Voltages at which bands are drawn; limits need no grid."""


@dataclass(frozen=True, slots=True)
class ProductSet(Record):
    """Phases that form together, and how often.

    Attributes
    ----------
    products : tuple of str, or None
        Reduced formulas in the order of the table, the ion itself not among them; None where
        nothing reacts.
    frequency : float
        Fraction of the draws.
    """

    products: tuple[str, ...] | None
    frequency: float


@dataclass(frozen=True, slots=True)
class LimitUncertainty(Record):
    """Distribution of one limit of the window.

    Attributes
    ----------
    median_V, percentile_16_V, percentile_84_V : float or None
        None is no limit: so many draws have none.
    probability_no_limit : float
        Fraction of draws in which the composition is stable against the metal (reduction), or is
        not oxidised at any voltage (oxidation).
    product_sets : tuple of ProductSet
        Phases beyond the limit, most frequent first; frequencies sum to 1.
    draws_V : tuple of float
        The limit in each draw, infinite where there is none. Not part of the record.
    """

    median_V: float | None
    percentile_16_V: float | None
    percentile_84_V: float | None
    probability_no_limit: float
    product_sets: tuple[ProductSet, ...]
    draws_V: tuple[float, ...] = field(metadata={"record": False}, repr=False)


@dataclass(frozen=True, slots=True)
class ProfileBands(Record):
    """Quantiles of the voltage profile on a grid, to be drawn as bands.

    All are as long as `voltage_V`. Ions taken up are counted per formula unit as typed; the
    decomposition energy E_D is that of `windows.decomposition_energy`.
    """

    voltage_V: tuple[float, ...]
    ion_exchange_median: tuple[float, ...]
    ion_exchange_percentile_16: tuple[float, ...]
    ion_exchange_percentile_84: tuple[float, ...]
    decomposition_energy_median_eV_per_atom: tuple[float, ...]
    decomposition_energy_percentile_16_eV_per_atom: tuple[float, ...]
    decomposition_energy_percentile_84_eV_per_atom: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class WindowUncertainty(Record):
    """Distribution of a stability window.

    Attributes
    ----------
    formula, working_ion : str
    sigma_eV_per_atom : float
        Of compounds; where errors go by class, of the class of the composition.
    draws, seed : int
    errors : str
        ``independent``, one for every compound, or ``by class, shared within it``.
    probability_on_hull : float or None
        Fraction of draws in which the composition itself is stable; None where its energy is not
        known or was set.
    probability_zero_width : float
        Fraction of draws in which the composition is a mixture at one voltage, without a window.
    window_width_median_V : float or None
        None is no upper end.
    reduction, oxidation : LimitUncertainty
    notes : tuple of str
    dataset : Provenance
    profile : ProfileBands
        Not part of the record.
    """

    formula: str
    working_ion: str
    sigma_eV_per_atom: float
    draws: int
    seed: int
    errors: str
    probability_on_hull: float | None
    probability_zero_width: float
    window_width_median_V: float | None
    reduction: LimitUncertainty
    oxidation: LimitUncertainty
    notes: tuple[str, ...]
    dataset: Provenance
    profile: ProfileBands = field(metadata={"record": False}, repr=False)


def window_uncertainty(
    table: PhaseTable,
    composition: Composition,
    ion: str = "Li",
    *,
    e_above_hull: float | None = None,
    errors: ErrorModel = PLAIN,
    voltages_V: Sequence[float] = GRID_V,
) -> WindowUncertainty:
    """Distribution of the limits of :func:`~sse_window.equilibria.windows.stability_window`.

    Parameters
    ----------
    table : PhaseTable
    composition : Composition
    ion : str
        Working ion.
    e_above_hull : float, optional
        Energy above hull to assume for the composition [eV/atom], exact in every draw.
    errors : ErrorModel
    voltages_V : sequence of float
        Where the bands of the profile are drawn.

    Returns
    -------
    WindowUncertainty

    Raises
    ------
    UnknownElementsError
        If the table lacks an element of the composition, or the ion.

    Examples
    --------
    Li2S is oxidised at V = -3 E / 2, so that an error of 0.02 eV/atom is one of 0.03 V.

    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4})
    >>> limit = window_uncertainty(table, parse("Li2S"), errors=ErrorModel(draws=1000)).oxidation
    >>> round(limit.median_V, 2), round((limit.percentile_84_V - limit.percentile_16_V) / 2, 2)
    (2.1, 0.03)
    """
    table.require(sorted({*composition.elements, ion}))
    drawn = DrawnPhases(table, {*composition.elements, ion}, errors)
    phase = drawn.phase(composition, e_above_hull)
    hull = drawn.hull_energies(composition)
    system = ChemicalSystem(drawn.table, composition.elements, metal(ion))
    profiles = _profiles(drawn, system, composition)
    low = np.array([p.low for p in profiles])
    high = np.array([p.high for p in profiles])
    width = np.array([b if np.isinf(b) else b - a for a, b in zip(low, high, strict=True)])
    own = phase.own
    return WindowUncertainty(
        formula=composition.formula,
        working_ion=ion,
        sigma_eV_per_atom=errors.sigma_eV_per_atom,
        draws=errors.draws,
        seed=errors.seed,
        errors=errors.kind,
        probability_on_hull=(
            None if own is None else float(np.mean(own <= hull + ENERGY_eV_per_atom))
        ),
        probability_zero_width=float(np.mean(width <= BREAKPOINT)),
        window_width_median_V=quantiles(width)[1],
        reduction=_limit(low, low <= BREAKPOINT, [p.reduced for p in profiles]),
        oxidation=_limit(high, np.isinf(high), [p.oxidised for p in profiles]),
        notes=(phase.note,) if phase.note else (),
        dataset=table.provenance,
        profile=_bands(system, profiles, np.asarray(voltages_V), phase.energies(hull), composition),
    )


@dataclass(frozen=True, slots=True)
class _Profile:
    """Voltage profile of one draw, with the limits that `windows.stability_window` would find."""

    segments: Sequence[Segment]
    low: float
    high: float
    reduced: tuple[str, ...] | None
    oxidised: tuple[str, ...] | None


def _profiles(
    drawn: DrawnPhases, system: ChemicalSystem, composition: Composition
) -> list[_Profile]:
    start = system.equilibrium(composition).basis
    return [
        _profile(system, system.trace(composition, program=program, start=start), composition)
        for program in drawn.programs(system)
    ]


def _profile(
    system: ChemicalSystem, segments: Sequence[Segment], composition: Composition
) -> _Profile:
    assert system.ion is not None
    held = composition.amount(system.ion) / system.scale(composition)
    exchange = [segment.vertex.slope / system.charge - held for segment in segments]
    same = [i for i, dn in enumerate(exchange) if abs(dn) <= ION_CONTENT]
    above = next((i for i, dn in enumerate(exchange) if dn < -ION_CONTENT), len(segments))
    below = (same[0] if same else above) - 1
    # A composition within a step is a mixture at its voltage: both limits are there.
    high = segments[above].low if above < len(segments) else np.inf
    low = segments[same[0]].low if same else high

    def products(i: int) -> tuple[str, ...]:
        return tuple(str(f) for f in system.phases.formulas[segments[i].vertex.columns])

    return _Profile(
        segments=segments,
        low=low,
        high=high,
        reduced=products(below) if below >= 0 else None,
        oxidised=products(above) if above < len(segments) else None,
    )


def _limit(
    voltages: FloatArray,
    no_limit: npt.NDArray[np.bool_],
    products: Iterable[tuple[str, ...] | None],
) -> LimitUncertainty:
    low, median, high = quantiles(voltages)
    return LimitUncertainty(
        median_V=median,
        percentile_16_V=low,
        percentile_84_V=high,
        probability_no_limit=float(np.mean(no_limit)),
        product_sets=product_sets(products),
        draws_V=tuple(voltages.tolist()),
    )


def product_sets(products: Iterable[tuple[str, ...] | None]) -> tuple[ProductSet, ...]:
    """How often each set of products occurs, most frequent first.

    Parameters
    ----------
    products : iterable of tuple of str, or None
        One per draw; None where nothing reacts.

    Returns
    -------
    tuple of ProductSet
        Frequencies sum to 1; sets that are as frequent stand in alphabetical order.
    """
    counts = Counter(products)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0] or ()))
    return tuple(ProductSet(found, n / counts.total()) for found, n in ordered)


def quantiles(values: FloatArray) -> tuple[float | None, float | None, float | None]:
    """16 % quantile, median and 84 % quantile of values of which some may be infinite.

    Parameters
    ----------
    values : ndarray, shape (n,)

    Returns
    -------
    tuple of float or None
        Interpolated between draws; None where the quantile is infinite.

    Examples
    --------
    >>> quantiles(np.array([2.0, 1.0, np.inf, 3.0, 1.0, np.inf]))
    (1.0, 2.5, None)
    """
    ordered = np.sort(values)
    found: list[float | None] = []
    for quantile in _QUANTILES:
        position = quantile * (len(ordered) - 1)
        a, b = ordered[int(np.floor(position))], ordered[int(np.ceil(position))]
        value = a if a == b else a + (b - a) * (position % 1.0)
        found.append(float(value) if np.isfinite(value) else None)
    low, median, high = found
    return low, median, high


def _bands(
    system: ChemicalSystem,
    profiles: Sequence[_Profile],
    voltages: FloatArray,
    energies: FloatArray,
    composition: Composition,
) -> ProfileBands:
    assert system.ion is not None
    ions, scale = composition.amount(system.ion), system.scale(composition)
    exchange = np.empty((len(profiles), len(voltages)))
    driving = np.empty_like(exchange)
    for draw, profile in enumerate(profiles):
        ends = [segment.low for segment in profile.segments]
        at = np.maximum(np.searchsorted(ends, voltages, side="right") - 1, 0)
        slope = np.array([s.vertex.slope for s in profile.segments])[at]
        value = np.array([s.vertex.cost for s in profile.segments])[at] + voltages * slope
        exchange[draw] = slope * scale / system.charge - ions
        energy = float(energies[draw]) * composition.atoms
        driving[draw] = system.decomposition_energy(composition, energy, value, voltages)
    dn = np.quantile(exchange, _QUANTILES, axis=0)
    e_d = np.quantile(driving, _QUANTILES, axis=0)
    return ProfileBands(
        voltage_V=tuple(voltages.tolist()),
        ion_exchange_median=tuple(dn[1].tolist()),
        ion_exchange_percentile_16=tuple(dn[0].tolist()),
        ion_exchange_percentile_84=tuple(dn[2].tolist()),
        decomposition_energy_median_eV_per_atom=tuple(e_d[1].tolist()),
        decomposition_energy_percentile_16_eV_per_atom=tuple(e_d[0].tolist()),
        decomposition_energy_percentile_84_eV_per_atom=tuple(e_d[2].tolist()),
    )
