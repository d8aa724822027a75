"""Electrodes: their two states of charge and operating range, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from ..core.composition import Composition, parse
from ..core.ions import charge_of
from .packaged import cited_facts

__all__ = ["Electrode", "electrodes", "find", "range_of"]


@dataclass(frozen=True, slots=True)
class Electrode:
    """An electrode as cells use it.

    Attributes
    ----------
    name : str
    aliases : tuple of str
        Other spellings of the name.
    ion : str
        Working ion.
    kind : str
        ``cathode``, ``anode``, or ``metal`` (the ion's own, both states alike).
    discharged, charged : Composition
        In the discharged and in the charged cell: a charged cathode is poor in the ion, a charged
        anode rich.
    voltage_low, voltage_high : float
        Operating range [V vs the ion's metal].
    plateau : float or None
        Potential of the plateau [V vs the ion's metal] of an electrode that works at one.
    source : str
    note : str
        What is a convention ("typical range"), and what is nominal.
    named : Composition
        What the name means where one composition is wanted: the discharged state unless the
        electrode is called by its charged one (S, TiS2, Li-In).
    source_checked : bool
        Whether the reference was found again in an index; else it is from memory.
    """

    name: str
    aliases: tuple[str, ...]
    ion: str
    kind: str
    discharged: Composition
    charged: Composition
    voltage_low: float
    voltage_high: float
    plateau: float | None
    source: str
    note: str
    named: Composition
    source_checked: bool


def electrodes(ion: str | None = None) -> tuple[Electrode, ...]:
    """Known electrodes, in the order of the file.

    Parameters
    ----------
    ion : str, optional
        Only those of this working ion.

    Returns
    -------
    tuple of Electrode

    Raises
    ------
    FormulaError
        If `ion` is not a working ion.

    Examples
    --------
    >>> [electrode.name for electrode in electrodes("Mg")]
    ['Mg', 'Chevrel']
    """
    if ion is None:
        return _read()
    charge_of(ion)
    return tuple(electrode for electrode in _read() if electrode.ion == ion)


def find(text: str, ion: str) -> Electrode | None:
    """Electrode of this name or alias.

    A formula is not a name: ``LiCoO2`` is one composition, ``LCO`` an electrode with two states.

    Parameters
    ----------
    text : str
    ion : str
        Working ion.

    Returns
    -------
    Electrode or None

    Examples
    --------
    >>> lco = find("LCO", "Li")
    >>> lco.charged.formula, lco.voltage_low, lco.voltage_high
    ('Li0.5CoO2', 3.0, 4.2)
    >>> find("LiCoO2", "Li") is None
    True
    """
    wanted = text.strip()
    for electrode in electrodes(ion):
        if wanted in (electrode.name, *electrode.aliases):
            return electrode
    return None


def range_of(composition: Composition, ion: str) -> tuple[float, float] | None:
    """Operating range of the electrode that has this composition in one of its two states.

    Parameters
    ----------
    composition : Composition
    ion : str
        Working ion.

    Returns
    -------
    tuple of float, or None
        Low and high end [V vs the ion's metal]; None where no electrode has the composition.

    Examples
    --------
    >>> range_of(parse("Li2Fe2P2O8"), "Li")
    (2.5, 4.0)
    """
    formula = composition.reduced_formula
    for electrode in electrodes(ion):
        if formula in (electrode.discharged.reduced_formula, electrode.charged.reduced_formula):
            return electrode.voltage_low, electrode.voltage_high
    return None


@cache
def _read() -> tuple[Electrode, ...]:
    entries = cited_facts("electrodes.toml")
    return tuple(_electrode(entry) for entry in entries["electrode"])


def _electrode(entry: dict[str, Any]) -> Electrode:
    low, high = entry["range_V"]
    states = {state: parse(entry[state]) for state in ("discharged", "charged")}
    return Electrode(
        name=entry["name"],
        aliases=tuple(entry["aliases"]),
        ion=entry["ion"],
        kind=entry["kind"],
        discharged=states["discharged"],
        charged=states["charged"],
        voltage_low=low,
        voltage_high=high,
        plateau=entry.get("plateau_V"),
        source=entry["source"],
        note=entry["note"],
        named=states[entry.get("named_state", "discharged")],
        source_checked=entry["source_checked"],
    )
