"""Count the articles of each feed in an archive."""

from __future__ import annotations

from collections import Counter
from datetime import date

from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.concurrency import in_parallel
from feedarchive.digest.calendar import days_in_archive
from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_json import parse_digest_json
from feedarchive.store.interface import Store


def articles_by_source(store: Store, time_zone: str) -> Counter[str]:
    """Count the articles of each feed, by the URL of the feed. An article with several versions is counted once."""
    counts: Counter[str] = Counter()
    days = days_in_archive(store)
    for found in in_parallel(lambda day: _articles_of_day(store, day, time_zone), days, store.threads):
        counts.update(found)
    return counts


def _articles_of_day(store: Store, day: date, time_zone: str) -> Counter[str]:
    folder = day_folder(day)
    stored = store.read(f"{folder}digest.json")
    entries = parse_digest_json(stored.data, day, time_zone) if stored else {}
    counts: Counter[str] = Counter()
    for key in store.list(folder):
        if version_of(key) == 1:
            counts[entries[key].source if key in entries else _source(store, key)] += 1
    return counts


def _source(store: Store, key: str) -> str:
    stored = store.read(key)
    return str(parse_front_matter(stored.data.decode("utf-8", "replace")).get("source", "")) if stored else ""
