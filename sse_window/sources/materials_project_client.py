"""Questions to the Materials Project through its own client, and what can go wrong with them.

``mp_api.client.MPRester`` sends the requests, pages through the answers, and retries what is worth
retrying at once. This module asks in portions that the service accepts, tries again after a pause
what may pass (too many requests, internal errors, broken connections), checks that everything
announced has arrived and can be true, and turns every failure into one
:class:`~sse_window.core.errors.SourceError`. The key goes to one host and nowhere else, and there
is a time by which everything has ended: see :mod:`~sse_window.sources.guarded_session`.
"""

from __future__ import annotations

import os
import re
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlsplit

from ..core.composition import parse
from ..core.errors import FormulaError, SourceError
from .guarded_session import (
    Deadline,
    ForeignRedirectError,
    GuardedSession,
    LateError,
    OversizeError,
)

__all__ = ["Client", "DEADLINE_s", "check_endpoint", "find_api_key"]

Answer = TypeVar("Answer")

_KEY_PAGE = "https://next-gen.materialsproject.org/api"
_STATUS_PAGE = "https://status.materialsproject.org"
_KEY_LENGTH = 32
_LONGEST_KEY_FILE = 4096

_QUERY_LENGTH = 4000
"""Characters of chemical systems in one request: servers commonly refuse addresses above 8 kB."""

_PAGE = 1000
"""Documents per page, the most that the service sends."""

_PAUSES_s = (1.0, 5.0)
"""Before the second and third attempt; the client itself has then retried three times."""

_TIMEOUT_s = 20

_ANSWER_s = 60.0
"""The most that one question may take, with all its pages."""

DEADLINE_s = 1800.0
"""By default everything has ended by then."""

_BACKOFF_s = 0.1

_LONGEST_NAME = 80

_THERMO_FIELDS = [
    "material_id",
    "formula_pretty",
    "thermo_type",
    "formation_energy_per_atom",
    "energy_per_atom",
    "energy_above_hull",
    "nsites",
    "volume",
    "deprecated",
    "builder_meta",
]
_SUMMARY_FIELDS = ["material_id", "band_gap", "theoretical"]


