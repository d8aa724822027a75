"""Write ``data/gas_fits.json``: gases fitted to every packaged dataset, with their residuals.

To be run after a dataset has been built: the file says how well carbon dioxide, water and oxygen
stand beside its solids.

    python scripts/build_gas_fits.py
"""

from __future__ import annotations

import json
from pathlib import Path

from sse_window.phases.gas_fits import fit_gases
from sse_window.sources.datasets import PACKAGED, load

OUTPUT = Path(__file__).resolve().parent.parent / "data" / "gas_fits.json"


def rounded(value: object) -> object:
    """Numbers to a microvolt."""
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def main() -> None:
    """Fit and write."""
    found = {
        name: {gas: rounded(fit.to_dict()) for gas, fit in fit_gases(load(name)).items()}
        for name in sorted(PACKAGED)
    }
    text = json.dumps({"source": "sse_window.phases.gas_fits", "datasets": found}, indent=1)
    OUTPUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
