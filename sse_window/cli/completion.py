"""What a shell offers while a command is typed: formulas by name, electrodes, datasets.

It is switched on by `eval "$(_SSE_WINDOW_COMPLETE=bash_source sse-window)"` (zsh_source,
fish_source) in the start file of the shell.
"""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

__all__ = ["dataset_names", "electrode_names", "formula_names"]


def _starting(names: list[str], incomplete: str) -> list[CompletionItem]:
    begun = incomplete.lower()
    return [CompletionItem(name) for name in names if name.lower().startswith(begun)]


def formula_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names that stand for compositions."""
    from .. import api

    return _starting([known.name for known in api.known_names()], incomplete)


def electrode_names(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Electrodes of the working ion that was typed."""
    from .. import api

    electrodes = api.electrodes(ctx.params.get("ion") or "Li")
    return _starting([electrode.name for electrode in electrodes], incomplete)


def dataset_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Datasets that are known by name; a path is completed by the shell where none fits."""
    from .. import api

    found = _starting([info.name for info in api.available()], incomplete)
    return found or [CompletionItem(incomplete, type="file")]
