"""The HTTP sessions of a run. Feeds with the same read timeout and the same certificate authorities share a session."""

from __future__ import annotations

import ssl
import threading
from dataclasses import dataclass, field, replace

import requests
from requests.structures import CaseInsensitiveDict

from feedarchive.feeds.feed import MAX_TIMEOUT
from feedarchive.polling.dialer import Dialer
from feedarchive.polling.http_session import new_session, new_tls, system_tls


class InvalidAuthority(Exception):
    """The file of certificate authorities (``ca`` in feeds.toml) cannot be used. The message has one line."""


@dataclass(frozen=True)
class Sessions:
    """Opens a session when it is needed for the first time. Several threads may use this at the same time.

    - ``max_bytes``: how large the body of a response may be before decompression.
    - ``tls``: the TLS context for feeds without ``ca``; None to trust the authorities of Mozilla and of this machine.
    - ``proxy``: see ``new_session``.
    - ``headers``: the headers of all requests.
    """

    dialer: Dialer
    max_bytes: int
    tls: ssl.SSLContext | None
    proxy: str
    headers: CaseInsensitiveDict[str | bytes]
    _opened: dict[tuple[bool, str], requests.Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, patient: bool, ca: str) -> requests.Session:
        """Return a session. Raises InvalidAuthority if ``ca`` cannot be used.

        - ``patient``: True for the longest read timeout that feeds.toml allows, False for the normal one.
        - ``ca``: a file with additional certificate authorities to trust; "" if the feed has none.
        """
        with self._lock:
            if (patient, ca) not in self._opened:
                self._opened[patient, ca] = self._open(patient, ca)
            return self._opened[patient, ca]

    def close(self) -> None:
        """Close the connections that were kept open."""
        for session in self._opened.values():
            session.close()

    def _open(self, patient: bool, ca: str) -> requests.Session:
        longest = max(self.dialer.read_timeout, MAX_TIMEOUT.total_seconds())
        dialer = replace(self.dialer, read_timeout=longest) if patient else self.dialer
        session = new_session(dialer, self.max_bytes, self._tls(ca), self.proxy)
        session.headers = self.headers
        return session

    def _tls(self, ca: str) -> ssl.SSLContext:
        if not ca:
            return self.tls or system_tls()
        tls = new_tls()
        try:
            tls.load_verify_locations(ca)
        except ssl.SSLError:
            raise InvalidAuthority(f"ca: {ca} has no certificates: expected a PEM file") from None
        except OSError as error:
            raise InvalidAuthority(f"ca: cannot read {ca}: {error.strerror or error}") from None
        return tls
