"""Small but complete ``vasprun.xml`` files, as VASP writes them for a relaxation."""

from __future__ import annotations

from collections.abc import Mapping

POTCAR = {
    "Li": "PAW_PBE Li_sv 23Jan2001",
    "P": "PAW_PBE P 17Jan2003",
    "S": "PAW_PBE S 17Jan2003",
    "O": "PAW_PBE O 08Apr2002",
    "Fe": "PAW_PBE Fe_pv 06Sep2000",
}


def vasprun(
    atoms: Mapping[str, int],
    energy_eV: float,
    *,
    volume_A3: float = 60.0,
    functional: str = "PE",
    potcar: Mapping[str, str] = POTCAR,
    hubbard_u_eV: Mapping[str, float] | None = None,
    electronic_steps: int = 4,
) -> str:
    """Text of a file: a cubic cell of these atoms whose last energy is `energy_eV`.

    With 60 electronic steps or more the run did not converge.
    """
    symbols = [symbol for symbol, n in atoms.items() for _ in range(n)]
    edge = volume_A3 ** (1 / 3)
    places = [(0.5 * i / len(symbols), i / len(symbols), 0.1 + 0.05 * i) for i, _ in
              enumerate(symbols)]  # fmt: skip
    structure = f"""
   <crystal>
    <varray name="basis">
     <v> {edge:.8f} 0.0 0.0 </v>
     <v> 0.0 {edge:.8f} 0.0 </v>
     <v> 0.0 0.0 {edge:.8f} </v>
    </varray>
    <i name="volume"> {volume_A3:.8f} </i>
   </crystal>
   <varray name="positions">
    {"".join(f"<v> {x:.8f} {y:.8f} {z:.8f} </v>" for x, y, z in places)}
   </varray>"""
    energy = f"""<energy>
    <i name="e_fr_energy"> {energy_eV:.8f} </i>
    <i name="e_wo_entrp"> {energy_eV:.8f} </i>
    <i name="e_0_energy"> {energy_eV:.8f} </i>
   </energy>"""
    types = "".join(
        f"<rc><c> {n} </c><c>{symbol}</c><c> 6.0 </c><c> 1.0 </c><c> {potcar[symbol]} </c></rc>"
        for symbol, n in atoms.items()
    )
    us = [(hubbard_u_eV or {}).get(symbol, 0.0) for symbol in atoms]
    hubbard = f"""<i type="logical" name="LDAU"> T </i>
  <v name="LDAUU"> {" ".join(f"{u:.2f}" for u in us)} </v>
  <v name="LDAUJ"> {" ".join("0.00" for _ in us)} </v>""" if any(us) else ""  # fmt: skip
    return f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<modeling>
 <generator>
  <i name="program" type="string">vasp </i>
  <i name="version" type="string">5.4.4  </i>
  <i name="date" type="string">2021 05 01 </i>
  <i name="DATE" type="string">2021 05 01 </i>
  <i name="TIME" type="string">10:00:00 </i>
 </generator>
 <incar>
  <i type="string" name="ALGO">Fast</i>
  <i type="int" name="NSW"> 99</i>
  <i type="int" name="IBRION"> 2</i>
  {hubbard}
 </incar>
 <kpoints>
  <generation param="Gamma">
   <v type="int" name="divisions"> 4 4 4 </v>
   <v name="usershift"> 0.0 0.0 0.0 </v>
  </generation>
  <varray name="kpointlist"><v> 0.0 0.0 0.0 </v></varray>
  <varray name="weights"><v> 1.0 </v></varray>
 </kpoints>
 <parameters>
  <separator name="electronic">
   <i type="int" name="NELM"> 60</i>
   <i name="EDIFFG"> -0.02</i>
   <i type="logical" name="LHFCALC"> F </i>
   <i name="AEXX"> 0.0 </i>
   <i name="HFSCREEN"> 0.0 </i>
   <i type="string" name="GGA">{functional}</i>
   <i type="logical" name="LUSE_VDW"> F </i>
   <i type="int" name="IVDW"> 0</i>
  </separator>
  <separator name="ionic">
   <i type="int" name="NSW"> 99</i>
   <i type="int" name="IBRION"> 2</i>
  </separator>
 </parameters>
 <atominfo>
  <atoms> {len(symbols)} </atoms>
  <types> {len(atoms)} </types>
  <array name="atoms"><set>
   {"".join(f"<rc><c>{symbol} </c><c> 1 </c></rc>" for symbol in symbols)}
  </set></array>
  <array name="atomtypes"><set>{types}</set></array>
 </atominfo>
 <structure name="initialpos">{structure}
 </structure>
 <calculation>
  {f"<scstep>{energy}</scstep>" * electronic_steps}
  <structure>{structure}
  </structure>
  <varray name="forces">{"<v> 0.0 0.0 0.0 </v>" * len(symbols)}</varray>
  {energy}
 </calculation>
 <structure name="finalpos">{structure}
 </structure>
</modeling>
"""
