"""``feedarchive forget``: remove articles and keep them from being archived again."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from feedarchive.archive.claim_protocol import QUICK_WRITE
from feedarchive.archive.forget import ForgetResult, forget
from feedarchive.archive.open_archive import OpenArchive, open_for_reading
from feedarchive.builds.builder import DigestBuilder
from feedarchive.builds.forget_lost_file import forget_lost_file
from feedarchive.clock import now
from feedarchive.digest.calendar import day_of, has_digest
from feedarchive.documents.document_keys import DOCUMENTS
from feedarchive.documents.usage import first_month_that_may_contain
from feedarchive.media.forget_media import forget_media
from feedarchive.media.remove_unused import removed_objects
from feedarchive.pages.write_pages import remove_stale_pages
from feedarchive.search.search_archive import update_existing_index
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store

# Another process may be archiving the article. After this time it has written the file, so the file is removed too.
_WAIT_SECONDS = 2 * QUICK_WRITE.total_seconds()


def forget_articles(arguments: argparse.Namespace) -> int:
    """Forget the articles of all given files and links, and rebuild the digests that list them.

    Returns 0, or 1 if a file or link matched no article, or if stored pictures had to be kept.
    """
    store = open_store(arguments.archive)
    archive = open_for_reading(store)
    damaged_lists: set[str] = set()
    results = [_forget(store, name, damaged_lists) for name in arguments.articles]
    if days := _days_to_rebuild(store, results):
        _rebuild_digests(store, archive, days)
    update_existing_index(store, archive.time_zone.key, now())
    _name_documents(store, results)
    for key in sorted(damaged_lists):
        print(
            f"feedarchive: the list of pictures {store.location}/{key} is damaged, so no stored pictures were removed: "
            "it may contain any of them; run feedarchive repair with a copy of the archive: it restores the list, and "
            "then removes unused pictures",
            file=sys.stderr,
        )
    return 0 if all(result.found for result in results) and not damaged_lists else 1


def _name_documents(store: Store, results: Iterable[ForgetResult]) -> None:
    """Print which feed documents may still contain the forgotten articles. Feed documents are never changed."""
    days = [day for result in results for key in result.files if (day := day_of(key))]
    if days and (month := first_month_that_may_contain(store, days)):
        print(
            f"the feed documents from {month} on may still contain the article: to remove it there too, delete the "
            f"files of its feed in {DOCUMENTS}"
        )


def _forget(store: Store, name: str, damaged_lists: set[str]) -> ForgetResult:
    """Forget the article with this file, or all articles with this link. Adds to ``damaged_lists``."""
    with removed_objects() as media:
        result = forget(store, name, now(), partial(time.sleep, _WAIT_SECONDS), forget_media(store, media))
        removed = sorted(media.copies)
    damaged_lists |= media.damaged_lists
    if not result.found:
        result = forget_lost_file(store, name, now()) or result
    for key in (*result.removed, *removed):
        print(f"removed {key}")
    if not result.found:
        print(f"feedarchive: {name}: no article in {store.location} has this file or link", file=sys.stderr)
    elif not result.removed:
        how = "was already forgotten" if result.was_forgotten else "is forgotten and will not be archived again"
        print(f"{name}: {how}; there was no file left to remove")
    return result


def _days_to_rebuild(store: Store, results: Iterable[ForgetResult]) -> list[date]:
    days = {day_of(key) for result in results for key in result.files}
    return sorted(day for day in days if day and has_digest(store, day))


def _rebuild_digests(store: Store, archive: OpenArchive, days: Sequence[date]) -> None:
    builder = DigestBuilder(
        store, archive.time_zone, archive.feeds.feeds, now(), archive.feeds_file_error, archive.feeds.images,
        on_built=partial(remove_stale_pages, store), retention=archive.feeds.retention,
    )  # fmt: skip
    for built in builder.build_days(days).built:
        if built.changed:
            print(f"updated the digest of {built.day}")
