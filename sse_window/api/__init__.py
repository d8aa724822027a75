"""The one door: every public question by one name, and the phases that answers rest on.

Commands, tables, pictures and the report ask here, as Python users do.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cells import *  # noqa: F403
    from .heat import *  # noqa: F403
    from .phases import *  # noqa: F403
    from .questions import *  # noqa: F403
    from .tuning import *  # noqa: F403


def __getattr__(name: str) -> Any:
    # A command loads only what it asks for.
    for room in () if name.startswith("__") else _ROOMS:
        module = import_module(f".{room}", __name__)
        if name in module.__all__:
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_ROOMS = ("questions", "phases", "tuning", "heat", "cells")
