r"""Space-charge layers from a potential step that the user states.

One mobile carrier of charge z e on a fixed, opposite background of the same mean density N. With
u = z e phi / (k T), phi the potential of the surface against the bulk, the mobile ions stand at

    c(u) = c_max / (1 + (c_max / N - 1) exp(u)),

which is Boltzmann's N exp(-u) where the number of sites c_max is unlimited. The first integral of
Poisson's equation gives the charge per area,

    sigma = sqrt(2 eps k T [N u + c_max ln(1 + (N / c_max)(exp(-u) - 1))]),

which for unlimited sites is sqrt(2 eps k T N (exp(-u) - 1 + u)). For u >> 1 it is that of a layer
without ions, of the width sqrt(2 eps phi / (z e N)) (Mott and Schottky).

The step itself needs Fermi levels or defect energies of both phases. It cannot be had from bulk
formation energies and is never computed here.

References
----------
Maier, Prog. Solid State Chem. 1995, 23, 171, doi:10.1016/0079-6786(95)00004-E. The equations above
follow from Poisson's with the density c(u) by one integration.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..core.errors import DataError
from ..core.record import Record
from ..equilibria.windows import stability_window
from ..facts.names import resolve
from ..facts.space_charge import LayerThickness, VacancyEnergy, published_thicknesses
from ..phases.table import PhaseTable
from .states import electrode_states

__all__ = ["Side", "SpaceChargeLayer", "SpaceChargeResult", "interface_context", "space_charge"]

FloatArray = npt.NDArray[np.float64]

ELEMENTARY_CHARGE_C = 1.602176634e-19
BOLTZMANN_J_PER_K = 1.380649e-23
VACUUM_PERMITTIVITY_F_PER_m = 8.8541878128e-12

LATTICE_SPACING_nm = 0.3
"""Distance between neighbouring ion sites in oxides and sulfides, about 0.25 to 0.4 nm: a continuum
of ions is no theory of anything smaller."""

_PROFILE_POINTS = 121
_PROFILE_END = 1e-3
"""A profile ends where this share of the step is left."""

_HALVINGS = 200

_LARGEST_EXPONENT = 700.0
"""The exponential of more is no number in double precision."""


@dataclass(frozen=True, slots=True)
class Side:
    """One phase beside the interface.

    Attributes
    ----------
    density_per_m3 : float
        Mobile ions per volume in the bulk, N.
    permittivity : float
        Relative permittivity eps_r.
    sites_per_m3 : float or None
        Sites for mobile ions, c_max; None for unlimited.
    conductivity_S_per_cm : float or None
        Of the depleted layer; None where nobody has measured it.
    """

    density_per_m3: float
    permittivity: float
    sites_per_m3: float | None = None
    conductivity_S_per_cm: float | None = None


@dataclass(frozen=True, slots=True)
class SpaceChargeLayer(Record):
    """The layer on one side of an interface.

    Attributes
    ----------
    step_V : float
        Potential of the surface against the bulk of this side; > 0 repels the mobile ions.
    kind : str
        ``depletion`` or ``accumulation``.
    density_per_m3, permittivity, sites_per_m3 : see :class:`Side`
    depletion_width_nm : float or None
        Width of a layer emptied of mobile ions; None on a side that accumulates.
    accumulation_width_nm : float or None
        Width of a layer at the density of the surface that holds the same charge; None on a side
        that is depleted.
    debye_length_nm : float
    surface_density_per_m3 : float
        Mobile ions at the interface.
    charge_C_per_m2 : float
        Charge of the layer, of the sign of the mobile ions where they accumulate.
    capacitance_F_per_m2 : float
        Differential capacitance at this step.
    area_resistance_ohm_cm2 : float or None
        Width over the conductivity that was stated; None where none was.
    distance_nm, potential_V, relative_density : tuple of float
        Profile from the interface into the bulk: potential against the bulk, mobile ions over N.
    """

    step_V: float
    kind: str
    density_per_m3: float
    permittivity: float
    sites_per_m3: float | None
    depletion_width_nm: float | None
    accumulation_width_nm: float | None
    debye_length_nm: float
    surface_density_per_m3: float
    charge_C_per_m2: float
    capacitance_F_per_m2: float
    area_resistance_ohm_cm2: float | None
    distance_nm: tuple[float, ...]
    potential_V: tuple[float, ...]
    relative_density: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SpaceChargeResult(Record):
    """Space-charge layers at one interface, from a stated potential step.

    Attributes
    ----------
    step_V : float
        As stated, over both sides.
    temperature_K : float
    ion_charge : int
    depletion_width_nm, debye_length_nm : float or None
        Of the depleted side, or of the only one.
    charge_C_per_m2, capacitance_F_per_m2 : float
        Charge on either side; capacitance of the sides in series.
    area_resistance_ohm_cm2 : float or None
    layers : tuple of SpaceChargeLayer
    assumptions : tuple of str
    warnings : tuple of str
        Where the answer lies outside its own theory.
    published_range : tuple of LayerThickness
    vacancy_energies : tuple of VacancyEnergy
        Published ones of the phases that were named.
    context : tuple of str
        What the bulk data say of the phases that were named.
    """

    step_V: float
    temperature_K: float
    ion_charge: int
    depletion_width_nm: float | None
    debye_length_nm: float
    charge_C_per_m2: float
    capacitance_F_per_m2: float
    area_resistance_ohm_cm2: float | None
    layers: tuple[SpaceChargeLayer, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    published_range: tuple[LayerThickness, ...]
    vacancy_energies: tuple[VacancyEnergy, ...] = ()
    context: tuple[str, ...] = ()


def space_charge(
    step_V: float,
    sides: Sequence[Side],
    *,
    temperature_K: float = 298.15,
    ion_charge: int = 1,
    vacancies: Sequence[VacancyEnergy] = (),
    context: Sequence[str] = (),
) -> SpaceChargeResult:
    """Layers that screen a stated potential step.

    Parameters
    ----------
    step_V : float
        Potential of the interface against the bulk of the first side where that is the only one;
        of the bulk of the second side against that of the first where there are two.
    sides : sequence of Side
        One, or two in series with equal and opposite charge.
    temperature_K : float
    ion_charge : int
        Charge number z of the mobile ion.
    vacancies, context : sequence
        Carried into the result.

    Returns
    -------
    SpaceChargeResult

    Raises
    ------
    DataError
        If a number is not positive and finite, the step is 0, or there are more sides than two.

    Examples
    --------
    >>> found = space_charge(1.0, [Side(2.67e28, 60.0)])
    >>> round(found.depletion_width_nm, 3), round(found.debye_length_nm, 4)
    (0.498, 0.0565)
    >>> found.warnings[0]
    'the Debye length, 0.056 nm, is below a lattice spacing: outside the theory of a continuum'
    """
    _check(step_V, sides, temperature_K, ion_charge)
    scale_V = BOLTZMANN_J_PER_K * temperature_K / (ion_charge * ELEMENTARY_CHARGE_C)
    models = [_Model(side, temperature_K, ion_charge) for side in sides]
    u = step_V / scale_V
    if abs(u) > _LARGEST_EXPONENT and any(side.sites_per_m3 is None for side in sides):
        raise DataError(
            f"a step of {step_V:g} V at {temperature_K:g} K gathers more ions than there are "
            "numbers for: state the sites per m3"
        )
    parts = [u] if len(models) == 1 else _divided(models, u)
    layers = tuple(_layer(model, part, scale_V) for model, part in zip(models, parts, strict=True))
    leading = next((layer for layer in layers if layer.kind == "depletion"), layers[0])
    resistances = [r for r in (layer.area_resistance_ohm_cm2 for layer in layers) if r]
    return SpaceChargeResult(
        step_V=step_V,
        temperature_K=temperature_K,
        ion_charge=ion_charge,
        depletion_width_nm=leading.depletion_width_nm,
        debye_length_nm=leading.debye_length_nm,
        charge_C_per_m2=abs(layers[0].charge_C_per_m2),
        capacitance_F_per_m2=1.0 / sum(1.0 / layer.capacitance_F_per_m2 for layer in layers),
        area_resistance_ohm_cm2=sum(resistances) if resistances else None,
        layers=layers,
        assumptions=_assumptions(step_V, sides, temperature_K),
        warnings=_warnings(layers),
        published_range=published_thicknesses(),
        vacancy_energies=tuple(vacancies),
        context=tuple(context),
    )


class _Model:
    """One side in units of k T; see the module for the equations."""

    def __init__(self, side: Side, temperature_K: float, ion_charge: int) -> None:
        self.side = side
        self.charge = ion_charge * ELEMENTARY_CHARGE_C
        self.permittivity = side.permittivity * VACUUM_PERMITTIVITY_F_PER_m
        self.thermal_J = BOLTZMANN_J_PER_K * temperature_K

    def density(self, u: float) -> float:
        """Mobile ions per volume where the potential is u."""
        n, sites = self.side.density_per_m3, self.side.sites_per_m3
        if u > _LARGEST_EXPONENT:
            return 0.0
        if sites is None:
            return n * math.exp(-u)
        return sites / (1.0 + (sites / n - 1.0) * math.exp(u))

    def sigma(self, u: float) -> float:
        """Charge per area, its absolute value [C/m2]."""
        n, sites = self.side.density_per_m3, self.side.sites_per_m3
        if abs(u) < 1e-3:  # the terms below cancel to less than their rounding errors
            filled = n / sites if sites else 0.0
            work = n * (1.0 - filled) * u * u / 2.0 * (1.0 - (1.0 - 2.0 * filled) * u / 3.0)
        elif sites is None:
            work = n * (math.expm1(-u) + u)
        elif u > 0.0:
            work = n * u + sites * math.log1p(n / sites * math.expm1(-u))
        else:  # exp(-u) may be too large a number, its logarithm is not
            work = n * u + sites * (-u + math.log(n / sites + (1.0 - n / sites) * math.exp(u)))
        return math.sqrt(2.0 * self.permittivity * self.thermal_J * max(work, 0.0))

    def capacitance(self, u: float) -> float:
        """Differential capacitance d sigma / d phi [F/m2]."""
        n = self.side.density_per_m3
        if abs(u) < 1e-4:  # the limit for small steps, where both terms vanish
            compress = 1.0 - (n / self.side.sites_per_m3 if self.side.sites_per_m3 else 0.0)
            return self.permittivity / self.debye_m() * math.sqrt(compress)
        return self.permittivity * self.charge * abs(n - self.density(u)) / self.sigma(u)

    def debye_m(self) -> float:
        """Debye length of one mobile carrier [m]."""
        n = self.side.density_per_m3
        return math.sqrt(self.permittivity * self.thermal_J / (self.charge**2 * n))

    def profile(self, u: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Distance [m], potential in k T, and mobile ions over N, from the interface inwards."""
        potentials = u * np.geomspace(1.0, _PROFILE_END, _PROFILE_POINTS)
        # dx = -eps d phi / sigma(phi), by the trapezoidal rule over ln u, in which it is smooth.
        step = self.thermal_J / self.charge
        slopes = np.array([abs(v) * step * self.permittivity / self.sigma(v) for v in potentials])
        logs = np.log(np.abs(potentials))
        parts = 0.5 * (slopes[1:] + slopes[:-1]) * (logs[:-1] - logs[1:])
        distance = np.concatenate([[0.0], np.cumsum(parts)])
        density = np.array([self.density(v) for v in potentials]) / self.side.density_per_m3
        return distance, potentials, density


