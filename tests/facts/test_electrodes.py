import tomllib
from collections import Counter

import pytest

from sse_window.core.composition import Composition, parse
from sse_window.core.elements import ATOMIC_NUMBER
from sse_window.core.errors import FormulaError
from sse_window.core.ions import CHARGE
from sse_window.facts.electrodes import Electrode, electrodes, find, range_of
from sse_window.facts.packaged import data_file

ALL = electrodes()
IDS = [f"{electrode.ion}:{electrode.name}" for electrode in ALL]

# Charges that do not vary in the electrodes of the table; transition metals take the rest.
FIXED = {"Li": 1, "Na": 1, "K": 1, "Mg": 2, "Zn": 2, "Al": 3, "P": 5, "O": -2, "S": -2, "F": -1}
HIGHEST = {
    "Ti": 4, "V": 5, "Mn": 4, "Fe": 4, "Co": 4, "Ni": 4, "Mo": 4, "Nb": 5, "W": 6,
}  # fmt: skip
"""Transition metals; Fe(4+) stands for the S2(2-) of pyrite."""
METAL_IN_THE_DISCHARGED_STATE = {"FeS2"}
OXYGEN_TAKES_PART = {"LRLO"}


def ion_fraction(composition: Composition, ion: str) -> float:
    return composition.amount(ion) / composition.atoms


def host(composition: Composition, ion: str) -> dict[str, float]:
    rest = {e: n for e, n in composition.amounts.items() if e != ion}
    total = sum(rest.values())
    return {element: n / total for element, n in rest.items()}


def test_the_electrodes_that_the_program_promises_are_there():
    promised = {
        "Li", "Li-In", "graphite", "LTO", "TiS2", "LCO", "LNO", "LMO", "LFP", "NMC111", "NMC622",
        "NMC811", "NCA", "LNMO", "LCP", "S", "LMFP", "NMC532", "NMC83", "LRLO", "Li2S", "SeS2",
        "FeS2", "V2O5", "Nb2O5", "TNO", "silicon", "Si-C", "Sn", "Sb", "Bi", "In", "Al", "Ag",
        "Ag-C", "Mg", "Li-Al", "Li-Mg",
    }  # fmt: skip
    assert promised <= {electrode.name for electrode in electrodes("Li")}
    promised = {"Na", "hard carbon", "NaxCoO2", "Na-NVP", "Na-NVPF", "NFM", "Na-Sn"}
    assert promised <= {electrode.name for electrode in electrodes("Na")}


@pytest.mark.parametrize("ion", CHARGE)
def test_every_working_ion_has_its_metal_at_zero_volt(ion):
    metals = [electrode for electrode in electrodes(ion) if electrode.kind == "metal"]
    assert [metal.name for metal in metals] == [ion]
    assert metals[0].discharged == metals[0].charged == parse(ion)
    assert (metals[0].voltage_low, metals[0].voltage_high) == (0.0, 0.0)


def test_electrodes_of_an_unknown_ion_are_an_error():
    with pytest.raises(FormulaError, match="no working ion 'Xx'"):
        electrodes("Xx")


@pytest.mark.parametrize("electrode", ALL, ids=IDS)
def test_entry_is_complete(electrode: Electrode):
    assert electrode.ion in CHARGE
    assert electrode.kind in {"cathode", "anode", "metal"}
    assert electrode.source.strip()
    assert electrode.named in (electrode.discharged, electrode.charged)
    assert set(electrode.discharged.elements) | set(electrode.charged.elements) <= set(
        ATOMIC_NUMBER
    )


@pytest.mark.parametrize("electrode", ALL, ids=IDS)
def test_range_ascends_from_zero_and_holds_the_plateau(electrode: Electrode):
    assert 0.0 <= electrode.voltage_low <= electrode.voltage_high <= 5.5
    if electrode.plateau is not None:
        assert electrode.voltage_low <= electrode.plateau <= electrode.voltage_high
    if electrode.kind == "cathode":
        assert electrode.voltage_low < electrode.voltage_high


@pytest.mark.parametrize("electrode", ALL, ids=IDS)
def test_range_is_cited_or_called_typical(electrode: Electrode):
    if electrode.kind == "metal":
        assert "definition" in electrode.source
    else:
        assert any(
            words in electrode.note
            for words in ("typical range", "range as cycled there", "at one potential")
        )


@pytest.mark.parametrize("electrode", ALL, ids=IDS)
def test_charging_moves_ions_from_cathode_to_anode(electrode: Electrode):
    discharged = ion_fraction(electrode.discharged, electrode.ion)
    charged = ion_fraction(electrode.charged, electrode.ion)
    if electrode.kind == "cathode":
        assert charged < discharged
    elif electrode.kind == "anode":
        assert charged > discharged
    else:
        assert charged == discharged == 1.0


