"""Heat: published temperatures and reactions, energies by hand, and questions without an answer."""

from __future__ import annotations

import json
import math

import pytest

from sse_window.cells.atmospheres import ATMOSPHERES, atmosphere
from sse_window.cells.sintering import sinter
from sse_window.core.composition import parse
from sse_window.core.errors import DataError, FormulaError, SSEWindowError
from sse_window.facts.thermochemistry import gas_properties
from sse_window.phases.table import PhaseTable


# Measured: CRC Handbook of Chemistry and Physics, 95th ed. (2014), and phase diagrams (Cu-O, Co-O).
@pytest.mark.parametrize(
    ("solid", "product", "air", "expected", "tolerance"),
    [
        ("CaCO3", "CaO", "CO2", 1165.0, 60.0),
        ("CuO", "Cu2O", "air", 1300.0, 60.0),
        ("Co3O4", "CoO", "air", 1175.0, 110.0),
        ("Ag2O", "Ag", "O2", 465.0, 60.0),
        ("Mg(OH)2", "MgO", "H2O", 540.0, 60.0),
        ("MnCO3", "MnO", "CO2", 614.0, 60.0),
    ],
)
def test_measured_decompositions(table, solid, product, air, expected, tolerance):
    result = sinter(table, solid, in_atmosphere=air, temperature_K=(298.0, 1500.0))
    assert result.energies == "measured"
    found = result.decompositions[0]
    assert found.decomposition_K == pytest.approx(expected, abs=tolerance)
    assert product in found.reaction
    assert result.decomposition_K == {"a": found.decomposition_K}
    assert found.gases[0].amount < 0.0  # released
    assert found.error_K == pytest.approx(60.0)


def test_decomposition_by_hand(table):
    # CaCO3: dH = 179.2 kJ/mol, dS = 160.2 J/(mol K); ln p shifts the entropy.
    for pressure in (1.0, 1e-3):
        expected = 179.2e3 / (160.2 - 8.314462618 * math.log(pressure))
        result = sinter(table, "CaCO3", in_atmosphere="CO2", pressures_bar={"CO2": pressure})
        assert result.decomposition_K["a"] == pytest.approx(expected, abs=0.5)


# Wakasugi, Munakata, Kanamura, J. Electrochem. Soc. 2017 (doi:10.1149/2.0091706jes): garnet with
# LiFePO4 decomposes from 400 C, with LiMn2O4 from 600 C, with LiCoO2 not up to 800 C. The energies
# are those of the packaged table at 500 C in air, meV per non-oxygen atom.
@pytest.mark.parametrize(
    ("cathode", "expected"), [("LiFePO4", -275.0), ("LiMn2O4", -191.0), ("LiCoO2", -5.0)]
)
def test_order_of_cathodes_with_garnet(table, cathode, expected):
    result = sinter(table, "LLZO", cathode, temperature_K=(773.0, 773.0))
    (point,) = result.points
    assert result.energies == "table"
    assert 1e3 * point.mutual_eV_per_nongas_atom == pytest.approx(expected, abs=1.0)
    assert point.total_eV_per_nongas_atom <= point.mutual_eV_per_nongas_atom + 1e-9


@pytest.mark.parametrize(
    ("pressure", "low", "high"), [(4e-4, 900.0, 1000.0), (1.0, 1300.0, 1400.0)]
)
def test_garnet_in_carbon_dioxide(table, pressure, low, high):
    result = sinter(table, "LLZO", pressures_bar={"CO2": pressure}, temperature_K=(300.0, 1700.0))
    found = result.decompositions[0]
    assert low < found.stable_from_K < high
    assert "Li2CO3" in found.reaction
    assert found.gases[0].formula == "CO2"
    assert found.gases[0].amount > 0.0


def test_phosphate_with_cobaltate(table):
    # Ichihara et al., J. Phys. Chem. C 2025, doi:10.1021/acs.jpcc.5c02329: Co3O4, Li3PO4, TiO2.
    result = sinter(table, "LATP", "LCO", temperature_K=(300.0, 773.0))
    products = {product.formula for product in result.points[-1].products}
    assert {"Co3O4", "Li3PO4", "TiO2"} <= products
    assert result.onset_K == 300.0
    assert "at or below" in result.onset_note


