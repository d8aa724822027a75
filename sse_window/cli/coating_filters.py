"""Options of the filters that a coating has to pass."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from .options import FiniteFloat

__all__ = ["filter_options"]

F = TypeVar("F", bound=Callable[..., Any])

_POSITIVE = FiniteFloat(min=0.0)

_LIMITS = (
    (
        "--min-gap", "min_band_gap_eV", _POSITIVE, "X",
        "Band gap above X eV (0.5; before a negative electrode 1).",
    ),
    (
        "--max-e-above-hull", "max_e_above_hull_eV_per_atom", _POSITIVE, "X",
        "Energy above hull below X eV/atom (0.005; before a negative electrode 0.03).",
    ),
    (
        "--min-oxidation", "min_oxidation_potential_V", _POSITIVE, "V",
        "Oxidised at V or higher (the upper end of the electrode's range).",
    ),
    (
        "--max-reduction", "max_reduction_potential_V", _POSITIVE, "V",
        "Reduced at V or lower (before a negative electrode the lower end of its range).",
    ),
    (
        "--min-width", "min_window_width_V", _POSITIVE, "V",
        "Window of V or more (before a negative electrode 1).",
    ),
    (
        "--min-reaction-energy", "min_reaction_energy_eV_per_atom", FiniteFloat(max=0.0), "X",
        "Worst reaction energy with every side above X eV/atom (-0.1 before a positive one).",
    ),
)  # fmt: skip
"""Of each limit: its option, the field of ``CoatingFilters`` that it sets, type, mark and help."""


def filter_options(function: F) -> F:
    """Give a command the filters that are given, as one argument `filters` by their fields."""

    @click.option(
        "--overlap/--no-overlap",
        default=None,
        help="Whether its window has to overlap that of the electrolyte (before a positive "
        "electrode).",
    )
    @click.option("--radioactive", is_flag=True, help="Let radioactive elements pass.")
    @click.option(
        "--without-ion", is_flag=True, help="Let compounds pass that hold no working ion."
    )
    @functools.wraps(function)
    def command(overlap: bool | None, radioactive: bool, without_ion: bool, **values: Any) -> Any:
        filters = {field: values.pop(field) for _, field, *_ in _LIMITS}
        # A limit of the reduction potential is what the overlap stands for.
        if filters["max_reduction_potential_V"] is not None and overlap is None:
            overlap = False
        filters["window_overlap"] = overlap
        filters["radioactive"] = radioactive or None
        filters["contains_ion"] = False if without_ion else None
        given = {field: value for field, value in filters.items() if value is not None}
        return function(filters=given, **values)

    made: Any = command
    for flag, field, kind, mark, said in reversed(_LIMITS):
        made = click.option(flag, field, type=kind, metavar=mark, help=said)(made)
    return cast(F, made)