@pytest.mark.parametrize("electrode", ALL, ids=IDS)
def test_charging_keeps_the_host(electrode: Electrode):
    assert host(electrode.charged, electrode.ion) == pytest.approx(
        host(electrode.discharged, electrode.ion)
    )


WITH_TRANSITION_METAL = [e for e in ALL if set(e.charged.elements) & set(HIGHEST)]


@pytest.mark.parametrize("electrode", WITH_TRANSITION_METAL, ids=lambda e: f"{e.ion}:{e.name}")
def test_transition_metals_come_out_in_oxidation_states_that_they_take(electrode: Electrode):
    for state in (electrode.discharged, electrode.charged):
        metals = {e: n for e, n in state.amounts.items() if e in HIGHEST}
        rest = sum(n * FIXED[e] for e, n in state.amounts.items() if e not in HIGHEST)
        mean = -rest / sum(metals.values())
        highest = sum(n * HIGHEST[e] for e, n in metals.items()) / sum(metals.values())
        if electrode.name not in METAL_IN_THE_DISCHARGED_STATE:
            assert mean >= 2.0 - 1e-6
        if electrode.name in OXYGEN_TAKES_PART and state is electrode.charged:
            assert mean > highest
            assert "oxygen takes part" in electrode.note
        else:
            assert mean <= highest + 1e-6


def test_names_are_unique_for_each_ion():
    names = Counter((e.ion, name) for e in ALL for name in (e.name, *e.aliases))
    assert max(names.values()) == 1


def test_electrodes_that_share_a_composition_share_the_range():
    ranges: dict[tuple[str, str], set[tuple[float, float]]] = {}
    for e in ALL:
        for formula in {e.discharged.reduced_formula, e.charged.reduced_formula}:
            ranges.setdefault((e.ion, formula), set()).add((e.voltage_low, e.voltage_high))
    assert {key: found for key, found in ranges.items() if len(found) > 1} == {}


def test_same_name_under_two_ions_means_the_same_composition():
    meanings: dict[str, set[str]] = {}
    for electrode in ALL:
        for name in (electrode.name, *electrode.aliases):
            meanings.setdefault(name, set()).add(electrode.named.formula)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


def test_third_fractions_of_nmc_are_one_third():
    nmc = find("NMC111", "Li")
    assert nmc is not None
    assert nmc.discharged.reduced_formula == "Li3MnCoNiO6"
    assert nmc.charged.reduced_formula == "Li6Mn5Co5(NiO6)5"


@pytest.mark.parametrize(
    ("text", "ion", "expected"),
    [
        ("LCO", "Li", "LCO"),
        (" LCO ", "Li", "LCO"),
        ("NCM811", "Li", "NMC811"),
        ("sulfur", "Li", "S"),
        ("graphite", "K", "graphite"),
        ("LCO", "Na", None),
        ("LiCoO2", "Li", None),
        ("lco", "Li", None),
        ("", "Li", None),
    ],
)
def test_find_takes_exact_names_of_the_ion(text, ion, expected):
    found = find(text, ion)
    assert (None if found is None else found.name) == expected
    assert found is None or found.ion == ion


def test_graphite_differs_between_ions():
    lithium, potassium = find("graphite", "Li"), find("graphite", "K")
    assert lithium is not None and potassium is not None
    assert (lithium.charged.formula, potassium.charged.formula) == ("LiC6", "KC8")


@pytest.mark.parametrize(
    ("formula", "ion", "expected"),
    [
        ("LiCoO2", "Li", (3.0, 4.2)),
        ("Li2Co2O4", "Li", (3.0, 4.2)),
        ("CoLiO2", "Li", (3.0, 4.2)),
        ("LiCo2O4", "Li", (3.0, 4.2)),
        ("Li", "Li", (0.0, 0.0)),
        ("InLi", "Li", (0.62, 0.62)),
        ("MnO2", "Zn", (1.0, 1.9)),
        ("LiCoO2", "Na", None),
        ("Li10GeP2S12", "Li", None),
    ],
)
def test_range_of_a_composition(formula, ion, expected):
    assert range_of(parse(formula), ion) == expected


def test_reference_electrodes_have_a_plateau():
    plateaus = {name: find(name, "Li") for name in ("Li-In", "LTO", "graphite")}
    assert {name: e.plateau for name, e in plateaus.items() if e is not None} == {
        "Li-In": 0.62,
        "LTO": 1.55,
        "graphite": 0.09,
    }


def test_file_holds_only_known_keys():
    entries = tomllib.loads(data_file("electrodes.toml").read_text(encoding="utf-8"))["electrode"]
    required = {
        "name", "aliases", "ion", "kind", "discharged", "charged", "range_V", "source", "note",
        "source_checked",
    }  # fmt: skip
    for entry in entries:
        assert required <= set(entry) <= required | {"plateau_V", "named_state"}
