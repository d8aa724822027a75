"""Volume of electrodes against their state of charge, and mixtures that keep their volume.

For hosts whose unit cell was measured, the volume is interpolated between the measured cells and
never beyond them. A mixture of active materials at one potential, of mass shares w_i, changes by

    dV/V = sum (w_i / rho_i) d_i / sum (w_i / rho_i),

d_i the relative change of material i and rho_i its density, so that two materials of opposite
change keep the volume where w_1 = (-d_2 / rho_2) / (d_1 / rho_1 - d_2 / rho_2) [1]_. That share
belongs to one upper voltage. Elements and alloys that change phase (Sn, Sb, S) are taken from the
volumes of the phases in the dataset, which are good to about 10 %; hosts that keep their framework
never are, because the dataset may hold another polymorph of them (FePO4: 38 % too large). This is
strain; stress needs the elasticity and porosity
of the whole electrode, and an elastic estimate is hundreds of times what is measured [1]_.

References
----------
.. [1] Koerver et al., Energy Environ. Sci. 2018, 11, 2142, doi:10.1039/c8ee00907d
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.composition import Composition, format_amount, parse
from ..core.errors import DataError
from ..core.ions import charge_of
from ..core.record import Record
from ..core.tolerances import AMOUNT
from ..equilibria.open_equilibria import open_equilibria
from ..facts import names
from ..facts.cell_volumes import HostVolumes
from ..facts.electrodes import find
from ..facts.gases import GASES
from ..facts.oxidation_numbers import NONMETALS
from ..phases.table import PhaseTable, Provenance
from .zero_strain import MixPoint, mixtures

__all__ = ["ElectrodeStrain", "StrainPoint", "StrainResult", "strain"]

CUBIC_ANGSTROM_PER_ION_cm3_PER_MOL = 0.602214076
"""One cubic angstrom per ion is this many cm3 per mole of ions."""

MEASURED = "measured unit cells"
OF_PHASES = "volumes of the phases in the dataset, good to about 10 %"


@dataclass(frozen=True, slots=True)
class StrainPoint(Record):
    """One state of an electrode.

    Attributes
    ----------
    ion_fraction : float
        Share of the ion sites that are filled; for anodes that change phase, of the richest phase.
    composition : str
    voltage_V : float or None
        Open-circuit voltage; None where it was not measured.
    volume_change : float
        Relative to the discharged cathode, or the empty anode.
    partial_molar_volume_cm3_per_mol : float or None
        Of the ion, between this state and the one before; None at the first and without a density.
    """

    ion_fraction: float
    composition: str
    voltage_V: float | None
    volume_change: float
    partial_molar_volume_cm3_per_mol: float | None


@dataclass(frozen=True, slots=True)
class ElectrodeStrain(Record):
    """Volume of one electrode over its states of charge.

    Attributes
    ----------
    electrode : str
    working_ion : str
    basis : str
        Measured unit cells, or phases of the dataset.
    points : tuple of StrainPoint
        From the reference onwards.
    volume_change_over_range : float
        Change from the first to the last point.
    largest_swing : float
        Largest less smallest volume on the way, relative to the reference.
    partial_molar_volume_cm3_per_mol : float or None
        Of the ion, over the whole range; None where no density is cited.
    density_g_per_cm3 : float or None
    source : str
    voltage_source, density_source : str or None
    notes : tuple of str
    """

    electrode: str
    working_ion: str
    basis: str
    points: tuple[StrainPoint, ...]
    volume_change_over_range: float
    largest_swing: float
    partial_molar_volume_cm3_per_mol: float | None
    density_g_per_cm3: float | None
    source: str
    voltage_source: str | None
    density_source: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class StrainResult(Record):
    """Volumes of electrodes, and of their mixture.

    Attributes
    ----------
    electrodes : tuple of ElectrodeStrain
    mix : tuple of MixPoint
        Empty for a single electrode.
    notes : tuple of str
    dataset : Provenance or None
        Where phases of a dataset were asked.
    """

    electrodes: tuple[ElectrodeStrain, ...]
    mix: tuple[MixPoint, ...]
    notes: tuple[str, ...]
    dataset: Provenance | None


def strain(
    electrodes: Sequence[str],
    hosts: Sequence[HostVolumes],
    table: PhaseTable | None = None,
    ion: str = "Li",
    *,
    upto_V: float | None = None,
    mass_fractions: Sequence[float] | None = None,
    ion_fractions: Sequence[float] | None = None,
) -> StrainResult:
    """Volume of electrodes against content and voltage, and mixtures that keep their volume.

    Parameters
    ----------
    electrodes : sequence of str
        Names of measured hosts; or elements and alloys that change phase, by name or formula.
    hosts : sequence of HostVolumes
        The measured ones; of two with one name the last counts.
    table : PhaseTable, optional
        For elements and alloys that are not among the hosts.
    ion : str
    upto_V : float, optional
        One upper voltage for the mixture; a series of them if left out.
    mass_fractions : sequence of float, optional
        Shares by mass of the mixture, in any unit; those that keep the volume if left out.
    ion_fractions : sequence of float, optional
        States of the materials, in place of one voltage.

    Returns
    -------
    StrainResult

    Raises
    ------
    DataError
        If an electrode was not measured and has no phases, or shares do not fit the electrodes.

    Examples
    --------
    >>> from sse_window.facts.cell_volumes import packaged_hosts
    >>> found = strain(["LCO", "NMC811"], packaged_hosts(), ion_fractions=[0.60, 0.40])
    >>> [round(share, 2) for share in found.mix[0].mass_fractions]
    [0.45, 0.55]
    """
    if not electrodes:
        raise DataError("no electrode: name one or more, such as LCO NMC811")
    known = {(_key(_canonical(host.electrode, host.ion)), host.ion): host for host in hosts}
    chosen = [known.get((_key(_canonical(name, ion)), ion)) for name in electrodes]
    found = []
    for name, host in zip(electrodes, chosen, strict=True):
        if host is not None:
            found.append(_of_host(name, host))
        elif table is not None and (swells := _swells(name, ion)) is not None:
            found.append(_of_phases(table, name, swells, ion))
        else:
            raise DataError(_unmeasured(name, ion, hosts))
    mix: tuple[MixPoint, ...] = ()
    if len(electrodes) > 1:
        mix = mixtures(electrodes, chosen, upto_V, mass_fractions, ion_fractions)
    elif mass_fractions is not None or ion_fractions is not None:
        raise DataError("shares and ion fractions need two electrodes or more")
    notes = ["strain, not stress: that needs the elasticity and porosity of the whole electrode"]
    used = any(host is None for host in chosen)
    return StrainResult(
        electrodes=tuple(found),
        mix=mix,
        notes=tuple(notes),
        dataset=table.provenance if used and table is not None else None,
    )


def _key(name: str) -> str:
    return name.lower().replace("ncm", "nmc")


def _canonical(name: str, ion: str) -> str:
    electrode = find(name, ion)
    return name if electrode is None else electrode.name


def _unmeasured(name: str, ion: str, hosts: Sequence[HostVolumes]) -> str:
    there = ", ".join(sorted({host.electrode for host in hosts if host.ion == ion})) or "none"
    return (
        f"no measured unit cells of {name!r} for {ion}; measured: {there}. Add your own with "
        "--cells FILE (elements and alloys are taken from the volumes of their phases)"
    )


def _of_host(name: str, host: HostVolumes) -> ElectrodeStrain:
    curve = host.volume_change
    fractions = sorted(curve.xs, key=lambda x: abs(x - host.reference))
    sites = host.formula.amount(host.ion)
    points: list[StrainPoint] = []
    for x in fractions:
        change = curve.at(x)
        assert change is not None
        volume = None
        if points and host.density_g_per_cm3 is not None:
            dn = (x - points[-1].ion_fraction) * sites
            volume = (change - points[-1].volume_change) * _molar_volume(host) / dn
        points.append(
            StrainPoint(
                ion_fraction=x,
                composition=_at_fraction(host, x),
                voltage_V=host.voltage.at(x) if host.voltage else None,
                volume_change=change,
                partial_molar_volume_cm3_per_mol=volume,
            )
        )
    notes = []
    if host.density_g_per_cm3 is None:
        notes.append("no density cited: no volume per mole of ion, and no mixture by mass")
    if host.voltage is None:
        notes.append("no open-circuit voltage at hand: volume against content alone")
    first, last = points[0], points[-1]
    mean = None
    if host.density_g_per_cm3 is not None:
        dn = (last.ion_fraction - first.ion_fraction) * sites
        mean = (last.volume_change - first.volume_change) * _molar_volume(host) / dn
    return ElectrodeStrain(
        electrode=name,
        working_ion=host.ion,
        basis=MEASURED,
        points=tuple(points),
        volume_change_over_range=last.volume_change - first.volume_change,
        largest_swing=max(curve.ys) - min(curve.ys),
        partial_molar_volume_cm3_per_mol=mean,
        density_g_per_cm3=host.density_g_per_cm3,
        source=host.source,
        voltage_source=host.voltage_source,
        density_source=host.density_source,
        notes=tuple(notes),
    )


def _molar_volume(host: HostVolumes) -> float:
    """Volume of the host at its reference [cm3/mol]."""
    assert host.density_g_per_cm3 is not None
    return host.molar_mass(host.reference) / host.density_g_per_cm3


def _at_fraction(host: HostVolumes, fraction: float) -> str:
    amounts = {
        element: amount * (fraction if element == host.ion else 1.0)
        for element, amount in host.formula.amounts.items()
    }
    return "".join(f"{e}{format_amount(n)}" for e, n in amounts.items() if n > AMOUNT)


def _swells(name: str, ion: str) -> Composition | None:
    """What takes up the ion and changes phase by it: an element but carbon, or an alloy."""
    electrode = find(name, ion)
    given = names.resolve(name) if electrode is None else electrode.discharged
    host = _without(given, ion)
    if host is None:
        raise DataError(f"{name} is the metal of the ion itself: it grows, it does not swell")
    elements = set(host.elements)
    alloy = not elements & (NONMETALS - {"Si"})
    return host if alloy or (len(elements) == 1 and elements != {"C"}) else None


def _of_phases(table: PhaseTable, name: str, host: Composition, ion: str) -> ElectrodeStrain:
    """Electrode that changes phase: solids at every equilibrium of its elements with the ion."""
    equilibria = open_equilibria(table, host, ion)
    charge = charge_of(ion)
    points: list[StrainPoint] = []
    missing: set[str] = set()
    bare = _volume(table, [(host.reduced_formula, host.atoms)], missing)
    if bare is None:
        raise DataError(f"no volume known for {host.reduced_formula} in {table.provenance.name!r}")
    richest = 0.0
    for segment in reversed(equilibria.segments):
        products = equilibria.system.products(segment.vertex, host)
        ions = segment.vertex.slope / charge * equilibria.system.conserved_atoms(host)
        solids = []
        for product in products:
            if product.formula in GASES:
                missing.add(f"{product.formula} (a gas)")
            solids.append((product.formula, product.amount * parse(product.formula).atoms))
        volume = _volume(table, solids, missing)
        richest = max(richest, ions)
        if volume is None:
            continue
        change = volume / bare - 1.0
        per_ion = None
        if points and ions > points[-1].ion_fraction:
            dn = ions - points[-1].ion_fraction
            per_ion = (change - points[-1].volume_change) * bare / dn
            per_ion *= CUBIC_ANGSTROM_PER_ION_cm3_PER_MOL
        text = " + ".join(f"{format_amount(p.amount)} {p.formula}".strip() for p in products)
        points.append(StrainPoint(ions, text, segment.high, change, per_ion))
    if len(points) < 2:
        raise DataError(f"{name} takes up no {ion} in {table.provenance.name!r}: no volume change")
    notes = [f"no volume known for {', '.join(sorted(missing))}: those states are left out"]
    last = points[-1]
    changes = [p.volume_change for p in points]
    return ElectrodeStrain(
        electrode=name,
        working_ion=ion,
        basis=OF_PHASES,
        points=tuple(
            StrainPoint(
                p.ion_fraction / richest,
                p.composition,
                p.voltage_V if p.voltage_V is not None and math.isfinite(p.voltage_V) else None,
                p.volume_change,
                p.partial_molar_volume_cm3_per_mol,
            )
            for p in points
        ),
        volume_change_over_range=last.volume_change,
        largest_swing=max(changes) - min(changes),
        partial_molar_volume_cm3_per_mol=(
            last.volume_change * bare / last.ion_fraction * CUBIC_ANGSTROM_PER_ION_cm3_PER_MOL
        ),
        density_g_per_cm3=None,
        source=table.provenance.name,
        voltage_source=table.provenance.name,
        density_source=None,
        notes=tuple(notes) if missing else (),
    )


def _without(composition: Composition, ion: str) -> Composition | None:
    amounts = {e: n for e, n in composition.amounts.items() if e != ion}
    if not amounts:
        return None
    return parse("".join(f"{e}{format_amount(n)}" for e, n in amounts.items()))


def _volume(
    table: PhaseTable, solids: Sequence[tuple[str, float]], missing: set[str]
) -> float | None:
    """Volume of solids given as formula and atoms [cubic angstrom]; None where one is unknown."""
    volumes = table.properties.get("volume_per_atom_A3")
    total = 0.0
    for formula, atoms in solids:
        row = table.index(formula)
        value = math.nan if volumes is None or row is None else float(volumes[row])
        if formula in GASES or not math.isfinite(value):
            missing.add(formula)
            return None
        total += value * atoms
    return total
