"""Finished results as one HTML file that opens anywhere, offline."""

from __future__ import annotations

from pathlib import Path

from .. import api
from ..core.files import check_writable, write_text
from .details import steps_of
from .page import page_html, payload
from .reading import Results, read_results

__all__ = ["SUFFIXES", "read_results", "report_html", "write_report"]

SUFFIXES = (".html", ".htm")


def report_html(
    results: Results,
    *,
    title: str | None = None,
    details: bool | None = None,
    dataset: str | None = None,
) -> str:
    """The report of results, as text.

    Parameters
    ----------
    results : Results
        From :func:`read_results`.
    title : str, optional
        Heading; what the results are, if left out.
    details : bool, optional
        Work the steps of rows out again that do not carry them: None is yes for up to 500 rows,
        False leaves all steps out.
    dataset : str, optional
        Name or path of the dataset of the rows, where it is not known under the name in the rows.

    Returns
    -------
    str
        HTML that needs no other file and no network.
    """
    heading = {
        "window": "Stability windows",
        "pair": "Electrolytes and electrodes",
        "coating": "Coatings",
        "stack": "Contacts of a stack",
    }[results.kind]
    found = steps_of(results, wanted=details, dataset_name=dataset)
    return page_html(payload(results, found, title or heading))


def write_report(
    source: str | Path,
    output: str | Path,
    *,
    title: str | None = None,
    details: bool | None = None,
    dataset: str | None = None,
) -> Results:
    """Read results of `screen`, `window` or `pair` and write their report.

    Parameters
    ----------
    source : str or Path
        A ``.parquet``, ``.csv``, ``.jsonl`` or ``.json`` file.
    output : str or Path
        A ``.html`` file; it appears whole or not at all.
    title, details, dataset
        See :func:`report_html`.

    Returns
    -------
    Results
        What was read.

    Raises
    ------
    DataError
        If the source cannot be read or holds something else.
    OutputError
        If the output cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("formula,oxidation_potential_V\\nLi3PS4,2.4\\n")
    >>> results = write_report(folder / "a.csv", folder / "a.html", details=False)
    >>> results.kind, (folder / "a.html").read_text()[:15]
    ('window', '<!DOCTYPE html>')
    """
    output = Path(output)
    check_writable(output, SUFFIXES)
    if dataset is not None:
        api.provenance_of(dataset)  # a dataset that is not there is known before the work
    results = read_results(source)
    write_text(output, report_html(results, title=title, details=details, dataset=dataset))
    return results
