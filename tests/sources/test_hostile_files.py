"""Files that were made to do harm: nothing in them is executed, opened or fetched."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from sse_window.core.errors import EntriesError
from sse_window.sources import packed_files
from sse_window.sources.user_entries import read_entries

CELL = {
    "@module": "pymatgen.core.structure",
    "@class": "Structure",
    "lattice": {"matrix": [[3.0, 0, 0], [0, 3.0, 0], [0, 0, 3.0]]},
    "sites": [{"species": [{"element": "Li", "occu": 1}], "abc": [0, 0, 0]}],
}


def bait(url: str, fifo: Path) -> list[dict[str, Any]]:
    """Objects that a reader which decodes by name would build."""
    return [
        {"@module": "trap", "@class": "Trap", "x": 1},
        {"@module": "trap", "@class": "Trap", "@version": None, "@callable": "sprung"},
        {"@module": "os", "@class": "system", "command": "touch sprung"},
        {"@module": "builtins", "@class": "exec", "source": "import trap"},
        {"@module": "builtins", "@class": "open", "file": str(fifo)},
        {"@module": "pymatgen.core.structure", "@class": "Structure", "filename": url},
        {"@module": "pymatgen.io.vasp.inputs", "@class": "Poscar", "filename": str(fifo)},
        {"@module": "pymatgen.io.vasp.inputs", "@class": "PotcarSingle", "file": str(fifo)},
        {"@module": "urllib.request", "@class": "urlopen", "url": url},
        {"@module": "pandas", "@class": "DataFrame", "data": url},
        {"@module": "numpy", "@class": "array", "dtype": "object", "data": [url]},
    ]


def places(thing: dict[str, Any]) -> list[dict[str, Any]]:
    """Entries with the bait wherever a field can hold an object."""
    whole = {
        "@module": "pymatgen.core.entries", "@class": "ComputedStructureEntry", "energy": -1.9,
        "composition": {"Li": 1}, "parameters": {"run_type": "GGA"}, "data": {}, "structure": CELL,
    }  # fmt: skip
    site = CELL["sites"][0]  # type: ignore[index]
    lattice = CELL["lattice"]
    made = [{**whole, name: thing} for name in (*whole, "entry_id", "energy_adjustments", "x")]
    made += [{**whole, name: [thing]} for name in ("energy_adjustments", "data")]
    made += [
        {**whole, "parameters": {name: thing}}
        for name in ("run_type", "hubbards", "potcar_symbols", "potcar_spec", "x")
    ]
    made += [
        {**whole, "data": {n: thing}} for n in ("oxide_type", "oxidation_states", "sulfide_type")
    ]
    cells = [
        {**CELL, "properties": {"x": thing}},
        {**CELL, "charge": thing},
        {**CELL, "lattice": thing},
        {**CELL, "lattice": {**lattice, "x": thing}},  # type: ignore[dict-item]
        {**CELL, "sites": [{**site, "properties": {"magmom": thing}}]},
        {**CELL, "sites": [{**site, "label": thing, "species": [thing]}]},
        {**CELL, "sites": thing},
    ]
    made += [{**whole, "structure": cell} for cell in cells]
    made += [thing, {"entry": thing}, {"attributes": thing}, {"entries": [thing], "formula": "Li"}]
    made += [{"formula": "Li2S", "formation_energy_per_atom_eV": -1.4, "x": thing}]
    made += [{"formula": "Li2S", "formation_energy_per_atom_eV": thing}]
    return made


READER = """
import json, sys
before = set(sys.modules)
opened = []
def audit(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "exec"):
        opened.append((event, str(args)[:200]))
    if event == "open" and isinstance(args[0], str) and ("fifo" in args[0] or "trap" in args[0]):
        opened.append((event, args[0]))
    if event == "import" and args[0].split(".")[0] in ("trap", "urllib.request"):
        opened.append((event, args[0]))
from sse_window.core.errors import EntriesError
from sse_window.sources.user_entries import read_entries
import pymatgen.entries.compatibility, pymatgen.io.vasp.outputs
sys.path.insert(0, sys.argv[1])
counts = {"read": 0, "refused": 0}
cases = json.load(open(sys.argv[2]))
files = []
for i, case in enumerate(cases):
    path = f"{sys.argv[1]}/case{i}.json"
    json.dump(case, open(path, "w"))
    files.append(path)
sys.addaudithook(audit)
for path in files:
    for scheme in ("none", "MP2020"):
        try:
            read_entries(path, corrections=scheme)
            counts["read"] += 1
        except EntriesError as error:
            assert "\\n" not in str(error), error
            counts["refused"] += 1
hits = [hit for hit in opened if hit[0] != "exec"]
print(json.dumps({"hits": hits, "trap": "trap" in sys.modules, **counts}))
"""


@pytest.mark.slow
def test_nothing_is_decoded_by_name(tmp_path: Path) -> None:
    (tmp_path / "trap.py").write_text(
        "import pathlib\npathlib.Path(__file__ + '.sprung').touch()\n"
    )
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    listener = socket.create_server(("127.0.0.1", 0))
    calls: list[object] = []

    def listen() -> None:
        while True:
            try:
                calls.append(listener.accept())
            except OSError:
                return

    threading.Thread(target=listen, daemon=True).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x.json"
    cases = [[case] for thing in bait(url, fifo) for case in places(thing)]
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READER, str(tmp_path), str(tmp_path / "cases.json")],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    listener.close()
    told = json.loads(done.stdout)
    assert told["hits"] == [] and not told["trap"] and calls == []
    assert not list(tmp_path.glob("*.sprung")) and not (tmp_path / "sprung").exists()
    assert told["read"] + told["refused"] == 2 * len(cases) and told["refused"] > 100


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("name", ["mine.csv", "mine.json", "vasprun.xml", "mine.parquet"])
def test_archives_that_grow_stop_at_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Any, name: str
) -> None:
    monkeypatch.setattr(packed_files, "LARGEST_bytes", 2**20)
    path = tmp_path / name
    path.write_bytes(pack(b"0" * 2**22))
    with pytest.raises(EntriesError, match="MB when it is unpacked"):
        read_entries(path)
    path.write_bytes(b"0" * (2**20 + 1))
    with pytest.raises(EntriesError, match=r"more than .* MB: divide it"):
        read_entries(path)


@pytest.mark.parametrize("kind", ["fifo", "device", "link to a device"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mine.json"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        os.mknod(path, 0o20600, os.makedev(1, 5)) if os.geteuid() == 0 else path.symlink_to(
            "/dev/zero"
        )
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(EntriesError, match="it is no file"):
        read_entries(path)


def test_names_that_are_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    path.write_text("formula,formation_energy_per_atom_eV\nLi2S,x\n")
    with pytest.raises(EntriesError, match=r"caf\\udce9\.csv, line 2") as failure:
        read_entries(path)
    str(failure.value).encode()
    path.write_text("formula,formation_energy_per_atom_eV\nLi2S,-1.4\n")
    assert len(read_entries(path)) == 1


def test_a_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hidden").mkdir()
    original = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).endswith("hidden"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(EntriesError, match="hidden: Permission denied; nothing of"):
        read_entries(tmp_path)
