"""Energies against measurement: calibrated ones of compounds left out, and electrode voltages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .sheet import FAINT, INK, OXIDATION, REDUCTION, RULE, Sheet, figure
from .style import DOUBLE, Style

if TYPE_CHECKING:
    from ..results.answers import CalibrationPoints, VoltageCheck

__all__ = ["calibration_figure", "voltages_figure"]

_MARGIN_IN = 0.5
_SHOWN_eV_per_atom = 0.8
_ACROSS = 3


@figure
def calibration_figure(
    fits: Sequence[CalibrationPoints],
    *,
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Deviation of measured compounds, raw and by fits that did not see their chemical system.

    Parameters
    ----------
    fits : sequence of CalibrationPoints
        One panel each.
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    note = (
        "Grey, before the calibration; blue, predicted by a fit that saw no compound of the "
        "same elements; mean absolute deviations. What is off by more stands at the edge."
    )
    datasets = [fit.table.provenance for fit in fits]
    sheet = Sheet(style, "Formation energies left out of the calibration", datasets, options, note)
    height = 2.4
    sheet.set_height(sheet.bottom + height, headed=False)
    each = (sheet.width - _MARGIN_IN - 0.1) / len(fits)
    for panel, fit in enumerate(fits):
        left = _MARGIN_IN + panel * each
        axes = sheet.axes(left, sheet.bottom + 0.4, each - 0.1, height - 0.75)
        limit = _SHOWN_eV_per_atom
        for energies, colour, size in ((fit.raw, RULE, 3.0), (fit.left_out, REDUCTION, 3.0)):
            off = energies - fit.measured
            axes.scatter(
                fit.measured, off.clip(-limit, limit), s=size, color=colour, linewidths=0.0,
                rasterized=False,
            )  # fmt: skip
        axes.axhline(0.0, color=INK, linewidth=0.6)
        axes.set_ylim(-limit * 1.03, limit * 1.03)
        axes.set_xlabel("Measured formation energy (eV/atom)")
        if panel == 0:
            axes.set_ylabel("Calculated $-$ measured (eV/atom)")
        else:
            axes.tick_params(labelleft=False)
        raw, left_out = (abs(e - fit.measured).mean() for e in (fit.raw, fit.left_out))
        title = (
            f"{fit.table.provenance.name}: {len(fit.measured)} compounds, "
            f"{raw:.3f} before, {left_out:.3f} eV/atom left out"
        )
        size = sheet.fitting_size(title, 6.5, each - 0.1)
        sheet.text(left, sheet.bottom + height - 0.28, title, size)
    return sheet


@figure
def voltages_figure(
    checks: Sequence[VoltageCheck],
    *,
    style: Style = DOUBLE,
    options: Mapping[str, Any] | None = None,
) -> Sheet:
    """Calculated against measured voltages, one panel per dataset.

    Parameters
    ----------
    checks : sequence of VoltageCheck
    style : Style
        Width, font, labels, caption, title and resolution.
    options : mapping, optional
        Named in the caption.

    Returns
    -------
    Sheet
        Its ``figure`` is matplotlib's; ``save(path)`` writes png, svg or pdf.
    """
    from ..results.answers import mean_deviations

    datasets = list(dict.fromkeys(check.dataset for check in checks))
    means = mean_deviations(checks)
    note = (
        "Filled: measured in cells (orange) or from measured enthalpies (blue). Open: the host "
        "that was measured is not the phase of the dataset; no part of the means."
    )
    sheet = Sheet(style, "Electrode voltages", datasets, options, note)
    across = min(_ACROSS, len(datasets))
    down = -(-len(datasets) // across)
    each = (sheet.width - _MARGIN_IN - 0.05) / across
    tall = min(each, 2.2)
    sheet.set_height(sheet.bottom + 0.3 + down * tall + 0.1, headed=False)
    top = max(max(c.measured_V, c.calculated_V) for c in checks) * 1.05
    for place, dataset in enumerate(datasets):
        row, column = divmod(place, across)
        left = _MARGIN_IN + column * each
        bottom = sheet.bottom + 0.4 + (down - 1 - row) * tall
        axes = sheet.axes(left, bottom, each - 0.12, tall - 0.42)
        axes.plot([0.0, top], [0.0, top], color=FAINT, linewidth=0.6)
        for method, colour in (("thermochemical", REDUCTION), ("cell", OXIDATION)):
            own = [c for c in checks if c.dataset == dataset and c.method == method]
            for marked in (True, False):
                some = [c for c in own if bool(c.mark) == marked]
                axes.scatter(
                    [c.measured_V for c in some], [c.calculated_V for c in some], s=9.0,
                    facecolors="none" if marked else colour, edgecolors=colour, linewidths=0.6,
                )  # fmt: skip
        axes.set_xlim(0.0, top)
        axes.set_ylim(min(0.0, *(c.calculated_V for c in checks)) - 0.1, top)
        if row == down - 1:
            axes.set_xlabel("Measured (V)")
        else:
            axes.tick_params(labelbottom=False)
        if column == 0:
            axes.set_ylabel("Calculated (V)")
        else:
            axes.tick_params(labelleft=False)
        said = ", ".join(
            f"{name} {means[dataset, method]:.2f} V"
            for method, name in (("cell", "cells"), ("thermochemical", "enthalpies"))
            if (dataset, method) in means
        )
        title = f"{dataset.name}: {said}"
        size = sheet.fitting_size(title, 6.0, each - 0.12)
        sheet.text(left, bottom + tall - 0.36, title, size)
    return sheet
