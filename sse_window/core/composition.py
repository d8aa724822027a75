"""Formulas to amounts and back."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from .amounts import format_amount, fraction_of
from .elements import ATOMIC_MASS, ELECTRONEGATIVITY, SYMBOLS
from .errors import FormulaError
from .formula_text import may_hold_a_dot, read
from .plain_formula import amounts_of, simple_amounts, tokens, unreadable

__all__ = ["Composition", "format_amount", "parse", "recased", "reduced_formula", "slips"]

# Symbols and brackets, each with at most one plain number: nothing that could be read in two ways.
_PLAIN = re.compile(r"(?:[(\[{]|(?:[A-CE-SU-Z]|[A-Z][a-z]|[)\]}])(?:(?:0|[1-9]\d*)(?:\.\d+)?)?)+")

# Formulas that reduce to one atom too few: the molecule, or the peroxide, is what is meant.
_MOLECULES = {
    "O": "O2", "N": "N2", "F": "F2", "Cl": "Cl2", "H": "H2",
    "LiO": "Li2O2", "NaO": "Na2O2", "KO": "K2O2", "RbO": "Rb2O2", "CsO": "Cs2O2", "HO": "H2O2",
}  # fmt: skip

# Amounts that share no denominator up to this one stay decimal: whole numbers would mean nothing.
_LARGEST_COMMON_DENOMINATOR = 10_000

# Far beyond any cell or trace; sums and ratios of such amounts stay exact enough to compute with.
_SMALLEST_AMOUNT, _LARGEST_AMOUNT = 1e-9, 1e9


@dataclass(frozen=True)
class Composition:
    """A composition as the user wrote it.

    Attributes
    ----------
    formula : str
        The formula as typed; where the text was not one, the formula that it was read as.
    amounts : dict of str to float
        Atoms of each element per formula unit as typed, in the order of first appearance.
    read_as : str or None
        How the typed text was read, in words; None where it is a formula as it stands.
    typed : str or None
        That text, shortened where it is long.

    Examples
    --------
    >>> lgps = parse("Li10Ge(PS6)2")
    >>> lgps.atoms, lgps.reduced_formula, lgps.amount("S")
    (25.0, 'Li10Ge(PS6)2', 12.0)
    """

    formula: str
    amounts: dict[str, float]
    read_as: str | None = field(default=None, compare=False)
    typed: str | None = field(default=None, compare=False)

    @property
    def said_reading(self) -> str | None:
        """What was typed and how it was read, in words; None where it is a formula as it stands."""
        return (
            None
            if self.read_as is None
            else f"{self.typed or self.formula} was read as {self.read_as}"
        )

    @property
    def elements(self) -> tuple[str, ...]:
        """Elements in order of first appearance."""
        return tuple(self.amounts)

    @cached_property
    def atoms(self) -> float:
        """Atoms per formula unit."""
        return math.fsum(self.amounts.values())

    def amount(self, element: str) -> float:
        """Atoms of `element` per formula unit; 0 for an element that is not part of it."""
        return self.amounts.get(element, 0.0)

    @cached_property
    def molar_mass(self) -> float:
        """Mass of the formula unit [g/mol]."""
        return math.fsum(n * ATOMIC_MASS[element] for element, n in self.amounts.items())

    @cached_property
    def reduced_formula(self) -> str:
        """Formula in smallest whole numbers, elements by electronegativity: the lookup key."""
        return reduced_formula(self.amounts)[0]

    def __hash__(self) -> int:
        return hash((self.formula, tuple(self.amounts.items())))


def parse(formula: str) -> Composition:
    """Read a chemical formula in any notation that has one meaning.

    Rounded fractions count as what they mean (Ni0.3333333 is a third of a nickel atom: an atom in
    a million too few would put a phase beside its own tie-line). Nested brackets, decimal amounts
    and fractions, subscripts of any kind, hydrates (``LiCl·H2O``), and mixtures by mole and by mass
    (``75Li2S-25P2S5``, ``Li3PS4 - 5 wt% Al2O3``) are understood.

    Parameters
    ----------
    formula : str

    Returns
    -------
    Composition
        Its `read_as` says how the text was read where it is not a formula as it stands.

    Raises
    ------
    FormulaError
        If the text is empty, holds an unknown element, an unbalanced bracket, a charge, or an
        amount that is not a positive number, or if it can be read in two ways.

    Examples
    --------
    >>> parse("Li6.5La3Zr1.5Ta0.5O12").amounts["Ta"]
    0.5
    >>> parse("CuSO4·5H2O").amounts
    {'Cu': 1.0, 'S': 1.0, 'O': 9.0, 'H': 10.0}
    >>> parse("75Li2S-25P2S5").reduced_formula
    'Li3PS4'
    >>> parse("LiXx2")
    Traceback (most recent call last):
    ...
    sse_window.core.errors.FormulaError: formula 'LiXx2': no element 'Xx'
    """
    if not isinstance(formula, str):
        raise TypeError(f"a formula is text such as 'Li3PS4', not {type(formula).__name__}")
    typed = formula.strip()
    read_as = None
    text, amounts = typed, simple_amounts(typed)
    if amounts is not None:
        pass
    elif (
        _PLAIN.fullmatch(typed)
        and not ("." in typed and may_hold_a_dot(typed))
        and "[]" not in typed
    ):
        amounts = amounts_of(tokens(typed, typed), typed)
    else:
        text, amounts, read_as = read(formula)
    absent = [element for element, n in amounts.items() if n == 0.0]
    if absent:
        amounts = {element: n for element, n in amounts.items() if n > 0.0}
        plain = "".join(f"{e}{n:g}" if n != 1.0 else e for e, n in amounts.items())
        read_as = f"{read_as or plain}; {', '.join(absent)} of amount 0 left out"
    if not amounts:
        raise unreadable(typed, "no element with an amount above zero")
    if not all(_SMALLEST_AMOUNT <= n <= _LARGEST_AMOUNT for n in amounts.values()):
        raise unreadable(
            typed, f"amounts must lie between {_SMALLEST_AMOUNT:g} and {_LARGEST_AMOUNT:g}"
        )
    meant = {}
    for element, n in amounts.items():
        ratio = None if n.is_integer() else fraction_of(n)
        meant[element] = n if ratio is None else ratio[0] / ratio[1]
    shown = None if read_as is None else textwrap.shorten(typed, 80, placeholder=" ...")
    return Composition(text, meant, read_as, shown)


def reduced_formula(amounts: Mapping[str, float]) -> tuple[str, float]:
    """Reduced formula of a composition, and how many of it the composition holds.

    Elements stand in order of electronegativity, two trailing electronegative elements with a
    common factor in brackets: the convention of pymatgen and the Materials Project, so that tables
    can be joined by formula. Decimal amounts become whole numbers where a common denominator of at
    most 10,000 does it.

    Parameters
    ----------
    amounts : mapping of str to float
        Atoms of each element, all positive.

    Returns
    -------
    formula : str
    factor : float
        Formula units of `formula` in the composition.

    Examples
    --------
    >>> reduced_formula({"P": 0.75, "Li": 3.25, "Ge": 0.25, "S": 4})
    ('Li13GeP3S16', 0.25)
    """
    whole = _whole_numbers(amounts)
    if whole is not None:
        divisor = math.gcd(*whole.values())
        reduced = {element: n // divisor for element, n in whole.items()}
        text = _brackets(reduced)
        molecule = _MOLECULES.get(text)
        first = next(iter(amounts))
        factor = amounts[first] / reduced[first]
        return (text, factor) if molecule is None else (molecule, factor / 2)
    return "".join(f"{e}{_number(amounts[e])}" for e in _in_order(tuple(amounts))), 1.0


def _whole_numbers(amounts: Mapping[str, float]) -> dict[str, int] | None:
    """Whole amounts in the same ratio; None where no small denominator makes them."""
    if all(float(n).is_integer() for n in amounts.values()):
        return {element: int(n) for element, n in amounts.items()}
    fractions = {element: fraction_of(n) for element, n in amounts.items()}
    known = {element: f for element, f in fractions.items() if f is not None}
    denominator = math.lcm(*(divisor for _, divisor in known.values()))
    if len(known) < len(amounts) or denominator > _LARGEST_COMMON_DENOMINATOR:
        return None
    return {element: n * (denominator // divisor) for element, (n, divisor) in known.items()}


@lru_cache(maxsize=1024)
def _in_order(symbols: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(symbols, key=lambda e: (ELECTRONEGATIVITY[e], e)))


def _brackets(whole: Mapping[str, int]) -> str:
    order = _in_order(tuple(whole))
    tail = ""
    if len(order) >= 3:
        left, right = order[-2:]
        common = math.gcd(whole[left], whole[right])
        if common > 1 and ELECTRONEGATIVITY[right] - ELECTRONEGATIVITY[left] < 1.65:
            inner = "".join(f"{e}{_number(whole[e] // common)}" for e in (left, right))
            tail = f"({inner}){common}"
            order = order[:-2]
    return "".join(f"{e}{_number(whole[e])}" for e in order) + tail


def _number(amount: float) -> str:
    return "" if amount == 1 else f"{amount:.8g}"


_TWO_LETTERS = [symbol for symbol in SYMBOLS if len(symbol) == 2]
_APART = [symbol for symbol in _TWO_LETTERS if {symbol[0], symbol[1].upper()} <= set(SYMBOLS)]
_SLIP = re.compile(f"(?={'|'.join([*map(str.upper, _TWO_LETTERS), *_APART])})")
"""Where CO may be Co, or Co may be CO; La is not L and A."""
_LOOKALIKE = re.compile(r"\.[0-9]+|(?<=[0-9])[0O]|(?<=[A-Z])I")
"""Where 0 may be O (but not among decimals), O may be 0, and I may be l."""


def slips(formula: str) -> list[Composition]:
    """What a formula may have meant if one key was the wrong one, or shift held wrongly, once.

    Two capitals that are the two letters of one symbol (CO for Co), a symbol whose letters are two
    symbols (Co for CO), and the characters that look alike: 0 and O, I and l.

    Examples
    --------
    >>> [slip.formula for slip in slips("LiCOO2")], [slip.formula for slip in slips("Li2Co3")]
    (['LiCoO2'], ['Li2CO3'])
    >>> [slip.formula for slip in slips("Li7La3Zr2012")], [slip.formula for slip in slips("LiCI")]
    (['Li7La3Zr2O12'], ['LiCl'])
    """
    meant = []
    for match in _SLIP.finditer(formula):
        two = formula[match.start() : match.start() + 2]
        meant.append((match.start(), two[0] + two[1].swapcase()))
    alike = {"0": "O", "O": "0", "I": "l"}
    meant += [
        (match.start(), alike[match[0]])
        for match in _LOOKALIKE.finditer(formula)
        if match[0] in alike
    ]
    found = []
    plain = _PLAIN.fullmatch(formula) is not None
    for place, other in meant:
        text = formula[:place] + other + formula[place + len(other) :]
        if plain and not _PLAIN.fullmatch(text):
            continue  # no formula as it stands
        try:
            found.append(parse(text))
        except FormulaError:
            continue
    return [slip for slip in found if slip.read_as is None]


def recased(text: str) -> str | None:
    """The formula that `text` may have meant had its element symbols been capitalised properly.

    The reading with the fewest symbols wins: ``licoo2`` is LiCoO2.

    Examples
    --------
    >>> recased("li7la3zr2o12"), recased("hello")
    ('Li7La3Zr2O12', None)
    """
    symbols = {symbol.lower(): symbol for symbol in SYMBOLS}
    best: dict[int, list[str]] = {0: []}
    lowered = text.lower()
    for i, character in enumerate(lowered):
        if i not in best:
            continue
        steps = [character] if not character.isalpha() else []
        steps += [symbols[lowered[i : i + n]] for n in (1, 2) if lowered[i : i + n] in symbols]
        for step in steps:
            candidate = [*best[i], step]
            end = i + len(step)
            if end not in best or len(candidate) < len(best[end]):
                best[end] = candidate
    found = best.get(len(text))
    if not found or "".join(found) == text:
        return None
    try:
        return parse("".join(found)).formula
    except FormulaError:
        return None
