"""Structures in files, and their energies from a potential (which is stood in for here)."""

from __future__ import annotations

import sys

import pytest

from sse_window import api, load
from sse_window.core.errors import EntriesError
from sse_window.sources import interatomic
from sse_window.sources.structure_files import composition_text, read_structure
from sse_window.sources.user_entries import as_table, read_entries

LI2S = """data_Li2S
_symmetry_space_group_name_H-M   'P 1'
_cell_length_a   4.045
_cell_length_b   4.045
_cell_length_c   4.045
_cell_angle_alpha   60
_cell_angle_beta   60
_cell_angle_gamma   60
loop_
 _atom_site_type_symbol
 _atom_site_label
 _atom_site_fract_x
 _atom_site_fract_y
 _atom_site_fract_z
 _atom_site_occupancy
  Li  Li0  0.75  0.75  0.75  {occupancy}
  Li  Li1  0.25  0.25  0.25  {occupancy}
  S   S2   0.0   0.0   0.0   1
"""

POSCAR = (
    "LiCl\n1.0\n0 2.575 2.575\n2.575 0 2.575\n2.575 2.575 0\n"
    "Li Cl\n{n} 1\nDirect\n0 0 0\n.5 .5 .5\n"
)

RAW_LI2S_eV = 3 * -3.98752998
"""Of the Materials Project, in pymatgen's calc_compounds.json.gz."""


@pytest.fixture
def li2s(tmp_path):
    path = tmp_path / "my.cif"
    path.write_text(LI2S.format(occupancy=1))
    return path


def test_a_structure_file_is_the_composition_in_it(li2s, tmp_path):
    assert composition_text(li2s) == "Li2S"
    assert read_structure(li2s).volume_per_atom == pytest.approx(15.6, abs=0.1)
    poscar = tmp_path / "POSCAR"
    poscar.write_text(POSCAR.format(n=1))
    assert composition_text(poscar) == "LiCl"
    assert api.stability_window(str(li2s)).formula == "Li2S"
    assert api.stability_window(poscar).formula == "LiCl"


def test_partly_occupied_sites_make_a_composition(tmp_path):
    path = tmp_path / "disordered.cif"
    path.write_text(LI2S.format(occupancy=0.75))
    assert composition_text(path) == "Li1.5S"
    with pytest.raises(EntriesError, match="partly occupied"):
        interatomic.relaxed_calculations(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.cif", "data_x\n", "as a CIF"),
        ("a.cif", b"\xff\xfe\x00", "as a CIF"),
        ("POSCAR", "x\n", "as a POSCAR"),
        ("POSCAR", POSCAR.format(n=7), "as a POSCAR"),
        ("POSCAR", POSCAR.replace("Li Cl\n", "").format(n=1), "no element symbols"),
        ("POSCAR", POSCAR.replace("Li Cl", "Xx Cl").format(n=1), "POSCAR"),
    ],
)
def test_what_is_no_structure_is_said_in_one_line(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(EntriesError, match=said) as raised:
        composition_text(path)
    assert "\n" not in str(raised.value)
    with pytest.raises(EntriesError, match="no such file"):
        composition_text(tmp_path / "none.cif")


def test_an_energy_of_the_potential_is_one_of_the_materials_project(li2s, monkeypatch):
    monkeypatch.setattr(interatomic, "_relaxed", lambda _, cell: (RAW_LI2S_eV, cell))
    table = load("mp-2020")
    read = read_entries(li2s, dataset=table)
    # -3.98753 - 0.503/3 + (2 x 1.90892 + 4.13645)/3, the MP2020 term of S and the elements by hand.
    assert read.formation_energy_per_atom.tolist() == pytest.approx([-1.5038], abs=2e-4)
    (said,) = read.mixed
    assert "7net-0" in said and "error 0.02 eV/atom" in said
    assert said in as_table(read, table).provenance.additions


def test_transition_metals_in_oxides_carry_a_hubbard_term_and_a_larger_error(tmp_path):
    from sse_window import parse

    assert interatomic._settings(parse("LiCoO2"))["run_type"] == "GGA+U"
    assert interatomic._settings(parse("LiCoS2"))["run_type"] == "GGA"
    assert "error 0.09" in interatomic.marked(tmp_path / "a.cif", parse("LiCoO2"))


def test_energies_join_only_a_table_with_the_same_corrections(li2s):
    with pytest.raises(EntriesError, match="MP2020 corrections beside those of 'mp-legacy'"):
        read_entries(li2s, dataset=load("mp-legacy"))
    with pytest.raises(EntriesError, match="take MP2020 corrections"):
        read_entries(li2s, corrections="legacy")


def test_without_the_potential_it_is_said_what_to_install(li2s, monkeypatch):
    monkeypatch.setitem(sys.modules, "sevenn", None)
    monkeypatch.setitem(sys.modules, "ase", None)
    with pytest.raises(EntriesError, match=r"pip install 'sse-window\[mlip\]'"):
        read_entries(li2s)
