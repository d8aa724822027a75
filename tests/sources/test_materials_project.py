"""The real mp_api client against a server on loopback."""

import json
import math
import traceback
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from materials_project_server import (
    KEY,
    POLYMORPH_eV_per_atom,
    REFERENCE_eV_per_atom,
    Server,
    body,
    cut,
    empty_page,
    serving,
    silence,
    status,
)

from sse_window.core.errors import FormulaError, SourceError, UnknownElementsError
from sse_window.phases.table import PhaseTable
from sse_window.sources import materials_project_client
from sse_window.sources.datasets import load, provenance_of, user_file
from sse_window.sources.materials_project import FetchReport, chemical_system, fetch
from sse_window.sources.materials_project_client import find_api_key

ELEMENTS = ("Co", "Ge", "Li", "O", "P", "S")
WHOLE = "-".join(ELEMENTS)


@pytest.fixture(scope="module")
def legacy() -> PhaseTable:
    return load().within(ELEMENTS)


@pytest.fixture(scope="module")
def running(legacy: PhaseTable) -> Iterator[Server]:
    with serving(legacy) as server:
        yield server


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSE_WINDOW_DATA", str(tmp_path))
    monkeypatch.delenv("MP_API_KEY", raising=False)
    monkeypatch.setattr(materials_project_client, "_PAUSES_s", (0.0, 0.0))
    monkeypatch.setattr(materials_project_client, "_BACKOFF_s", 0.0)


@pytest.fixture(scope="module", autouse=True)
def hurried_client() -> Iterator[None]:
    """The client as it is, but without its waits, and its list of fields made once per class.

    It generates a JSON schema of each document for every field of every request.
    """
    from mp_api.client.core.client import BaseRester

    original = BaseRester.available_fields.fget

    @cache
    def fields(kind: type) -> list[str]:
        return original(SimpleNamespace(document_model=kind))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            BaseRester, "available_fields", property(lambda self: fields(self.document_model))
        )
        yield


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    thermo, summary, heartbeat = running.thermo, running.summary, dict(running.heartbeat)
    running.asked.clear()
    yield running
    running.thermo, running.summary, running.heartbeat = thermo, summary, heartbeat
    running.page = 1000
    running.faults.clear()
    running.heartbeat_faults.clear()


def get(server: Server, *systems: str, **options: object) -> FetchReport:
    return fetch(systems, api_key=KEY, endpoint=server.endpoint, **options)  # type: ignore[arg-type]


def files() -> dict[str, bytes]:
    folder = user_file("mp").parent
    there = folder.iterdir() if folder.is_dir() else ()
    return {path.name: path.read_bytes() for path in there if path.name != ".lock"}


@pytest.mark.slow
def test_all_subsystems_arrive_with_energies_and_properties(
    server: Server, legacy: PhaseTable
) -> None:
    steps: list[tuple[int, int]] = []
    report = get(server, "Li-Ge-P-S", progress=lambda done, total: steps.append((done, total)))

    assert sorted(server.systems_asked()) == sorted(
        "-".join(part) for n in range(1, 5) for part in combinations(("Ge", "Li", "P", "S"), n)
    )
    assert steps[0] == (0, 15) and steps[-1] == (15, 15)
    same = legacy.within(("Li", "Ge", "P", "S"))
    assert report.table.formulas.tolist() == same.formulas.tolist()
    np.testing.assert_allclose(
        report.table.formation_energy_per_atom, same.formation_energy_per_atom, atol=1e-12
    )
    np.testing.assert_allclose(report.table.e_above_hull, same.e_above_hull, atol=1e-6)
    assert report.documents == 2 * len(same) - 4
    assert report.hull_difference_eV_per_atom < 1e-6
    assert report.messages == ()
    row = report.table.index("Li3PS4")
    assert row is not None
    properties = {name: column[row] for name, column in report.table.properties.items()}
    assert properties["volume_per_atom_A3"] == 20.0
    assert properties["volume_source"] == "MP"
    assert str(properties["material_id"]).startswith("mp-")
    assert properties["theoretical"] in (True, False, None)


