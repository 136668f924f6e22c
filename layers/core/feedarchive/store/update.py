"""Change an object by compare-and-swap: read it, make new bytes, and write them if it has not changed since."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, IntEnum

from feedarchive.store.interface import Store, Stored, StoreError

MAX_ATTEMPTS = 20


class NotRead(Enum):
    """The default of ``already_read`` in ``update``: the object was not read yet.

    The default is not None, because None means that the object was read and does not exist.
    """

    NOT_READ = "not read"


def update(
    store: Store,
    key: str,
    make: Callable[[Stored | None], bytes | None],
    already_read: Stored | NotRead | None = NotRead.NOT_READ,
) -> bool:
    """Create or replace an object. Returns True if something was written.

    - ``make``: gets the object (None if it does not exist), and returns its new bytes, or None to change nothing. If
      another writer changes the object at the same time, ``make`` is called again with the changed object.
    - ``already_read``: the object, if the caller has read it already (None if it does not exist).

    Raises StoreError if MAX_ATTEMPTS attempts failed.
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
    """Write an object if it does not have these bytes already. Returns True if it was written."""
    return update(store, key, lambda stored: data)


class Written(IntEnum):
    """The result of a write. The results of several writes are combined with ``max``."""

    UNCHANGED = 0
    CHANGED = 1
    CONFLICT = 2
    """Another writer has changed the object. Nothing was written."""


def write_over(store: Store, key: str, data: bytes, before: Stored | None) -> Written:
    """Create an object if ``before`` is None; otherwise replace the object ``before``.

    Makes only one attempt. Returns CONFLICT if another writer has changed the object.
    """
    if before is not None and before.data == data:
        return Written.UNCHANGED
    done = store.create(key, data) if before is None else store.replace(key, data, before.version)
    return Written.CHANGED if done else Written.CONFLICT