def _divided(models: Sequence[_Model], u: float) -> list[float]:
    """Steps of two sides in series: equal charge, opposite sign, u in all (by bisection)."""
    first, second = models
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        share = 0.5 * (low + high)
        # The interface lies share * u above the bulk of the first side, and the rest below that of
        # the second: what one side gives up the other takes.
        if first.sigma(share * u) < second.sigma(-(1.0 - share) * u):
            low = share
        else:
            high = share
        if high - low < 1e-15:
            break
    share = 0.5 * (low + high)
    return [share * u, -(1.0 - share) * u]


def _layer(model: _Model, u: float, scale_V: float) -> SpaceChargeLayer:
    side = model.side
    depleted = u > 0.0
    n = side.density_per_m3
    sigma, surface = model.sigma(u), model.density(u)
    step_V = u * scale_V
    width_m = math.sqrt(2.0 * model.permittivity * abs(step_V) / (model.charge * n))
    gathered_m = sigma / (model.charge * (surface - n)) if surface > n else 0.0
    distance, potential, density = model.profile(u)
    resistance = None
    if side.conductivity_S_per_cm is not None and depleted:
        resistance = width_m * 100.0 / side.conductivity_S_per_cm
    return SpaceChargeLayer(
        step_V=step_V,
        kind="depletion" if depleted else "accumulation",
        density_per_m3=n,
        permittivity=side.permittivity,
        sites_per_m3=side.sites_per_m3,
        depletion_width_nm=width_m * 1e9 if depleted else None,
        accumulation_width_nm=None if depleted else gathered_m * 1e9,
        debye_length_nm=model.debye_m() * 1e9,
        surface_density_per_m3=surface,
        charge_C_per_m2=-sigma if depleted else sigma,
        capacitance_F_per_m2=model.capacitance(u),
        area_resistance_ohm_cm2=resistance,
        distance_nm=tuple((distance * 1e9).tolist()),
        potential_V=tuple((potential * scale_V).tolist()),
        relative_density=tuple(density.tolist()),
    )


