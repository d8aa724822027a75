"""What the results of every question are: the types that tables, pictures and the page read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.lazy_names import names_of

if TYPE_CHECKING:
    from ..cells.pair_questions import PairAnalysis, PairSpread
    from ..cells.pairs import (
        AdditiveEffect,
        ElectrochemicalReaction,
        PairCurves,
        PairResult,
    )
    from ..cells.window_questions import WindowAnalysis, WindowSpread
    from ..equilibria.crosscheck import TOLERANCE_V, Comparison, TOLERANCE_eV_per_atom
    from ..equilibria.electrode_voltages import VoltageCheck, mean_deviations
    from ..equilibria.mixtures import MixingPoint, MixingReaction, WorstReaction
    from ..equilibria.ternary import TernaryDiagram
    from ..equilibria.topotaxy import TopotacticWindow
    from ..equilibria.window_uncertainty import LimitUncertainty, ProfileBands, WindowUncertainty
    from ..equilibria.windows import Limit, StabilityWindow, Step, decomposition_energy
    from ..facts.electrodes import Electrode
    from ..facts.measured_windows import MeasuredWindow
    from ..facts.names import KnownName
    from ..interphases.interphase import Interphase
    from ..interphases.products import ProductCharacter
    from ..interphases.thresholds import Thresholds
    from ..phases.accuracy import AnionAccuracy
    from ..phases.table import PhaseTable, Provenance
    from ..sources.calibration_report import CalibrationAccuracy, CalibrationPoints
    from ..sources.datasets import DatasetInfo

__all__ = [
    "TOLERANCE_V",
    "AdditiveEffect",
    "AnionAccuracy",
    "CalibrationAccuracy",
    "CalibrationPoints",
    "Comparison",
    "DatasetInfo",
    "ElectrochemicalReaction",
    "Electrode",
    "Interphase",
    "KnownName",
    "Limit",
    "LimitUncertainty",
    "MeasuredWindow",
    "MixingPoint",
    "MixingReaction",
    "PairAnalysis",
    "PairCurves",
    "PairResult",
    "PairSpread",
    "PhaseTable",
    "ProductCharacter",
    "ProfileBands",
    "Provenance",
    "StabilityWindow",
    "Step",
    "TOLERANCE_eV_per_atom",
    "TernaryDiagram",
    "Thresholds",
    "TopotacticWindow",
    "VoltageCheck",
    "WindowAnalysis",
    "WindowSpread",
    "WindowUncertainty",
    "WorstReaction",
    "decomposition_energy",
    "mean_deviations",
]

__getattr__ = names_of(
    __name__,
    {
        "...cells.pairs": ["AdditiveEffect", "ElectrochemicalReaction", "PairCurves", "PairResult"],
        "...cells.pair_questions": ["PairAnalysis", "PairSpread"],
        "...cells.window_questions": ["WindowAnalysis", "WindowSpread"],
        "...equilibria.crosscheck": ["TOLERANCE_V", "Comparison", "TOLERANCE_eV_per_atom"],
        "...equilibria.electrode_voltages": ["VoltageCheck", "mean_deviations"],
        "...equilibria.mixtures": ["MixingPoint", "MixingReaction", "WorstReaction"],
        "...equilibria.ternary": ["TernaryDiagram"],
        "...equilibria.topotaxy": ["TopotacticWindow"],
        "...equilibria.window_uncertainty": [
            "LimitUncertainty",
            "ProfileBands",
            "WindowUncertainty",
        ],
        "...equilibria.windows": ["Limit", "StabilityWindow", "Step", "decomposition_energy"],
        "...facts.electrodes": ["Electrode"],
        "...facts.measured_windows": ["MeasuredWindow"],
        "...facts.names": ["KnownName"],
        "...interphases.interphase": ["Interphase"],
        "...interphases.products": ["ProductCharacter"],
        "...interphases.thresholds": ["Thresholds"],
        "...phases.accuracy": ["AnionAccuracy"],
        "...phases.table": ["PhaseTable", "Provenance"],
        "...sources.calibration_report": ["CalibrationAccuracy", "CalibrationPoints"],
        "...sources.datasets": ["DatasetInfo"],
    },
)
