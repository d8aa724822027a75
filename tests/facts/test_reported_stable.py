import pytest

from sse_window.core.composition import parse
from sse_window.facts.reported_stable import reported_stable


@pytest.mark.parametrize(
    "formula",
    ["Li7La3Zr2O12", "Li6.25Al0.25La3Zr2O12", "Li6.4La3Zr1.4Ta0.6O12", "Li56La24Zr16O96",
     "Li6.55Al0.15La3Zr2O12"],
)  # fmt: skip
def test_garnets_of_zirconium(formula):
    found = reported_stable(parse(formula), "Li")
    assert found.name == "lithium garnet of zirconium"
    assert "Connell" in found.source
    assert reported_stable(parse(formula), "Na") is None


@pytest.mark.parametrize(
    "formula",
    [
        "Li6.75La3Zr1.75Nb0.25O12",  # reported to grow
        "Li5La3Nb2O12", "Li5La3Ta2O12",  # without zirconium
        "La2Zr2O7",  # without lithium
        "Li7La3Zr3O12", "Li7La2Zr2O12",  # another framework
        "Li2ZrO3", "Li10GeP2S12", "Li", "Li3La3Al3Zr2O12",
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_one(formula):
    assert reported_stable(parse(formula), "Li") is None


def test_beta_alumina():
    assert reported_stable(parse("NaAl11O17"), "Na").name == "sodium beta alumina"
    assert reported_stable(parse("Na1.67Mg0.67Al10.33O17"), "Na") is not None
    for formula in ("Al2O3", "NaAlO2", "Na3Zr2Si2PO12"):
        assert reported_stable(parse(formula), "Na") is None
