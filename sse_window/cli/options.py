"""Options that commands share, each command taking those that act on it."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from ..core.ions import CHARGE
from .common import FORMATS, Common
from .completion import dataset_names, electrode_names

__all__ = [
    "GROUPS",
    "Common",
    "FiniteFloat",
    "common_options",
    "compare_option",
    "e_above_hull_option",
    "gas_option",
    "options_of",
    "reference_option",
    "tolerance_option",
    "voltage_range_option",
]

F = TypeVar("F", bound=Callable[..., Any])


class FiniteFloat(click.FloatRange):
    """A number that is one: neither nan nor infinite."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number; anything else is a usage error."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number

    def _describe_range(self) -> str:
        # Click would write x<=None where there is no bound.
        return "" if self.min is None and self.max is None else super()._describe_range()


def tolerance_option(function: F) -> F:
    """Give a command the driving force that the tolerance window bears."""
    return click.option(
        "--tolerance",
        type=FiniteFloat(min=0.0, max=1.0),
        metavar="X",
        help="Driving force that the tolerance window bears, eV/atom (0.03); 0: the window itself.",
    )(function)


def e_above_hull_option(function: F) -> F:
    """Give a command the energy above hull to assume."""
    return click.option(
        "--e-above-hull",
        type=FiniteFloat(min=0.0),
        metavar="X",
        help="Energy above hull to assume for the composition, eV/atom.",
    )(function)


def voltage_range_option(function: F) -> F:
    """Give a command the operating range of its electrodes."""
    return click.option(
        "--voltage",
        nargs=2,
        type=FiniteFloat(),
        metavar="LOW HIGH",
        help="Operating range of the electrode, V vs the metal; else that of the known electrode.",
    )(function)


def compare_option(function: F) -> F:
    """Give a command several datasets to answer from."""
    return click.option(
        "--compare",
        metavar="NAMES",
        help="Answer from several datasets and show the spread: mp-legacy,oqmd or all.",
    )(function)


def gas_option(function: F) -> F:
    """Give a command the temperature of gases that form."""
    return click.option(
        "--gas",
        "gas_K",
        type=FiniteFloat(min=0.0, min_open=True),
        metavar="T",
        help="Gases at this temperature in kelvin and 1 bar, such as 298, in place of 0 K.",
    )(function)


def reference_option(function: F) -> F:
    """Give a command another reference electrode for displayed voltages."""
    return click.option(
        "--reference",
        metavar="ELECTRODE",
        shell_complete=electrode_names,
        help="Show voltages vs Li-In, LTO or graphite; stored values stay vs the metal.",
    )(function)


_ENTRIES = "entries"

GROUPS = (
    "ion", "dataset", _ENTRIES, "corrections", "refresh", "exclude", "format", "columns", "cite",
    "output",
)  # fmt: skip
"""Groups of common options, in the order of the help."""


def _split(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    keys = tuple(dict.fromkeys(key.strip() for key in value.split(",") if key.strip()))
    if not keys:
        raise click.UsageError("--columns: name at least one, as formula,oxidation_potential_V")
    return keys


def _options(group: str) -> list[Callable[[F], F]]:
    if group == "ion":
        return [
            click.option(
                "--ion",
                type=click.Choice(list(CHARGE)),
                default="Li",
                show_default=True,
                help="Working ion; voltages are vs its metal.",
            )
        ]
    if group == "dataset":
        return [
            click.option(
                "--dataset",
                metavar="NAME|PATH",
                shell_complete=dataset_names,
                help="Phases to use: mp-2020-polyanions (default), mp-2020, mp-legacy, "
                "mp-calibrated, oqmd or oqmd-calibrated (packaged), mp (fetched), an imported "
                "name, or a .parquet file.",
            )
        ]
    if group == _ENTRIES:
        return [
            click.option(
                "--entries",
                multiple=True,
                type=click.Path(path_type=Path),
                metavar="FILE",
                help="Add your own phases (CSV, JSON, pymatgen entries, a structure); repeatable.",
            ),
            click.option(
                "--replace",
                is_flag=True,
                help="Let --entries replace phases of lower energy, too.",
            ),
        ]
    if group == "corrections":
        return [
            click.option(
                "--corrections",
                type=click.Choice(CORRECTIONS),
                help="Correction scheme for total energies in your files; else the dataset's.",
            ),
            click.option(
                "--allow-mixed",
                is_flag=True,
                help="Join phases of another correction scheme all the same; every result says so.",
            ),
        ]
    if group == "refresh":
        return [
            click.option(
                "--refresh",
                is_flag=True,
                help="With --dataset mp: fetch everything it holds again first.",
            )
        ]
    if group == "exclude":
        return [
            click.option(
                "--exclude",
                multiple=True,
                metavar="FORMULA",
                help="Take a phase out of every equilibrium; repeatable.",
            )
        ]
    if group == "format":
        return [
            click.option(
                "--format",
                "format_",
                type=click.Choice(FORMATS),
                help="Output format; else by the ending of -o, else table.",
            )
        ]
    if group == "columns":
        return [
            click.option(
                "--columns",
                metavar="KEY,...",
                callback=_split,
                help="Only these columns, by the names of the CSV output.",
            )
        ]
    if group == "cite":
        return [
            click.option(
                "--cite",
                is_flag=True,
                help="Instead of the answer, BibTeX of the data and facts it rests on.",
            )
        ]
    assert group == "output", group
    return [
        click.option(
            "-o",
            "--output",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Write to a file instead of stdout; it appears whole or not at all.",
        )
    ]


CORRECTIONS = ("MP2020", "MP2020-polyanions", "legacy", "none", "as-given")
"""Correction schemes of total energies."""

_VERBOSITY: list[Callable[[Any], Any]] = [
    click.option("-q", "--quiet", is_flag=True, help="No notices on stderr."),
    click.option("-v", "--verbose", count=True, help="Notices; twice: tracebacks of errors."),
]


def options_of(*groups: str, reads_files: bool = False) -> Callable[[F], F]:
    """Give a command common options, as one argument `common`.

    Parameters
    ----------
    *groups : str
        Of :data:`GROUPS`.
    reads_files : bool
        The command reads energies beside --entries, so that corrections act without it.

    Returns
    -------
    callable
    """

    def decorate(function: F) -> F:
        @click.pass_context
        @functools.wraps(function)
        def command(ctx: click.Context, /, **values: Any) -> Any:
            fields = {"format_": "format"}
            common = Common(
                **{
                    fields.get(name, name): values.pop(name)
                    for name in (*_NAMES,)
                    if name in values
                }
            )
            if _ENTRIES in groups and not common.entries and not reads_files:
                _need_entries(common)
            ctx.meta["sse_window.verbose"] = common.verbose
            return function(common=common, **values)

        made: Any = command
        options: list[Callable[[Any], Any]] = []
        for group in groups:
            options += _options(group)
        for option in reversed([*options, *_VERBOSITY]):
            made = option(made)
        return cast(F, made)

    return decorate


_NAMES = (
    "ion", "dataset", "entries", "replace", "corrections", "allow_mixed", "refresh", "exclude",
    "format_", "columns", "cite", "output", "quiet", "verbose",
)  # fmt: skip


def _need_entries(common: Common) -> None:
    """Refuse what acts on the user's phases where there are none."""
    for name in ("replace", "corrections", "allow_mixed"):
        if getattr(common, name):
            flag = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{flag} acts on --entries: name a file of phases, or leave it")


common_options = options_of(*GROUPS)
"""Every common option, for the questions that are asked of phases."""
