"""Questions of heat: what survives sintering, and which phases stand at which oxygen pressure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..cells import sintering
from ..cells import stability_map as maps
from ..cells.heat_results import SinterResult
from ..cells.sintering import TEMPERATURE_RANGE_K
from ..cells.stability_map import LOG_PRESSURE_RANGE, StabilityMap
from ..core.arguments import check_arguments
from ..phases.gibbs import Energies, with_gases_at
from .inputs import CompositionLike, PhasesLike, formula_of, formulas_of, range_of
from .phases import table_of

__all__ = [
    "LOG_PRESSURE_RANGE",
    "TEMPERATURE_RANGE_K",
    "sinter",
    "stability_map",
    "with_gases_at",
]


def sinter(
    a: CompositionLike,
    b: CompositionLike | None = None,
    *,
    temperature_K: tuple[float, float] = TEMPERATURE_RANGE_K,
    atmosphere: str = "air",
    pressures_bar: Mapping[str, float] | None = None,
    additives: Sequence[CompositionLike] = (),
    by_metal: bool = False,
    energies: Energies | None = None,
    ion: str = "Li",
    phases: PhasesLike = None,
) -> SinterResult:
    """One phase, or two in contact, heated in an atmosphere.

    Parameters
    ----------
    a, b : str, Composition, or what pymatgen makes
        One phase alone without `b`.
    temperature_K : tuple of float
        Lowest and highest temperature.
    atmosphere : str
        ``air``, ``wet-air``, ``O2``, ``N2``, ``Ar``, ``CO2``, ``CO``, ``H2``, ``H2O``, ``Cl2``,
        ``SO2`` or ``S2``.
    pressures_bar : mapping of str to float, optional
        Further gases, or other pressures.
    additives : sequence of str
        Sintering aids, carbon: each by itself as a third component.
    by_metal : bool
        Ask which metal of `b` drives the reaction.
    energies : {"measured", "table"}, optional
        By default measured enthalpies and entropies where every phase has them, else the table
        with gases fitted to it. The two are never mixed.
    ion : str
        Working ion.
    phases : see :func:`~sse_window.api.stability_window`

    Returns
    -------
    SinterResult

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> found = sinter("LLZO", "LiFePO4", temperature_K=(773, 773))
    >>> found.energies, round(found.points[0].mutual_eV_per_nongas_atom, 3)
    ('table', -0.275)
    >>> round(sinter("CaCO3", atmosphere="CO2").decomposition_K["a"])
    1119
    """
    check_arguments(sinter, locals())
    return sintering.sinter(
        table_of(phases),
        formula_of(a, "a"),
        None if b is None else formula_of(b, "b"),
        temperature_K=range_of(temperature_K, "temperature_K"),
        in_atmosphere=atmosphere,
        pressures_bar=pressures_bar,
        additives=formulas_of(additives, "additives"),
        by_metal=by_metal,
        energies=energies,
        ion=ion,
    )


def stability_map(
    a: CompositionLike,
    b: CompositionLike | None = None,
    *,
    temperature_K: tuple[float, float] = TEMPERATURE_RANGE_K,
    log_pressure: tuple[float, float] = LOG_PRESSURE_RANGE,
    energies: Energies | None = None,
    phases: PhasesLike = None,
) -> StabilityMap:
    """Phases in equilibrium against temperature and oxygen pressure.

    Parameters
    ----------
    a, b : str, Composition, or what pymatgen makes
        With both the mixture of equal numbers of atoms.
    temperature_K, log_pressure : tuple of float
        Ranges; the latter of the decimal logarithm of the pressure in bar.
    energies : {"measured", "table"}, optional
        As in :func:`sinter`.
    phases : see :func:`~sse_window.api.stability_window`

    Returns
    -------
    StabilityMap

    Examples
    --------
    >>> found = stability_map("CuO", temperature_K=(1000.0, 1200.0))
    >>> sorted({field.products for field in found.fields})
    [('Cu',), ('Cu2O',), ('CuO',)]
    """
    check_arguments(stability_map, locals())
    return maps.stability_map(
        table_of(phases),
        formula_of(a, "a"),
        None if b is None else formula_of(b, "b"),
        temperature_K=range_of(temperature_K, "temperature_K"),
        log_pressure=range_of(log_pressure, "log_pressure"),
        energies=energies,
    )