@pytest.mark.slow
def test_dataset_answers_offline_and_says_where_it_comes_from(server: Server) -> None:
    report = get(server, "Li10GeP2S12")
    held = load("mp")
    np.testing.assert_array_equal(
        held.formation_energy_per_atom, report.table.formation_energy_per_atom
    )
    np.testing.assert_array_equal(held.competing, report.table.competing)
    assert held.provenance == report.table.provenance
    assert held.provenance.date == "2025.09.25"
    assert held.provenance.corrections == "GGA_GGA+U, MP2020 corrections"
    details = provenance_of("mp")
    assert details["thermo_type"] == "GGA_GGA+U"
    assert details["client"].startswith("mp-api ")
    assert details["fetched"].endswith("UTC")
    held.require(["Li", "P", "S"])
    with pytest.raises(UnknownElementsError, match="'sse-window data fetch Co-Li-S'"):
        held.require(["Li", "Co", "S"])


def test_measured_values_of_the_packaged_table_join(server: Server, legacy: PhaseTable) -> None:
    table = get(server, "Li-O").table
    row, packaged = table.index("Li2O"), legacy.index("Li2O")
    assert row is not None and packaged is not None
    name = "measured_formation_energy_per_atom_eV"
    assert math.isfinite(table.properties[name][row])
    assert table.properties[name][row] == legacy.properties[name][packaged]
    assert table.properties["band_gap_computed_eV"][row] == 2.5


def test_elements_carry_the_total_energies_that_users_calculations_need(server: Server) -> None:
    table = get(server, "Li-S").table
    column = dict(
        zip(table.formulas, table.properties["reference_energy_per_atom_eV"], strict=True)
    )
    assert column["Li"] == REFERENCE_eV_per_atom["Li"]
    assert math.isnan(column["Li2S"])


def test_fetches_add_up_and_ask_only_for_what_is_missing(
    server: Server, legacy: PhaseTable
) -> None:
    get(server, "Li-P-S")
    server.asked.clear()
    report = get(server, "Li-O", "Li-S")
    assert sorted(server.systems_asked()) == ["Li-O", "O"]
    assert report.fetched == ("Li-O",)
    assert report.table.provenance.systems == ("Li-O", "Li-P-S")
    both = set(legacy.within(("Li", "P", "S")).formulas) | set(legacy.within(("Li", "O")).formulas)
    assert set(report.table.formulas) == both
    known = report.table.properties["material_id"]
    assert all(value is not None for value in known)


def test_what_is_held_is_not_asked_for_again_and_needs_no_key(server: Server) -> None:
    first = get(server, "Li-P-S")
    server.asked.clear()
    again = fetch(["Li3PS4", "Li-S"])
    assert server.asked == []
    assert again.fetched == () and "nothing was fetched" in again.messages[0]
    assert again.table.formulas.tolist() == first.table.formulas.tolist()


def test_a_larger_system_takes_the_place_of_its_parts(server: Server) -> None:
    get(server, "Li-S", "P-S")
    assert get(server, "Li-P-S").table.provenance.systems == ("Li-P-S",)


