"""Find the objects below ``media/`` that the articles of an archive use, that is, that a list of media names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.concurrency import in_parallel
from feedarchive.media.article_lists import read_media_list
from feedarchive.media.media_list import MediaList
from feedarchive.media.progress import PROGRESS
from feedarchive.store.interface import Store


def all_list_keys(store: Store) -> list[str]:
    """The keys of all lists of media. This includes the unfinished lists below ``state/media/`` (progress.py)."""
    listed = [key for key in store.list("archive/") if companion_kind(key) is CompanionKind.MEDIA]
    return [*listed, *store.list(PROGRESS)]


def read_media_lists(store: Store, keys: Iterable[str]) -> Iterator[MediaList]:
    """Read the lists with these keys. Missing and damaged lists are left out."""
    found = in_parallel(lambda key: read_media_list(store, key), keys, store.threads)
    return (each for each in found if each)


def objects_of_lists(store: Store, keys: Iterable[str]) -> dict[str, int]:
    """The sizes in bytes of the objects that these lists name, by key."""
    return {key: size for found in read_media_lists(store, keys) for key, size in found.objects.items()}


def used_objects(store: Store, without: Collection[str] = ()) -> set[str]:
    """The keys of all objects that a list names. The lists with the keys ``without`` do not count."""
    return {*objects_of_lists(store, (key for key in all_list_keys(store) if key not in without))}