def find_api_key(api_key: str | None = None, api_key_file: str | Path | None = None) -> str:
    """Key of the Materials Project: as given, else from a file, ``MP_API_KEY``, or pymatgen.

    Parameters
    ----------
    api_key : str, optional
    api_key_file : str or Path, optional

    Returns
    -------
    str

    Raises
    ------
    SourceError
        If there is none, or what there is cannot be a key. The message never contains it.
    """
    key, where = api_key, "the key given"
    if key is None and api_key_file is not None:
        where = f"the file {api_key_file}"
        try:
            with Path(api_key_file).expanduser().open(encoding="utf-8") as file:
                key = file.read(_LONGEST_KEY_FILE)
        except (OSError, ValueError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no text"
            reason = "there is no such user" if isinstance(error, RuntimeError) else reason
            raise SourceError(f"cannot read the API key from {api_key_file}: {reason}") from None
    if key is None and os.environ.get("MP_API_KEY"):
        key, where = os.environ["MP_API_KEY"], "the environment variable MP_API_KEY"
    if key is None:
        key, where = _key_of_pymatgen(), "pymatgen's setting PMG_MAPI_KEY"
    if not key:
        raise SourceError(
            "no API key of the Materials Project: get one at "
            f"{_KEY_PAGE}, then set MP_API_KEY or give --api-key-file"
        )
    key = str(key).strip()
    if len(key) != _KEY_LENGTH or not key.isalnum():
        raise SourceError(
            f"{where} holds no API key of the Materials Project: a key is {_KEY_LENGTH} letters "
            f"and digits, see {_KEY_PAGE}"
        )
    return key


def _key_of_pymatgen() -> Any:
    try:
        from pymatgen.core import SETTINGS
    except ImportError:
        return None
    return SETTINGS.get("PMG_MAPI_KEY")


def check_endpoint(endpoint: str) -> None:
    """Make sure that the address of a service is one, before a key is sent there.

    Parameters
    ----------
    endpoint : str

    Raises
    ------
    SourceError
        If it is not ``http://host`` or ``https://host``, perhaps with port and path.

    Examples
    --------
    >>> check_endpoint("bogus")
    Traceback (most recent call last):
    ...
    sse_window.core.errors.SourceError: the endpoint 'bogus' is no address of a service: give one \
    such as https://api.materialsproject.org, or none for the public service
    """
    try:
        parts = urlsplit(endpoint)
        _ = parts.port  # raises if it is none
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if good and not any(character.isspace() for character in endpoint):
        return
    # An address may hold a password.
    shown = "given" if "@" in endpoint else f"{endpoint!r:.80}"
    raise SourceError(
        f"the endpoint {shown} is no address of a service: give one such as "
        "https://api.materialsproject.org, or none for the public service"
    )


class Client:
    """A connection to the Materials Project.

    Parameters
    ----------
    api_key : str
    endpoint : str, optional
        Address of the service, see :func:`check_endpoint`; the public one by default.
    deadline_s : float
        By when everything has to be done.

    Raises
    ------
    SourceError
        If the service does not answer, or its client is not installed.
    """

    def __init__(
        self, api_key: str, endpoint: str | None = None, deadline_s: float = DEADLINE_s
    ) -> None:
        self._deadline = Deadline(deadline_s, _ANSWER_s)
        self._session = GuardedSession(api_key, _BACKOFF_s)
        with _quiet():
            core, MPRester, validate_endpoint = _installed_client()
            self._address: str = validate_endpoint(endpoint)
            self.software = f"mp-api {core.__version__}"
            self._session.headers["user-agent"] = self.software
            self._version = self._attempt(self._heartbeat)
            # The client remembers the heartbeat, but a new database may come while we run.
            core._Rester._get_heartbeat_info.cache_clear()
            self._rester = self._attempt(
                lambda: MPRester(api_key, endpoint=self._address, use_document_model=False,
                                 mute_progress_bars=True, session=self._session)
            )  # fmt: skip

    def _heartbeat(self) -> str | None:
        """Database version; None where the heartbeat is barred, as it is to some networks.

        MPRester asks the same, but without a time limit.
        """
        answer = self._session.get(f"{self._address}heartbeat", timeout=_TIMEOUT_s)
        if answer.status_code == 403:
            return None
        if answer.status_code != 200:
            raise ValueError(f"error status code {answer.status_code}")
        version = answer.json()["db_version"]
        if not _is_name(version):
            raise ValueError("no database version")
        return str(version)

    def database_version(self, documents: Sequence[dict[str, Any]]) -> str:
        """Version of the database, by the service or else by the documents that it sent.

        Raises
        ------
        SourceError
            If neither says.
        """
        if self._version is not None:
            return self._version
        versions = {document["version"] for document in documents} - {None}
        if not versions:
            raise SourceError(
                f"{self._host} does not tell the version of its database, without which energies "
                f"cannot be kept apart: try again later, see {_STATUS_PAGE}; nothing was changed"
            )
        return str(max(versions))

    def thermo(
        self,
        systems: Sequence[str],
        thermo_type: str,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[dict[str, Any]]:
        """Energies and properties of every material of exactly these chemical systems.

        Parameters
        ----------
        systems : sequence of str
            Elements in alphabetical order.
        thermo_type : str
        progress : callable, optional
            Called with the number of chemical systems done and needed.

        Returns
        -------
        list of dict
            ``material_id, composition, energy, total_energy, e_above_hull`` [eV/atom],
            ``volume_per_atom`` [A3], ``band_gap`` [eV], ``theoretical, version``; None where
            not known. The energy of a deprecated material is None.

        Raises
        ------
        SourceError
            If an answer does not come, is incomplete or cannot be understood.
        """
        documents: list[dict[str, Any]] = []
        done = 0
        for portion in _portions(systems):
            if progress is not None:
                progress(done, len(systems))
            energies = self._search("thermo", portion, _THERMO_FIELDS, thermo_type)
            summaries = {
                str(summary.get("material_id")): summary
                for summary in self._search("summary", portion, _SUMMARY_FIELDS)
            }
            for row in energies:
                document = self._understood(row, portion, thermo_type)
                summary = summaries.get(document["material_id"], {})
                theoretical = summary.get("theoretical")
                document["theoretical"] = theoretical if isinstance(theoretical, bool) else None
                document["band_gap"] = self._number(row, summary.get("band_gap"), 0.0, 50.0)
                documents.append(document)
            done += len(portion)
        ids = [document["material_id"] for document in documents]
        if len(set(ids)) < len(ids):
            twice = next(name for name in ids if ids.count(name) > 1)
            raise self._strange(f"{twice} stands in it twice")
        if progress is not None:
            progress(done, len(systems))
        return documents

    def _search(
        self, route: str, systems: list[str], fields: list[str], thermo_type: str | None = None
    ) -> list[dict[str, Any]]:
        rester = getattr(self._rester.materials, route)
        query: dict[str, Any] = {"chemsys": systems}
        criteria = {"chemsys": ",".join(systems), "_limit": 1, "_fields": "material_id"}
        if thermo_type is not None:
            query["thermo_types"] = [thermo_type]
            criteria["thermo_types"] = "r2SCAN" if thermo_type == "R2SCAN" else thermo_type

        def ask() -> list[dict[str, Any]]:
            rows = list(rester.search(**query, fields=fields, chunk_size=_PAGE))
            if not all(isinstance(row, dict) for row in rows):
                raise TypeError("a document that is none")
            # The client takes a short page for a full one and an empty one for the end.
            announced = rester.count(criteria)
            if announced != len(rows):
                raise _IncompleteError(f"{len(rows)} of {announced} materials")
            return rows

        with _quiet():
            return self._attempt(ask)

    def _understood(
        self, row: dict[str, Any], systems: Sequence[str], thermo_type: str
    ) -> dict[str, Any]:
        """Check a document and take the fields that are used."""
        try:
            composition = parse(row["formula_pretty"])
            material_id = str(row["material_id"])
            if not _is_name(material_id):
                raise self._strange(f"a material whose id is {material_id!r:.40}")
        except (KeyError, AttributeError, FormulaError):
            raise self._strange(f"a material without formula or id: {row!r:.80}") from None
        if "-".join(sorted(composition.elements)) not in systems:
            raise self._strange(f"{material_id} ({composition.formula}) was not asked for")
        served = row.get("thermo_type")
        if str(served).lower() != thermo_type.lower():
            raise self._strange(f"{material_id} has energies of type {served!r:.40}")
        sites = self._number(row, row.get("nsites"), 1.0, 1e5)
        volume = self._number(row, row.get("volume"), 1e-3, 1e7)
        meta = row.get("builder_meta")
        version = meta.get("database_version") if isinstance(meta, dict) else None
        energy = self._number(row, row.get("formation_energy_per_atom"), -10.0, 10.0)
        return {
            "material_id": material_id,
            "composition": composition,
            "energy": None if row.get("deprecated") is True else energy,
            "total_energy": self._number(row, row.get("energy_per_atom"), -1e3, 1e3),
            "e_above_hull": self._number(row, row.get("energy_above_hull"), -1.0, 20.0),
            "volume_per_atom": volume / sites if volume and sites else None,
            "version": version if _is_name(version) else None,
        }

    def _number(self, row: dict[str, Any], value: object, low: float, high: float) -> float | None:
        if value is None:
            return None
        if isinstance(value, (int, float)) and value is not True and low <= value <= high:
            return float(value)
        raise self._strange(f"{row.get('material_id')!r:.40} has the value {value!r:.40}")

    def _strange(self, what: str) -> SourceError:
        return SourceError(
            f"the answer of {self._host} cannot be used: {what}; update mp-api (now "
            f"{self.software}) or report it; nothing was changed"
        )

    @property
    def _host(self) -> str:
        # Only the host: an address may hold a password.
        return urlsplit(self._address).hostname or "the Materials Project"

    def _attempt(self, ask: Callable[[], Answer]) -> Answer:
        """Ask, and again after a pause where the failure may pass."""
        for pause in (*_PAUSES_s, None):
            try:
                return self._deadline.within(ask)
            except SourceError:
                raise
            except KeyboardInterrupt:
                self._session.stopped = True
                raise
            except Exception as error:  # the client trips over bad answers in many ways
                status = _status(error)
                if pause is None or not _may_pass(error, status):
                    raise self._explained(error, status) from None
            time.sleep(min(pause, self._deadline.left_s))
        raise AssertionError("the last attempt returns or raises")

    def _explained(self, error: Exception, status: int | None) -> SourceError:
        foreign = next((e for e in _chain(error) if isinstance(e, ForeignRedirectError)), None)
        if foreign is not None:
            what = (
                f"sends to another address, {str(foreign)!r:.60}, which is not given the API key: "
                "check the endpoint and the network"
            )
        elif isinstance(error, LateError):
            self._session.stopped = True
            what = (
                f"did not answer in time ({_ANSWER_s:g} s for a question; the whole fetch has the "
                "seconds of --deadline): try again later"
            )
        elif any(isinstance(e, OversizeError) for e in _chain(error)):
            what = "sends more than any answer holds: is a proxy or login page in between?"
        elif status in (401, 403):
            what = f"refused the API key (status {status}): check it at {_KEY_PAGE}"
        elif status == 429:
            what = "refuses more requests for now (status 429): try again in some minutes"
        elif status is not None and status >= 500:
            what = f"has a problem of its own (status {status}): try later, see {_STATUS_PAGE}"
        elif status is not None:
            what = f"does not know this request (status {status}): update mp-api ({self.software})"
        elif isinstance(error, _IncompleteError):
            what = f"sent {error}: try again"
        elif _broken(error) and "Max retries" not in str(error):
            what = "broke the connection off: try again"
        elif _broken(error):
            what = f"cannot be reached: check the network and proxy, or see {_STATUS_PAGE}"
        else:
            what = (
                f"sent what is no answer of the Materials Project ({type(error).__name__}): is a "
                f"proxy or login page in between? else update mp-api ({self.software})"
            )
        return SourceError(f"the Materials Project ({self._host}) {what}; nothing was changed")


def _installed_client() -> tuple[Any, Any, Any]:
    try:
        import mp_api.client.core.client as core
        from mp_api.client import MPRester
        from mp_api.client.core.utils import validate_endpoint
    except ModuleNotFoundError as error:
        raise SourceError(
            f"fetching needs mp-api, of which {error.name} is not installed: install it with 'pip "
            "install mp-api'"
        ) from None
    except Exception as error:  # packages that do not go together
        raise SourceError(
            f"mp-api cannot be loaded ({type(error).__name__}: {error!s:.100}): update it with "
            "'pip install -U mp-api pymatgen emmet-core boto3'"
        ) from None
    return core, MPRester, validate_endpoint


def _is_name(value: object) -> bool:
    """Whether something can be an id or a version: a short printable text."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME and value.isprintable()


class _IncompleteError(Exception):
    """Fewer documents than announced."""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _status(error: Exception) -> int | None:
    """HTTP status that the client reports: it keeps no more of it than the text of its error."""
    match = re.search(r"status code (\d{3})\b|too many (\d{3}) error responses", str(error))
    if match is not None:
        return int(match[1] or match[2])
    return 400 if "does not support the request" in str(error) else None


def _broken(error: Exception) -> bool:
    from requests.exceptions import ChunkedEncodingError, RetryError, Timeout
    from requests.exceptions import ConnectionError as NoConnection

    kinds = (NoConnection, ChunkedEncodingError, RetryError, Timeout, OSError)
    return any(isinstance(cause, kinds) and not _is_json(cause) for cause in _chain(error))


def _is_json(error: BaseException) -> bool:
    # requests' own JSONDecodeError is an OSError too.
    return isinstance(error, ValueError)


def _may_pass(error: Exception, status: int | None) -> bool:
    guarded = (ForeignRedirectError, LateError, OversizeError)
    if any(isinstance(cause, guarded) for cause in _chain(error)):
        return False
    if status is not None:
        return status == 429 or status >= 500
    return isinstance(error, _IncompleteError) or _broken(error)


def _portions(systems: Sequence[str]) -> Iterator[list[str]]:
    """Systems in lists that fit into one request."""
    portion: list[str] = []
    length = 0
    for system in systems:
        size = len(quote_plus(f"{system},"))
        if portion and length + size > _QUERY_LENGTH:
            yield portion
            portion, length = [], 0
        portion.append(system)
        length += size
    if portion:
        yield portion


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings of the client, which say nothing that an error here does not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
