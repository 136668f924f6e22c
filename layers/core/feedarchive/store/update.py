"""Change an object by compare-and-swap: read it, make the new bytes, and write them if it has not changed since."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntEnum

from feedarchive.store.interface import Store, Stored, StoreError

MAX_ATTEMPTS = 20


class NotRead(Enum):
    """The default of ``already_read``. It cannot be None, which means that the key was read and has no object."""

    NOT_READ = "not read"


def update(
    store: Store,
    key: str,
    make: Callable[[Stored | None], bytes | None],
    already_read: Stored | NotRead | None = NotRead.NOT_READ,
) -> bool:
    """Create or replace an object. Return True if something was written.

    - ``make``: gets the stored object (None if there is none) and returns the new bytes, or None to change nothing. It
      is called again each time that another writer was faster, so its side effects must not add up.
    - ``already_read``: what an earlier read of the key returned. It saves the read of the first attempt.

    Raises StoreError after MAX_ATTEMPTS attempts.
    """
    stored = store.read(key) if isinstance(already_read, NotRead) else already_read
    for _ in range(MAX_ATTEMPTS):
        data = make(stored)
        if data is None or (stored is not None and stored.data == data):
            return False
        if store.create(key, data) if stored is None else store.replace(key, data, stored.version):
            return True
        stored = store.read(key)
    raise StoreError(
        f"cannot write {store.location}/{key}: {MAX_ATTEMPTS} attempts failed because of other writers; run again"
    )


def write_if_changed(store: Store, key: str, data: bytes) -> bool:
    """Write an object if it does not have these bytes already. Return whether it was written."""
    return update(store, key, lambda stored: data)


class Written(IntEnum):
    """What a write did. For several writes, the largest of their values says what they did together."""

    UNCHANGED = 0
    CHANGED = 1
    CONFLICT = 2
    """Another writer was faster: nothing was written."""


def write_over(store: Store, key: str, data: bytes, before: Stored | None) -> Written:
    """Write an object if it is still as an earlier read returned it (``before``). Make only one attempt."""
    if before is not None and before.data == data:
        return Written.UNCHANGED
    done = store.create(key, data) if before is None else store.replace(key, data, before.version)
    return Written.CHANGED if done else Written.CONFLICT
