"""Agreement with interphases that were observed, in the default dataset and both raw ones.

The rules were chosen with these pairs in sight; how they fare elsewhere is measured by
``scripts/distribution_of_classes.py``.
"""

import csv
from functools import cache
from pathlib import Path

import pytest
from hand_made import pair

from sse_window.core.composition import parse
from sse_window.sources.datasets import load

with (Path(__file__).parent / "observed_interphases.csv").open(encoding="utf-8") as stream:
    OBSERVED = list(csv.DictReader(stream))

DATASETS = ("mp-2020-polyanions", "mp-legacy", "oqmd")


@cache
def states(dataset, electrolyte, electrode):
    return [found.interphase for found in pair(load(dataset), electrolyte, electrode)]


def elements_alone(interphase):
    """Metals among all products, the electrode's own phases left out."""
    return {
        product.formula
        for condition in interphase.conditions
        for formed in condition.formations
        for product in formed.products
        if len(parse(product.formula).elements) == 1 and product.conducts_electrons
    }


def ions_blocked(interphase):
    return 2 in interphase.classes or any(
        "no path for Li" in flag
        for condition in interphase.conditions
        for formed in condition.formations
        for flag in formed.flags
    )


def agrees(row, found):
    expects = row["expects"]
    if expects in ("class 1", "class 3", "mixed conducting"):
        number = 1 if expects == "class 1" else 3
        label = expects != "mixed conducting" or all("mixed-conducting" in f.label for f in found)
        right = label and all(f.interphase_class == number for f in found)
    elif expects == "reported stable":
        right = all(f.interphase_class is None and f.reported_stable for f in found)
    elif expects.startswith("redox-active"):
        blocked = expects == "redox-active" or all(map(ions_blocked, found))
        right = blocked and all(4 in f.classes for f in found)
        right &= not elements_alone(found[-1])  # the charged state comes last
    else:
        # Whatever is left open, no electrons pass and nothing is redox-active.
        right = all(not {3, 4} & {*f.possible_classes, *f.classes} for f in found)
    products = set(row["products"].split())
    reactions = " ".join(formed.reaction for f in found for c in f.conditions
                         for formed in c.formations)  # fmt: skip
    return bool(right) and products <= set(reactions.replace("+", " ").split())


@pytest.mark.slow
@pytest.mark.parametrize("dataset", DATASETS)
def test_agreement_with_observation(dataset):
    verdicts = {}
    for row in OBSERVED:
        found = states(dataset, row["electrolyte"], row["electrode"])
        verdicts[row["electrolyte"], row["electrode"]] = agrees(row, found)
        print(
            f"{row['electrolyte']} | {row['electrode']}: observed {row['expects']}; found "
            f"{'; '.join(f.label for f in found)}: "
            f"{'agrees' if agrees(row, found) else 'DISAGREES'}"
        )
    print(f"{dataset}: {sum(verdicts.values())} of {len(verdicts)} agree")
    assert [key for key, right in verdicts.items() if not right] == []


@pytest.mark.slow
@pytest.mark.parametrize("dataset", DATASETS)
def test_iron_phosphate_is_the_mildest_cathode_of_a_sulfide(dataset):
    table = load(dataset)
    worst = {
        electrode: min(
            found.chemical.mutual.reaction_energy for found in pair(table, "Li3PS4", electrode)
        )
        for electrode in ("LCO", "NMC811", "LMO", "LNMO", "LFP")
    }
    assert max(worst, key=worst.get) == "LFP"
