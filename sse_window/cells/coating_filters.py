"""What a coating has to be: published filters, each with its threshold and its margin."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..core.composition import Composition
from ..core.errors import FormulaError
from ..core.record import Record
from ..core.tolerances import BREAKPOINT, ENERGY_eV_per_atom

__all__ = ["FILTERS", "CoatingFilters", "CoatingProperties", "Failure", "radioactive_elements"]

MARGIN_eV_per_atom = 0.005
"""A failure by less is borderline: published energies of the same pairs differ by as much."""

MARGIN_V = 0.05
"""A failure by less is borderline; limits are not known better. For band gaps in eV as well."""

_RADIOACTIVE = frozenset(
    [
        *("Tc", "Pm", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am"),
        *("Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr"),
    ]
)
"""Elements without a stable isotope; bismuth, which outlives the sun, is not one of them."""

FILTERS = (
    "contains_ion",
    "e_above_hull",
    "radioactive",
    "band_gap",
    "reduction_potential",
    "oxidation_potential",
    "window_overlap",
    "window_width",
    "reaction_with_electrolyte",
    "reaction_with_electrode",
    "new_phase",
)
"""Names of the filters, in the order in which a funnel applies them."""


def radioactive_elements(composition: Composition) -> tuple[str, ...]:
    """Elements without a stable isotope.

    Examples
    --------
    >>> from sse_window.core.composition import parse
    >>> radioactive_elements(parse("Li2UO4")), radioactive_elements(parse("LiBiO2"))
    (('U',), ())
    """
    return tuple(element for element in composition.elements if element in _RADIOACTIVE)


class CoatingProperties(NamedTuple):
    """What is known of a candidate; None is not known, of an oxidation potential no limit.

    Attributes
    ----------
    contains_ion : bool
    radioactive : tuple of str
    e_above_hull, band_gap : float or None
        [eV/atom], [eV]
    reduction, oxidation : float or None
        Limits of the stability window [V].
    gap_to_electrolyte : float
        Distance between its window and that of the electrolyte, 0 where they overlap [V].
    with_electrolyte, with_electrode : float or None
        Worst closed mutual reaction energies [eV/atom]; of the electrode that of the worse state.
    same_as : str or None
        Side that has the same composition: no coating at all.
    """

    contains_ion: bool
    radioactive: tuple[str, ...]
    e_above_hull: float | None
    band_gap: float | None
    reduction: float
    oxidation: float | None
    gap_to_electrolyte: float
    with_electrolyte: float
    with_electrode: float
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Failure(Record):
    """A filter that is not passed.

    Attributes
    ----------
    filter : str
        One of :data:`FILTERS`.
    reason : str
    borderline : bool
        The value is within the margin of the threshold, or not known.
    """

    filter: str
    reason: str
    borderline: bool


@dataclass(frozen=True, slots=True)
class CoatingFilters(Record):
    """Thresholds; None does not ask.

    Attributes
    ----------
    contains_ion : bool
        Only what holds the working ion.
    radioactive : bool
        Let radioactive elements pass.
    max_e_above_hull_eV_per_atom, min_band_gap_eV : float or None
    max_reduction_potential_V, min_oxidation_potential_V, min_window_width_V : float or None
    window_overlap : bool
        Its window has to overlap that of the electrolyte.
    min_reaction_energy_eV_per_atom : float or None
        Worst closed mutual reaction energy with every side.

    References
    ----------
    Xiao, Miara, Wang, Ceder, Joule 2019, 3, 1252, doi:10.1016/j.joule.2019.02.006 (before the
    positive electrode); Honrao et al., Sci. Rep. 2021, 11, 16484, doi:10.1038/s41598-021-94275-5
    (before the metal)

    Examples
    --------
    >>> CoatingFilters.before_positive(4.3).min_oxidation_potential_V
    4.3
    >>> CoatingFilters.before_negative(0.0).min_window_width_V
    1.0
    """

    contains_ion: bool
    radioactive: bool
    max_e_above_hull_eV_per_atom: float | None
    min_band_gap_eV: float | None
    max_reduction_potential_V: float | None
    min_oxidation_potential_V: float | None
    min_window_width_V: float | None
    window_overlap: bool
    min_reaction_energy_eV_per_atom: float | None

    def __post_init__(self) -> None:
        for name in ("max_e_above_hull_eV_per_atom", "min_band_gap_eV"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value < math.inf:
                raise FormulaError(f"{name} {value:g}: give a number of 0 or more")
        energy = self.min_reaction_energy_eV_per_atom
        if energy is not None and not -math.inf < energy <= 0.0:
            raise FormulaError(
                f"min_reaction_energy_eV_per_atom {energy:g}: give a number of 0 or less"
            )

    @classmethod
    def before_positive(cls, voltage_high_V: float) -> CoatingFilters:
        """Between an electrolyte and an electrode that is charged to `voltage_high_V`."""
        return cls(
            contains_ion=True,
            radioactive=False,
            max_e_above_hull_eV_per_atom=0.005,
            min_band_gap_eV=0.5,
            max_reduction_potential_V=None,
            min_oxidation_potential_V=voltage_high_V,
            min_window_width_V=None,
            window_overlap=True,
            min_reaction_energy_eV_per_atom=-0.1,
        )

    @classmethod
    def before_negative(cls, voltage_low_V: float) -> CoatingFilters:
        """Between an electrolyte and an electrode that goes down to `voltage_low_V`."""
        return cls(
            contains_ion=True,
            radioactive=False,
            max_e_above_hull_eV_per_atom=0.03,
            min_band_gap_eV=1.0,
            max_reduction_potential_V=voltage_low_V,
            min_oxidation_potential_V=None,
            min_window_width_V=1.0,
            window_overlap=False,
            min_reaction_energy_eV_per_atom=None,
        )

    def failures(self, found: CoatingProperties) -> tuple[Failure, ...]:
        """Filters that a candidate does not pass, in the order of :data:`FILTERS`."""
        return tuple(self._failures(found))

    def _failures(self, found: CoatingProperties) -> Iterator[Failure]:
        if self.contains_ion and not found.contains_ion:
            yield Failure("contains_ion", "holds no working ion", borderline=False)
        yield from _at_most(
            "e_above_hull", found.e_above_hull, self.max_e_above_hull_eV_per_atom, "eV/atom",
            "above the hull", MARGIN_eV_per_atom, strict=True,
        )  # fmt: skip
        if found.radioactive and not self.radioactive:
            yield Failure(
                "radioactive", f"radioactive: {', '.join(found.radioactive)}", borderline=False
            )
        if self.min_band_gap_eV is not None:
            if found.band_gap is None:
                yield Failure("band_gap", "band gap not known", borderline=True)
            elif found.band_gap <= self.min_band_gap_eV:
                yield _short(
                    "band_gap", "band gap", found.band_gap, self.min_band_gap_eV, "eV", MARGIN_V
                )
        yield from _at_most(
            "reduction_potential", found.reduction, self.max_reduction_potential_V, "V",
            "reduced below", MARGIN_V, strict=False,
        )  # fmt: skip
        least, oxidation = self.min_oxidation_potential_V, found.oxidation
        if least is not None and oxidation is not None and oxidation < least - BREAKPOINT:
            yield _short("oxidation_potential", "oxidised above", oxidation, least, "V", MARGIN_V)
        if self.window_overlap and found.gap_to_electrolyte > BREAKPOINT:
            yield Failure(
                "window_overlap",
                f"its window misses that of the electrolyte by {found.gap_to_electrolyte:.2f} V",
                borderline=found.gap_to_electrolyte <= MARGIN_V,
            )
        if self.min_window_width_V is not None and found.oxidation is not None:
            width = found.oxidation - found.reduction
            if width < self.min_window_width_V - BREAKPOINT:
                yield _short(
                    "window_width", "window of", width, self.min_window_width_V, "V", MARGIN_V
                )
        floor = self.min_reaction_energy_eV_per_atom
        if floor is not None:
            for side in ("electrolyte", "electrode"):
                energy = getattr(found, f"with_{side}")
                if energy <= floor - ENERGY_eV_per_atom:
                    yield Failure(
                        f"reaction_with_{side}",
                        f"reacts with the {side}: {energy:.3f} eV/atom",
                        borderline=energy >= floor - MARGIN_eV_per_atom,
                    )
        if found.same_as is not None:
            yield Failure("new_phase", f"is the {found.same_as} itself", borderline=False)


def _at_most(
    name: str,
    value: float | None,
    most: float | None,
    unit: str,
    said: str,
    margin: float,
    *,
    strict: bool,
) -> Iterator[Failure]:
    if most is None:
        return
    if value is None:
        yield Failure(name, f"not in the dataset: how far {said} is not known", borderline=True)
    elif value >= most if strict and most > 0.0 else value > most + BREAKPOINT:
        text = f"{value:.3f} {unit} {said}" if unit != "V" else f"{said} {value:.3f} V"
        yield Failure(name, f"{text}, more than {most:g}", borderline=value <= most + margin)


def _short(name: str, said: str, value: float, least: float, unit: str, margin: float) -> Failure:
    return Failure(
        name,
        f"{said} {value:.3f} {unit}, less than {least:g}",
        borderline=value >= least - margin,
    )
