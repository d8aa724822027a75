"""What a result rests on, as BibTeX: its datasets, and every fact whose source names a DOI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["bibtex"]

_DOI = re.compile(r"\bdoi:\s*(10\.\d{4,9}/[^\s;,]+)", re.IGNORECASE)
# Authors, Journal Year, Volume, Page: as sources of facts are written in the package.
_ARTICLE = re.compile(
    r"(?P<authors>[^;]*?), (?P<journal>[A-Z][^,;]*?\.?[^,;\d]) (?P<year>(?:19|20)\d\d), "
    r"(?P<volume>[\w.-]+), (?P<pages>[\w.-]+)$"
)


def bibtex(results: Iterable[Mapping[str, Any]], datasets: Iterable[Mapping[str, Any]]) -> str:
    """BibTeX entries of everything that results rest on.

    Parameters
    ----------
    results : iterable of mapping
        JSON records; every text in them that names a DOI counts.
    datasets : iterable of mapping
        What is known of the datasets: ``name`` and ``sources`` with title, DOI and licence.

    Returns
    -------
    str
        Each work once, datasets first.

    Examples
    --------
    >>> said = "Reimers, Dahn, J. Electrochem. Soc. 1992, 139, 2091, doi:10.1149/1.2221184"
    >>> print(bibtex([{"source": said}], []))
    @article{Reimers1992,
      author = {Reimers and Dahn},
      journal = {J. Electrochem. Soc.},
      year = {1992},
      volume = {139},
      pages = {2091},
      doi = {10.1149/1.2221184},
    }
    <BLANKLINE>
    """
    entries: dict[str, tuple[str, str, dict[str, str]]] = {}
    for dataset in datasets:
        for source in dataset.get("sources") or ():
            for found in _of_dataset(source, str(dataset.get("name", ""))):
                entries.setdefault(found[2].get("doi", found[2]["title"]).lower(), found)
    for text in _texts(list(results)):
        for work in _works(text):
            entries.setdefault(work[2]["doi"].lower(), work)
    taken: set[str] = set()
    return "\n".join(
        _entry(kind, _free(key, taken), fields) for kind, key, fields in entries.values()
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "doi:" in value.lower():
            yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _texts(entry)


def _works(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every work with a DOI in the text of a source."""
    begin = 0
    for found in _DOI.finditer(text):
        doi = found[1].rstrip(".)")
        said = text[begin : found.start()].strip(" ,;:()")
        begin = found.end()
        # "electronic: ", "review: " say what the work is cited for.
        said = re.sub(r"^(?:[\w ]+: )+", "", said.split("; ")[-1]).strip(" ,;:()")
        article = _ARTICLE.match(said)
        if article is None:
            yield "misc", _key(said, doi), {"note": said, "doi": doi}
            continue
        fields = {
            "author": " and ".join(article["authors"].replace(" & ", ", ").split(", ")),
            "journal": article["journal"],
            "year": article["year"],
            "volume": article["volume"],
            "pages": article["pages"],
            "doi": doi,
        }
        yield "article", _key(said, doi), fields


def _of_dataset(
    source: Mapping[str, Any], dataset: str
) -> Iterator[tuple[str, str, dict[str, str]]]:
    title = str(source.get("title") or source.get("name") or dataset)
    said = [source.get("citation"), f"dataset {dataset}"]
    said.append(f"licence {source.get('licence') or 'not stated'}")
    for doi in dict.fromkeys((source.get("doi"), source.get("database_doi"))):
        if doi or doi == source.get("doi"):
            fields = {
                "title": title,
                "doi": str(doi or ""),
                "url": str(source.get("url") or ""),
                "note": "; ".join(str(part) for part in said if part),
            }
            key = "".join(word.capitalize() for word in re.findall(r"[A-Za-z]+", title)[:2])
            yield "misc", key or "dataset", {name: text for name, text in fields.items() if text}


def _key(said: str, otherwise: str) -> str:
    words = re.findall(r"[A-Za-z]+", said) or re.findall(r"[A-Za-z0-9]+", otherwise)
    year = re.search(r"\b(?:19|20)\d\d\b", said)
    return (words[0] if words else "work") + (year[0] if year else "")


def _free(key: str, taken: set[str]) -> str:
    names = (key, *(f"{key}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"))
    name = next((name for name in names if name not in taken), f"{key}{len(taken)}")
    taken.add(name)
    return name


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name} = {{{_plain(text)}}}," for name, text in fields.items() if text]
    return "\n".join((f"@{kind}{{{key},", *lines, "}", ""))


def _plain(text: str) -> str:
    """Text without what ends a field of BibTeX."""
    return text.replace("{", "(").replace("}", ")").replace("\\", "/")
