"""BibTeX of what results rest on."""

from __future__ import annotations

import re

from sse_window.api import pair, sources_of
from sse_window.results.citations import bibtex

CITED = (
    "electronic: Nazri, Solid State Ionics 1989, 34, 97, doi:10.1016/0167-2738(89)90438-4; "
    "volume: OQMD"
)


def test_every_work_once():
    text = bibtex([{"a": CITED, "b": [{"c": CITED}]}], [])
    assert text.count("@") == 1
    assert "doi = {10.1016/0167-2738(89)90438-4}" in text


def test_what_is_no_article_is_kept_as_it_is_said():
    text = bibtex([{"source": "measured by hand, doi:10.1000/xyz"}], [])
    assert text.startswith("@misc{measured,")
    assert "note = {measured by hand}" in text


def test_a_pair_cites_dataset_and_electrode():
    results = [result.to_dict() for result in pair("LGPS", "LCO")]
    text = bibtex(results, [sources_of("mp-legacy")])
    assert "10.1149/1.2221184" in text
    assert "dataset mp-legacy" in text
    keys = re.findall(r"^@\w+\{([^,]*),$", text, re.MULTILINE)
    assert len(set(keys)) == len(keys) > 2
    assert text.count("{") == text.count("}")


def test_text_cannot_leave_its_field():
    text = bibtex([{"source": "a } , evil = {x} doi:10.1000/abc"}], [])
    assert text.count("{") == text.count("}")
    assert sources_of("no such dataset")["sources"] == ()
