"""``feedarchive forget``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from feedarchive.archive.forget import ForgetResult, forget
from feedarchive.archive.open_archive import OpenArchive, open_for_reading
from feedarchive.cli.fetch import now
from feedarchive.digest.build import remove_stale_pages
from feedarchive.digest.builder import DigestBuilder
from feedarchive.digest.calendar import day_of, has_digest
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store

_WRITES_TAKE = 0.5  # seconds, from reading a claim to its file, as a rule


def forget_articles(arguments: argparse.Namespace) -> int:
    """Forget each key or link, and build the digests that name them anew. 1 if one of them led to nothing, after all
    others are done.
    """
    store = open_store(arguments.archive)
    archive = open_for_reading(store)
    results = [_forget(store, asked) for asked in arguments.articles]
    if days := _days(store, results):
        _build_digests(store, archive, days)
    return 0 if all(result.found for result in results) else 1


def _forget(store: Store, asked: str) -> ForgetResult:
    result = forget(store, asked, now(), partial(time.sleep, _WRITES_TAKE))
    for key in result.removed:
        print(f"removed {key}")
    if not result.found:
        print(f"feedarchive: {asked}: no article of {store.location} has this file, key or link", file=sys.stderr)
    elif not result.removed:
        how = "was forgotten before" if result.before else "is forgotten: no run brings it back"
        print(f"{asked}: {how}; no file was left to remove")
    return result


def _days(store: Store, results: Iterable[ForgetResult]) -> list[date]:
    """The days whose digest may name what was forgotten, also where a run was interrupted before it was built."""
    days = {day_of(key) for result in results for key in result.files}
    return sorted(day for day in days if day and has_digest(store, day))


def _build_digests(store: Store, archive: OpenArchive, days: Sequence[date]) -> None:
    builder = DigestBuilder(store, archive.time_zone, archive.feeds.feeds, now(), archive.problem)
    for built in builder.build_days(days).built:
        remove_stale_pages(store, built.digest)
        if built.changed:
            print(f"took it out of the digest of {built.digest.day}")
