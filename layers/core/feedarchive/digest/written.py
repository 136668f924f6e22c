"""Writing what can be computed again: pages and indexes, only where they differ from what is there."""

from __future__ import annotations

from collections.abc import Callable

from feedarchive.store.interface import Store, Stored, StoreError

_ROUNDS = 20


def write_derived(store: Store, key: str, make: Callable[[Stored | None], bytes]) -> bool:
    """Bring a derived object up to date; True if it had to be written.

    ``make`` gets what is there and gives what should be. Another writer in between: it is asked again.
    """
    for _ in range(_ROUNDS):
        stored = store.read(key)
        data = make(stored)
        if stored is None:
            if store.create(key, data):
                return True
        elif stored.data == data:
            return False
        elif store.replace(key, data, stored.version):
            return True
    raise StoreError(f"cannot write {key}: other writers were in the way {_ROUNDS} times")