@pytest.mark.slow
def test_paging(server: Server, legacy: PhaseTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(materials_project_client, "_PAGE", 60)
    report = get(server, WHOLE)
    assert report.table.formulas.tolist() == legacy.formulas.tolist()
    skips = {int(query.get("_skip", 0)) for path, query in server.asked if "thermo" in path}
    assert {0, 60, 120} <= skips
    assert get(server, refresh=True).table.provenance.sha256 == report.table.provenance.sha256


def test_ten_elements_in_portions_that_the_server_accepts(server: Server) -> None:
    # Elements without phases on the server would be refused: that is seen after all were asked.
    ten = "Co-Ge-La-Li-Mn-Ni-O-P-S-Zr"
    with pytest.raises(SourceError, match="La, Mn, Ni, Zr"):
        get(server, ten)
    assert len(server.systems_asked()) == len(set(server.systems_asked())) == 2**10 - 1
    assert files() == {}


def test_the_ground_state_of_polymorphs_counts(server: Server, legacy: PhaseTable) -> None:
    table = get(server, "P-S").table
    for formula, energy in zip(table.formulas, table.formation_energy_per_atom, strict=True):
        row = legacy.index(formula)
        assert row is not None and energy == legacy.formation_energy_per_atom[row]


def test_experimental_only_takes_the_lowest_known_polymorph(
    server: Server, legacy: PhaseTable
) -> None:
    report = get(server, "Li-P-S", experimental_only=True)
    by_id = {document["material_id"]: document for document in server.summary}
    table = report.table
    assert report.left_out > 0 and f"{report.left_out} materials left out" in report.messages[0]
    raised = 0
    for row, formula in enumerate(table.formulas.tolist()):
        if len(table.composition(row)) == 1:
            continue
        document = by_id[table.properties["material_id"][row]]
        assert document["theoretical"] is False
        old = legacy.index(formula)
        assert old is not None
        difference = table.formation_energy_per_atom[row] - legacy.formation_energy_per_atom[old]
        assert min(abs(difference), abs(difference - POLYMORPH_eV_per_atom)) < 1e-9
        raised += difference > 0.01
    assert raised > 0
    assert "theoretical ones left out" in table.provenance.additions[0]
    assert np.array_equal(table.competing, table.e_above_hull == 0.0)
    assert {"Li", "P", "S"} <= set(table.formulas)


def test_selections_do_not_mix(server: Server) -> None:
    get(server, "Li-S", experimental_only=True)
    before = files()
    with pytest.raises(SourceError, match=r"experimental phases only.*--refresh"):
        get(server, "Li-O", experimental_only=False)
    assert files() == before
    assert get(server, "Li-O").table.provenance.additions != ()


def test_types_of_energy_do_not_mix_but_can_be_exchanged(server: Server) -> None:
    get(server, "Li-S")
    before = files()
    with pytest.raises(SourceError, match=r"functional GGA_GGA\+U.*R2SCAN.*--refresh"):
        get(server, "Li-O", thermo_type="r2scan")
    assert files() == before
    server.thermo = [
        {**row, "thermo_type": "r2SCAN", "formation_energy_per_atom": -1.0} for row in server.thermo
    ]
    report = get(server, "Li-O", thermo_type="R2SCAN", refresh=True)
    assert report.table.provenance.systems == ("Li-O", "Li-S")
    assert report.table.provenance.corrections == "R2SCAN, no corrections"


def test_database_versions_do_not_mix_until_refreshed(server: Server) -> None:
    get(server, "Li-S")
    before = files()
    server.heartbeat["db_version"] = "2026.01.15"
    with pytest.raises(SourceError, match=r"2025\.09\.25.*2026\.01\.15.*--refresh"):
        get(server, "Li-O")
    assert files() == before
    report = get(server, refresh=True)
    assert report.fetched == ("Li-S",)
    assert load("mp").provenance.date == "2026.01.15"


def test_a_barred_heartbeat_leaves_the_version_to_the_documents(server: Server) -> None:
    server.heartbeat_faults.append(status(403))
    assert get(server, "Li-S").table.provenance.date == "2025.04.10"
    server.thermo = [{**row, "builder_meta": None} for row in server.thermo]
    before = files()
    with pytest.raises(SourceError, match="does not tell the version"):
        get(server, "Li-S", refresh=True)
    assert files() == before


def test_mixed_energies_come_with_a_warning(server: Server) -> None:
    server.thermo = [{**row, "thermo_type": "GGA_GGA+U_R2SCAN"} for row in server.thermo]
    report = get(server, "Li-S", thermo_type="GGA_GGA+U_R2SCAN")
    assert "do not join exactly" in report.messages[0]


def test_a_hull_that_does_not_follow_from_the_phases_is_reported(server: Server) -> None:
    server.thermo = [
        {**row, "energy_above_hull": row["energy_above_hull"] + 0.3} for row in server.thermo
    ]
    report = get(server, "Li-S")
    assert report.hull_difference_eV_per_atom == pytest.approx(0.3)
    assert "0.3000 eV/atom" in report.messages[0]


def test_unusable_documents_are_left_out(server: Server) -> None:
    lowest = min(
        (row for row in server.thermo if row["formula_pretty"] == "Li2S"),
        key=lambda row: row["formation_energy_per_atom"],
    )
    server.thermo = [{**row, "deprecated": True} if row is lowest else row for row in server.thermo]
    report = get(server, "Li-S")
    row = report.table.index("Li2S")
    assert row is not None and report.left_out == 1
    assert report.table.formation_energy_per_atom[row] == pytest.approx(
        lowest["formation_energy_per_atom"] + POLYMORPH_eV_per_atom
    )


STRANGE = '{"data": [{"material_id": "mp-1"}], "meta": {"total_doc": 1}}'
ONE = '{"data": [%s], "meta": {"total_doc": 1}}'
DOCUMENT = {
    "material_id": "mp-1", "formula_pretty": "Li2S", "thermo_type": "GGA_GGA+U", "nsites": 3,
    "volume": 60.0, "formation_energy_per_atom": -1.4, "energy_above_hull": 0.0,
}  # fmt: skip


def one(**changes: object) -> list[object]:
    answer = body(ONE % json.dumps(DOCUMENT | changes))
    nothing = body('{"data": [], "meta": {"total_doc": 0}}')
    return [answer, answer, nothing, nothing]


FAILURES = {
    "wrong key, 401": ([status(401)], "refused the API key .status 401.*next-gen"),
    "wrong key, 403": ([status(403)], "refused the API key .status 403"),
    "too many requests": ([status(429)] * 12, "more requests.*429.*some minutes"),
    "too many, told to wait": ([status(429, Retry_After="0")] * 12, "429"),
    "internal error": ([status(500)] * 3, "problem of its own .status 500.*status.materials"),
    "unavailable": ([status(503)] * 3, "status 503"),
    "bad gateway": ([status(502)] * 12, "status 502"),
    "unknown request": ([status(400)], "status 400.*update mp-api"),
    "unknown route": ([status(404)], "status 404.*update mp-api"),
    "cut in the middle": ([cut] * 3, "broke the connection off"),
    "hangs up": ([silence] * 12, "cannot be reached"),
    "login page": ([body("<html>log in</html>")], "proxy or login page"),
    "no text": ([body("")], "no answer of the Materials Project"),
    "half a document": ([body('{"data": [{"mat')], "no answer of the Materials Project"),
    "a list": ([body("[]")], "no answer of the Materials Project"),
    "no documents in it": ([body('{"detail": "x"}')], "no answer of the Materials Project"),
    "null": ([body('{"data": null}')], "no answer of the Materials Project"),
    "numbers for documents": ([body('{"data": [1, 2], "meta": {"total_doc": 2}}')], "no answer"),
    "fewer than announced": ([empty_page, None, None] * 3, r"sent 0 of \d+ materials"),
    "documents of nothing": ([body(STRANGE)] * 2, "without formula or id"),
    "an impossible formula": (one(formula_pretty="Xx2"), "without formula or id"),
    "another system": (one(formula_pretty="Na2S"), "was not asked for"),
    "another type": (one(thermo_type="R2SCAN"), "energies of type 'R2SCAN'"),
    "a text for a number": (one(formation_energy_per_atom="-1"), "has the value '-1'"),
    "a huge number": (one(volume=1e300), "has the value 1e.300"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAILURES)
def test_failures_leave_the_dataset_alone(server: Server, name: str) -> None:
    get(server, "P-S")
    before = files()
    faults, message = FAILURES[name]
    # What is met by the summaries: nothing, or the searches would not get as far as these answers.
    server.faults.extend(faults)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match=message) as failure:
        get(server, "Li-S")
    text = str(failure.value)
    assert "\n" not in text and "nothing was changed" in text
    assert KEY not in "".join(traceback.format_exception(failure.value))
    server.faults.clear()
    assert files() == before
    assert get(server, "Li-S").fetched == ("Li-S",)


@pytest.mark.parametrize(
    "faults",
    [
        [status(429)],
        [status(429, Retry_After="0")] * 2,
        [status(429)] * 5,
        [status(500)],
        [status(503)] * 2,
        [cut],
        [silence] * 2,
        [empty_page, None, None],
    ],
)
def test_passing_failures_are_tried_again(server: Server, faults: list[object]) -> None:
    server.faults.extend(faults)  # type: ignore[arg-type]
    assert "Li2S" in get(server, "Li-S").table.formulas
    assert not server.faults


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (status(500), "status 500"),
        (body("<html>"), "no answer of the Materials Project"),
        (body("[]"), "no answer of the Materials Project"),
        (body('{"db_version": 3}'), "no answer of the Materials Project"),
        (silence, "cannot be reached|broke the connection off"),
    ],
)
def test_heartbeat_failures(server: Server, fault: object, message: str) -> None:
    server.heartbeat_faults.append(fault)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match=message):
        get(server, "Li-S")
    assert files() == {}


