"""Measure how much storage the pictures and enclosures of an archive take, and estimate how it grows in a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.media.object_key import MEDIA
from feedarchive.media.uses import objects_of_lists
from feedarchive.store.interface import Store

PICTURE_BYTES = 150_000
"""The approximate size of a picture on a news site. Estimates use it while the archive has no pictures."""
_DAYS_OF_A_MONTH = 30
_MAX_LISTS_READ = 2_000


@dataclass(frozen=True)
class MediaStorage:
    """The storage that pictures and enclosures take.

    - ``files`` is the number of pictures and enclosures.
    - ``bytes`` is their total size.
    - ``monthly`` is the estimated growth in bytes per 30 days, None if there is no estimate.
    - ``of`` is the day on which the estimate is based, None if there is no estimate.
    """

    files: int
    bytes: int
    monthly: int | None = None
    of: date | None = None


def media_storage(store: Store, days: Iterable[date]) -> MediaStorage:
    """Measure the storage. ``days`` are the days of the archive without today.

    The estimate is based on the newest day with pictures or enclosures. Only the newest seven days are searched.
    """
    sizes = store.sizes(MEDIA)
    total = MediaStorage(len(sizes), sum(sizes.values()))
    if not sizes:
        return total
    for day in sorted(days, reverse=True)[:7]:
        keys = [key for key in store.list(day.strftime("archive/%Y/%m/%d/")) if _is_list(key)]
        if keys:
            read = keys[:_MAX_LISTS_READ]
            of_day = sum(objects_of_lists(store, read).values()) * len(keys) // len(read)
            return MediaStorage(total.files, total.bytes, of_day * _DAYS_OF_A_MONTH, day)
    return total


def _is_list(key: str) -> bool:
    return companion_kind(key) is CompanionKind.MEDIA
