"""Remove pictures and enclosures that no article uses any more.

While an object is being removed, another process may write a list that names it. That process checks shortly before it
writes that its objects exist, and fetches missing ones again. So after the removal, it is enough to look for new lists
and to put back the objects that they name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from feedarchive.media.uses import used_objects
from feedarchive.store.interface import PART_BYTES, Store


@dataclass(frozen=True)
class RemovedObjects:
    """What was removed.

    - ``copies`` has the bytes of the removed objects, by key, in temporary files that ``removed_objects`` closes.
    - ``damaged_lists`` are the keys of damaged lists. While there is one, no object is removed.
    """

    copies: dict[str, BinaryIO] = field(default_factory=dict)
    damaged_lists: set[str] = field(default_factory=set)

    def remove(self, store: Store, key: str) -> None:
        """Remove an object if it exists, and keep its bytes."""
        parts = store.stream(key)
        if parts is None:
            return
        copy = cast("BinaryIO", SpooledTemporaryFile(PART_BYTES))  # noqa: SIM115 - closed with the others
        for part in parts:
            copy.write(part)
        store.delete(key)
        self.copies[key] = copy

    def put_back_used(self, store: Store, without: Collection[str] = ()) -> None:
        """Put back the removed objects that a list names now. The lists with the keys ``without`` do not count."""
        used = used_objects(store, without).keys if self.copies else frozenset[str]()
        for key in sorted(used & self.copies.keys()):
            store.create_from(key, self.copies[key])
            self.copies.pop(key).close()


@contextmanager
def removed_objects() -> Iterator[RemovedObjects]:
    """Yield an empty collection of removed objects. Its temporary files are closed at the end."""
    removed = RemovedObjects()
    try:
        yield removed
    finally:
        for copy in removed.copies.values():
            copy.close()


def remove_unused(store: Store, keys: Iterable[str], without: Collection[str] = ()) -> list[str]:
    """Remove the objects with these keys that no list names, and return the keys of those removed. Raises StoreError.

    While a list is damaged, nothing is removed. The lists with the keys ``without`` do not count.
    """
    with removed_objects() as removed:
        for key in used_objects(store, without).unused(keys):
            removed.remove(store, key)
        removed.put_back_used(store, without)
        return [*removed.copies]
