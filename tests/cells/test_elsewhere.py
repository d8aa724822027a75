import subprocess
import sys

import pytest

from sse_window import api
from sse_window.cells.elsewhere import pair_elsewhere, window_elsewhere
from sse_window.phases.table import PhaseTable
from sse_window.sources.datasets import PACKAGED, load
from sse_window.sources.packaged_hulls import packaged_hulls

OTHERS = [name for name in PACKAGED if name != "mp-legacy"]


@pytest.mark.slow
def test_limits_are_those_of_the_whole_datasets():
    (window,) = api.windows_elsewhere([api.stability_window("LPSCl", phases="mp-legacy")])
    assert [found.dataset_name for found in window.elsewhere] == OTHERS
    for found in window.elsewhere:
        whole = api.stability_window("LPSCl", phases=load(found.dataset_name))
        assert found.reduction_potential_V == pytest.approx(whole.reduction_potential_V, abs=1e-9)
        assert found.oxidation_potential_V == pytest.approx(whole.oxidation_potential_V, abs=1e-9)
        assert found.dataset_sha256 == whole.dataset.sha256


@pytest.mark.slow
def test_reactions_are_those_of_the_whole_datasets():
    pairs = api.pairs_elsewhere(api.pair("LPS", "LCO", phases="mp-legacy"))
    assert [pair.electrode_state for pair in pairs] == ["discharged", "charged"]
    for state, pair in enumerate(pairs):
        assert [found.dataset_name for found in pair.elsewhere] == OTHERS
        found = next(f for f in pair.elsewhere if f.dataset_name == "oqmd-calibrated")
        whole = api.pair("LPS", "LCO", phases=load("oqmd-calibrated"))[state]
        assert found.chemical_mutual_eV_per_atom == pytest.approx(
            whole.chemical.mutual.reaction_energy, abs=1e-9
        )
        assert found.electrochemical_mutual_eV_per_nonion_atom == pytest.approx(
            whole.electrochemical[-1].mutual.reaction_energy, abs=1e-9
        )


def test_a_dataset_without_the_elements_says_nothing():
    window = api.stability_window("Li2S", phases="mp-legacy")
    assert window_elsewhere(window, [PhaseTable.from_formulas({"Na2S": -1.2})]) == ()
    pair = api.pair("Li2S", "LCO", phases="mp-legacy")[0]
    assert pair_elsewhere(pair, packaged_hulls(["oqmd"], ["Li", "S"])) == ()


@pytest.mark.slow
def test_reading_hulls_needs_none_of_the_slow_packages():
    code = (
        "import sys; from sse_window.sources.packaged_hulls import packaged_hulls;"
        "packaged_hulls(['oqmd', 'mp-2020'], ['Li', 'P', 'S']);"
        "print([m for m in ('pandas', 'scipy', 'pymatgen', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
