"""Mixtures of active materials at one potential, and the shares by mass that keep their volume."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.errors import DataError
from ..core.ions import charge_of, specific_capacity_mAh_per_g
from ..core.record import Record
from ..core.tolerances import ROUNDING
from ..facts.cell_volumes import HostVolumes

__all__ = ["MixPoint", "mixtures"]

_STEP_V = 0.05
"""Upper voltages of a mixture where none is asked for."""


@dataclass(frozen=True, slots=True)
class MixPoint(Record):
    """A mixture of active materials at one potential.

    Attributes
    ----------
    upto_V : float or None
        Upper voltage; None where ion fractions were stated instead.
    ion_fractions : tuple of float or None
        Of every material; None outside its measured states.
    volume_changes : tuple of float or None
    mass_fractions : tuple of float or None
        As stated, else those that keep the volume; None where none do.
    volume_change : float or None
        Of the mixture.
    capacity_mAh_per_g : float or None
        Charge given off since the reference, per mass of the mixture.
    reason : str or None
        Why a value is missing.
    """

    upto_V: float | None
    ion_fractions: tuple[float | None, ...]
    volume_changes: tuple[float | None, ...]
    mass_fractions: tuple[float, ...] | None
    volume_change: float | None
    capacity_mAh_per_g: float | None
    reason: str | None


def mixtures(
    electrodes: Sequence[str],
    hosts: Sequence[HostVolumes | None],
    upto_V: float | None,
    mass_fractions: Sequence[float] | None,
    ion_fractions: Sequence[float] | None,
) -> tuple[MixPoint, ...]:
    """Mixtures of some electrodes, at one or every upper voltage, or at stated ion fractions.

    Parameters
    ----------
    electrodes : sequence of str
        As the user called them.
    hosts : sequence of HostVolumes or None
        Measured unit cells of each; without all of them there is no mixture, and the reason.
    upto_V : float, optional
        Upper voltage vs the metal; a series of them if left out.
    mass_fractions : sequence of float, optional
        Shares by mass; if left out those that keep the volume.
    ion_fractions : sequence of float, optional
        Filled share of the ion sites of every material, in place of a voltage.

    Returns
    -------
    tuple of MixPoint

    Raises
    ------
    DataError
        If shares or ion fractions do not fit the electrodes.
    """
    shares = _shares(mass_fractions, len(electrodes))
    for name, host in zip(electrodes, hosts, strict=True):
        if host is None or host.density_g_per_cm3 is None:
            lacking = "measured unit cells" if host is None else "cited density"
            return (_nothing(len(electrodes), upto_V, f"{name} has no {lacking}: no mixture"),)
    measured = [host for host in hosts if host is not None]
    if ion_fractions is not None:
        if len(ion_fractions) != len(measured):
            raise DataError(
                f"{len(ion_fractions)} ion fractions for {len(measured)} electrodes: one for each"
            )
        return (_mix(measured, list(ion_fractions), None, shares),)
    for name, host in zip(electrodes, measured, strict=True):
        if host.voltage is None:
            reason = f"{name} has no open-circuit voltage at hand: state ion fractions"
            return (_nothing(len(electrodes), upto_V, reason),)
    if upto_V is not None:
        if not math.isfinite(upto_V):
            raise DataError(f"upper voltage {upto_V:g} V: give a number")
        return (_mix(measured, _states_at(measured, upto_V), upto_V, shares),)
    curves = [host.voltage for host in measured if host.voltage is not None]
    low = max(min(curve.ys) for curve in curves)
    high = min(max(curve.ys) for curve in curves)
    steps = range(math.ceil(low / _STEP_V), math.floor(high / _STEP_V) + 1)
    found = [_mix(measured, _states_at(measured, i * _STEP_V), i * _STEP_V, shares) for i in steps]
    if not found:
        reason = f"the voltages of {' and '.join(electrodes)} do not overlap: no mixture at one"
        return (_nothing(len(electrodes), None, reason),)
    return tuple(found)


def _shares(mass_fractions: Sequence[float] | None, n: int) -> list[float] | None:
    if mass_fractions is None:
        return None
    if len(mass_fractions) != n:
        raise DataError(f"{len(mass_fractions)} shares by mass for {n} electrodes: one for each")
    total = math.fsum(mass_fractions)
    if not all(math.isfinite(w) and w >= 0.0 for w in mass_fractions) or total <= 0.0:
        raise DataError("shares by mass: give numbers of 0 or more, such as 45:55")
    return [w / total for w in mass_fractions]


def _states_at(hosts: Sequence[HostVolumes], voltage: float) -> list[float | None]:
    return [host.voltage.where(voltage) if host.voltage else None for host in hosts]


def _nothing(n: int, upto_V: float | None, reason: str) -> MixPoint:
    return MixPoint(upto_V, (None,) * n, (None,) * n, None, None, None, reason)


def _mix(
    hosts: Sequence[HostVolumes],
    fractions: Sequence[float | None],
    upto_V: float | None,
    shares: list[float] | None,
) -> MixPoint:
    changes = [
        None if x is None else host.volume_change.at(x)
        for host, x in zip(hosts, fractions, strict=True)
    ]
    head = (upto_V, tuple(fractions), tuple(changes))
    outside = [h.electrode for h, d in zip(hosts, changes, strict=True) if d is None]
    if outside:
        return MixPoint(*head, None, None, None, f"outside the measured cells of {outside[0]}")
    known = [d for d in changes if d is not None]
    inverse = [1.0 / h.density_g_per_cm3 for h in hosts if h.density_g_per_cm3 is not None]
    weights = shares
    if weights is None:
        if len(hosts) > 2:
            reason = "more than two materials keep the volume in many ways: state shares by mass"
            return MixPoint(*head, None, None, None, reason)
        first, second = (d * v for d, v in zip(known, inverse, strict=True))
        if first * second >= 0.0:
            reason = "both shrink" if first < 0.0 or second < 0.0 else "both grow"
            if first == second == 0.0:
                reason = "neither changes: every mixture keeps the volume"
            return MixPoint(*head, None, None, None, reason)
        share = -second / (first - second)
        weights = [share, 1.0 - share]
    volumes = [w * v for w, v in zip(weights, inverse, strict=True)]
    change = math.fsum(v * d for v, d in zip(volumes, known, strict=True)) / math.fsum(volumes)
    capacity = math.fsum(
        w
        * specific_capacity_mAh_per_g(
            abs(h.reference - x) * h.formula.amount(h.ion),
            charge_of(h.ion),
            h.molar_mass(h.reference),
        )
        for w, h, x in zip(weights, hosts, fractions, strict=True)
        if x is not None
    )
    return MixPoint(
        *head, tuple(weights), 0.0 if abs(change) < ROUNDING else change, capacity, None
    )
