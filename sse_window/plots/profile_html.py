"""Voltage profile as one web page: the picture, and a table of its steps beside it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from ..core.composition import format_amount
from ..core.files import write_text
from ..results.answers import StabilityWindow, Step, WindowUncertainty
from ..results.records import program_version
from ..results.reference import Reference
from .profile import profile_figure
from .profile_labels import colour_of
from .sheet import ready
from .typography import formula_html, number_text

__all__ = ["write_profile_page"]

# Shown where there is no number: an open end of the last step.
_NONE = "–"

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="sse-window {version}">
<meta name="description" content="{caption}">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 62rem;
  padding: 0 1rem; }}
h1 {{ font-size: 1.3rem; }}
figure {{ margin: 0; background: #fff; border-radius: 4px; overflow-x: auto; }}
figure svg {{ width: 100%; min-width: 40rem; height: auto; display: block; }}
figure [data-step] {{ cursor: pointer; }}
figure.picked [data-step]:not(.on) {{ opacity: 0.3; }}
.table {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }}
th, td {{ padding: 0.25rem 0.6rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid #8884; }}
th {{ font-weight: 600; }}
td.n, th.n {{ text-align: right; white-space: nowrap; }}
tr.on td {{ background: #8882; }}
td:first-child {{ border-left: 4px solid var(--c); }}
footer {{ font-size: 0.8rem; opacity: 0.75; margin: 1rem 0; }}
</style>
</head>
<body>
<h1>Voltage profile of {heading}</h1>
<figure>
{svg}
</figure>
<div class="table">
<table>
<thead><tr><th class="n">from (V)</th><th class="n">to (V)</th>
<th class="n">{ion} exchanged</th><th>phase equilibria</th><th>gas</th>
<th class="n">decomposition energy (eV/atom)</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
<footer>{caption}</footer>
<script>
const figure = document.querySelector("figure");
for (const g of figure.querySelectorAll("g[id]")) {{
  const match = /^(?:step|interval|leader)-([0-9]+)/.exec(g.id);
  if (match) g.dataset.step = match[1];
}}
const parts = document.querySelectorAll("[data-step]");
for (const part of parts) {{
  const pick = (on) => {{
    figure.classList.toggle("picked", on);
    for (const other of parts)
      other.classList.toggle("on", on && other.dataset.step === part.dataset.step);
  }};
  part.addEventListener("mouseenter", () => pick(true));
  part.addEventListener("mouseleave", () => pick(false));
}}
</script>
</body>
</html>
"""


def write_profile_page(
    window: StabilityWindow,
    path: str | Path,
    *,
    energy: bool = True,
    uncertainty: WindowUncertainty | None = None,
    reference: Reference | None = None,
    voltage_max_V: float | None = None,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Write the voltage profile as a web page that needs nothing but itself.

    The picture of :func:`~sse_window.plots.profile_figure` stands above a table of its
    steps; a step
    pointed at in one is picked out in the other.

    Parameters
    ----------
    window : StabilityWindow
    path : str or Path
        ``.html``.
    energy, uncertainty, reference, voltage_max_V, options
        As for :func:`~sse_window.plots.profile_figure`.

    Raises
    ------
    OutputError
        If the file cannot be written there.
    """
    path = ready(path, (".html",))
    sheet = profile_figure(
        window,
        energy=energy,
        uncertainty=uncertainty,
        reference=reference,
        voltage_max_V=voltage_max_V,
        options=options,
    )
    svg = sheet.svg()
    reference = reference or Reference.metal(window.working_ion)
    page = _PAGE.format(
        version=escape(program_version()),
        caption=escape(sheet.caption),
        title=escape(sheet.title),
        heading=formula_html(window.formula),
        ion=escape(window.working_ion),
        # The XML declaration and document type have no place inside a page.
        svg=svg[svg.index("<svg") :],
        rows="\n".join(_row(i, step, reference) for i, step in enumerate(window.steps)),
    )
    write_text(path, page)


def _row(number: int, step: Step, reference: Reference) -> str:
    ends = (step.voltage_low_V, step.voltage_high_V)
    energies = (
        step.decomposition_energy_low_eV_per_atom,
        step.decomposition_energy_high_eV_per_atom,
    )
    voltages = [_NONE if end is None else number_text(reference.of(end), 4) for end in ends]
    forces = " to ".join(number_text(value, 3) for value in energies if value is not None)
    products = " + ".join(
        f"{format_amount(product.amount)} {formula_html(product.formula)}".strip()
        for product in step.products
    )
    cells = "".join(f'<td class="n">{text}</td>' for text in voltages)
    exchange = "0" if step.ion_exchange == 0.0 else number_text(step.ion_exchange, 3)
    gases = ", ".join(formula_html(gas) for gas in step.gases)
    return (
        f'<tr data-step="{number}" style="--c: {colour_of(step)}">{cells}'
        f'<td class="n">{exchange}</td>'
        f'<td title="{escape(step.reaction)}">{products or _NONE}</td>'
        f'<td>{gases}</td><td class="n">{forces}</td></tr>'
    )