def _check(step_V: float, sides: Sequence[Side], temperature_K: float, ion_charge: int) -> None:
    if not 1 <= len(sides) <= 2:
        raise DataError(f"space charge on {len(sides)} sides: give one, or the two of an interface")
    if not math.isfinite(step_V) or step_V == 0.0:
        raise DataError(f"potential step {step_V:g} V: give a step other than 0, in volts")
    if abs(step_V) > 10.0:
        raise DataError(f"potential step {step_V:g} V: none holds more than 10 V; in volts?")
    if ion_charge < 1:
        raise DataError(f"ion charge {ion_charge}: give the charge number of the cation, 1 or more")
    numbers = [("temperature", temperature_K, "K")]
    for side in sides:
        numbers += [
            ("density", side.density_per_m3, "mobile ions per m3"),
            ("permittivity", side.permittivity, "relative to vacuum"),
        ]
        for name, value, unit in (
            ("sites", side.sites_per_m3, "sites per m3"),
            ("conductivity", side.conductivity_S_per_cm, "S/cm"),
        ):
            numbers += [(name, value, unit)] if value is not None else []
    for name, value, unit in numbers:
        if not (math.isfinite(value) and value > 0.0):
            raise DataError(f"{name} {value:g}: give a number above 0 ({unit})")
    for side in sides:
        if side.permittivity < 1.0:
            raise DataError(
                f"permittivity {side.permittivity:g}: relative to vacuum it is 1 or more"
            )
        if side.sites_per_m3 is not None and side.sites_per_m3 <= side.density_per_m3:
            raise DataError(
                f"{side.sites_per_m3:g} sites per m3 for {side.density_per_m3:g} ions per m3: "
                "give more sites than ions"
            )
        # Metallic lithium holds 4.6e28 per m3; nothing holds many times as many ions.
        if side.density_per_m3 > 2e29:
            raise DataError(
                f"density {side.density_per_m3:g} per m3: no solid holds so many ions; per m3, not "
                "per cm3 or per mol?"
            )
        if side.density_per_m3 < 1e18:
            raise DataError(
                f"density {side.density_per_m3:g} per m3: fewer than one ion in a million million "
                "sites; per m3, not per cm3?"
            )


