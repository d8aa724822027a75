"""Whether a phase conducts electrons: one list of rules, taken in order.

1. A cited fact about the phase, or about its framework.
2. Metals and alloys conduct; other elements are judged by cited facts or by a gap that was measured
   or given by the user: what forms at an interface is rarely the crystal that was computed. Gases
   and liquids insulate.
3. A gap that was measured or given by the user. A measured gap of exactly 0 is none: compilations
   fill in metals that nobody measured.
4. Salts insulate, whatever was computed (:mod:`~sse_window.interphases.salts`).
5. Computed gaps, all that there are: above the threshold the phase insulates, below it it conducts.
   Unknown where they lie on either side of it, and where semilocal functionals are known to close
   the gap: where twice the gap reaches the threshold (they give about half of what is measured), in
   semiconductors of closed shells and compounds of nonmetals alone, in oxides and iodides of 3d
   metals, in sulfides and selenides of platinum metals, and in salts of complex anions of sulfur
   or selenium.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.composition import Composition
from ..facts.conductors import Facts
from ..facts.gases import GASES
from ..facts.liquids import LIQUIDS
from .salts import closed_gap, salt
from .thresholds import Thresholds

__all__ = ["CONDUCTOR", "INSULATOR", "UNKNOWN", "Electronic", "Gaps", "electronic_character"]

CONDUCTOR, INSULATOR, UNKNOWN = "conductor", "insulator", "unknown"

_UNDERESTIMATE = 2.0
"""Measured gaps over semilocal ones; of 110 compounds with a computed gap between 0 and 0.5 eV that
were measured too, 75 have a measured gap above 0.5 eV."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Band gaps that are known of a phase [eV].

    Attributes
    ----------
    measured : float or None
        Measured, or given by the user.
    measured_source : str or None
        ``measured`` or ``user``.
    computed : tuple of (float, str)
        Computed ones, and where each is from.
    """

    measured: float | None = None
    measured_source: str | None = None
    computed: tuple[tuple[float, str], ...] = ()

    @classmethod
    def of(cls, values: Sequence[tuple[float | None, str | None]]) -> Gaps:
        """Sort gaps by their sources; a measured 0 is no measurement, nan is none.

        Examples
        --------
        >>> Gaps.of([(0.0, "measured"), (1.2, "OQMD"), (1.2, "OQMD"), (None, None)])
        Gaps(measured=None, measured_source=None, computed=((1.2, 'OQMD'),))
        """
        measured: tuple[float, str] | None = None
        computed: dict[str, float] = {}
        for value, source in values:
            if value is None or not math.isfinite(value):
                continue
            if source == "user" or (source == "measured" and value > 0.0):
                measured = measured or (value, source)
            elif source != "measured":
                computed.setdefault(source or "source not given", value)
        value, source = measured or (None, None)
        return cls(value, source, tuple((v, s) for s, v in computed.items()))


@dataclass(frozen=True, slots=True)
class Electronic:
    """Electronic character of a phase.

    Attributes
    ----------
    character : str
        ``conductor``, ``insulator`` or ``unknown``.
    reason : str
        In words, with every gap that was used and whether it was measured or computed.
    source : str or None
    """

    character: str
    reason: str
    source: str | None


def electronic_character(
    formula: str,
    amounts: Mapping[str, float],
    gaps: Gaps,
    facts: Facts,
    thresholds: Thresholds | None = None,
) -> Electronic:
    """Electronic character of a phase, by the rules of this module.

    Parameters
    ----------
    formula : str
        Reduced.
    amounts : mapping of str to float
        Atoms of each element in it.
    gaps : Gaps
    facts : Facts
    thresholds : Thresholds, optional

    Returns
    -------
    Electronic

    Examples
    --------
    >>> from sse_window.facts.conductors import facts
    >>> zero = Gaps.of([(0.0, "OQMD")])
    >>> electronic_character("FeF3", {"Fe": 1.0, "F": 3.0}, zero, facts()).reason
    'fluoride, computed gap 0.00 eV (OQMD)'
    >>> electronic_character("Co9S8", {"Co": 9.0, "S": 8.0}, zero, facts()).character
    'conductor'
    """
    limits = thresholds or Thresholds()
    cited = facts.electronic(formula, amounts)
    if cited is not None:
        return Electronic(cited.character, cited.reason, cited.source)
    if all(facts.is_metal(element) for element in amounts):
        words = "metal" if len(amounts) == 1 else "compound of metals"
        return Electronic(CONDUCTOR, words, "metallic elements")
    measured = gaps.measured
    if len(amounts) == 1 and measured is None:
        return Electronic(UNKNOWN, "no cited conduction for this element", None)
    if formula in GASES or formula in LIQUIDS:
        state = "gas" if formula in GASES else "liquid"
        return Electronic(INSULATOR, state, f"molecular {state}")
    if measured is not None:
        source = gaps.measured_source or "measured"
        words = "measured" if source == "measured" else "given"
        side = CONDUCTOR if measured < limits.band_gap_eV else INSULATOR
        return Electronic(side, f"{words} gap {measured:.2f} eV", source)
    computed = _stated(gaps.computed)
    composition = Composition(formula, dict(amounts))
    kind = salt(composition)
    if kind is not None:
        return Electronic(INSULATOR, f"{kind}, {computed}" if computed else kind, "salt")
    if not gaps.computed:
        return Electronic(UNKNOWN, "no band gap known", None)
    return _by_computed(composition, gaps.computed, computed, limits.band_gap_eV)


def _by_computed(
    composition: Composition, gaps: Sequence[tuple[float, str]], text: str, threshold: float
) -> Electronic:
    source = ", ".join(name for _, name in gaps)
    low, high = min(gaps)[0], max(gaps)[0]
    if low >= threshold:
        return Electronic(INSULATOR, text, source)
    if high >= threshold:
        return Electronic(UNKNOWN, f"{text}: on both sides of {threshold:g} eV", source)
    if _UNDERESTIMATE * high >= threshold:
        return Electronic(
            UNKNOWN, f"{text}: about half of what is measured, so on either side", source
        )
    closed = closed_gap(composition)
    if closed is not None:
        return Electronic(
            UNKNOWN, f"{text}, but such functionals close the gap of {closed}", source
        )
    return Electronic(CONDUCTOR, text, source)


def _stated(gaps: Sequence[tuple[float, str]]) -> str:
    if not gaps:
        return ""
    return "computed gap " + ", ".join(f"{value:.2f} eV ({source})" for value, source in gaps)
