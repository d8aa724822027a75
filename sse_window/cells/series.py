"""Windows and pair reactions along a series of compositions: doping, substitution, mixing.

A composition that the dataset holds has its own energy; one that it lacks is the mixture of its
neighbours, the phases it is made of when nothing is exchanged. Its limits are theirs, and step
where the neighbours change: those members are marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..core.errors import FormulaError
from ..core.formula_template import FormulaTemplate, TemplatePoint
from ..core.record import Record
from ..equilibria.chemical_system import ChemicalSystem
from ..equilibria.windows import StabilityWindow, stability_window
from ..facts.names import resolve
from ..phases.table import PhaseTable
from .pairs import PairResult, pair_state
from .states import electrode_states

__all__ = ["SeriesPair", "SeriesPoint", "composition_series"]


@dataclass(frozen=True, slots=True)
class SeriesPair(Record):
    """What a member of the series does with one state of an electrode.

    Attributes
    ----------
    electrode, electrode_state : str
    additive : str or None
    chemical_mutual_eV_per_atom, electrochemical_mutual_eV_per_nonion_atom : float
        Worst mutual reactions, closed, and open over the operating range.
    chemical_reaction, electrochemical_reaction : str
    interphase_class : int or None
    """

    electrode: str
    electrode_state: str
    additive: str | None
    chemical_mutual_eV_per_atom: float
    electrochemical_mutual_eV_per_nonion_atom: float
    chemical_reaction: str
    electrochemical_reaction: str
    interphase_class: int | None


@dataclass(frozen=True)
class SeriesPoint(Record):
    """One member of a series.

    Attributes
    ----------
    window : StabilityWindow
    x, y : float or None
        Values of the variables of these names; None where the template has none.
    values : mapping of str to float
        Of all variables.
    choices : tuple of str
        Members of the sets.
    neighbours : tuple of str
        Phases of the closed equilibrium of the composition.
    phase_set_changes : bool
        The neighbours are others than those of the member before.
    limiting_reaction_reduction, limiting_reaction_oxidation : str or None
        None where there is no such limit.
    pairs : tuple of SeriesPair
    """

    window: StabilityWindow
    x: float | None
    y: float | None
    values: Mapping[str, float]
    choices: tuple[str, ...]
    neighbours: tuple[str, ...]
    phase_set_changes: bool
    limiting_reaction_reduction: str | None
    limiting_reaction_oxidation: str | None
    pairs: tuple[SeriesPair, ...]

    def to_dict(self) -> dict[str, Any]:
        """The record of the window, with the place in the series beside its own keys."""
        plain = Record.to_dict(self)
        return {**plain.pop("window"), **plain}


def composition_series(
    table: PhaseTable,
    template: FormulaTemplate,
    ranges: Mapping[str, Sequence[Fraction]],
    ion: str = "Li",
    *,
    electrodes: Sequence[str] = (),
    additive: str | None = None,
    voltage_range_V: tuple[float, float] | None = None,
    all_steps: bool = True,
) -> Iterator[SeriesPoint]:
    """Every member of a series, one by one.

    Parameters
    ----------
    table : PhaseTable
    template : FormulaTemplate
    ranges : mapping of str to sequence of Fraction
        Values of the variables of the template.
    ion : str
    electrodes : sequence of str
        Electrodes to meet; every state of each is asked.
    additive : str, optional
        Third component of every pair.
    voltage_range_V : tuple of float, optional
        In place of the electrodes' own ranges.
    all_steps : bool
        Carry the whole voltage profile.

    Yields
    ------
    SeriesPoint
        Sets slowest, then the variables by name, the last one fastest.

    Raises
    ------
    FormulaError, UnknownElementsError
        For a member that cannot be read, naming it.

    Examples
    --------
    >>> from sse_window.core.formula_template import values_of_range
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4, "Li3P": -0.9, "P2S5": -0.3})
    >>> template = FormulaTemplate("Li{3-x}PS{4-x/2}")
    >>> points = composition_series(table, template, {"x": values_of_range("0:1:0.5")})
    >>> [(p.x, p.neighbours, p.phase_set_changes) for p in points][:2]
    [(0.0, ('Li2S', 'P2S5'), False), (0.5, ('Li2S', 'P2S5'), False)]
    """
    states = [
        state
        for name in electrodes
        for state in electrode_states(table, name, ion, voltage_range_V)
    ]
    last: TemplatePoint | None = None
    known: frozenset[str] = frozenset()
    for member in template.points(ranges):
        try:
            composition = resolve(member.formula)
        except FormulaError as error:
            raise FormulaError(f"template {template.text!r}: {error}") from None
        window = stability_window(table, composition, ion, all_steps=all_steps)
        system = ChemicalSystem.of(table, composition.elements)
        products = system.products(system.equilibrium(composition), composition)
        neighbours = frozenset(product.formula for product in products)
        beside = last is not None and _follows(last, member)
        # On a tie-line some of the phases are absent; that alone is no change of neighbours.
        changed = beside and not (neighbours <= known or known <= neighbours)
        known = neighbours if changed or not beside or known <= neighbours else known
        yield SeriesPoint(
            window=window,
            x=member.values.get("x"),
            y=member.values.get("y"),
            values=member.values,
            choices=member.choices,
            neighbours=tuple(sorted(neighbours)),
            phase_set_changes=changed,
            limiting_reaction_reduction=window.reduction.reaction if window.reduction else None,
            limiting_reaction_oxidation=window.oxidation.reaction if window.oxidation else None,
            pairs=tuple(
                _met(pair_state(table, member.formula, state, ion, additive=additive), additive)
                for state in states
            ),
        )
        last = member


def _follows(last: TemplatePoint, member: TemplatePoint) -> bool:
    """Whether only the fastest variable moved on."""
    if last.choices != member.choices or not member.values:
        return False
    *others, _ = member.values
    return all(last.values[name] == member.values[name] for name in others)


def _met(result: PairResult, additive: str | None) -> SeriesPair:
    worst = result.electrochemical[-1]
    chemical, electrochemical = result.chemical.mutual, worst.mutual
    if result.additive is not None:
        chemical = result.additive.chemical.mutual
        electrochemical = result.additive.electrochemical[-1].mutual
    return SeriesPair(
        electrode=result.electrode,
        electrode_state=result.electrode_state,
        additive=additive,
        chemical_mutual_eV_per_atom=chemical.reaction_energy,
        electrochemical_mutual_eV_per_nonion_atom=electrochemical.reaction_energy,
        chemical_reaction=chemical.reaction,
        electrochemical_reaction=electrochemical.reaction,
        interphase_class=result.interphase.interphase_class,
    )
