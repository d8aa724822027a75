"""The `sse-window` command and its one error handler."""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sys
from typing import Any

import click

from ..core.errors import SSEWindowError, printable
from .configuration import configuration, defaults_of

__all__ = ["main"]

COMMANDS = (
    "window",
    "profile",
    "pair",
    "coatings",
    "stack",
    "topotactic",
    "series",
    "sinter",
    "strain",
    "space-charge",
    "screen",
    "report",
    "names",
    "data",
    "verify",
)
"""Each is a module of this package that defines a command of its own name."""

EXIT_DATA_ERROR = 1

EXIT_INTERRUPTED = 128 + signal.SIGINT


class Commands(click.Group):
    """Commands imported on demand; every expected error becomes one line and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the manual."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        if not ctx.resilient_parsing and ctx.default_map is None:
            source, contents = configuration()
            ctx.default_map = (
                defaults_of({name: _command(name) for name in COMMANDS}, contents, source)
                if contents
                else {}
            )
        return _command(cmd_name)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments; an interrupt meanwhile is one line, too."""
        try:
            return super().make_context(*args, **extra)
        except KeyboardInterrupt:
            click.echo("sse-window: interrupted", err=True)
            raise click.exceptions.Exit(EXIT_INTERRUPTED) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and report expected errors without a traceback unless -vv asks for it."""
        try:
            return super().invoke(ctx)
        except SSEWindowError as error:
            if ctx.meta.get("sse_window.verbose", 0) >= 2:
                raise
            click.echo(f"sse-window: {printable(str(error))}", err=True)
            ctx.exit(EXIT_DATA_ERROR)
        except MemoryError:
            click.echo("sse-window: out of memory: give it more, or ask for less", err=True)
            ctx.exit(EXIT_DATA_ERROR)
        except KeyboardInterrupt:
            click.echo("sse-window: interrupted", err=True)
            ctx.exit(EXIT_INTERRUPTED)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line; standard streams may be closed, full, or of a small alphabet."""
        # The lowest free handles: what is opened later must not take the place of a stream.
        if sys.stdout is None:
            sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
        if sys.stderr is None:
            sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
        # Pictures go to files; a backend that is not installed must not stop them.
        os.environ["MPLBACKEND"] = "agg"
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # Rules of tables are no letters of ISO alphabets; the numbers are.
                stream.reconfigure(errors="replace")
        try:
            return super().main(*args, **kwargs)
        except OSError as error:
            click.echo(f"sse-window: {printable(_refused(error))}", err=True)
            _discard_stdout()
            sys.exit(EXIT_DATA_ERROR)


def _refused(error: OSError) -> str:
    """What the system refused, as far as it says."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename is not None:
        return f"cannot use {os.fsdecode(error.filename)}: {reason}"
    if error.errno in (errno.EPIPE, errno.ENOSPC, errno.EBADF, errno.EIO):
        # click itself ends quietly where the reader (head, less) has what it wanted.
        return f"cannot write to stdout: {reason}"
    return f"the operating system refused: {reason}"


def _command(cmd_name: str) -> click.Command:
    name = cmd_name.replace("-", "_")
    module = importlib.import_module(f".{name}", __package__)
    command: click.Command = getattr(module, name)
    return command


def _discard_stdout() -> None:
    """Let nothing that is still buffered fail again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from ..core import implementation
        from ..results.records import program_version

        click.echo(f"sse-window {program_version()} ({implementation()} core)")
        ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version, and whether the core is compiled, and exit.",
)
def main() -> None:
    """Stability windows and interfaces of solid electrolytes, from formation energies.

    Works offline on packaged tables of the Materials Project and OQMD. Voltages are in V vs the
    metal of the working ion, energies in eV.

    \b
    Examples:
      sse-window window LGPS LLZO
      sse-window profile LGPS -o lgps.png
      sse-window pair LGPS LCO

    Options that are always the same may stand in a file, config.toml in the folder of the user's
    settings or the one that SSE_WINDOW_CONFIG names: dataset = "oqmd", or below [screen] jobs = 4.
    Names of formulas, electrodes and datasets are completed after
    eval "$(_SSE_WINDOW_COMPLETE=bash_source sse-window)" (zsh_source, fish_source).
    """