def test_an_address_where_nobody_listens(server: Server) -> None:
    with pytest.raises(SourceError, match="cannot be reached: check the network"):
        fetch(["Li-S"], api_key=KEY, endpoint="http://user:secret@127.0.0.1:9/")


@pytest.mark.parametrize(
    "endpoint",
    ["", " ", "bogus", "file:///etc/hosts", "ftp://host/", "http://", "https:///path",
     "http://host:port/", "http://[::1", "http://a host/", "api.materialsproject.org"],
)  # fmt: skip
def test_an_endpoint_that_is_no_address(endpoint: str) -> None:
    with pytest.raises(SourceError, match="no address of a service") as raised:
        fetch(["Li-S"], api_key=KEY, endpoint=endpoint)
    assert repr(endpoint) in str(raised.value) and KEY not in str(raised.value)
    assert files() == {}


def test_a_password_in_an_endpoint_is_not_shown() -> None:
    with pytest.raises(SourceError, match="the endpoint given is no address") as raised:
        fetch(["Li-S"], api_key=KEY, endpoint="ftp://user:secret@host/")
    assert "secret" not in str(raised.value)


def test_a_system_of_which_nothing_is_known(server: Server) -> None:
    with pytest.raises(SourceError, match=r"no GGA_GGA.U energies of Xe, needed for Xe"):
        get(server, "Xe")
    with pytest.raises(SourceError, match=r"no GGA_GGA.U energies of Xe, needed for Li-Xe"):
        get(server, "Li-Xe")
    assert files() == {}


