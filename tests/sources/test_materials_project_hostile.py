"""A service that does harm: sends elsewhere, never ends, or serves what cannot be true."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from materials_project_server import KEY, Fault, Server, serving, status

from sse_window.core.errors import SourceError
from sse_window.sources import guarded_session, materials_project_client
from sse_window.sources.datasets import load, user_file
from sse_window.sources.materials_project import fetch


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(load().within(("Li", "P", "S"))) as running:
        yield running


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSE_WINDOW_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(materials_project_client, "_PAUSES_s", (0.0, 0.0))
    monkeypatch.setattr(materials_project_client, "_BACKOFF_s", 0.0)


def get(server: Server, *systems: str, **options: Any) -> Any:
    return fetch(systems, api_key=KEY, endpoint=server.endpoint, **options)


def refused(server: Server, message: str, **options: Any) -> None:
    """The fetch fails with one line, and what was held stays."""
    path = user_file("mp")
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(SourceError, match=message) as failure:
        get(server, "Li-P-S", **options)
    text = str(failure.value)
    assert KEY not in text and "\n" not in text and text.isprintable()
    assert (path.read_bytes() if path.is_file() else None) == before


class _Thief(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.keys.append(self.headers.get("x-api-key"))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


@pytest.mark.parametrize("at_heartbeat", [True, False])
def test_the_key_follows_no_redirect_to_another_host(server: Server, at_heartbeat: bool) -> None:
    with ThreadingHTTPServer(("localhost", 0), _Thief) as thief:
        thief.keys = []  # type: ignore[attr-defined]
        threading.Thread(target=thief.serve_forever, args=(0.01,), daemon=True).start()
        fault = status(302, Location=f"http://localhost:{thief.server_port}/x")
        (server.heartbeat_faults if at_heartbeat else server.faults).append(fault)  # type: ignore[attr-defined]
        refused(server, "sends to another address, 'localhost', which is not given the API key")
        thief.shutdown()
        assert thief.keys == []  # type: ignore[attr-defined]


def drip(in_headers: bool) -> Fault:
    def answer(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"" if in_headers else b"\r\n"))
        try:
            for _ in range(600):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    return answer


def endless(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        for _ in range(10_000):
            handler.wfile.write(b" " * 65536)
    except OSError:
        pass


@pytest.mark.slow
@pytest.mark.parametrize("in_headers", [True, False])
def test_an_answer_that_drips_is_given_up(
    server: Server, monkeypatch: pytest.MonkeyPatch, in_headers: bool
) -> None:
    monkeypatch.setattr(materials_project_client, "_ANSWER_s", 1.0)
    server.faults.append(drip(in_headers))
    begun = time.monotonic()
    refused(server, "did not answer in time")
    assert time.monotonic() - begun < 15


def test_everything_ends_by_the_deadline(server: Server) -> None:
    server.faults.append(drip(False))
    begun = time.monotonic()
    refused(server, "did not answer in time", deadline_s=2.0)
    assert time.monotonic() - begun < 15


def test_an_answer_without_end_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_session, "_LARGEST_bytes", 2**20)
    server.faults.append(endless)
    refused(server, "sends more than any answer holds")


@pytest.mark.slow
def test_an_hour_of_patience_is_not_waited_for(server: Server) -> None:
    server.faults.extend([status(429, Retry_After="3600")] * 40)
    begun = time.monotonic()
    refused(server, "refuses more requests for now")
    assert time.monotonic() - begun < 30


def test_certificates_are_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    import requests

    seen: list[object] = []

    def send(self: Any, request: Any, **settings: Any) -> Any:
        seen.append(settings["verify"])
        raise requests.exceptions.ConnectionError

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    session = guarded_session.GuardedSession(KEY)
    session.verify = False
    for verify in (None, False, True):
        with pytest.raises(requests.exceptions.ConnectionError):
            session.get("https://127.0.0.1/", verify=verify)
    assert len(seen) == 3 and all(seen)  # or the path of certificates


ODD: dict[str, tuple[dict[str, Any], str]] = {
    "no sites": ({"nsites": 0}, "has the value 0"),
    "negative sites": ({"nsites": -4}, "has the value -4"),
    "a negative volume": ({"volume": -10.0}, "has the value -10"),
    "an impossible energy": ({"formation_energy_per_atom": -1e8}, "has the value -1"),
    "an impossible total energy": ({"energy_per_atom": 1e6}, "has the value 1"),
    "an impossible hull": ({"energy_above_hull": -50}, "has the value -50"),
    "text for a number": ({"formation_energy_per_atom": "-1.4"}, "has the value '-1.4'"),
    "a truth for a number": ({"volume": True}, "has the value True"),
    "infinity": ({"volume": float("inf")}, "no answer|has the value"),
    "an escape in an id": ({"material_id": "mp-\x1b[31m1"}, "whose id is 'mp-.x1b"),
    "a long id": ({"material_id": "m" * 500}, "whose id is"),
    "an escape in a formula": ({"formula_pretty": "Li\x1b[31m"}, "without formula or id"),
    "another formula": ({"formula_pretty": "NaCl"}, "was not asked for"),
    "a formula of 100 kB": ({"formula_pretty": "Li" * 50_000}, "without formula|not asked for|id"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_values_that_cannot_be_are_refused(server: Server, name: str) -> None:
    get(server, "Li-S")
    changes, message = ODD[name]
    server.thermo = [
        {**row, **(changes if row["formula_pretty"] == "Li3P" else {})} for row in server.thermo
    ]
    refused(server, message)


def test_a_material_that_comes_twice_is_refused(server: Server) -> None:
    server.thermo = [*server.thermo, server.thermo[0]]
    refused(server, "stands in it twice")


def test_escape_codes_in_a_version_are_refused(server: Server) -> None:
    server.heartbeat["db_version"] = "2025\x1b[2J"
    refused(server, "no answer of the Materials Project")


COMMAND = (
    "from mp_api.client.core.client import BaseRester; from sse_window.cli import main; main()"
)


def fetching(server: Server, system: str, tmp_path: Path) -> subprocess.Popen[str]:
    key = tmp_path / "key.txt"
    key.write_text(KEY)
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", COMMAND, "data", "fetch", system,
         "--api-key-file", str(key), "--endpoint", server.endpoint],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_two_fetches_at_once_lose_nothing(server: Server, tmp_path: Path) -> None:
    running = [fetching(server, system, tmp_path) for system in ("Li-S", "Li-P")]
    for process in running:
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
    table = load("mp")
    assert {"Li2S", "Li3P"} <= set(table.formulas)
    assert table.provenance.systems == ("Li-P", "Li-S")


@pytest.mark.slow
def test_an_interrupt_ends_a_fetch_that_waits(server: Server, tmp_path: Path) -> None:
    waiting = threading.Event()

    def silent(handler: Any) -> None:
        waiting.set()
        time.sleep(60)

    server.faults.append(silent)
    process = fetching(server, "Li-S", tmp_path)
    assert waiting.wait(120)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode not in (0, None) and "Traceback" not in err
    assert not user_file("mp").exists()


def test_without_the_client_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mp_api.client.core.client", None)
    with socket.socket(), pytest.raises(SourceError, match="pip install mp-api"):
        fetch(["Li-S"], api_key=KEY, endpoint="http://127.0.0.1:9")


def test_a_client_that_does_not_load_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "mp_api" / "client"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").write_text("raise AttributeError('six has no attribute moves')")
    for name in [n for n in sys.modules if n.split(".")[0] == "mp_api"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(SourceError, match=r"cannot be loaded .*pip install -U mp-api"):
        fetch(["Li-S"], api_key=KEY, endpoint="http://127.0.0.1:9")


def test_documents_are_json_alone() -> None:
    """What the client decodes with has not learned to build objects by name."""
    from mp_api.client.core.utils import load_json

    held = {"@module": "os", "@class": "system", "command": "x"}
    assert load_json(json.dumps(held)) == held
