"""Water and solvents of crystals whose amount or atoms a formula leaves open."""

from __future__ import annotations

import re

from .errors import UnknownAmountError
from .plain_formula import unreadable

__all__ = ["check_solvates"]

_SOLVENTS = {
    "THF": "C4H8O",
    "ACN": "C2H3N",
    "MeCN": "C2H3N",
    "DME": "C4H10O2",
    "DMF": "C3H7NO",
    "DMSO": "C2H6OS",
    "NMP": "C5H9NO",
    "MeOH": "CH4O",
    "EtOH": "C2H6O",
    "iPrOH": "C3H8O",
    "DOL": "C3H6O2",
    "EC": "C3H4O3",
    "DMC": "C3H6O3",
    "DEC": "C5H10O3",
    "EA": "C4H8O2",
}
"""Atoms of what papers name by letters."""

_NAMED = "|".join(sorted(_SOLVENTS, key=len, reverse=True))
_GUEST = rf"H2O|D2O|NH3|CH3OH|C2H5OH|CH3CN|C4H8O|HF|HCl|{_NAMED}"
_OPEN = r"[~≈<>]?\d*(?:\.\d+)?[a-zα-ω](?:/\d+)?|X|Y|\?|[~≈<>]\d+(?:\.\d+)?"
_NO_NUMBER = re.compile(rf"(?: ?[·.*•] ?| )\(?({_OPEN})\)? ?\(?({_GUEST})\)?(?![A-Za-z0-9])")
_OPEN_BEHIND = re.compile(rf"(?: ?[·.*•] ?| )?\(({_GUEST})\)_?\{{?({_OPEN})\}}?(?![A-Za-z0-9(])")
_SOLVENT = re.compile(
    rf"(?:[·.* ]|(?<=[0-9)])) ?(\d*(?:[./]\d+)?) ?\(?({_NAMED})\)?(?![A-Za-z0-9])"
)
_DISSOLVED = re.compile(r"[ ·.*]?\(?\baq\.?\)?$")


def check_solvates(text: str, typed: str) -> None:
    """Make sure that a formula says how much water or solvent it holds, and of which atoms.

    Parameters
    ----------
    text, typed : see :func:`~sse_window.core.plain_formula.tokens`

    Raises
    ------
    UnknownAmountError
        With what to write instead.

    Examples
    --------
    >>> check_solvates("LiOH·0.5H2O", "LiOH·0.5H2O")
    >>> check_solvates("LiOH·xH2O", "LiOH·xH2O")
    Traceback (most recent call last):
    ...
    sse_window.core.errors.UnknownAmountError: formula 'LiOH·xH2O': the amount x of H2O is no
    number: write one, as in LiOH · 0.5H2O, or LiOH alone
    """
    found = _NO_NUMBER.search(text)
    amount, guest = (found[1], found[2]) if found else ("", "")
    if found is None and (found := _OPEN_BEHIND.search(text)):
        guest, amount = found[1], found[2]
    if found:
        host = text[: found.start()] or "the host"
        atoms = _SOLVENTS.get(guest, guest)
        raise _unknown(
            typed,
            f"the amount {amount} of {guest} is no number: write one, as in {host} · 0.5{atoms}, "
            f"or {host} alone",
        )
    named = _SOLVENT.search(text)
    if named:
        host = text[: named.start()] or "the host"
        raise _unknown(
            typed,
            f"{named[2]} names a solvent: write its atoms, as in "
            f"{host} · {named[1]}{_SOLVENTS[named[2]]}",
        )
    dissolved = _DISSOLVED.search(text)
    if dissolved:
        raise _unknown(
            typed,
            "a solution is no phase of the dataset: write the solid, as in "
            f"{text[: dissolved.start()] or 'LiOH'}, or water with its amount, as in LiOH · H2O",
        )


def _unknown(typed: str, why: str) -> UnknownAmountError:
    return UnknownAmountError(str(unreadable(typed, why)))
