"""The validation page of the documentation: published values beside computed ones."""

from __future__ import annotations

from sse_window import api

__all__ = ["validation_page"]

DATASETS = ("mp-2020-polyanions", "mp-legacy", "mp-calibrated", "oqmd", "oqmd-calibrated")

WINDOWS = {
    # Zhu, He, Mo, ACS Appl. Mater. Interfaces 2015, 7, 23685, doi:10.1021/acsami.5b07517, Table 1.
    "Li2S": (0.0, 2.01),
    "Li10GeP2S12": (1.71, 2.14),
    "Li3PS4": (1.71, 2.31),
    "Li4GeS4": (1.62, 2.14),
    "Li7P3S11": (2.28, 2.31),
    "Li6PS5Cl": (1.71, 2.01),
    "Li2PO2N": (0.68, 2.63),
    "Li7La3Zr2O12": (0.05, 2.91),
    "Li1.3Al0.3Ti1.7(PO4)3": (2.17, 4.21),
    "Li1.5Al0.5Ge1.5(PO4)3": (2.70, 4.27),
}
"""Reduction and oxidation potential [V vs Li/Li+], Materials Project of 2015."""

CONTACTS = {
    # Xiao, Miara, Wang, Ceder, Joule 2019, 3, 1252, doi:10.1016/j.joule.2019.02.006, Tables S2, S3.
    ("LiNbO3", "NMC111"): -4.0,
    ("LiNbO3", "Li6PS5Cl"): -123.0,
    ("LiNbO3", "Li7La3Zr2O12"): -69.0,
    ("Li6PS5Cl", "NMC111"): -330.0,
    ("Li6PS5Cl", "LiCoO2"): -339.0,
}
"""Worst closed mutual reaction energy [meV/atom], from a database of their own."""


def validation_page() -> str:
    """Text of the page."""
    tables = {name: api.load(name) for name in DATASETS}
    lines = [
        "# Validation",
        "",
        "The linear program agrees with pymatgen on the same phases (`sse-window verify`). What "
        "differs between publications and this program is the energies: a database generation, its "
        "corrections, phases that came later. Both stand here side by side, also where they part.",
        "",
        "## Windows",
        "",
        "Zhu, He, Mo, ACS Appl. Mater. Interfaces 2015, 7, 23685, "
        "[doi:10.1021/acsami.5b07517](https://doi.org/10.1021/acsami.5b07517), Table 1; "
        "V vs Li/Li+.",
        "",
        f"| | published | {' | '.join(DATASETS)} |",
        f"|---|---|{'---|' * len(DATASETS)}",
    ]
    for formula, (low, high) in WINDOWS.items():
        cells = []
        for table in tables.values():
            window = api.stability_window(formula, phases=table)
            upper = window.oxidation_potential_V
            shown = "no limit" if upper is None else f"{upper:.2f}"
            cells.append(f"{window.reduction_potential_V:.2f} - {shown}")
        lines.append(f"| {formula} | {low:.2f} - {high:.2f} | {' | '.join(cells)} |")
    lines += [
        "",
        "Oxidation limits of sulfides moved by up to 0.3 V since 2015: the correction of sulfides "
        "changed, and the polysulfide LiS4 entered the database. On calibrated energies it leaves "
        "the hull, and Li2S oxidises at the measured 2.3 V.",
        "",
        "## Contacts",
        "",
        "Worst closed mutual reaction energies, Xiao, Miara, Wang, Ceder, Joule 2019, 3, 1252, "
        "[doi:10.1016/j.joule.2019.02.006](https://doi.org/10.1016/j.joule.2019.02.006), Tables S2 "
        "and S3; meV/atom, from a database of their own.",
        "",
        f"| | published | {' | '.join(DATASETS)} |",
        f"|---|---|{'---|' * len(DATASETS)}",
    ]
    for (one, other), energy in CONTACTS.items():
        cells = []
        for table in tables.values():
            found = api.pair(one, other, phases=table)[0].chemical.mutual
            cells.append(f"{1000.0 * found.reaction_energy:.0f}")
        lines.append(f"| {one}, {other} | {energy:.0f} | {' | '.join(cells)} |")
    lines += [
        "",
        "## Measured enthalpies",
        "",
        "```console",
        "$ sse-window data accuracy --format csv | head -n 3",
        "```",
        "",
        "What a calibration reaches on compounds and chemical systems that it has not seen:",
        "",
        "```console",
        "$ sse-window data accuracy --calibration -q | head -n 22",
        "```",
        "",
        "## Measured voltages",
        "",
        "Electrode voltages that no fit has used:",
        "",
        "```console",
        "$ sse-window data accuracy --voltages | grep -E 'chemistry|mean'",
        "```",
        "",
        "With all compounds of a couple's elements left out of the fit, thermochemical "
        "voltages come out within 0.10 V (mp-calibrated) and 0.13 V (oqmd-calibrated) on "
        "average; the columns of the CSV output hold both.",
        "",
        "Thin sources: the voltages of sodium with bismuth and tin are read off plateaus "
        "(0.07 V), that of FeF3 off a discharge curve, those of silicon and aluminium stem "
        "from molten salts (415 C; 298 to 700 K), and the entropies behind InCl3 are "
        "estimated. No source of a cell voltage has been compared with the printed page.",
        "",
        "## Against pymatgen",
        "",
        "```console",
        "$ sse-window verify",
        "```",
        "",
    ]
    return "\n".join(lines)
