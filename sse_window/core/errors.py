"""Everything that can go wrong, as one tree.

::

    SSEWindowError                 exit code 1: one clear line (what, which value, what to do next)
    ├── FormulaError               a formula or name that cannot be read
    ├── DataError                  a dataset or table that is absent, damaged or of another kind
    │   ├── EntriesError           a user's file: names file, line and reason
    │   └── UnknownElementsError   elements (or the working ion) that the table does not hold
    ├── SourceError                the Materials Project could not be asked, or refused
    ├── OutputError                a result that cannot be written where it was asked for
    └── EquilibriumError           the linear program has no answer, or none that can be trusted

A message is written for the person who typed the command: what happened, the value, the next step.
"""

__all__ = [
    "DataError",
    "EntriesError",
    "EquilibriumError",
    "FormulaError",
    "OutputError",
    "SSEWindowError",
    "SourceError",
    "UnknownAmountError",
    "UnknownElementsError",
    "printable",
]


class SSEWindowError(Exception):
    """Base of every error that this package raises on purpose."""


class FormulaError(SSEWindowError, ValueError):
    """A formula or name that cannot be read as a composition."""


class UnknownAmountError(FormulaError):
    """A formula that leaves an amount, or the atoms of a solvent, open."""


class DataError(SSEWindowError):
    """A dataset, table or file of facts that is absent, damaged or of another kind."""


class EntriesError(DataError):
    """A user's file of phases that cannot be taken in; nothing of it is."""


class UnknownElementsError(DataError):
    """Elements of a composition, or the working ion, that the phase table does not hold."""


class SourceError(SSEWindowError):
    """The live source did not answer, or refused."""


class OutputError(SSEWindowError):
    """A result that cannot be written where it was asked for."""


class EquilibriumError(SSEWindowError):
    """The linear program is infeasible or did not converge; no approximate answer is returned."""


_MOST_CHARACTERS = 1000


def printable(text: str, most: int = _MOST_CHARACTERS) -> str:
    """A message as a terminal or a log can take it: one line, of some length, without controls.

    Examples
    --------
    >>> printable("no\\x1b[2J\\nformula"), len(printable("Li" * 50_000))
    ('no?[2J formula', 1000)
    """
    line = " ".join(text.split())
    if len(line) > most:
        half = (most - 5) // 2
        line = f"{line[: most - 5 - half]} ... {line[-half:]}"
    return "".join(c if c.isprintable() else "?" for c in line)
