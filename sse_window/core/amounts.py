"""Amounts as fractions and as text.

Ordinary Python, compiled where there is a C compiler: see :mod:`~sse_window.core.simplex`.
"""

from __future__ import annotations

__all__ = ["format_amount", "fraction_of"]

# Amounts with more decimals than this denominator has are rounded fractions where a simple one
# agrees with the fifth decimal: Ni0.3333333 and Ni0.33333 are Ni1/3, Ni0.333 and Ni0.3333 are not.
_DECIMAL_DENOMINATOR = 10_000
_SIMPLE_DENOMINATOR = 60
_EXACT = 1e-12
_TYPED_PRECISION = 5e-6

_LARGEST = 1e12
"""Beyond, a float has no decimals to speak of."""

_WHOLE = 1e-10
_NEARLY_HALF = 0.49
"""Of the fourth decimal: what lies nearer to a half is rounded with more care."""


def fraction_of(amount: float) -> tuple[int, int] | None:
    """The fraction that a typed amount stands for; None for one that is just a number.

    A fraction that is as near as either precision asks is one of the continued fraction, and there
    is no second one.

    Examples
    --------
    >>> fraction_of(0.33333), fraction_of(1.25), fraction_of(0.3333)
    ((1, 3), (5, 4), (3333, 10000))
    >>> print(fraction_of(0.123456))
    None
    """
    if not 0.0 < amount < _LARGEST:
        return None
    simple_top = simple_bottom = 0
    rest = amount
    p0, q0, p1, q1 = 0, 1, 1, 0
    largest = amount if amount > 1.0 else 1.0
    while True:
        part = int(rest)
        p0, p1 = p1, p0 + part * p1
        q0, q1 = q1, q0 + part * q1
        if q1 > _DECIMAL_DENOMINATOR:
            break
        off = abs(1.0 * p1 / q1 - amount)  # of whole numbers C takes the whole part
        if p1 and off <= _EXACT * largest:
            return int(p1), int(q1)
        if p1 and q1 <= _SIMPLE_DENOMINATOR and off < _TYPED_PRECISION:
            simple_top, simple_bottom = p1, q1
        if rest == part:
            break
        rest = 1.0 / (rest - part)
        if rest > _DECIMAL_DENOMINATOR * 2.0:
            break
    return (int(simple_top), int(simple_bottom)) if simple_bottom else None


def format_amount(amount: float) -> str:
    """Stoichiometric coefficient as text, empty for 1: four decimals, or four digits below 0.1.

    Examples
    --------
    >>> format_amount(0.5), format_amount(1.0), format_amount(2 / 3)
    ('0.5', '', '0.6667')
    """
    if 0.1 <= amount < 1e4:
        whole = int(amount + 0.5)
        if whole and abs(amount - whole) < _WHOLE * whole:  # nearly every coefficient
            return "" if whole == 1 else str(whole)
        scaled = amount * 1e4
        digits = int(scaled + 0.5)
        if -_NEARLY_HALF < scaled - digits < _NEARLY_HALF:
            whole = digits // 10_000
            digits -= 10_000 * whole
            if digits == 0:
                return "" if whole == 1 else str(whole)
            width = 4
            while digits % 10 == 0:
                digits //= 10
                width -= 1
            return f"{whole}.{str(digits).zfill(width)}"
    return _rounded(amount)


def _rounded(amount: float) -> str:
    # Rounding noise must not decide which way a half goes: 0.15625 reads the same everywhere.
    amount = float(f"{amount:.10g}")
    if abs(amount) < 0.1:
        return f"{amount:.4g}"
    rounded = f"{amount:.4f}".rstrip("0").rstrip(".") if abs(amount) < 1e4 else f"{amount:.6g}"
    return "" if rounded == "1" else rounded
