"""Options that every command shares, and what they lead to: a phase table, a written result."""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core.errors import OutputError
from ..core.files import check_writable, write_text
from ..core.ions import CHARGE

if TYPE_CHECKING:
    from ..core.record import Record
    from ..results.answers import PhaseTable, Provenance
    from ..terminal import Reference

__all__ = [
    "FORMATS",
    "Common",
    "FiniteFloat",
    "common_options",
    "compare_option",
    "e_above_hull_option",
    "reference_option",
    "tolerance_option",
    "uncertainty_options",
]

FORMATS = ("table", "json", "jsonl", "csv")
_SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".txt": "table"}

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Common:
    """Values of the common options.

    Attributes
    ----------
    ion, dataset, entries, replace, corrections, allow_mixed, refresh, exclude : see ``--help``
    format : str or None
        None where neither the option nor the output file decides.
    output : Path or None
    quiet : bool
    verbose : int
    """

    ion: str
    dataset: str | None
    entries: tuple[Path, ...]
    replace: bool
    corrections: str | None
    allow_mixed: bool
    refresh: bool
    exclude: tuple[str, ...]
    format: str | None
    output: Path | None
    quiet: bool
    verbose: int

    def table(self, dataset: str | None = None) -> PhaseTable:
        """The phase table that the options describe; notices go to stderr."""
        from .. import api

        table, notices = api.open_table(
            dataset or self.dataset,
            entries=self.entries,
            exclude=self.exclude,
            replace=self.replace,
            corrections=self.corrections,
            allow_mixed=self.allow_mixed,
            refresh=self.refresh,
        )
        for notice in notices:
            self.notice(notice)
        return table

    def tables(self, compare: str | None) -> list[PhaseTable]:
        """One table, or one per dataset to compare."""
        if compare is None:
            return [self.table()]
        names = [name.strip() for name in compare.split(",") if name.strip()]
        if len(set(names)) < 2 or len(set(names)) < len(names):
            raise click.UsageError("--compare: name two or more different datasets, as mp,oqmd")
        if self.dataset is not None:
            raise click.UsageError("--compare and --dataset exclude each other")
        self.spare_inputs(*names)
        return [self.table(name) for name in names]

    def reference(self, electrode: str | None) -> Reference:
        """Reference of displayed voltages: the metal, or the plateau of a known electrode."""
        from .. import api
        from ..terminal import Reference

        if electrode is None:
            return Reference.metal(self.ion)
        known = api.electrode(electrode, self.ion)
        if known is None or known.plateau is None:
            usable = [e.name for e in api.electrodes(self.ion) if e.plateau is not None]
            raise click.UsageError(
                f"--reference {electrode}: choose one of {', '.join(usable) or 'none known'}"
            )
        return Reference(known.name, known.plateau)

    def options(self, **more: Any) -> dict[str, Any]:
        """Options that shape results, for the JSON envelope."""
        given = {
            "ion": self.ion,
            "entries": [str(path) for path in self.entries],
            "replace": self.replace,
            "corrections": self.corrections,
            "allow_mixed": self.allow_mixed,
            "exclude": list(self.exclude),
        }
        # Zero is a value, though it is equal to False.
        return {
            key: value
            for key, value in (given | more).items()
            if not (value is None or value is False or value in ([], ()))
        }

    def refuse(self, command: str, *names: str) -> None:
        """Say so where a common option means nothing to a command.

        Parameters
        ----------
        command : str
        *names : str
            Attributes that have to be at their defaults.
        """
        unset = (None, False, (), "Li")
        for name in names:
            if getattr(self, name) not in unset:
                flag = f"--{name.replace('_', '-')}"
                raise click.UsageError(f"{flag} means nothing to {command}: leave it out")

    def notice(self, text: str) -> None:
        """Say something on stderr: to a person at a terminal, or when asked with -v."""
        if not self.quiet and (self.verbose or sys.stderr.isatty()):
            click.echo(f"sse-window: {text}", err=True)

    def prepare_output(self, pictures: Sequence[str] = ()) -> bool:
        """Check the output file before the work; True if it is a picture."""
        if self.output is None:
            return False
        self.spare_inputs()
        check_writable(self.output, (*_SUFFIXES, *pictures))
        picture = self.output.suffix.lower() in pictures
        kind = "a picture" if picture else _SUFFIXES[self.output.suffix.lower()]
        if self.format and self.format != kind:
            raise click.UsageError(f"--format {self.format} and -o {self.output} ({kind}) disagree")
        return picture

    def spare_inputs(self, *further: str | Path | None) -> None:
        """Make sure that the output file is none of those that are read.

        Parameters
        ----------
        *further : str, Path or None
            What is read besides ``--entries`` and ``--dataset``.

        Raises
        ------
        OutputError
            If the output would take the place of an input.
        """
        read = [Path(path) for path in (*self.entries, self.dataset, *further) if path]
        # Beside the phases of a dataset lies their provenance.
        read += [path.with_suffix(".json") for path in read if path.suffix == ".parquet"]
        for path in read:
            if self.output and _same_file(path, self.output):
                raise OutputError(
                    f"cannot write {self.output}: it is read as input; choose another name"
                )

    @property
    def resolved_format(self) -> str:
        """Format of the option, else of the output file's ending, else a table."""
        if self.format:
            return self.format
        return _SUFFIXES[self.output.suffix.lower()] if self.output else "table"

    def emit(
        self,
        results: Sequence[Record],
        source: PhaseTable | Provenance,
        *,
        rows: Callable[[], list[dict[str, Any]]],
        text: Callable[[], Any],
        **options: Any,
    ) -> None:
        """Write results to stdout or the output file, in the format asked for.

        Parameters
        ----------
        results : sequence of Record
        source : PhaseTable or Provenance
            Dataset of the envelope.
        rows : callable
            Flat rows for CSV.
        text : callable
            Rich renderables for a table.
        **options
            Further options that shaped the results.
        """
        from ..results import records
        from ..results.rows import origin_row

        dataset: Provenance = getattr(source, "provenance", source)  # type: ignore[arg-type]
        kind = self.resolved_format
        shaped = self.options(**options)
        if kind == "json":
            written = records.json_text(records.document(results, dataset, shaped))
        elif kind == "jsonl":
            written = records.jsonl_text(results, dataset, shaped)
        elif kind == "csv":
            asked = records.json_text(shaped, None).strip()
            origin = origin_row(dataset.to_dict())
            written = records.csv_text(
                [{**row, **origin, **row, "options": asked} for row in rows()]
            )
        else:
            from ..terminal import options_line, terminal_text

            written = terminal_text(
                [*text(), *options_line(shaped)], to_file=self.output is not None
            )
        self.write(written)

    def write(self, text: str) -> None:
        """Text to the output file, or stdout."""
        if self.output is None:
            click.echo(text, nl=False)
        else:
            write_text(self.output, text)
            self.notice(f"wrote {self.output}")


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


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def tolerance_option(function: F) -> F:
    """Give a command the driving force that the tolerance window bears."""
    return click.option(
        "--tolerance",
        type=FiniteFloat(min=0.0),
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


def uncertainty_options(function: F) -> F:
    """Give a command the number of Monte Carlo draws and their seed."""
    function = click.option(
        "--seed",
        type=click.IntRange(min=0),
        help="Seed of the draws: the same seed gives the same numbers.",
    )(function)
    return click.option(
        "--uncertainty",
        "draws",
        type=click.IntRange(min=1),
        is_flag=False,
        flag_value=200,
        metavar="[N]",
        help="Error bars from N Monte Carlo draws (200) with 0.02 eV/atom per compound.",
    )(function)


def compare_option(function: F) -> F:
    """Give a command several datasets to answer from."""
    return click.option(
        "--compare",
        metavar="NAMES",
        help="Answer from several datasets and show the spread, e.g. mp,oqmd.",
    )(function)


def reference_option(function: F) -> F:
    """Give a command another reference electrode for displayed voltages."""
    return click.option(
        "--reference",
        metavar="ELECTRODE",
        help="Show voltages vs Li-In, LTO or graphite; stored values stay vs the metal.",
    )(function)


def common_options(function: F) -> F:
    """Give a command the options of the contract, as one argument `common`."""

    @click.option(
        "--ion",
        type=click.Choice(list(CHARGE)),
        default="Li",
        show_default=True,
        help="Working ion; voltages are vs its metal.",
    )
    @click.option(
        "--dataset",
        metavar="NAME|PATH",
        help="Phases to use: mp-legacy (packaged, default), oqmd, mp (fetched), an imported name, "
        "or a .parquet file.",
    )
    @click.option(
        "--entries",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Add your own phases (CSV, JSON, pymatgen entries); repeatable.",
    )
    @click.option(
        "--replace", is_flag=True, help="Let --entries replace phases of lower energy, too."
    )
    @click.option(
        "--corrections",
        type=click.Choice(["MP2020", "legacy", "none"]),
        help="Correction scheme for total energies in --entries; else that of the dataset.",
    )
    @click.option(
        "--allow-mixed",
        is_flag=True,
        help="Join --entries of another correction scheme all the same; every result says so.",
    )
    @click.option(
        "--refresh", is_flag=True, help="With --dataset mp: fetch everything it holds again first."
    )
    @click.option(
        "--exclude",
        multiple=True,
        metavar="FORMULA",
        help="Take a phase out of every equilibrium; repeatable.",
    )
    @click.option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        help="Output format; else by the ending of -o, else table.",
    )
    @click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write to a file instead of stdout; it appears whole or not at all.",
    )
    @click.option("-q", "--quiet", is_flag=True, help="No notices on stderr.")
    @click.option("-v", "--verbose", count=True, help="Notices; twice: tracebacks of errors.")
    @click.pass_context
    @functools.wraps(function)
    def command(ctx: click.Context, /, **values: Any) -> Any:
        common = Common(
            ion=values.pop("ion"),
            dataset=values.pop("dataset"),
            entries=values.pop("entries"),
            replace=values.pop("replace"),
            corrections=values.pop("corrections"),
            allow_mixed=values.pop("allow_mixed"),
            refresh=values.pop("refresh"),
            exclude=values.pop("exclude"),
            format=values.pop("format_"),
            output=values.pop("output"),
            quiet=values.pop("quiet"),
            verbose=values.pop("verbose"),
        )
        ctx.meta["sse_window.verbose"] = common.verbose
        return function(common=common, **values)

    return command  # type: ignore[return-value]
