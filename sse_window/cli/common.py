"""Values of the common options, and what they lead to: a phase table, a written answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from ..core.errors import OutputError
from ..core.files import check_writable, write_bytes, write_text

if TYPE_CHECKING:
    from ..core.record import Record
    from ..plots import Style
    from ..plots.sheet import Sheet
    from ..results.answers import PhaseTable, Provenance
    from ..terminal import Reference

__all__ = ["FORMATS", "SUFFIXES", "Common"]

_OF_DATASETS = (".parquet", ".json")

SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".txt": "table",
    ".md": "markdown",
    ".tex": "latex",
    ".xlsx": "xlsx",
}
"""Formats by the endings of output files."""

FORMATS = ("table", "json", "jsonl", "csv", "markdown", "latex", "xlsx")


@dataclass(frozen=True)
class Common:
    """Values of the common options.

    Attributes
    ----------
    ion, dataset, entries, replace, corrections, allow_mixed, refresh, exclude : see ``--help``
    format : str or None
        None where neither the option nor the output file decides.
    columns : tuple of str or None
        Keys of the columns to write.
    cite : bool
        BibTeX of what the answer rests on, instead of the answer.
    output : Path or None
    quiet : bool
    verbose : int
    """

    ion: str = "Li"
    dataset: str | None = None
    entries: tuple[Path, ...] = ()
    replace: bool = False
    corrections: str | None = None
    allow_mixed: bool = False
    refresh: bool = False
    exclude: tuple[str, ...] = ()
    format: str | None = None
    columns: tuple[str, ...] | None = None
    cite: bool = False
    output: Path | None = None
    quiet: bool = False
    verbose: int = 0

    def table(self, *asked: str, dataset: str | None = None) -> PhaseTable:
        """The phase table that the options describe; notices go to stderr.

        Parameters
        ----------
        *asked : str
            Formulas and names that the question is about; none where it is about many.
        dataset : str, optional
            In place of that of the option.
        """
        from .. import api

        table, notices = api.open_table(
            dataset or self.dataset,
            entries=self.entries,
            exclude=self.exclude,
            replace=self.replace,
            corrections=self.corrections,
            allow_mixed=self.allow_mixed,
            refresh=self.refresh,
            ion=self.ion,
            asked=api.compositions_in(asked, self.ion) if asked and self.exclude else None,
        )
        for notice in notices:
            self.notice(notice)
        return table

    def tables(self, compare: str | None, *asked: str) -> list[PhaseTable]:
        """One table, or one per dataset to compare."""
        if compare is None:
            return [self.table(*asked)]
        names = [name.strip() for name in compare.split(",") if name.strip()]
        if names == ["all"]:
            from .. import api

            names = list(api.PACKAGED)
        if len(set(names)) < 2 or len(set(names)) < len(names):
            raise click.UsageError(
                "--compare: name two or more different datasets, as mp-legacy,oqmd, or all"
            )
        if self.dataset is not None:
            raise click.UsageError("--compare and --dataset exclude each other")
        self.spare_inputs(*names)
        return [self.table(*asked, dataset=name) for name in names]

    def shows_elsewhere(self, compare: str | None) -> bool:
        """Whether an answer can stand beside the same on the other packaged energies.

        Not where several are compared anyway, and not where the user added or took out phases,
        which the others would lack.
        """
        return compare is None and not self.entries and not self.exclude

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
        source = click.get_current_context().get_parameter_source
        for name in names:
            # What stands in the user's file of defaults was not asked of this command.
            said = source(name) is not click.core.ParameterSource.DEFAULT_MAP
            if said and getattr(self, name) not in unset:
                flag = f"--{name.replace('_', '-')}"
                raise click.UsageError(f"{flag} means nothing to {command}: leave it out")

    def notice(self, text: str) -> None:
        """Say something on stderr: to a person at a terminal, or when asked with -v."""
        if not self.quiet and (self.verbose or sys.stderr.isatty()):
            click.echo(f"sse-window: {text}", err=True)

    def prepare_output(self, pictures: Sequence[str] = ()) -> bool:
        """Check what is to be written before the work; True if it is a picture."""
        if self.cite and (self.columns or self.format):
            flag = "--columns" if self.columns else "--format"
            raise click.UsageError(f"--cite writes BibTeX: {flag} means nothing to it")
        if self.output is None:
            if self.format == "xlsx":
                raise click.UsageError("--format xlsx is no text: give -o FILE.xlsx")
            self._check_columns(self.resolved_format)
            return False
        self.spare_inputs()
        if self.cite:
            check_writable(self.output, (".bib",))
            return False
        check_writable(self.output, (*SUFFIXES, *pictures))
        picture = self.output.suffix.lower() in pictures
        kind = "a picture" if picture else SUFFIXES[self.output.suffix.lower()]
        if self.format and self.format != kind:
            raise click.UsageError(f"--format {self.format} and -o {self.output} ({kind}) disagree")
        self._check_columns(kind)
        return picture

    def _check_columns(self, kind: str) -> None:
        if self.columns and kind in ("json", "jsonl", "a picture"):
            raise click.UsageError(f"--columns chooses columns of a table: {kind} has none")

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
        if self.output is not None and self.output.suffix.lower() in _OF_DATASETS:
            from .. import api

            if api.is_of_a_dataset(self.output):
                raise OutputError(
                    f"cannot write {self.output}: it belongs to a dataset; choose another name"
                )

    def draw(self, figure: Sheet) -> None:
        """Write a picture to the output file."""
        assert self.output is not None
        figure.save(self.output)
        self.notice(f"drew {self.output}")

    @property
    def resolved_format(self) -> str:
        """Format of the option, else of the output file's ending, else a table."""
        if self.format:
            return self.format
        return SUFFIXES[self.output.suffix.lower()] if self.output else "table"

    def emit(
        self,
        results: Sequence[Record],
        dataset: Provenance,
        beside: Mapping[str, Any] | None = None,
        /,
        *,
        rows: Callable[[], list[dict[str, Any]]],
        text: Callable[[], Any],
        style: Style | None = None,
        sheet: Callable[..., Sheet] | None = None,
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Write results to stdout or the output file, in the format asked for; or draw them.

        Parameters
        ----------
        results : sequence of Record
        dataset : Provenance
            Of the envelope.
        beside : mapping, optional
            Further keys of the JSON envelope, about all results together.
        rows : callable
            Flat rows for CSV.
        text : callable
            Rich renderables for a table.
        style : Style, optional
            Of the picture that is asked for; none is where it is left out.
        sheet : callable, optional
            The picture, given `style` and `options`.
        options : mapping
            Further options that shaped the results.
        """
        from ..results.formats import FORMATS, Answer

        shaped = self.options(**options)
        if style is not None:
            assert sheet is not None
            self.draw(sheet(style=style, options=shaped))
            return
        self._ask_what_was_meant(results)

        def table() -> str:
            from ..terminal import options_line, rows_table, terminal_text

            shown = [rows_table(answer.table(), self.columns)] if self.columns else text()
            lines = [*shown, *options_line(shaped)]
            return terminal_text(lines, to_file=self.output is not None)

        answer = Answer(results, dataset, shaped, rows, table, self.columns, beside or {})
        if self.cite:
            from .. import api
            from ..results.citations import bibtex

            known = [api.sources_of(name) for name in _datasets_of(results, dataset)]
            self.write(bibtex([result.to_dict() for result in results], known))
            return
        self.write(FORMATS[self.resolved_format].render(answer))

    def _ask_what_was_meant(self, results: Sequence[Record]) -> None:
        """Slips on stderr too, where a table that goes into a file does not hide them."""
        notes = [note for result in results for note in getattr(result, "notes", ())]
        for note in dict.fromkeys(notes):
            if note.startswith("did you mean") and not self.quiet:
                click.echo(f"sse-window: {note}", err=True)

    def write(self, content: str | bytes) -> None:
        """Text to the output file or stdout; what is no text to the output file alone."""
        if self.output is None:
            assert isinstance(content, str), "what is no text goes to files"
            click.echo(content, nl=False)
            return
        if isinstance(content, bytes):
            write_bytes(self.output, content)
        else:
            write_text(self.output, content)
        self.notice(f"wrote {self.output}")


def _datasets_of(results: Sequence[Record], dataset: Provenance) -> list[str]:
    """Names of the datasets that results come from."""
    own = [getattr(result, "dataset", None) for result in results]
    return list(dict.fromkeys(d.name for d in (dataset, *own) if d is not None))


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False
