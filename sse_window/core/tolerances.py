"""Every numerical tolerance, in one place, each with its reason."""

__all__ = [
    "AMOUNT",
    "ATOM_FRACTION",
    "BREAKPOINT",
    "ION_CONTENT",
    "PIVOT",
    "PROPORTION",
    "RATIO",
    "ROUNDING",
    "SLOPE",
    "TEMPERATURE_K",
    "WRITTEN",
    "ENERGY_eV_per_atom",
    "FACE_eV",
    "HEAT_eV_per_atom",
    "ROUNDING_eV",
]

FACE_eV = 1e-9
"""Reduced cost below which a phase counts as part of the equilibrium [eV per non-ion atom].
Rounding in a 14-row basis stays below 1e-12 eV; tabulated energies differ by 1e-7 eV and more."""

SLOPE = 1e-9
"""Change of a reduced cost with the parameter that counts as none [ions per non-ion atom].
Compositions are ratios of small integers, so true slopes are either 0 or above 1e-5."""

AMOUNT = 1e-9
"""Phase amount that counts as none, for compositions normalised to one atom. A phase at a vertex
that lies on a tie-line has amount zero up to rounding (1e-13); a dopant of 1 ppm stays visible."""

ION_CONTENT = 1e-7
"""Ion contents that differ by less are equal [ions per non-ion atom]: amounts typed to seven
decimals are good to that, and real exchanges are above 1e-4."""

PIVOT = 1e-9
"""Smallest element of an entering column on which the basis is pivoted: a smaller one would make
the basis matrix singular to working precision."""

RATIO = 1e-11
"""Steps of the ratio test that differ by less are one degenerate step."""

BREAKPOINT = 1e-7
"""Breakpoints of a trace closer than this are one [V, eV per atom]; FACE_eV divided by the
smallest step of ion content that tabulated phases produce (about 1e-2 ions per atom)."""

ENERGY_eV_per_atom = 1e-8
"""Energies that differ by less are equal: on the hull, no reaction, no driving force. A few times
the error that FACE_eV allows."""

ROUNDING = 1e-12
"""Rounding of a sum of a few numbers about one: ion contents, amounts, voltages that differ by less
are the same number, and what is smaller is zero without a sign."""

ROUNDING_eV = 1e-11
"""Rounding of an energy of a basis, which sums products of ten electronvolts [eV per non-ion
atom]: among equal energies the choice must not depend on it."""

ATOM_FRACTION = 1e-7
"""Atom fractions that differ by less are those of one phase: amounts typed to seven decimals."""

PROPORTION = 1e-6
"""Relative difference of amounts that stand in one proportion, and charge in electrons that is
none: sums and ratios of decimals typed to six places."""

TEMPERATURE_K = 1e-3
"""Temperatures that differ by less are one [K]: bisection ends there, and no furnace holds it."""

HEAT_eV_per_atom = 1e-6
"""Energy at a temperature that counts as none: measured enthalpies and entropies are rounded to
more than that, and so are the facets of another program's hull."""

WRITTEN = 1e-6
"""Difference of a number from the same number read back from a file of results [V, eV per atom]."""
