"""Sample published open-circuit voltages into data/open_circuit_voltages.csv.

::

    pip install pybamm==26.10.1.1
    python scripts/build_open_circuit_voltages.py

The curves are those of the publications named beside them, as PyBaMM (BSD-3-Clause) carries them as
parameter sets. Each is sampled where it was measured, at steps of 0.02 in the stoichiometry of the
source, which is taken as the share of the host's ion sites that are filled.
"""

from __future__ import annotations

import csv
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pybamm
from pybamm.input.parameters.lithium_ion import Ai2020, Bonkile2024, Chen2020, NCA_Kim2011

PYBAMM_VERSION = "26.10.1.1"
"""The wheel pybamm-26.10.1.1-py3-none-any.whl, SHA-256
b56c2dcac05bca221bf81d8dacccc697f1aef62a928cffac243f5bdb314eb0ab."""

STEP = 0.02

CURVES = {
    "LCO": (
        Ai2020.lico2_ocp_Ai2020, 0.42, 0.98,
        "Rieger et al., J. Electrochem. Soc. 2016, 163, A1566; Ai et al., J. Electrochem. Soc. "
        "2020, 167, 013512, doi:10.1149/2.0122001JES",
    ),
    "NMC811": (
        Chen2020.nmc_LGM50_ocp_Chen2020, 0.26, 0.90,
        "Chen et al., J. Electrochem. Soc. 2020, 167, 080534, doi:10.1149/1945-7111/ab9050",
    ),
    "NCA": (
        NCA_Kim2011.nca_ocp_Kim2011, 0.34, 0.98,
        "Kim et al., J. Electrochem. Soc. 2011, 158, A955, doi:10.1149/1.3597614",
    ),
    "graphite": (
        Ai2020.graphite_ocp_Enertech_Ai2020, 0.02, 0.98,
        "Rieger et al., J. Electrochem. Soc. 2016, 163, A1566; Ai et al., J. Electrochem. Soc. "
        "2020, 167, 013512, doi:10.1149/2.0122001JES",
    ),
    "Si": (
        Bonkile2024.silicon_ocp_average_Mark2016, 0.04, 0.98,
        "mean of charge and discharge; Verbrugge, Baker, Xiao, J. Electrochem. Soc. 2015, 163, "
        "A262",
    ),
}  # fmt: skip
"""Function, lowest and highest stoichiometry that the source gives, and the source."""


def main() -> None:
    """Write the table."""
    if version("pybamm") != PYBAMM_VERSION:
        raise SystemExit(f"needs pybamm {PYBAMM_VERSION}, found {version('pybamm')}")
    path = Path(__file__).resolve().parents[1] / "data" / "open_circuit_voltages.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["electrode", "ion_fraction", "voltage_V", "source"])
        for name, (curve, low, high, source) in CURVES.items():
            for fraction in np.arange(round(low / STEP), round(high / STEP) + 1) * STEP:
                found = curve(pybamm.Scalar(float(fraction)))
                voltage = np.ravel(found.evaluate())[0] if hasattr(found, "evaluate") else found
                writer.writerow([name, f"{fraction:.2f}", f"{float(voltage):.4f}", source])


if __name__ == "__main__":
    main()
