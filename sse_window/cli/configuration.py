"""Defaults of options from a file: `config.toml` of the user, or the file that a variable names.

Options stand under their names; those of one command in a table of its name::

    dataset = "oqmd"
    [screen]
    jobs = 4
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ..core.errors import DataError

__all__ = ["VARIABLE", "configuration", "defaults_of"]

VARIABLE = "SSE_WINDOW_CONFIG"
"""Environment variable that names the file; set to nothing, no file is read."""

# What a single answer is asked for, or could overwrite a file unasked, is no default.
_NEVER = {"output", "help", "version", "cite", "resume", "refresh", "overwrite"}


def configuration() -> tuple[str, Mapping[str, Any]]:
    """Name and contents of the file; empty where there is none.

    Raises
    ------
    DataError
        If the file is named but absent, or is no TOML.
    """
    said = os.environ.get(VARIABLE)
    if said == "":
        return "", {}
    if said is None:
        from platformdirs import user_config_path

        try:
            path = user_config_path("sse-window") / "config.toml"
            if not path.is_file():
                return "", {}
        except (RuntimeError, OSError):
            # No home folder, or that of somebody else: nobody named a file that has to be read.
            return "", {}
    else:
        path = Path(said)
    try:
        return str(path), tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"cannot read {path} ({VARIABLE}): {error.strerror or error}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path} is no TOML: {error}") from None


def defaults_of(
    commands: Mapping[str, click.Command], contents: Mapping[str, Any], source: str
) -> dict[str, Any]:
    """Defaults of every command, by the names of its parameters.

    Parameters
    ----------
    commands : mapping of str to click.Command
    contents : mapping
        Of the file.
    source : str
        Its name, for messages.

    Returns
    -------
    dict
        By command; of a group by its commands.

    Raises
    ------
    DataError
        If the file has an option that no command has, or that its own command has not.
    """
    shared = {key: value for key, value in contents.items() if key not in commands}
    options = {key for command in commands.values() for key in _options(command)}
    for key, value in shared.items():
        if isinstance(value, Mapping):
            raise DataError(f"{source}: [{key}] is no command; they are {', '.join(commands)}")
        if _flag(key) not in options:
            import difflib

            near = difflib.get_close_matches(_flag(key), options, n=1)
            hint = f", did you mean {near[0]!r}?" if near else ""
            raise DataError(f"{source}: {key!r} is no option that can have a default{hint}")
    found: dict[str, Any] = {}
    for name, command in commands.items():
        own = contents.get(name, {})
        if not isinstance(own, Mapping):
            raise DataError(f"{source}: {name} is a command: write its options below [{name}]")
        if isinstance(command, click.Group):
            found[name] = defaults_of(
                command.commands, {**_fitting(shared, command), **own}, source
            )
            continue
        known = _options(command)
        for key in own:
            if _flag(key) not in known:
                raise DataError(
                    f"{source}, [{name}]: {key!r} is no option of {name} that can have a default; "
                    f"they are {', '.join(sorted(known))}"
                )
        given = {**_fitting(shared, command), **own}
        found[name] = {known[_flag(key)]: value for key, value in given.items()}
    return found


def _flag(key: str) -> str:
    return key.replace("_", "-")


def _fitting(contents: Mapping[str, Any], command: click.Command) -> dict[str, Any]:
    known = _options(command)
    return {key: value for key, value in contents.items() if _flag(key) in known}


def _options(command: click.Command) -> dict[str, str]:
    """Parameters that can have a default, by their flags."""
    if isinstance(command, click.Group):
        return {k: v for each in command.commands.values() for k, v in _options(each).items()}
    return {
        flag.removeprefix("--"): parameter.name
        for parameter in command.params
        if isinstance(parameter, click.Option) and parameter.name not in (None, *_NEVER)
        for flag in parameter.opts
        if flag.startswith("--")
    }