def _assumptions(step_V: float, sides: Sequence[Side], temperature_K: float) -> tuple[str, ...]:
    limited = all(side.sites_per_m3 is not None for side in sides)
    return (
        f"the potential step, {step_V:g} V, is yours: bulk formation energies do not give it",
        "one mobile ion on a fixed background of opposite charge, both uniform in the bulk",
        f"constant permittivity; equilibrium at {temperature_K:g} K; no current",
        "flat interface, both phases thicker than their layers, no adsorption at the interface",
        "sites for mobile ions are limited as stated"
        if limited
        else "sites for mobile ions are unlimited where not stated: accumulation is overestimated",
    )


def _warnings(layers: Sequence[SpaceChargeLayer]) -> tuple[str, ...]:
    found = []
    for layer in layers:
        if layer.debye_length_nm < LATTICE_SPACING_nm:
            found.append(
                f"the Debye length, {layer.debye_length_nm:.3f} nm, is below a lattice spacing: "
                "outside the theory of a continuum"
            )
        if layer.kind == "accumulation" and layer.surface_density_per_m3 > 1e29:
            found.append(
                f"{layer.surface_density_per_m3:.2g} ions per m3 at the interface: more than any "
                "lattice has sites; state the sites"
            )
    return tuple(dict.fromkeys(found))


def interface_context(
    table: PhaseTable, electrode: str, electrolyte: str, ion: str = "Li"
) -> tuple[str, ...]:
    """What bulk thermodynamics does say: is the electrolyte inside its window there.

    Parameters
    ----------
    table : PhaseTable
    electrode, electrolyte : str
        Names or formulas.
    ion : str

    Returns
    -------
    tuple of str
        The window, and one line per state of the electrode.

    Raises
    ------
    FormulaError, UnknownElementsError
    """
    window = stability_window(table, resolve(electrolyte), ion)
    low, high = window.reduction_potential_V, window.oxidation_potential_V
    shown = f"{low:.2f} V and up" if high is None else f"{low:.2f} - {high:.2f} V"
    lines = [f"window of {electrolyte}: {shown} vs {ion} metal ({table.provenance.name})"]
    span = electrode_states(table, electrode, ion)[0].voltage_range_V
    inside = span[0] >= low and (high is None or span[1] <= high)
    where = "inside the window" if inside else "outside the window: decomposition competes"
    lines.append(f"{electrode} works at {span[0]:.2f} - {span[1]:.2f} V, {where}")
    return tuple(lines)