def test_carbon_and_carbonate(table):
    # CRC Handbook 2014: Li2CO3 + C -> Li2O + 2 CO, dG = 0 at 1178 K (1 bar) and 879 K (1 mbar).
    for pressure, expected in ((1.0, 1178.0), (1e-3, 879.0)):
        result = sinter(table, "Li2CO3", "C", in_atmosphere="Ar", pressures_bar={"CO": pressure})
        found = result.carbothermic
        assert found.temperature_K == pytest.approx(expected, abs=1.0)
        assert found.reaction == "Li2CO3 + C -> Li2O + 2 CO"
        assert result.decomposition_K["a"] == pytest.approx(expected, abs=1.0)


def test_exothermic_reduction_has_no_onset(table, published):
    result = sinter(published, "LCO", additives=["C"], in_atmosphere="Ar")
    found = result.carbothermic
    assert found.temperature_K is None
    assert found.verdict.startswith("favourable at every temperature")
    assert found.energy_0K_eV_per_atom == pytest.approx(-0.2229, abs=1e-3)
    none = sinter(table, "LLZO", additives=["C"], in_atmosphere="Ar").carbothermic
    assert none.temperature_K is None
    assert none.energy_0K_eV_per_atom == 0.0
    assert "no measured enthalpy" in none.verdict


def test_energies_are_exact_between_the_changes(table):
    # What the trace says at any temperature is what an equilibrium there says.
    whole = sinter(table, "LLZO", "LiMn2O4", temperature_K=(700.0, 1290.0))
    assert whole.changes_K
    for t in (733.0, 951.0, 1111.0, 1277.0):
        single = sinter(table, "LLZO", "LiMn2O4", temperature_K=(t, t))
        reaction = next(r for r in whole.reactions if r.low_K <= t <= r.high_K)
        assert reaction.at(t) == pytest.approx(single.points[0].mutual_eV_per_nongas_atom, abs=2e-5)
        assert reaction.reaction == single.points[0].reaction


def test_onset_with_its_error(table):
    result = sinter(table, "LLZO", "Li3BO3", temperature_K=(300.0, 1300.0))
    assert result.onset_K is None
    assert "none up to 1300 K" in result.onset_note
    redox = sinter(table, "LiNiO2", temperature_K=(300.0, 1500.0))
    found = redox.decompositions[0]
    assert found.error_K > 300.0
    assert found.note.startswith("an order, not a number")
    touching = sinter(table, "LiMn2O4", temperature_K=(300.0, 1500.0)).decompositions[0]
    assert touching.decomposition_K is None
    assert touching.note.startswith("reacts with the atmosphere")


@pytest.mark.slow
def test_sintering_aids(table):
    result = sinter(table, "LLZO", "LCO", additives=["Li3BO3", "Li2.3C0.7B0.3O3", "TiO2"])
    by_name = {effect.additive: effect for effect in result.additives}
    assert by_name["Li3BO3"].compatible
    assert by_name["Li3BO3"].added_eV_per_nongas_atom == pytest.approx(0.0, abs=1e-6)
    assert not by_name["TiO2"].compatible
    assert by_name["TiO2"].with_a_eV_per_nongas_atom < -0.05


def test_which_metal_drives_it(table):
    result = sinter(
        table, "LLZO", "LiNi0.3333333Mn0.3333333Co0.3333333O2",
        temperature_K=(773.0, 773.0), by_metal=True,
    )  # fmt: skip
    metals = {effect.element: effect for effect in result.driven_by}
    assert set(metals) == {"Ni", "Mn", "Co"}
    assert result.driven_by[0].element == "Mn"
    assert metals["Mn"].resolved
    assert metals["Mn"].end_member == "LiMnO2"
    assert not metals["Ni"].resolved
    assert "unresolved" in metals["Co"].note
    assert all(e.share_eV_per_nongas_atom <= 0.0 for e in result.driven_by)


def test_mutual_and_total_are_counted_alike_where_only_a_molecule_is_exchanged(table):
    result = sinter(table, "Fe", "CuO", in_atmosphere="CO2")
    for point in result.points:
        assert point.total_eV_per_nongas_atom <= point.mutual_eV_per_nongas_atom + 1e-9
    # Sulfur stays the solid that it is, beside its gas.
    assert sinter(table, "ZnS", "Fe", in_atmosphere="S2").energies == "measured"
    # Phases of a metal may be barred in any system.
    driven = sinter(
        table, "CaCO3", "TiO2", in_atmosphere="Ar", additives=["C"], by_metal=True
    ).driven_by
    assert [effect.element for effect in driven] == ["Ti"]


