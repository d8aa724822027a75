"""Questions about composition, volume, space charge and frameworks, with names as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..cells.series import SeriesPoint, composition_series
from ..cells.space_charge import Side, SpaceChargeResult, interface_context
from ..cells.space_charge import space_charge as screened
from ..cells.strain import StrainResult
from ..cells.strain import strain as strained
from ..core.arguments import check_arguments
from ..core.formula_template import FormulaTemplate, values_of_range
from ..core.ions import charge_of
from ..equilibria.topotaxy import TopotacticWindow, topotactic_window
from ..facts import names
from ..facts.cell_volumes import packaged_hosts, read_hosts
from ..facts.space_charge import vacancy_energies
from .inputs import (
    CompositionLike,
    PhasesLike,
    formula_of,
    formulas_of,
    numbers_of,
    one_each,
    path_of,
)
from .phases import table_of

__all__ = ["series", "space_charge", "strain", "topotactic"]


def series(
    template: str,
    ion: str = "Li",
    *,
    electrodes: CompositionLike = (),
    additive: CompositionLike | None = None,
    voltage_range_V: tuple[float, float] | None = None,
    all_steps: bool = True,
    phases: PhasesLike = None,
    **ranges: str | Sequence[float],
) -> list[SeriesPoint]:
    """Windows, and reactions with electrodes, along a series of compositions.

    Parameters
    ----------
    template : str
        Formula with expressions or sets in braces: ``Li{7-x}La3Zr{2-x}Ta{x}O12``.
    ion : str
    electrodes : str or sequence of str
    additive : str, optional
        Third component of every pair.
    voltage_range_V : tuple of float, optional
        In place of the electrodes' own ranges.
    all_steps : bool
        Carry the whole voltage profile of every member.
    phases : see :func:`stability_window`
    **ranges : str or sequence of float
        Values of the variables, by name: ``x="0:2:0.1"`` or ``x=[0, 0.25, 0.5]``.

    Returns
    -------
    list of SeriesPoint

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> points = series("Li{7-x}La3Zr{2-x}Ta{x}O12", x="0:1:0.5")
    >>> [(point.x, round(point.window.reduction_potential_V, 2)) for point in points]
    [(0.0, 0.05), (0.5, 0.54), (1.0, 0.54)]
    """
    check_arguments(series, locals())
    listed = list(formulas_of(electrodes, "electrodes"))
    values = {
        name: values_of_range(
            given if isinstance(given, str) else ",".join(map(repr, numbers_of(given, name)))
        )
        for name, given in ranges.items()
    }
    points = composition_series(
        table_of(phases),
        FormulaTemplate(formula_of(template, "template")),
        values,
        ion,
        electrodes=listed,
        additive=None if additive is None else formula_of(additive, "additive"),
        voltage_range_V=voltage_range_V,
        all_steps=all_steps,
    )
    return list(points)


def space_charge(
    step_V: float,
    density_per_m3: float | Sequence[float],
    permittivity: float | Sequence[float],
    *,
    sites_per_m3: float | Sequence[float] | None = None,
    conductivity_S_per_cm: float | None = None,
    temperature_K: float = 298.15,
    ion: str = "Li",
    between: tuple[str, str] | None = None,
    phases: PhasesLike = None,
) -> SpaceChargeResult:
    """Space-charge layers that screen a potential step which the user states.

    Parameters
    ----------
    step_V : float
        Potential of the interface against the bulk; over both sides where there are two.
    density_per_m3, permittivity, sites_per_m3 : float or sequence of float
        Mobile ions, relative permittivity and sites of one side, or of two in series.
    conductivity_S_per_cm : float, optional
        Of the depleted layer; gives its area resistance.
    temperature_K : float
    ion : str
        The mobile ion.
    between : tuple of str, optional
        Electrode and electrolyte, of which the bulk data are shown beside the answer.
    phases : see :func:`stability_window`

    Returns
    -------
    SpaceChargeResult

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> round(space_charge(1.0, 2.67e28, 60.0).depletion_width_nm, 3)
    0.498
    """
    check_arguments(space_charge, locals())
    (step_V,) = numbers_of(step_V, "step_V")
    densities = numbers_of(density_per_m3, "density_per_m3")
    n = len(densities)
    permittivities, sites = (
        one_each(permittivity, n, "permittivity"),
        one_each(sites_per_m3, n, "sites"),
    )
    sides = [
        Side(density, e, c_max, conductivity_S_per_cm)
        for density, e, c_max in zip(densities, permittivities, sites, strict=True)
    ]
    context: tuple[str, ...] = ()
    named = []
    if between is not None:
        context = interface_context(table_of(phases), *between, ion)
        named = [names.resolve(formula_of(name, "between")) for name in between]
    return screened(
        step_V,
        sides,
        temperature_K=temperature_K,
        ion_charge=charge_of(ion),
        vacancies=vacancy_energies(*named),
        context=context,
    )


def strain(
    electrodes: CompositionLike,
    ion: str = "Li",
    *,
    upto_V: float | None = None,
    mass_fractions: Sequence[float] | None = None,
    ion_fractions: Sequence[float] | None = None,
    cells: str | Path | None = None,
    phases: PhasesLike = None,
) -> StrainResult:
    """Volume of electrodes against their state of charge, and mixtures that keep their volume.

    Parameters
    ----------
    electrodes : str or sequence of str
        Names with measured unit cells (LCO, NMC811, graphite), or anodes that change phase.
    ion : str
    upto_V : float, optional
        One upper voltage of the mixture [V vs the metal].
    mass_fractions, ion_fractions : sequence of float, optional
        Shares by mass, and states, of every material of the mixture.
    cells : str or Path, optional
        Further measured cells, CSV or TOML.
    phases : see :func:`stability_window`

    Returns
    -------
    StrainResult

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> found = strain("LCO")
    >>> round(100 * found.electrodes[0].largest_swing, 2)
    2.29
    """
    check_arguments(strain, locals())
    listed = list(formulas_of(electrodes, "electrodes"))
    own = () if cells is None else read_hosts(path_of(cells, "cells"))
    return strained(
        listed,
        (*packaged_hosts(), *own),
        table_of(phases),
        ion,
        upto_V=upto_V,
        mass_fractions=mass_fractions,
        ion_fractions=ion_fractions,
    )


def topotactic(
    states: str | Path | Mapping[str, float],
    ion: str = "Li",
    *,
    reactant: CompositionLike | None = None,
    phases: PhasesLike = None,
    corrections: str | None = None,
    allow_mixed: bool = False,
) -> TopotacticWindow:
    """Window in which a framework neither takes up nor gives off ions, beside its decomposition.

    Parameters
    ----------
    states : str, Path or mapping of str to float
        File or folder of the states (CSV or JSON with formula and formation energy, pymatgen
        entries, vasprun.xml), or formulas with formation energies [eV/atom].
    ion : str
    reactant : str, optional
        The pristine state; the first one if left out.
    phases : see :func:`stability_window`
    corrections, allow_mixed : optional
        For total energies in files.

    Returns
    -------
    TopotacticWindow

    Raises
    ------
    SSEWindowError
        See :mod:`sse_window.core.errors`.

    Examples
    --------
    >>> found = topotactic({"LiCoO2": -1.75, "CoO2": -0.75}, reactant="LiCoO2")
    >>> round(found.oxidation_potential_V, 2), found.reduction_potential_V
    (4.75, None)
    """
    check_arguments(topotactic, locals())
    table = table_of(phases)
    notes: tuple[str, ...] = ()
    if isinstance(states, (str, Path)):
        from ..sources import user_entries

        read = user_entries.read_entries(
            states, dataset=table, corrections=corrections, allow_mixed=allow_mixed
        )
        listed = user_entries.energies_of(read, table)
        notes = (*read.mixed, *read.messages)
    elif not isinstance(states, Mapping):
        raise TypeError(
            f"states: {states!r} is no set of states: give a file, or formulas with formation "
            "energies, as {'LiCoO2': -1.75}"
        )
    else:
        listed = [(names.resolve(formula), float(energy)) for formula, energy in states.items()]
    pristine = None if reactant is None else names.resolve(formula_of(reactant, "reactant"))
    return topotactic_window(table, listed, ion, reactant=pristine, notes=notes)
