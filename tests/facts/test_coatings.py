"""Well-known coatings: readable, cited, and none twice."""

from collections import Counter

import pytest

from sse_window.facts.coatings import Coating, coatings
from sse_window.facts.names import known_names, resolve


@pytest.mark.parametrize("coating", coatings(), ids=lambda coating: coating.name)
def test_entry_is_complete_and_its_names_resolve(coating: Coating):
    assert "doi:" in coating.source
    assert coating.composition.formula == coating.name
    for name in (coating.name, *coating.aliases):
        assert resolve(name).reduced_formula == coating.composition.reduced_formula


def test_no_coating_stands_twice_and_those_that_everyone_asks_for_are_there():
    found = Counter(coating.composition.reduced_formula for coating in coatings())
    assert max(found.values()) == 1
    asked = [
        "LiNbO3", "LiTaO3", "Li2ZrO3", "Li3PO4", "LiAlO2", "Li2SiO3", "Li3BO3", "LiBO2",
        "Li4Ti5O12", "Al2O3", "ZrO2",
    ]  # fmt: skip
    assert {resolve(name).reduced_formula for name in asked} <= set(found)


@pytest.mark.parametrize(
    ("name", "formula"),
    [("carbon", "C"), ("PVDF", "C2H2F2"), ("PTFE", "C2F4"), ("PEO", "C2H4O")],
)
def test_additives_go_by_their_repeat_unit(name, formula):
    assert resolve(name).formula == formula
    (known,) = [known for known in known_names() if known.name == name]
    assert known.kind == "additive" and known.source


def test_every_known_name_has_a_source():
    assert all(known.source.strip() for known in known_names())
