"""Names of a package that are imported when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

__all__ = ["lazy_names", "names_of"]


def names_of(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """A module's ``__getattr__`` (PEP 562): a command loads only what it needs.

    Parameters
    ----------
    package : str
        Name of the package.
    homes : mapping of str to sequence of str
        Modules, relative to the package, and the names that each of them gives.

    Returns
    -------
    callable

    Examples
    --------
    >>> names_of("sse_window.core", {".composition": ["parse"]})("parse")("Li2S").atoms
    3.0
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def found(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(home_of[name], package), name)

    return found


def lazy_names(
    package: str, homes: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], list[str]]:
    """A module's ``__getattr__`` and ``__all__``, of a package whose names stand in its modules.

    Parameters
    ----------
    package, homes
        See :func:`names_of`.

    Returns
    -------
    tuple of callable and list of str
    """
    return names_of(package, homes), sorted(name for names in homes.values() for name in names)
