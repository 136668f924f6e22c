"""Only one process at a time does the jobs of an archive: the one that holds the lease ``state/jobs/lease.json``.

Two processes at once would not write anything twice, but each would send requests to the same hosts.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedarchive.completion.stored_jobs import LEASE
from feedarchive.json_values import DamagedJSON, parse_json
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update

LENGTH = timedelta(minutes=30)
"""A lease that was not extended for this long is over: its process was killed."""
_EXTEND_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class LeaseHolder:
    """The stored lease.

    ``name``: the process that holds it, or held it last.
    ``until``: when it ends.
    ``returned``: when that process returned it; None if it has not.
    """

    name: str
    until: datetime
    returned: datetime | None = None


@dataclass
class Lease:
    """The lease of an archive, for one process with a random ``name`` and any number of threads."""

    store: Store
    clock: Callable[[], datetime]
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    _extended: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> LeaseHolder | None:
        """Take the lease. Returns None if this process has it now, otherwise the other holder."""
        other: LeaseHolder | None = None

        def make(stored: Stored | None) -> bytes | None:
            nonlocal other
            now, before = self.clock(), _holder(stored)
            is_free = before is None or before.returned or before.name == self.name
            # A lease that ends later than one taken now was written with a wrong clock, so it does not count.
            other = None if is_free or not now < before.until <= now + LENGTH else before  # type: ignore[union-attr]
            return None if other else _to_bytes(LeaseHolder(self.name, now + LENGTH))

        update(self.store, LEASE, make)
        self._extended = self.clock()
        return other

    def extend(self) -> None:
        """Extend the lease. If another process has taken it over, nothing changes.

        Call this often: it writes at most every five minutes.
        """
        now = self.clock()
        with self._lock:
            if self._extended and now - self._extended < _EXTEND_AFTER:
                return
            self._extended = now
        self._change(lambda now: LeaseHolder(self.name, now + LENGTH))

    def give_back(self) -> None:
        """Return the lease, so that another process can take it at once."""
        self._change(lambda now: LeaseHolder(self.name, now, returned=now))

    def last_returned(self) -> datetime | None:
        """When the last holder returned the lease; None if it did not.

        Call this before ``take``, which overwrites it.
        """
        before = _holder(self.store.read(LEASE))
        return before.returned if before else None

    def _change(self, change: Callable[[datetime], LeaseHolder]) -> None:
        def make(stored: Stored | None) -> bytes | None:
            before = _holder(stored)
            return _to_bytes(change(self.clock())) if before and before.name == self.name else None

        update(self.store, LEASE, make)


def _holder(stored: Stored | None) -> LeaseHolder | None:
    if stored is None:
        return None
    try:
        found = parse_json(stored.data)
        returned = found.time("returned") if "returned" in found else None
        return LeaseHolder(found.text("holder"), found.time("until"), returned)
    except DamagedJSON:
        return None


def _to_bytes(holder: LeaseHolder) -> bytes:
    fields = {"holder": holder.name, "until": format_rfc3339(holder.until)}
    if holder.returned:
        fields["returned"] = format_rfc3339(holder.returned)
    return (json.dumps(fields) + "\n").encode()
