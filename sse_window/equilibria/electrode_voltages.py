"""Calculated voltages of electrode reactions beside the measured ones: a check of the energies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.composition import Composition, parse
from ..core.errors import FormulaError
from ..core.ions import charge_of
from ..core.record import Record
from ..core.tolerances import PROPORTION
from ..facts.electrode_voltages import MeasuredVoltage, measured_voltages
from ..phases.table import PhaseTable, Provenance
from .chemical_system import ChemicalSystem
from .phase_energies import phase_energy

OTHER_POLYMORPH_eV_per_atom = 0.2
"""A phase of a dataset this far above the hull is not the one that works in a cell: the most
metastable hosts that do, charged olivines, lie 0.1 above it."""

__all__ = ["VoltageCheck", "average_voltage", "check_voltages", "mean_deviations"]


@dataclass(frozen=True, slots=True)
class VoltageCheck(Record):
    """One measured voltage, and what a dataset makes of it.

    Attributes
    ----------
    couple, ion, chemistry, method : str
    measured_V : float
        From enthalpies where these are known: energies have no entropy.
    calculated_V : float
    deviation_V : float
        Calculated minus measured.
    left_out_V : float or None
        As calculated, on energies fitted to measurements without any compound of these elements;
        None where energies are not fitted.
    mark : str or None
        Why the two do not speak of the same phases; such a row is no part of a mean.
    source : str
    dataset : Provenance
    """

    couple: str
    ion: str
    chemistry: str
    method: str
    measured_V: float
    calculated_V: float
    deviation_V: float
    left_out_V: float | None
    mark: str | None
    source: str
    dataset: Provenance


def average_voltage(
    table: PhaseTable,
    charged: Composition,
    discharged: Composition,
    ion: str = "Li",
    *,
    in_equilibrium: bool = False,
) -> float:
    """Mean voltage between two ion contents of one host.

    V = -[E(discharged) - E(charged)] / (z n) with formation energies and n ions taken up
    (Aydinol et al., Phys. Rev. B 1997, 56, 1354, https://doi.org/10.1103/PhysRevB.56.1354).

    Parameters
    ----------
    table : PhaseTable
    charged, discharged : Composition
        Of the same elements beside the ion, in the same proportion.
    ion : str
    in_equilibrium : bool
        Take what the atoms form in equilibrium instead of a phase of the composition.

    Returns
    -------
    float
        [V vs the metal]

    Raises
    ------
    FormulaError
        If the two are no states of one host, or hold the same amount of the ion.

    Examples
    --------
    >>> table = PhaseTable.from_formulas({"LiCoO2": -1.75, "CoO2": -0.75})
    >>> round(average_voltage(table, parse("CoO2"), parse("LiCoO2")), 9)
    4.75
    """
    host, filled = _host(charged, ion), _host(discharged, ion)
    scale = sum(host.values()) / sum(filled.values()) if filled else 0.0
    if host.keys() != filled.keys() or any(
        abs(n - filled[e] * scale) > PROPORTION * n for e, n in host.items()
    ):
        raise FormulaError(
            f"{charged.formula} and {discharged.formula} are no states of one host of {ion}: "
            "the other elements have to stand in one proportion"
        )
    ions = discharged.amounts.get(ion, 0.0) * scale - charged.amounts.get(ion, 0.0)
    if ions <= 0.0:
        raise FormulaError(f"{discharged.formula} holds no more {ion} than {charged.formula}")

    def energy(composition: Composition) -> float:
        if in_equilibrium:
            system = ChemicalSystem.of(table, composition.elements)
            return system.equilibrium(composition).cost * composition.atoms
        return phase_energy(table, composition).energy

    return (energy(charged) - energy(discharged) * scale) / (ions * charge_of(ion))


def _mark(table: PhaseTable, *hosts: Composition) -> str | None:
    """Why the phases of a dataset are not those that were measured, as far as it shows."""
    for host in hosts:
        row = table.index(host.reduced_formula)
        if row is None:
            return f"{host.reduced_formula} is not in the dataset"
        above = phase_energy(table, host).e_above_hull
        if above is not None and above > OTHER_POLYMORPH_eV_per_atom:
            return f"{host.reduced_formula} lies {above:.2f} eV/atom above the hull"
    return None


def _host(composition: Composition, ion: str) -> dict[str, float]:
    return {e: n for e, n in composition.amounts.items() if e != ion}


def check_voltages(
    table: PhaseTable,
    measured: Iterable[MeasuredVoltage] | None = None,
    left_out_V: Mapping[str, float] | None = None,
) -> tuple[VoltageCheck, ...]:
    """Every measured voltage beside the one that the energies of a dataset give.

    Parameters
    ----------
    table : PhaseTable
    measured : iterable of MeasuredVoltage, optional
        The packaged ones if left out.
    left_out_V : mapping of str to float, optional
        By couple, what fits without its compounds give.

    Returns
    -------
    tuple of VoltageCheck
        Without those of elements that the dataset does not hold.
    """
    found = []
    for known in measured_voltages() if measured is None else measured:
        charged, discharged = parse(known.charged), parse(known.discharged)
        elements = {*charged.elements, *discharged.elements, known.ion}
        if not (elements <= set(table.elements) and table.provenance.covers(elements)):
            continue
        equilibrium = known.taken_as == "equilibrium"
        calculated = average_voltage(
            table, charged, discharged, known.ion, in_equilibrium=equilibrium
        )
        mark = known.polymorph
        if not equilibrium:
            mark = _mark(table, charged, discharged) or mark
        found.append(
            VoltageCheck(
                couple=known.couple,
                ion=known.ion,
                chemistry=known.chemistry,
                method=known.method,
                measured_V=known.comparable_V,
                calculated_V=calculated,
                deviation_V=calculated - known.comparable_V,
                left_out_V=(left_out_V or {}).get(known.couple),
                mark=mark,
                source=known.source,
                dataset=table.provenance,
            )
        )
    return tuple(found)


def mean_deviations(
    checks: Iterable[VoltageCheck], *, left_out: bool = False
) -> dict[tuple[Provenance, str], float]:
    """Mean absolute deviation of each dataset from the voltages of each method.

    Parameters
    ----------
    checks : iterable of VoltageCheck
        Those with a mark do not count.
    left_out : bool
        Of the voltages by fits that saw no compound of the couple, where there are such.

    Returns
    -------
    dict
        By dataset and method [V].
    """
    off: dict[tuple[Provenance, str], list[float]] = {}
    for check in checks:
        voltage = check.left_out_V if left_out else check.calculated_V
        if not check.mark and voltage is not None:
            difference = abs(voltage - check.measured_V)
            off.setdefault((check.dataset, check.method), []).append(difference)
    return {key: sum(values) / len(values) for key, values in off.items()}
