"""Check whether an S3 server supports conditional writes. Without them, two runs would overwrite each other's files.

Some S3-compatible servers ignore the headers ``If-None-Match`` or ``If-Match``. An archive in a folder is not checked.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from feedarchive.json_values import DamagedJSON, parse_json
from feedarchive.store.interface import Store, StoreError

CHECK_KEY = "state/conditional-writes.json"
_CHECK_EVERY = timedelta(days=1)
_OTHER_VERSION = '"00000000000000000000000000000000"'


def check_daily(store: Store, now: datetime) -> None:
    """Check once a day that the store supports conditional writes. Raises StoreError if it does not.

    Each call reads one object. The check itself sends five more requests.
    """
    if _is_remote(store) and not _was_checked(store, now):
        _check(store, _record(now))


def check_now(store: Store) -> None:
    """Check that the store of a new archive supports conditional writes. Raises StoreError if it does not."""
    if _is_remote(store):
        _check(store, _record(None))


def _is_remote(store: Store) -> bool:
    return store.location.startswith("s3://")


def _was_checked(store: Store, now: datetime) -> bool:
    stored = store.read(CHECK_KEY)
    try:
        return stored is not None and abs(now - parse_json(stored.data).time("time")) < _CHECK_EVERY
    except DamagedJSON:
        return False


def _check(store: Store, record: bytes) -> None:
    """Check that the server refuses a write whose condition is not met. Then write ``record``."""
    store.create(CHECK_KEY, _record(None))
    if store.create(CHECK_KEY, record):
        raise _ignores(store, "If-None-Match")
    stored = store.read(CHECK_KEY)
    if stored is None:
        reason = f"the server says that {CHECK_KEY} exists, then that it does not; run again"
        raise StoreError(f"cannot use {store.location}: {reason}")
    if store.replace(CHECK_KEY, record, _OTHER_VERSION):
        raise _ignores(store, "If-Match")
    # Ignore the result. It is False if another run has just replaced the object, which does no harm.
    store.replace(CHECK_KEY, record, stored.version)


def _record(now: datetime | None) -> bytes:
    fields = {"time": now.isoformat().replace("+00:00", "Z")} if now else {}
    return (json.dumps(fields) + "\n").encode()


def _ignores(store: Store, header: str) -> StoreError:
    return StoreError(
        f"cannot use {store.location}: the server ignores {header}, so two runs would overwrite each other's files; "
        "use a server that supports conditional writes"
    )
