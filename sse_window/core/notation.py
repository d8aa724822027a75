"""Characters, markup and labels that people write formulas with, made plain.

Only what has one meaning is changed: subscripts, LaTeX and HTML, the many dashes, dots and spaces
of Unicode, fraction signs, decimal commas, and words that name a form (``beta-``, ``(cubic)``).
"""

from __future__ import annotations

import html
import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

from .errors import FormulaError
from .plain_formula import VACANCY, unreadable

__all__ = ["Plain", "characters", "names_a_form", "plain"]

_CHARACTERS: dict[str, str] = {
    **dict(zip("₀₁₂₃₄₅₆₇₈₉．", "0123456789.", strict=True)),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－₋", "-"),
    **dict.fromkeys("·•⋅∙・●‧ㆍ∗*×", "·"),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("□◻☐▢⬜◽▫", VACANCY),
    **dict.fromkeys("₊＋", "+"),
    **dict.fromkeys("₍", "("),
    **dict.fromkeys("₎", ")"),
    "，": ",",
}
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"

_FORMS = (
    "alpha|beta|gamma|delta|epsilon|cubic|tetragonal|orthorhombic|monoclinic|triclinic|trigonal|"
    "hexagonal|rhombohedral|amorphous|glass|glassy|glass[- ]ceramic|crystalline|disordered|ordered|"
    "layered|spinel|high[- ]temperature|low[- ]temperature|[HLR]T"
)
_SPELT_FORM = rf"(?:(?i:{_FORMS})|[α-ω]'?)(?: (?:phase|form))?"
_PREFIX = re.compile(
    rf"\(\s*({_SPELT_FORM})\s*\)[- ]*|({_SPELT_FORM})(?:-| (?=[A-Z(\[]))|([a-z])-(?=[A-Z(\[])"
)
_SUFFIX = re.compile(rf"(?:\s*[(,\[]\s*({_SPELT_FORM})\s*[)\]]?|\s({_SPELT_FORM})|-([α-γ]'?))$")
_UNIT = re.compile(r"(?i)(?:\b|(?<=\d))(wt|w|weight|mass|mole|mol|at|vol)[.]?[ -]*%")
_LONGEST = 10_000


class Plain(NamedTuple):
    """A formula in plain characters.

    Attributes
    ----------
    text : str
    remarks : tuple of str
        What was left out or taken for something else, in words.
    """

    text: str
    remarks: tuple[str, ...]


def plain(typed: str) -> Plain:
    """The formula in the characters that formulas are made of.

    Parameters
    ----------
    typed : str

    Returns
    -------
    Plain

    Raises
    ------
    FormulaError
        If nothing is left of it, or it is longer than any formula.

    Examples
    --------
    >>> plain(r"Li$_{1/2}$CoO$_2$").text, plain("75Li₂S–25P₂S₅").text
    ('Li1/2CoO2', '75Li2S-25P2S5')
    >>> plain("β-Li3PS4")
    Plain(text='Li3PS4', remarks=('the form, β, is left out: the dataset knows the lowest one',))
    """
    if len(typed) > _LONGEST:
        raise unreadable(typed, f"longer than {_LONGEST} characters")
    text = characters(_without_markup(typed))
    text = re.sub(r"[^\S\n\r\v\f]+", " ", _fractions(text)).strip()
    if not text:
        raise FormulaError("empty formula: give one such as Li3PS4")
    text = _UNIT.sub(lambda match: f"{match[1].lower()}%", text)
    remarks = []
    text, form = _without_form(text, typed)
    if form:
        remarks.append(f"the form, {form}, is left out: the dataset knows the lowest one")
    # No mark separates two numbers of a formula but a decimal one.
    text, commas = re.subn(r"(?<=\d),(?=\d)", ".", text)
    if commas:
        remarks.append("commas are decimal points")
    text, vacancies = re.subn(rf"Vac(?![a-z])|\[\]|{VACANCY}", VACANCY, text)
    if vacancies:
        remarks.append("vacancies hold no atoms")
    if re.search(r"[DT](?![a-z])", text):
        remarks.append("D and T count as hydrogen")
    return Plain(text, tuple(remarks))


def characters(text: str) -> str:
    """The text in plain characters of the same meaning, one for one.

    Examples
    --------
    >>> characters("Li₃PS₄ − LiCl")
    'Li3PS4 - LiCl'
    """
    text = re.sub(rf"(?<=[\d.])[{_ZERO_WIDTH}]+(?=[\d.])", " ", text)
    text = re.sub(f"[{_ZERO_WIDTH}]", "", text)
    text = "".join(_CHARACTERS.get(c, c) for c in text)
    return "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" else c for c in text)


def _without_markup(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = re.sub(r"</?(?:sub|i|b|em|strong|span)[^<>]*>", "", text)
        text = re.sub(r"<sup[^<>]*>", "^", text)
    if "\\" in text:
        inside = r"\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}"
        for _ in range(3):
            text = re.sub(
                rf"\\(?:mathrm|mathregular|mathsf|mathbf|text|textrm|ce|rm){inside}", r"\1", text
            )
        text = re.sub(r"\\[dt]?frac\{(\d+)\}\{(\d+)\}", r"\1/\2", text)
        text = re.sub(r"\\(?:cdot|times|bullet|ast)(?![a-z])", "·", text)
        text = re.sub(r"\\(?:square|Box)(?![a-z])", VACANCY, text)
        text = re.sub(r"\\(alpha|beta|gamma|delta|epsilon)(?![a-z])", r"\1", text)
        text = re.sub(r"\\%", "%", text)
        text = re.sub(r"\\(?:[,;:! ]|q?quad|rm(?![a-z]))", " ", text)
    text = text.replace("$", "")
    text = re.sub(r"_\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"_(\d+(?:\.\d+)?)", r"\1", text)
    return re.sub(r"~(\d[\d./]*)~", r"\1", text)


def _fractions(text: str) -> str:
    """Fraction signs as 1/2, also behind a whole number."""

    def written(match: re.Match[str]) -> str:
        top, bottom = unicodedata.normalize("NFKC", match[2]).split("⁄")
        value = Fraction(int(top), int(bottom)) + int(match[1] or 0)
        return f"{value.numerator}/{value.denominator}"

    return re.sub("([0-9]*)([¼-¾⅐-⅞])", written, text)


def names_a_form(text: str) -> bool:
    """Whether a text is the name of a form (cubic, β) and nothing else.

    Examples
    --------
    >>> names_a_form("(cubic)"), names_a_form("Li3PS4")
    (True, False)
    """
    return re.fullmatch(rf"\(?\s*{_SPELT_FORM}\s*\)?", text) is not None


def _without_form(text: str, typed: str) -> tuple[str, str | None]:
    form = None
    for pattern in (_PREFIX, _SUFFIX):
        match = pattern.match(text) if pattern is _PREFIX else pattern.search(text)
        if match is not None:
            form = next(group for group in match.groups() if group)
            text = (text[: match.start()] + text[match.end() :]).strip()
    if form is not None and not text:
        raise unreadable(typed, f"{form!r} names a form, not a composition")
    if names_a_form(text):
        raise unreadable(typed, f"{text.strip('()')!r} names a form, not a composition")
    return text, form
