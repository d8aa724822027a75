"""Hydrates and solvates: known amounts are read, open ones refused with what to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sse_window.core.composition import parse
from sse_window.core.errors import FormulaError, UnknownAmountError
from sse_window.facts.names import resolve

HOSTS = st.sampled_from(["LiOH", "MgCl2", "Li2SO4", "Li3PS4", "Li6PS5Cl", "Ba(ClO4)2"])
GUESTS = st.sampled_from(["H2O", "NH3", "C4H8O", "D2O"])
JOINTS = st.sampled_from(["·", " · ", ".", "*", " "])
OPEN = st.sampled_from(["x", "n", "y", "z", "m", "~1", "≈2", "x/2", "2x", "0.5n", "X", "?"])
KNOWN = st.sampled_from([("1/2", 0.5), ("0.5", 0.5), ("2", 2.0), ("", 1.0), ("1.5", 1.5)])


@given(HOSTS, st.sampled_from(["·", " · ", "*"]), OPEN, GUESTS, st.booleans())
def test_an_open_amount_is_refused_with_what_to_write(
    host: str, joint: str, amount: str, guest: str, behind: bool
) -> None:
    text = f"{host}{joint}({guest}){amount}" if behind else f"{host}{joint}{amount}{guest}"
    for read in (parse, resolve):
        with pytest.raises(UnknownAmountError) as refused:
            read(text)
        said = str(refused.value)
        assert amount in said and f"{host} · 0.5{guest}" in said and f"{host} alone" in said
        assert "\n" not in said and "did you mean" not in said
    suggested = said.split("as in ")[1].split(", or")[0]
    assert parse(suggested).amounts


@given(HOSTS, JOINTS, OPEN, st.sampled_from(["H2O", "D2O", "NH3"]))
def test_an_open_amount_is_never_an_answer(host: str, joint: str, amount: str, guest: str) -> None:
    with pytest.raises(FormulaError):
        parse(f"{host}{joint}{amount}{guest}")


@given(HOSTS, st.sampled_from(["·", " · ", "*"]), KNOWN, st.sampled_from(["H2O", "D2O", "NH3"]))
def test_a_known_amount_is_read(
    host: str, joint: str, amount: tuple[str, float], guest: str
) -> None:
    read = parse(f"{host}{joint}{amount[0]}{guest}").amounts
    alone, one = parse(host).amounts, parse(guest).amounts
    for element in {*alone, *one}:
        expected = alone.get(element, 0.0) + amount[1] * one.get(element, 0.0)
        assert read[element] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("typed", "written"),
    [("Li3PS4·3THF", "3C4H8O"), ("Li3PS4·2ACN", "2C2H3N"), ("LiBH4·(THF)", "C4H8O"),
     ("Li7P2S8I·nDME", "0.5C4H10O2"), ("LiI·2MeOH", "2CH4O")],
)  # fmt: skip
def test_names_of_solvents_are_refused_with_their_atoms(typed: str, written: str) -> None:
    with pytest.raises(UnknownAmountError) as refused:
        parse(typed)
    assert written in str(refused.value)


@pytest.mark.parametrize("typed", ["LiOH(aq)", "LiCl (aq)", "LiOH.aq", "LiNO3·aq"])
def test_solutions_are_no_solids(typed: str) -> None:
    with pytest.raises(UnknownAmountError, match="a solution is no phase"):
        parse(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("D2O", "D2O was read as H2O; D and T count as hydrogen"),
     ("LiOD", "LiOD was read as LiOH; D and T count as hydrogen"),
     ("LiOH·½H2O", "LiOH·½H2O was read as LiOH·1/2H2O"),
     ("MgCl2.6H2O", "MgCl2.6H2O was read as the hydrate MgCl2(H2O)6"), ("Li3PS4", None)],
)  # fmt: skip
def test_what_was_read_is_said_beside_what_was_typed(typed: str, said: str | None) -> None:
    assert parse(typed).said_reading == said
