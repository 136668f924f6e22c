"""The lease lets only one process at a time do the jobs of an archive.

Two processes at the same time would do no damage, but each host would get twice as many requests. The process that has
the lease is named in ``state/jobs/lease.json``.
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
"""If a process does not extend its lease for this long, it was probably killed. Another process may take the lease."""
_EXTEND_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class LeaseHolder:
    """The contents of the stored lease.

    - ``name``: the random name of the process that took the lease last.
    - ``until``: the time after which another process may take the lease.
    - ``returned``: when the process gave the lease back; None if it has not.
    """

    name: str
    until: datetime
    returned: datetime | None = None


@dataclass
class Lease:
    """Takes, extends and gives back the lease of an archive. The threads of a process share one object.

    ``name`` is a random name for this process.
    """

    store: Store
    clock: Callable[[], datetime]
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    _extended: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> LeaseHolder | None:
        """Try to take the lease. Returns None on success, otherwise the holder (another process)."""
        other: LeaseHolder | None = None

        def make(stored: Stored | None) -> bytes | None:
            nonlocal other
            now, before = self.clock(), _holder(stored)
            other = before if before and self._is_held_by_other(before, now) else None
            return None if other else _to_bytes(LeaseHolder(self.name, now + LENGTH))

        update(self.store, LEASE, make)
        self._extended = self.clock()
        return other

    def extend(self) -> None:
        """Extend the lease. Does nothing if another process has taken it over.

        This can be called often, because it writes at most every five minutes.
        """
        now = self.clock()
        with self._lock:
            if self._extended and now - self._extended < _EXTEND_AFTER:
                return
            self._extended = now
        self._change(lambda now: LeaseHolder(self.name, now + LENGTH))

    def give_back(self) -> None:
        """Give the lease back, so that another process can take it at once."""
        self._change(lambda now: LeaseHolder(self.name, now, returned=now))

    def last_returned(self) -> datetime | None:
        """Return when the last process gave the lease back; None if it has not given it back.

        Call this before ``take``, which overwrites the time.
        """
        before = _holder(self.store.read(LEASE))
        return before.returned if before else None

    def _is_held_by_other(self, holder: LeaseHolder, now: datetime) -> bool:
        if holder.returned or holder.name == self.name:
            return False
        # A lease that ends after ``now + LENGTH`` was written by a process with a wrong clock, so ignore it.
        return now < holder.until <= now + LENGTH

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
