"""Change an object by compare-and-swap: read, make, write only if nobody else wrote in between."""

from __future__ import annotations

from collections.abc import Callable

from feedarchive.store.interface import Store, Stored, StoreError

MAX_ATTEMPTS = 20


def update(store: Store, key: str, make: Callable[[Stored | None], bytes | None]) -> bool:
    """Replace an object by what ``make`` makes of it; True if something was written.

    ``make`` gets the stored object (None if there is none) and returns its new bytes, or None to leave it as it is. It
    is called again whenever another writer came first. Raises StoreError after 20 attempts.
    """
    for _ in range(MAX_ATTEMPTS):
        stored = store.read(key)
        data = make(stored)
        if data is None or (stored is not None and stored.data == data):
            return False
        if store.create(key, data) if stored is None else store.replace(key, data, stored.version):
            return True
    raise StoreError(f"cannot write {store.location}/{key}: {MAX_ATTEMPTS} attempts failed because of other writers")
