"""Remove pictures and enclosures that no article uses any more.

While this process removes an object, another process may write a list of media that contains the object. The object is
not lost:

- Before the other process writes its list, it checks whether the object exists. If not, it fetches the object again.
- After the removal, this process reads all lists again, and puts back each removed object that is in a list.
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
    """The objects that were removed.

    - ``copies``: a temporary file with the bytes of each removed object, by the key of the object.
    - ``damaged_lists``: the keys of damaged lists of media. If there is one, no object is removed.
    """

    copies: dict[str, BinaryIO] = field(default_factory=dict)
    damaged_lists: set[str] = field(default_factory=set)

    def remove(self, store: Store, key: str) -> None:
        """Remove an object if it exists, and keep its bytes in ``copies``."""
        parts = store.stream(key)
        if parts is None:
            return
        copy = cast("BinaryIO", SpooledTemporaryFile(PART_BYTES))  # noqa: SIM115 - removed_objects closes it
        for part in parts:
            copy.write(part)
        store.delete(key)
        self.copies[key] = copy

    def put_back_used(self, store: Store, without: Collection[str] = ()) -> None:
        """Put back the removed objects that are in a list of media. ``without``: keys of lists that are ignored."""
        used = used_objects(store, without).keys if self.copies else frozenset[str]()
        for key in sorted(used & self.copies.keys()):
            store.create_from(key, self.copies[key])
            self.copies.pop(key).close()


@contextmanager
def removed_objects() -> Iterator[RemovedObjects]:
    """Yield an empty RemovedObjects, and close its ``copies`` at the end of the ``with`` block."""
    removed = RemovedObjects()
    try:
        yield removed
    finally:
        for copy in removed.copies.values():
            copy.close()


def remove_unused(store: Store, keys: Iterable[str], without: Collection[str] = ()) -> list[str]:
    """Remove the objects that are in no list of media. Return the keys of the removed objects.

    If a list is damaged, nothing is removed. Raises StoreError.

    - ``keys``: the keys of the objects to check.
    - ``without``: the keys of lists that are ignored.
    """
    with removed_objects() as removed:
        for key in used_objects(store, without).unused(keys):
            removed.remove(store, key)
        removed.put_back_used(store, without)
        return [*removed.copies]