def test_elements_that_form_no_compound_are_an_answer(server: Server) -> None:
    server.thermo = [row for row in server.thermo if row["chemsys"] != "Li-P"]
    get(server, "Li", "P")
    report = get(server, "Li-P")
    assert report.documents == 0 and report.fetched == ("Li-P",)
    assert report.table.formulas.tolist() == ["Li", "P"]
    assert report.table.provenance.systems == ("Li-P",)


def test_a_damaged_dataset_is_fetched_again(server: Server) -> None:
    path = get(server, "Li-S").path
    path.write_bytes(path.read_bytes()[:200])
    report = get(server, "P-S")
    assert report.table.provenance.systems == ("Li-S", "P-S")
    assert str(path) in report.messages[0] and "fetched again: Li-S" in report.messages[0]
    path.with_suffix(".json").write_text("{}")
    assert get(server, "P-S").table.provenance.systems == ("P-S",)
    assert load("mp").provenance.systems == ("P-S",)


@pytest.mark.parametrize("text", ["Li-Xx", "", "Li-", "Li3PS4x"])
def test_systems_that_cannot_be_read(text: str) -> None:
    with pytest.raises(FormulaError):
        fetch([text], api_key=KEY)


def test_nothing_to_fetch() -> None:
    with pytest.raises(SourceError, match="nothing to fetch"):
        fetch([], api_key=KEY, refresh=True)
    with pytest.raises(SourceError, match="no thermo type 'PBE': choose one of GGA_GGA"):
        fetch(["Li-S"], api_key=KEY, thermo_type="PBE")


def test_chemical_systems() -> None:
    assert chemical_system(" S-Li - S") == "Li-S"
    assert chemical_system("Li5.5PS4.5Cl1.5") == "Cl-Li-P-S"
    assert chemical_system("Li") == "Li"


def test_the_key_is_found_where_users_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pymatgen.core

    monkeypatch.setattr(pymatgen.core, "SETTINGS", {})
    with pytest.raises(SourceError, match=r"no API key.*MP_API_KEY.*--api-key-file"):
        find_api_key()
    monkeypatch.setattr(pymatgen.core, "SETTINGS", {"PMG_MAPI_KEY": "c" * 32})
    assert find_api_key() == "c" * 32
    monkeypatch.setenv("MP_API_KEY", "b" * 32)
    assert find_api_key() == "b" * 32
    file = tmp_path / "key"
    file.write_text(f" {KEY}\n")
    assert find_api_key(None, file) == KEY
    assert find_api_key("d" * 32, file) == "d" * 32


def test_what_is_no_key_is_said_without_showing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MP_API_KEY", "hush-hush")
    with pytest.raises(SourceError, match="variable MP_API_KEY holds no API key") as failure:
        find_api_key()
    assert "hush" not in str(failure.value)
    file = tmp_path / "key"
    with pytest.raises(SourceError, match=r"cannot read the API key from .*key: No such file"):
        find_api_key(None, file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="no text"):
        find_api_key(None, file)


def test_the_key_is_sent_but_kept_nowhere(server: Server) -> None:
    report = get(server, "Li-S")
    assert KEY not in repr(report)
    assert all(KEY.encode() not in content for content in files().values())
    assert all(KEY not in str(query) for _, query in server.asked)
