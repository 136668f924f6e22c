"""Find the stored pictures and enclosures that are in use. A file is in use if a list of media contains it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.concurrency import in_parallel
from feedarchive.json_values import DamagedJSON
from feedarchive.media.article_lists import read_media_list
from feedarchive.media.media_list import MediaList, parse_media_list
from feedarchive.media.progress import PROGRESS
from feedarchive.store.interface import Store


def all_list_keys(store: Store) -> list[str]:
    """The keys of all lists of media, including the unfinished lists below ``state/media/``."""
    listed = [key for key in store.list("archive/") if companion_kind(key) is CompanionKind.MEDIA]
    return [*listed, *store.list(PROGRESS)]


def read_media_lists(store: Store, keys: Iterable[str]) -> Iterator[MediaList]:
    """Read the lists with these keys. Missing and damaged lists are left out."""
    found = in_parallel(lambda key: read_media_list(store, key), keys, store.threads)
    return (each for each in found if each)


def objects_of_lists(store: Store, keys: Iterable[str]) -> dict[str, int]:
    """Read these lists. Return the size in bytes of each object in them, by the object's key."""
    return {key: size for found in read_media_lists(store, keys) for key, size in found.objects.items()}


@dataclass(frozen=True)
class UsedObjects:
    """The objects (pictures and enclosures) in an archive's lists of media.

    - ``keys``: the keys of the objects.
    - ``damaged``: the keys of damaged lists. A damaged list may contain any object, so no object may be removed.
    """

    keys: frozenset[str]
    damaged: tuple[str, ...]

    def unused(self, keys: Iterable[str]) -> list[str]:
        """Return the keys that are in no list, sorted; [] if a list is damaged."""
        return [] if self.damaged else sorted({*keys} - self.keys)


def used_objects(store: Store, without: Collection[str] = ()) -> UsedObjects:
    """Find the objects in all lists of media, except the lists whose keys are in ``without``."""
    keys = [key for key in all_list_keys(store) if key not in without]
    objects: set[str] = set()
    damaged = []
    for key, found in zip(keys, in_parallel(lambda key: _objects_of(store, key), keys, store.threads), strict=True):
        if found is None:
            damaged.append(key)
        else:
            objects |= found
    return UsedObjects(frozenset(objects), tuple(damaged))


def _objects_of(store: Store, key: str) -> frozenset[str] | None:
    """Return the keys of the objects in a list; an empty set if the list was deleted, None if it is damaged."""
    stored = store.read(key)
    if stored is None:
        return frozenset()
    try:
        return frozenset(parse_media_list(stored.data).objects)
    except DamagedJSON:
        return None
