"""--exclude: what no answer would miss is refused, whatever it is."""

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from sse_window import api
from sse_window.cli import main
from sse_window.core.composition import parse
from sse_window.core.errors import DataError
from sse_window.core.ions import CHARGE
from sse_window.phases.table import PhaseTable

DATASET = "mp-legacy"


def opened(exclude: list[str], *asked: str, ion: str = "Li") -> PhaseTable:
    compositions = [parse(formula) for formula in asked] or None
    return api.open_table(DATASET, exclude=exclude, ion=ion, asked=compositions)[0]


@pytest.mark.parametrize("ion", CHARGE)
@pytest.mark.parametrize("asked", [(), ("MgCl2",)])
def test_the_metal_of_the_working_ion_stays(ion: str, asked: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match=f"cannot exclude {ion}: voltages are against its metal"):
        opened([ion], *asked, ion=ion)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(["GaN", "NaCl", "Al2O3", "Ba", "LiF", "Cu2S"]))
def test_what_lies_outside_of_the_system_is_refused(formula: str) -> None:
    with pytest.raises(DataError, match="changes nothing: nothing that was asked about holds"):
        opened([formula], "Li3PS4", "Li2S")


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(st.data())
def test_what_lies_above_the_hull_is_refused_unless_it_can_come_down(data: st.DataObject) -> None:
    table = api.load(DATASET).within(["Li", "P", "S"])
    above = [f for f, c in zip(table.formulas, table.competing, strict=True) if not c]
    on = [f for f, c in zip(table.formulas, table.competing, strict=True) if c and f != "Li"]
    one = data.draw(st.sampled_from(above))
    with pytest.raises(DataError, match="changes nothing: above the hull"):
        opened([one], "Li3PS4")
    names = [one, data.draw(st.sampled_from(on))]
    assert len(opened(names, "Li3PS4")) == len(api.load(DATASET)) - 2
    opened([one], "Li3PS4", one)  # asked about itself


@pytest.mark.parametrize(
    "arguments",
    [
        ["window", "LGPS", "--exclude", "Li"],
        ["profile", "LGPS", "--exclude", "GaN"],
        ["pair", "LGPS", "LCO", "--exclude", "NaCl"],
        ["stack", "Li", "LLZO", "LCO", "--exclude", "Ge"],
        ["sinter", "LLZO", "LCO", "--exclude", "Li"],
        ["verify", "LGPS", "--exclude", "GaN"],
    ],
)
def test_commands_refuse_it_in_one_line(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, [*arguments, "--dataset", DATASET])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "exclude" in done.stderr