def test_the_sources_can_be_chosen_and_are_not_mixed(table):
    measured = sinter(table, "CaCO3", in_atmosphere="CO2")
    forced = sinter(table, "CaCO3", in_atmosphere="CO2", energies="table")
    assert (measured.energies, forced.energies) == ("measured", "table")
    assert measured.dataset.name == "measured"
    assert forced.dataset.name == table.provenance.name
    assert forced.decomposition_K["a"] == pytest.approx(measured.decomposition_K["a"], abs=105.0)
    assert 40.0 < forced.decompositions[0].error_K < 105.0
    with pytest.raises(DataError, match="no measured enthalpy and entropy of LiCoO2"):
        sinter(table, "LCO", energies="measured")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"in_atmosphere": "helium"}, FormulaError, "no atmosphere 'helium'"),
        ({"in_atmosphere": "Ar"}, FormulaError, "holds no gas of the elements Co, Li, O"),
        ({"in_atmosphere": "Cl2"}, FormulaError, "no gas of the elements"),
        ({"pressures_bar": {"XeF2": 1.0}}, DataError, "no thermodynamic data"),
        ({"pressures_bar": {"O2": 0.0}}, DataError, "above 0"),
        ({"pressures_bar": {"O2": -1.0}}, DataError, "above 0"),
        ({"pressures_bar": {"SO2": 1.0}}, DataError, "no energy of the gas SO2"),
        ({"temperature_K": (100.0, 500.0)}, DataError, "298 to 2000 K"),
        ({"temperature_K": (500.0, 9000.0)}, DataError, "298 to 2000 K"),
        ({"temperature_K": (900.0, 500.0)}, DataError, "LOW <= HIGH"),
        ({"temperature_K": (300.0, 1e9)}, DataError, "HIGH <= 10000"),
        ({"temperature_K": (300.0, float("inf"))}, DataError, "HIGH <= 10000"),
        ({"temperature_K": (float("nan"), 500.0)}, DataError, "LOW <= HIGH"),
        ({"pressures_bar": {"CO2": 1.0, "CO": 1.0}}, SSEWindowError, "turn into each other|CO "),
    ],
)
def test_questions_without_an_answer(table, options, error, message):
    with pytest.raises(error, match=message):
        sinter(table, "LCO", **options)


def test_phases_of_gas_alone_and_carbon_first(table):
    with pytest.raises(FormulaError, match="O2 is a gas"):
        sinter(table, "O2")
    with pytest.raises(FormulaError, match="nothing but elements of the atmosphere"):
        sinter(table, "LCO", "C", in_atmosphere="wet-air")
    with pytest.raises(FormulaError, match="carbon alone"):
        sinter(table, "C", "LCO")


def test_an_atmosphere_that_is_in_no_equilibrium_with_itself(table):
    with pytest.raises(DataError, match="no equilibrium with itself"):
        sinter(table, "Li2CO3", in_atmosphere="CO")


def test_every_known_atmosphere_has_data():
    for name, gases in ATMOSPHERES.items():
        for gas, pressure in gases.items():
            assert gas_properties(gas).formula == gas
            assert pressure > 0.0
        if gases:
            side = parse(next(iter(gases)))
            assert atmosphere(name.upper(), {}, [side]).pressure_bar == gases


def test_record_is_json(table):
    result = sinter(table, "LLZO", "LCO", by_metal=True, additives=["Li3BO3"])
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert {
        "a", "b", "atmosphere", "energies", "points", "onset_K", "onset_error_K",
        "decomposition_K", "driven_by",
    } <= set(plain)  # fmt: skip
    assert {
        "temperature_K", "mutual_eV_per_nongas_atom", "total_eV_per_nongas_atom", "reaction",
        "products", "gases",
    } == set(plain["points"][0])  # fmt: skip
    assert set(plain["decomposition_K"]) == {"a", "b"}
    assert any("vapour" in note for note in plain["notes"])


def test_mutual_energy_by_hand():
    # A + B -> C + 1/2 O2 at mu_O: E(C) - E(A) - E(B) + mu_O, over the non-oxygen atoms.
    hand = PhaseTable.from_formulas({"CaO2": -2.0, "SiO2": -3.0, "CaSiO3": -3.1})
    result = sinter(hand, "CaO2", "SiO2", temperature_K=(800.0, 800.0), energies="table")
    oxygen = gas_properties("O2").potential(800.0, 0.21) / 2.0
    alone = min(-2.0 * 3 - 2 * oxygen, 0.0)
    expected = (5 * -3.1 - 3 * oxygen) - alone - (3 * -3.0 - 2 * oxygen)
    assert result.points[0].mutual_eV_per_nongas_atom == pytest.approx(expected / 2, abs=1e-9)
