"""A server on loopback that speaks the parts of the Materials Project API that mp_api calls.

``/heartbeat``, ``/materials/thermo/`` and ``/materials/summary/`` with the filters, projection and
paging that the real client uses (mp-api 0.46), fed with phases of a table. Faults are queued and
met by the next requests in turn, so that a test says exactly what goes wrong and when.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sse_window.phases.table import PhaseTable

KEY = "0123456789abcdefghijABCDEFGHIJ01"
LONGEST_ADDRESS = 8192  # what nginx takes by default
POLYMORPH_eV_per_atom = 0.04
"""Every compound is served twice: its ground state, and this far above it."""

REFERENCE_eV_per_atom = {"Li": -1.9089, "S": -4.1364, "P": -5.4133, "Ge": -4.6231, "O": -4.9480}

Fault = Callable[["_Handler"], None]


def status(code: int, **headers: str) -> Fault:
    """Answer with an HTTP status."""

    def answer(handler: _Handler) -> None:
        handler.reply(json.dumps({"message": "fault"}).encode(), code, headers)

    return answer


def body(text: str) -> Fault:
    """Answer with this text and status 200."""
    return lambda handler: handler.reply(text.encode())


def cut(handler: _Handler) -> None:
    """Announce more than is sent, then close the connection."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"data": [{"material_id"')
    handler.close_connection = True


def silence(handler: _Handler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True
    handler.connection.close()


def empty_page(handler: _Handler) -> None:
    """Answer with the right total, and no documents."""
    rows, total = handler.matching()
    handler.reply_documents([], total)
    assert rows


class Server(ThreadingHTTPServer):
    """State that a test reads and sets between requests."""

    daemon_threads = True

    def __init__(self, table: PhaseTable) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.thermo, self.summary = _documents(table)
        self.heartbeat: dict[str, Any] = {
            "status": "OK",
            "version": "0.86.3",
            "db_version": "2025.09.25",
            "access_controlled_batch_ids": [],
        }
        self.page = 1000
        self.faults: deque[Fault | None] = deque()
        self.heartbeat_faults: deque[Fault] = deque()
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def systems_asked(self, route: str = "thermo") -> list[str]:
        """Chemical systems of all searches on a route, without the countings."""
        return [
            system
            for path, query in self.asked
            if path.strip("/").endswith(route) and query.get("_limit") != "1"
            for system in query["chemsys"].split(",")
        ]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests, no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/heartbeat":
            faults = self.server.heartbeat_faults
            fault = faults[0] if faults else None
            if fault is not None:
                fault(self)
            else:
                self.reply(json.dumps(self.server.heartbeat).encode())
            return
        self.server.asked.append((path, self.query()))
        if len(self.path) > LONGEST_ADDRESS:
            self.reply(b"<html>414 Request-URI Too Large</html>", 414)
        elif self.headers.get("x-api-key") != KEY:
            self.reply(b'{"message": "Unauthorized"}', 401)
        elif self.server.faults and (fault := self.server.faults.popleft()) is not None:
            fault(self)
        elif path.rstrip("/") in ("/materials/thermo", "/materials/summary"):
            rows, total = self.matching()
            self.reply_documents(rows, total)
        else:
            self.reply(b'{"message": "no Route matched with those values"}', 404)

    def query(self) -> dict[str, str]:
        return {name: ",".join(v) for name, v in parse_qs(urlsplit(self.path).query).items()}

    def matching(self) -> tuple[list[dict[str, Any]], int]:
        """One page of documents, and how many there are."""
        query = self.query()
        thermo = "thermo" in self.path
        systems = query["chemsys"].split(",")
        rows = self.server.thermo if thermo else self.server.summary
        rows = [row for row in rows if row["chemsys"] in systems]
        if "thermo_types" in query:
            types = query["thermo_types"].split(",")
            rows = [row for row in rows if row["thermo_type"] in types]
        start = int(query.get("_skip", 0))
        stop = start + min(int(query.get("_limit", 100)), self.server.page)
        fields = query["_fields"].split(",")
        page = [{name: row[name] for name in fields if name in row} for row in rows[start:stop]]
        return page, len(rows)

    def reply_documents(self, rows: list[dict[str, Any]], total: int) -> None:
        meta = {"api_version": "0.86.3", "total_doc": total, "max_limit": self.server.page}
        self.reply(json.dumps({"data": rows, "meta": meta}).encode())

    def reply(self, data: bytes, code: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serving(table: PhaseTable) -> Iterator[Server]:
    """A running server; its thread ends with the block."""
    with Server(table) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def _documents(table: PhaseTable) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Documents as the service has them, shuffled deterministically.

    The ground state of every fifth compound is theoretical; every seventh has no summary.
    """
    thermo: list[dict[str, Any]] = []
    summary: list[dict[str, Any]] = []
    for row, formula in enumerate(table.formulas.tolist()):
        amounts = table.composition(row)
        element = len(amounts) == 1
        energy = float(table.formation_energy_per_atom[row])
        above = float(table.e_above_hull[row])
        for polymorph in range(1 if element else 2):
            up = polymorph * POLYMORPH_eV_per_atom
            material_id = f"mp-{10 * row + polymorph}"
            total = REFERENCE_eV_per_atom.get(next(iter(amounts)), -3.0) if element else -5.0
            thermo.append(
                {
                    "material_id": material_id,
                    "formula_pretty": formula,
                    "chemsys": "-".join(sorted(amounts)),
                    "thermo_type": "GGA_GGA+U",
                    "formation_energy_per_atom": 0.0 if element else energy + up,
                    "energy_per_atom": total,
                    "energy_above_hull": above + up,
                    "nsites": 8,
                    "volume": 160.0,
                    "deprecated": False,
                    "builder_meta": {"database_version": "2025.04.10"},
                }
            )
            if row % 7 or element:
                summary.append(
                    {
                        "material_id": material_id,
                        "chemsys": "-".join(sorted(amounts)),
                        "band_gap": 0.0 if element else 2.5,
                        "theoretical": row % 5 == 0 and not polymorph and not element,
                    }
                )
    return thermo[::-1], summary
