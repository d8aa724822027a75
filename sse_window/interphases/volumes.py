"""Volumes of phases of a table, and how reactions change them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ..core.composition import Composition
from ..core.errors import DataError
from ..core.record import Record
from ..equilibria.chemical_system import Product
from ..facts.gases import GASES
from ..facts.liquids import LIQUIDS
from ..phases.table import PhaseTable

__all__ = ["VolumeChange", "number_of", "row_of", "volume_change", "volume_per_atom"]


@dataclass(frozen=True, slots=True)
class VolumeChange(Record):
    """Change of the volume of solids, without the ions that the reservoir holds.

    Attributes
    ----------
    fraction : float or None
        Volume after over volume before, minus 1.
    reason : str or None
        Why there is no number, naming the phases without a known volume.
    """

    fraction: float | None
    reason: str | None


def volume_change(
    table: PhaseTable,
    before: Iterable[tuple[Composition, float]],
    after: Iterable[Product],
) -> VolumeChange:
    """Change of volume from reactants to solid products.

    Ions that come from or go to the reservoir are not counted: their place in an electrode or in
    the metal is not part of the layer. Gases and liquids leave.

    Parameters
    ----------
    table : PhaseTable
    before : iterable of (Composition, float)
        Reactants, and the formula units of each.
    after : iterable of Product
        Products in the same unit.

    Returns
    -------
    VolumeChange

    Examples
    --------
    >>> import numpy as np
    >>> from dataclasses import replace
    >>> from sse_window.core.composition import parse
    >>> table = PhaseTable.from_formulas({"Li2S": -1.4})
    >>> table = replace(table, properties={"volume_per_atom_A3": np.array([20.0, 16.0, 24.0])})
    >>> volume_change(table, [(parse("S"), 1.0)], [Product("Li2S", 1.0)]).fraction
    1.0
    """
    missing: list[str] = []
    volumes = [0.0, 0.0]
    terms = [
        (0, composition.reduced_formula, composition.formula, composition.atoms * amount)
        for composition, amount in before
    ]
    for product in after:
        atoms = product.amount * float(table.atoms[row_of(table, product)])
        terms.append((1, product.formula, product.formula, atoms))
    for side, key, name, atoms in terms:
        if key in GASES or key in LIQUIDS:
            continue
        row = table.index(key)
        per_atom = None if row is None else volume_per_atom(table, row)
        if per_atom is None:
            missing.append(name)
        else:
            volumes[side] += per_atom * atoms
    if missing:
        return VolumeChange(None, f"no volume known for {', '.join(dict.fromkeys(missing))}")
    if volumes[0] == 0.0:
        return VolumeChange(None, "nothing solid to begin with")
    return VolumeChange(float(volumes[1] / volumes[0]) - 1.0, None)


def row_of(table: PhaseTable, product: Product) -> int:
    """Row of a product in the table that it came from.

    Raises
    ------
    DataError
        If it did not come from this table.

    Examples
    --------
    >>> row_of(PhaseTable.from_formulas({"Li2S": -1.4}), Product("Li2S", 4.0))
    1
    """
    row = table.index(product.formula)
    if row is None:
        raise DataError(
            f"{product.formula} is not in dataset {table.provenance.name!r}: describe products "
            "with the table they come from"
        )
    return row


def volume_per_atom(table: PhaseTable, row: int) -> float | None:
    """Volume of one phase of the table [A3 per atom]; None where it is not known.

    Examples
    --------
    >>> print(volume_per_atom(PhaseTable.from_formulas({"Li2S": -1.4}), 0))
    None
    """
    return number_of(table, "volume_per_atom_A3", row)


def number_of(table: PhaseTable, name: str, row: int) -> float | None:
    """Value of a column that may be absent, or unknown in this row."""
    column = table.properties.get(name)
    value = None if column is None else column[row]
    return None if value is None or not math.isfinite(value) else float(value)
