"""`sse-window data`: what is known, where it comes from, and how to bring in more."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .completion import dataset_names
from .figures import PICTURES, FigureOptions, figure_options
from .help import Command
from .options import GROUPS, Common, FiniteFloat, options_of

if TYPE_CHECKING:
    from ..plots import Style
    from ..results.answers import PhaseTable

__all__ = ["data"]


@click.group()
def data() -> None:
    """Datasets: show, export, fetch, import, remove, compare with measurement.

    \b
    Examples:
      sse-window data info
      sse-window data export -o phases.csv
      sse-window data fetch Li-Ge-P-S
    """


@data.command(cls=Command)
@options_of(*(group for group in GROUPS if group != "ion"))
def info(common: Common) -> None:
    """What is loaded and every dataset that is known, with provenance.

    \b
    Examples:
      sse-window data info
      sse-window data info --dataset oqmd --format json
    """
    from .. import api, terminal
    from ..results import records
    from ..results.rows import row
    from ..results.schema import DATASETS

    common.prepare_output()
    table = common.table()
    name = common.dataset or api.DEFAULT
    summary = records.dataset_summary(table, api.provenance_of(name))
    known = api.available()
    common.emit(
        [summary],
        table.provenance,
        rows=lambda: [row(found, DATASETS) for found in known],
        text=lambda: terminal.dataset_tables(summary, known),
    )


@data.command(cls=Command)
@options_of("dataset", "entries", "corrections", "refresh", "exclude", "format", "output")
def export(common: Common) -> None:
    """Every phase of the dataset, with its energy above hull.

    CSV unless --format or the ending of -o says otherwise. A .parquet file is a dataset of its own,
    with its provenance beside it, for --dataset; where phases were added or taken out, the hull is
    made again, which takes a while.

    \b
    Examples:
      sse-window data export -o phases.csv
      sse-window data export --entries mine.csv -o joined.parquet
    """
    from .. import api
    from ..results import records

    whole = common.prepare_output((".parquet",))
    table = common.table()
    if whole:
        assert common.output is not None
        written = api.export_dataset(
            table,
            common.output,
            changed=bool(common.entries or common.exclude),
            source=common.dataset or api.DEFAULT,
        )
        common.notice(f"wrote {common.output}, sha256 {written.sha256[:12]}")
        return
    kind = common.format or ("csv" if common.output is None else common.resolved_format)
    if kind not in ("csv", "json", "jsonl", "table"):
        raise click.UsageError(f"phases are exported as csv, json, jsonl or parquet, not {kind}")
    common.write(records.phases_text(table, kind))


@data.command(cls=Command)
@click.argument("wanted", nargs=-1, required=True, metavar="SYSTEM|FORMULA...")
@click.option(
    "--max-e-above-hull",
    type=FiniteFloat(min=0.0),
    metavar="X",
    help="Only phases up to X eV/atom above the hull.",
)
@options_of(*(group for group in GROUPS if group not in ("ion", "cite")))
def show(wanted: tuple[str, ...], max_e_above_hull: float | None, common: Common) -> None:
    """Phases of chemical systems, or of single compositions, with their energies.

    \b
    Examples:
      sse-window data show Li-P-S
      sse-window data show Li-La-Zr-O --max-e-above-hull 0.02
      sse-window data show Li3PS4 --dataset oqmd --format json
    """
    from .. import api, terminal
    from ..results import records

    common.prepare_output()
    table = common.table()
    found = [
        phase
        for system in wanted
        for phase in records.phases(api.phases_in(system, table, max_e_above_hull=max_e_above_hull))
    ]
    rows = [phase.values for phase in found]
    common.emit(
        found,
        table.provenance,
        rows=lambda: rows,
        text=lambda: terminal.phase_tables(rows, table.provenance),
        options={
            "wanted": list(wanted),
            "max_e_above_hull_eV_per_atom": max_e_above_hull,
        },
    )


@data.command(cls=Command)
@click.argument("name", shell_complete=dataset_names)
@click.option("--yes", is_flag=True, help="Without asking.")
@options_of()
def remove(name: str, yes: bool, common: Common) -> None:
    """Remove an imported or fetched dataset.

    \b
    Examples:
      sse-window data remove mine --yes
    """
    from .. import api

    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError(f"removing {name!r} cannot be undone: say --yes")
        click.confirm(f"Remove dataset {name}? This cannot be undone.", abort=True, err=True)
    for path in api.remove_dataset(name):
        click.echo(f"removed {path}")


@data.command(cls=Command)
@click.argument("systems", nargs=-1, metavar="SYSTEM|FORMULA...")
@click.option(
    "--api-key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File that holds the key; else MP_API_KEY, else pymatgen's configuration.",
)
@click.option(
    "--thermo-type",
    metavar="TYPE",
    help="GGA_GGA+U (default), R2SCAN or GGA_GGA+U_R2SCAN; sets of two types are never joined.",
)
@click.option("--experimental-only", is_flag=True, help="Leave theoretical phases out.")
@click.option("--refresh", is_flag=True, help="Fetch again everything that is held.")
@click.option("--endpoint", metavar="URL", help="Another address of the service.")
@click.option(
    "--deadline",
    type=FiniteFloat(min=1.0),
    metavar="SECONDS",
    help="Give up when everything together takes longer; 1800.",
)
@click.option("-q", "--quiet", is_flag=True, help="No notices on stderr.")
def fetch(
    systems: tuple[str, ...],
    api_key_file: Path | None,
    thermo_type: str | None,
    experimental_only: bool,
    refresh: bool,
    endpoint: str | None,
    deadline: float | None,
    quiet: bool,
) -> None:
    """Fetch chemical systems from the Materials Project into the dataset "mp".

    All subsystems come along. Afterwards --dataset mp works offline.

    \b
    Examples:
      sse-window data fetch Li-Ge-P-S Li-Co-O
      sse-window data fetch Li7La3Zr2O12 --api-key-file key.txt
      sse-window data fetch --refresh
    """
    from .. import api

    if not systems and not refresh:
        raise click.UsageError("name chemical systems (Li-Ge-P-S) or formulas, or give --refresh")
    show = not quiet and sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        click.echo(f"\rfetched {done} of {total} chemical systems", err=True, nl=done == total)

    report = api.fetch(
        systems,
        api_key_file=api_key_file,
        endpoint=endpoint,
        thermo_type=thermo_type,
        experimental_only=experimental_only or None,
        refresh=refresh,
        progress=progress if show else None,
        **({} if deadline is None else {"deadline_s": deadline}),
    )
    for message in report.messages:
        if not quiet:
            click.echo(f"sse-window: {message}", err=True)
    provenance = report.table.provenance
    click.echo(
        f"dataset mp: {len(report.table)} phases, {provenance.date}, {provenance.corrections}, "
        f"sha256 {provenance.sha256[:12]}"
    )


@data.command(name="import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Name of the new dataset.")
@click.option("--overwrite", is_flag=True, help="Replace a dataset of this name.")
@options_of("dataset", "corrections", reads_files=True)
def import_(file: Path, name: str, overwrite: bool, common: Common) -> None:
    """Import a file of phases as a dataset of its own.

    --dataset names the one that gives what the file lacks: the hull under energies above hull, and
    elements that were not calculated.

    \b
    Examples:
      sse-window data import mine.csv --name mine
      sse-window window LGPS --dataset mine
    """
    from .. import api

    def progress(done: int, total: int) -> None:
        click.echo(f"\rhull under {done} of {total} phases", err=True, nl=done == total)

    report = api.import_dataset(
        file,
        name,
        progress=progress if sys.stderr.isatty() and not common.quiet else None,
        dataset=common.table() if common.dataset else None,
        corrections=common.corrections,
        allow_mixed=common.allow_mixed,
        overwrite=overwrite,
    )
    for message in report.messages:
        common.notice(message)
    click.echo(f"dataset {name}: {len(report.table)} phases, {report.path}")


@data.command(cls=Command)
@click.option(
    "--by",
    type=click.Choice(["class", "element"]),
    help="Count a compound once, in its class (default), or under each of its elements.",
)
@click.option(
    "--calibration",
    "calibrated",
    is_flag=True,
    help="What the fits of the calibrated datasets say of compounds that they have not seen.",
)
@figure_options
@click.option(
    "--voltages", is_flag=True, help="Measured electrode voltages beside the calculated ones."
)
@click.option(
    "--distance",
    metavar="NAME",
    shell_complete=dataset_names,
    help="Not against measurement: how far another dataset lies from --dataset.",
)
@options_of("dataset", "format", "columns", "cite", "output")
def accuracy(
    by: Literal["class", "element"] | None,
    calibrated: bool,
    voltages: bool,
    distance: str | None,
    figure: FigureOptions,
    common: Common,
) -> None:
    """Energies of the packaged datasets against measurement.

    Formation energies against measured enthalpies, by class of compounds; alloys and molecules
    stand apart. With --calibration or --voltages and -o picture.svg (.png, .pdf) draws them.

    \b
    Examples:
      sse-window data accuracy
      sse-window data accuracy --dataset oqmd --by element --format csv
      sse-window data accuracy --calibration -o calibration.png
      sse-window data accuracy --voltages
      sse-window data accuracy --distance oqmd
    """
    from .. import api, terminal

    if calibrated + voltages + (by is not None) + (distance is not None) > 1:
        raise click.UsageError(
            "--by, --calibration, --voltages and --distance are different questions: choose one"
        )
    picture = common.prepare_output(PICTURES if calibrated or voltages else ())
    style = figure.style(picture, "double")
    if calibrated:
        _calibration(common, style)
        return
    if distance is not None:
        _distance(distance, common)
        return
    names = [common.dataset] if common.dataset else list(api.PACKAGED)
    tables = [api.load(name) for name in names]
    if voltages:
        _voltages(tables, common, style)
        return
    rows = [row for table in tables for row in api.accuracy(table, by or "class")]
    common.emit(
        rows,
        tables[0].provenance,
        rows=lambda: [row.to_dict() for row in rows],
        text=lambda: terminal.accuracy_tables(rows, [table.provenance for table in tables]),
        options={"by": by},
    )


def _calibration(common: Common, style: Style | None) -> None:
    from .. import api, plots, terminal

    names = [common.dataset] if common.dataset else [n for n in api.PACKAGED if "calibrated" in n]
    rows = [row for name in names for row in api.calibration(name)]
    datasets = [api.load(name).provenance for name in names]
    common.emit(
        rows,
        datasets[0],
        rows=lambda: [row.to_dict() for row in rows],
        text=lambda: terminal.calibration_tables(rows, datasets),
        style=style,
        sheet=lambda **how: plots.calibration_figure(
            [api.calibration_points(name) for name in names], **how
        ),
        options={"calibration": True},
    )


def _distance(other: str, common: Common) -> None:
    from .. import api, terminal

    tables = [api.load(common.dataset), api.load(other)]
    rows = api.distances(tables[0], other=tables[1])
    common.emit(
        rows,
        tables[0].provenance,
        rows=lambda: [row.to_dict() for row in rows],
        text=lambda: terminal.distance_tables(rows, [table.provenance for table in tables]),
        options={"distance": other},
    )


def _voltages(tables: Sequence[PhaseTable], common: Common, style: Style | None) -> None:
    from .. import api, plots, terminal
    from ..results.rows import row
    from ..results.schema import VOLTAGES

    checks = [check for table in tables for check in api.electrode_voltages(table)]
    common.emit(
        checks,
        tables[0].provenance,
        rows=lambda: [row(check, VOLTAGES) for check in checks],
        text=lambda: terminal.voltage_tables(checks),
        style=style,
        sheet=lambda **how: plots.voltages_figure(checks, **how),
        options={"voltages": True},
    )
