"""A connection that keeps a key to one host, and ends.

A service, or what stands in its place, may send the asker elsewhere, answer without end, or drip a
byte now and then, which a time limit between two bytes never notices.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

__all__ = ["Deadline", "ForeignRedirectError", "GuardedSession", "LateError", "OversizeError"]

Answer = TypeVar("Answer")

_LARGEST_bytes = 2**26
"""An answer of a thousand materials has less than one megabyte."""

_CHUNK_bytes = 2**16
_ATTEMPTS = 3
_RETRIED = (429, 502, 504)


class ForeignRedirectError(Exception):
    """The service sends to another host, or to one without encryption."""


class OversizeError(Exception):
    """An answer is larger than any that makes sense."""


class LateError(Exception):
    """There was no whole answer in time."""


class GuardedSession(requests.Session):
    """A session that follows no redirect to another host and reads no endless answer.

    Parameters
    ----------
    api_key : str
        Sent with every request.
    backoff_s : float
        Unit of the pauses between attempts.
    """

    def __init__(self, api_key: str, backoff_s: float = 0.1) -> None:
        super().__init__()
        self.headers["x-api-key"] = api_key
        # A service that asks for an hour of patience is told so to the user, not waited for.
        retry = Retry(
            total=_ATTEMPTS, read=_ATTEMPTS, connect=_ATTEMPTS, redirect=0,
            respect_retry_after_header=False, status_forcelist=_RETRIED, backoff_factor=backoff_s,
        )  # fmt: skip
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(max_retries=retry))
        self.stopped = False

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a request; its answer is read within the limits."""
        if self.stopped:
            raise LateError
        kwargs["stream"] = True
        if not kwargs.get("verify"):
            kwargs["verify"] = True
        response = super().send(request, **kwargs)
        self._read(response)
        return response

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where an answer sends to: the same host, or nowhere."""
        target = super().get_redirect_target(resp)
        if target is not None:
            self._read(resp)
            here, there = urlsplit(resp.url), urlsplit(urljoin(resp.url, target))
            same = (here.hostname, here.port) == (there.hostname, there.port)
            if not same or here.scheme != there.scheme:
                raise ForeignRedirectError(there.hostname or "")
        return target

    def _read(self, response: requests.Response) -> None:
        if response._content_consumed:
            return
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(_CHUNK_bytes):
            size += len(part)
            parts.append(part)
            if size > _LARGEST_bytes:
                response.close()
                raise OversizeError
            if self.stopped:
                response.close()
                raise LateError
        response._content = b"".join(parts)


class Deadline:
    """A time by which everything has to be done.

    Parameters
    ----------
    total_s : float
        From now on.
    each_s : float
        The most that one question may take.

    Examples
    --------
    >>> Deadline(5.0, 1.0).within(lambda: 7)
    7
    """

    def __init__(self, total_s: float, each_s: float) -> None:
        self._end = time.monotonic() + total_s
        self._each_s = each_s

    @property
    def left_s(self) -> float:
        """What is left of the time."""
        return max(self._end - time.monotonic(), 0.0)

    def within(self, ask: Callable[[], Answer]) -> Answer:
        """Ask a question and wait no longer than there is time; an interrupt ends the waiting.

        Raises
        ------
        LateError
            If there is no answer in time.
        """
        found: list[Answer] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                found.append(ask())
            except BaseException as error:
                failed.append(error)

        # Nothing can end a thread that waits for a byte, but nobody has to wait for the thread.
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(min(self.left_s, self._each_s))
        if thread.is_alive():
            raise LateError
        if failed:
            raise failed[0]
        return found[0]
