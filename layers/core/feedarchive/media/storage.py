"""How much the stored pictures and enclosures of an archive take, and how much more a month brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.media.object_key import MEDIA
from feedarchive.media.uses import objects_of_lists
from feedarchive.store.interface import Store

PICTURE_BYTES = 150_000
"""What a picture of a news site has about, for estimates before any is stored."""
_DAYS_OF_A_MONTH = 30
_MAX_LISTS = 2_000  # read for an estimate


@dataclass(frozen=True)
class MediaStorage:
    """The number of stored objects and their bytes. ``monthly`` are the bytes of a month at the pace of the day ``of``,
    None if that is not known.
    """

    files: int
    bytes: int
    monthly: int | None = None
    of: date | None = None


def media_storage(store: Store, days: Iterable[date]) -> MediaStorage:
    """Measure it. ``days`` are the complete days of the archive; the newest one with pictures gives the pace."""
    sizes = store.sizes(MEDIA)
    total = MediaStorage(len(sizes), sum(sizes.values()))
    if not sizes:
        return total
    for day in sorted(days, reverse=True)[:7]:
        keys = [key for key in store.list(day.strftime("archive/%Y/%m/%d/")) if _is_list(key)]
        if keys:
            read = keys[:_MAX_LISTS]
            of_day = sum(objects_of_lists(store, read).values()) * len(keys) // len(read)
            return MediaStorage(total.files, total.bytes, of_day * _DAYS_OF_A_MONTH, day)
    return total


def _is_list(key: str) -> bool:
    return companion_kind(key) is CompanionKind.MEDIA
