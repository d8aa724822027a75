"""The page: what the rows hold as JSON, and the template around it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from .. import api
from ..core.elements import SYMBOLS
from ..core.errors import FormulaError
from ..core.ions import CHARGE
from ..results.schema import ORIGIN, Column, program_version
from .details import Details
from .reading import Results

__all__ = ["page_html", "payload"]

SCRIPTS = (
    "dom.js",
    "data.js",
    "filters.js",
    "bars.js",
    "table.js",
    "heatmap.js",
    "panel.js",
    "export.js",
    "main.js",
)
"""In the order in which they build on each other."""

_PROVENANCE = tuple(column.key for column in ORIGIN)

_NOT_SEARCHED = {*_PROVENANCE, "working_ion"}

# Where an ion has many electrodes, those that the bars are set against at first.
_USUAL_ELECTRODES = {"graphite", "LFP", "NMC811"}
_MANY_ELECTRODES = 4


def payload(results: Results, details: Details, title: str) -> dict[str, Any]:
    """Everything that the page shows, column by column.

    Parameters
    ----------
    results : Results
    details : Details
    title : str

    Returns
    -------
    dict
        JSON-ready; texts that repeat are stored once per column.
    """
    return {
        "title": title,
        "kind": results.kind,
        "source": {"name": _encodable(results.source), "sha256": results.sha256},
        "report_version": program_version(),
        "rows": len(results.rows),
        "failures": {str(i): text for i, text in enumerate(results.failures) if text is not None},
        "provenance": _provenance(results),
        "options": list(results.options),
        "columns": [_packed(column, results) for column in results.columns],
        "steps": {"sets": list(details.sets), "of_row": list(details.of_row)},
        "products": {str(i): found for i, found in enumerate(results.products) if found},
        "electrodes": _electrodes(results),
        "elements": " ".join(SYMBOLS),
        "charges": CHARGE,
    }


def _packed(column: Column, results: Results) -> dict[str, Any]:
    values: Sequence[Any] = [row[column.key] for row in results.rows]
    head = {
        "key": column.key,
        "label": column.label,
        "unit": column.unit,
        "kind": "number" if column.kind == "whole" else column.kind,
        "digits": column.digits,
        "missing": column.missing,
        "chemistry": column.chemistry,
        "shown": column.shown > 0,
        "searched": column.kind == "text" and column.key not in _NOT_SEARCHED,
    }
    if column.kind != "text":
        return {**head, "values": values}
    words = {word: code for code, word in enumerate(dict.fromkeys(values)) if word is not None}
    # Where hardly any text repeats, codes beside the texts only cost room.
    if 4 * len(words) > 3 * len(values):
        return {**head, "values": values}
    words = {word: code for code, word in enumerate(words)}
    codes = [-1 if value is None else words[value] for value in values]
    return {**head, "words": list(words), "codes": codes}


def _provenance(results: Results) -> list[dict[str, Any]]:
    """Every combination of dataset and program version, with its number of rows."""
    said = Counter(tuple(row.get(key) for key in _PROVENANCE) for row in results.rows)
    return [
        {**dict(zip(_PROVENANCE, values, strict=True)), "rows": count}
        for values, count in said.most_common()
    ]


def _electrodes(results: Results) -> list[dict[str, Any]]:
    ions = dict.fromkeys(row.get("working_ion") or "Li" for row in results.rows)
    in_rows = {row.get("electrode") for row in results.rows}
    listed = []
    for ion in ions or {"Li": None}:
        try:
            known = api.electrodes(ion)
        except FormulaError:
            continue
        for electrode in known:
            if in_rows != {None}:
                shown = not in_rows.isdisjoint((electrode.name, *electrode.aliases))
            else:
                shown = electrode.kind != "metal" and (
                    len(known) <= _MANY_ELECTRODES or electrode.name in _USUAL_ELECTRODES
                )
            listed.append(
                {
                    "name": electrode.name,
                    "ion": ion,
                    "kind": electrode.kind,
                    "low": electrode.voltage_low,
                    "high": electrode.voltage_high,
                    "source": electrode.source,
                    "shown": shown,
                }
            )
    return listed


def page_html(data: dict[str, Any]) -> str:
    """The page around its data: one file that asks nothing of the network.

    Its content security policy allows one script and one style sheet, by their hashes, and no
    connection at all; the script builds the page from text nodes and never parses markup.

    Parameters
    ----------
    data : dict
        From :func:`payload`.

    Returns
    -------
    str
    """
    here = files(__package__)
    style = here.joinpath("report.css").read_text(encoding="utf-8")
    parts = [here.joinpath("scripts", name).read_text(encoding="utf-8") for name in SCRIPTS]
    script = '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();"
    pieces = {
        "title": html.escape(_encodable(str(data["title"]))),
        "style": style,
        "script": script,
        "style_hash": _content_hash(style),
        "script_hash": _content_hash(script),
        "data": _embedded(data),
    }
    template = here.joinpath("template.html").read_text(encoding="utf-8")
    # One pass: a placeholder that stands in the data is data.
    return re.sub(r"\{\{(\w+)\}\}", lambda found: pieces[found[1]], template)


def _embedded(data: dict[str, Any]) -> str:
    """JSON that cannot end the element it stands in; ASCII, as texts may hold lone surrogates."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"), default=str)
    return text.replace("<", "\\u003c")


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _content_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
