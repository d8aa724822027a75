"""Formulas, reactions and quantities as text of a picture (matplotlib's mathtext)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from ..core.composition import parse
from ..core.errors import FormulaError
from ..core.ions import charge_of
from ..results.reference import Reference

__all__ = [
    "formula_html",
    "formula_text",
    "interval_text",
    "ion_text",
    "name_text",
    "number_text",
    "plain_text",
    "reaction_terms",
    "voltage_label",
]

# Digits (with a decimal point) that follow an element or a closing bracket are indices.
_INDEX = re.compile(r"(?<=[A-Za-z)\]}])\d*\.?\d+")
_COEFFICIENT = re.compile(r"\d*\.?\d+(e[-+]?\d+)?")


def plain_text(text: str) -> str:
    """Text that mathtext leaves as it is.

    Examples
    --------
    >>> plain_text("batch $7")
    'batch \\\\$7'
    """
    return text.replace("$", r"\$")


def formula_text(formula: str, *, bold: bool = False) -> str:
    """Formula with its indices lowered.

    Examples
    --------
    >>> formula_text("Li10Ge(PS6)2"), formula_text("0.5Li2S*0.5P2S5")
    ('Li$_{10}$Ge(PS$_{6}$)$_{2}$', '0.5Li$_{2}$S·0.5P$_{2}$S$_{5}$')
    """
    # Mathtext does not follow the weight of the text around it.
    index = r"$_{\mathbf{%s}}$" if bold else "$_{%s}$"
    return _INDEX.sub(lambda match: index % match[0], plain_text(formula)).replace("*", "·")


def formula_html(formula: str) -> str:
    """Formula with its indices lowered, as HTML.

    Examples
    --------
    >>> formula_html("Li10Ge(PS6)2")
    'Li<sub>10</sub>Ge(PS<sub>6</sub>)<sub>2</sub>'
    """
    return _INDEX.sub(lambda match: f"<sub>{match[0]}</sub>", escape(formula)).replace("*", "·")


def name_text(text: str, *, bold: bool = False) -> str:
    """A formula with its indices lowered, a name as it is.

    Examples
    --------
    >>> name_text("Li3PS4"), name_text("NMC811")
    ('Li$_{3}$PS$_{4}$', 'NMC811')
    """
    try:
        parse(text)
    except FormulaError:
        return plain_text(text)
    return formula_text(text, bold=bold)


def ion_text(ion: str) -> str:
    """The ion with its charge.

    Examples
    --------
    >>> ion_text("Li"), ion_text("Mg")
    ('Li$^{+}$', 'Mg$^{2+}$')
    """
    charge = charge_of(ion)
    return f"{ion}$^{{{charge if charge > 1 else ''}+}}$"


def voltage_label(ion: str, reference: Reference | None = None) -> str:
    """Label of a voltage axis: against the ion's metal, or a named reference electrode.

    Examples
    --------
    >>> voltage_label("Na"), voltage_label("Li", Reference("In-Li", 0.62))
    ('Voltage vs Na/Na$^{+}$ (V)', 'Voltage vs In-Li (V)')
    """
    is_metal = reference is None or reference == Reference.metal(ion)
    against = (
        f"{ion}/{ion_text(ion)}" if reference is None or is_metal else name_text(reference.label)
    )
    return f"Voltage vs {against} (V)"


def number_text(value: float, decimals: int) -> str:
    """Number with a true minus sign; no sign before zero.

    Examples
    --------
    >>> number_text(-0.345, 2), number_text(-0.0001, 2)
    ('−0.34', '0.00')
    """
    text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def interval_text(low: float, high: float | None) -> str:
    """Interval of voltage with the decimals, two to four, that tell its ends apart.

    Examples
    --------
    >>> interval_text(1.7207, 2.2914), interval_text(0.0889, 0.0894), interval_text(3.7593, None)
    ('1.72–2.29 V', '0.0889–0.0894 V', '> 3.76 V')
    """
    if high is None:
        return f"> {number_text(low, 2)} V"
    if high == low:
        return f"{number_text(low, 2)} V"
    for decimals in (2, 3, 4):
        ends = number_text(low, decimals), number_text(high, decimals)
        if ends[0] != ends[1]:
            break
    # With a minus sign in front of it, a dash would read as another one.
    return f"{ends[0]}{' to ' if low < 0.0 else '–'}{ends[1]} V"


def reaction_terms(reaction: str) -> list[str]:
    """Reaction in pieces between which a line may break.

    Examples
    --------
    >>> reaction_terms("Li2S + 0.3333 P2S5 -> 0.6667 Li3PS4")
    ['Li$_{2}$S', '+ 0.333 P$_{2}$S$_{5}$', '→ 0.667 Li$_{3}$PS$_{4}$']
    """
    if " -> " not in reaction:
        return [plain_text(reaction)]
    terms: list[str] = []
    sign = ""
    for piece in re.split(r" (\+|->) ", reaction):
        if piece in ("+", "->"):
            sign = "+ " if piece == "+" else "→ "
            continue
        terms.append(sign + " ".join(_words(piece.split())))
    return terms


def _words(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        yield f"{float(word):.3g}" if _COEFFICIENT.fullmatch(word) else formula_text(word)
