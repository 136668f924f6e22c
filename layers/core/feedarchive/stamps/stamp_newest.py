"""Ask an authority for a time stamp of the newest record (``days/2025-12-25.json``), once for each record."""

from __future__ import annotations

import json
import os
from datetime import date, datetime

import requests

from feedarchive.proof.chain_end import newest_record
from feedarchive.proof.records import RECORDS
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.stamps.last_error import LAST_ERROR
from feedarchive.stamps.request import NONCE_BYTES, NotStamped, check_response, stamp_request
from feedarchive.store.interface import Presence, Store
from feedarchive.store.update import write_if_changed
from feedarchive.urls import without_credentials

_TIMEOUT = (5, 10)  # in seconds: for connecting, and for each part of the response
_MAX_BYTES = 100_000
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def stamp_key(day: date) -> str:
    """Return the key of the time stamp for the record of a day: ``proofs/2025-12-25.tsr``."""
    return f"proofs/{day.isoformat()}.tsr"


def stamp_newest(store: Store, url: str, now: datetime) -> str:
    """Get a time stamp of the newest record, and store it. If the record already has one, do nothing.

    Return a message that says why this failed; "" if it did not fail. The next build tries again. Raises StoreError.
    """
    newest = newest_record(store, store.list(RECORDS))
    # A complete time stamp may count as TRUNCATED, because a binary file need not end with a newline.
    if newest is None or store.presence(stamp_key(newest.day)) is not Presence.ABSENT:
        return ""
    try:
        store.create(stamp_key(newest.day), _ask(url, bytes.fromhex(newest.sha256)))
        error = ""
    except (requests.RequestException, NotStamped) as failure:
        error = f"no time stamp from {without_credentials(url)}: {_one_line(failure)}; the next build tries again"
    if error or store.read(LAST_ERROR):
        document = {"time": format_rfc3339(now), "error": error}
        write_if_changed(store, LAST_ERROR, (json.dumps(document) + "\n").encode())
    return error


def _ask(url: str, sha256: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    headers = {"Content-Type": _QUERY, "Accept": _REPLY}
    with requests.post(
        url, stamp_request(sha256, nonce), headers=headers, timeout=_TIMEOUT, stream=True
    ) as response:  # fmt: skip
        response.raise_for_status()
        data = response.raw.read(_MAX_BYTES, decode_content=True)
    check_response(data, sha256, nonce)
    return bytes(data)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
