"""The digest of a day: its sorted entries, its counts, its groups, and ``digest.json``. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any

from feedarchive.digest.day_stories import Story, stories_of
from feedarchive.digest.digest_entry import (
    DigestEntry,
    entry_to_json,
    intact_entry,
    is_news,
    parse_entry_json,
    salvage_entry,
)
from feedarchive.json_values import DamagedJSON, JSONObject, parse_json

DIGEST_VERSION = 2
"""Version of the format and of the rules for reading article files. After a change, all of a day's files are read."""

_READABLE_VERSIONS = (1, DIGEST_VERSION)


@dataclass(frozen=True)
class FeedGroup:
    """The entries of one feed, newest first."""

    feed: str
    site: str
    entries: tuple[DigestEntry, ...]


@dataclass(frozen=True)
class Digest:
    """All article files of a day, sorted by site, time and key."""

    day: date
    time_zone: str
    entries: tuple[DigestEntry, ...]

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """The stories among the new articles. Found on first use: a day that has not changed does not need them."""
        return stories_of(filter(is_news, self.entries))

    @property
    def folder(self) -> str:
        return day_folder(self.day)

    @property
    def page(self) -> str:
        """The key of the day's page."""
        return f"{pages_folder(self.day)}index.html"

    def counts(self) -> dict[str, int]:
        """How many files of each kind, and how many words and bytes they have together."""
        return {
            "files": len(self.entries),
            "articles": len(self.entries) - len(self.updated()),
            "revisions": len(self.updated()),
            "backlog": len(self.backlog()),
            "sites": len({e.site for e in self.entries}),
            "feeds": len({e.source for e in self.entries}),
            "words": sum(e.words for e in self.entries),
            "bytes": sum(e.bytes for e in self.entries),
        }

    def news(self) -> tuple[DigestEntry, ...]:
        return tuple(e for e in self.entries if is_news(e))

    def news_by_story(self) -> tuple[DigestEntry, ...]:
        """The new articles, with only one for each story. ``also`` has the others."""
        others = {entry.key for story in self.stories for entry in story.others}
        return tuple(e for e in self.news() if e.key not in others)

    @cached_property
    def also(self) -> dict[str, tuple[DigestEntry, ...]]:
        """The other articles of a story, by the key of the article that is listed."""
        return {story.main.key: story.others for story in self.stories}

    def updated(self) -> tuple[DigestEntry, ...]:
        """The revisions, the largest edit first."""
        return tuple(sorted((e for e in self.entries if e.is_revision), key=lambda e: -e.edit_size))

    def backlog(self) -> tuple[DigestEntry, ...]:
        return tuple(e for e in self.entries if e.is_backlog)


def day_folder(day: date) -> str:
    """``archive/2025/12/25/``"""
    return day.strftime("archive/%Y/%m/%d/")


def pages_folder(day: date) -> str:
    """``pages/2025/12/25/``"""
    return day.strftime("pages/%Y/%m/%d/")


def make_digest(day: date, time_zone: str, entries: Iterable[DigestEntry]) -> Digest:
    """A digest of these entries, sorted by site, time and key."""
    ordered = tuple(sorted(entries, key=lambda e: (e.site, e.published, e.key)))
    return Digest(day, time_zone, ordered)


def group_by_feed(entries: Iterable[DigestEntry]) -> list[FeedGroup]:
    """Entries grouped by feed: the groups sorted by name, the entries of each newest first."""
    ordered = sorted(entries, key=_group)
    return [
        FeedGroup(found[0].feed or found[0].site, found[0].site, tuple(_newest_first(found)))
        for _, group in groupby(ordered, key=_group)
        if (found := list(group))
    ]


def _group(entry: DigestEntry) -> tuple[str, str, str]:
    return (entry.feed or entry.site).casefold(), entry.site, entry.source


def _newest_first(entries: list[DigestEntry]) -> list[DigestEntry]:
    return sorted(sorted(entries, key=lambda e: e.key), key=lambda e: e.published or e.archived, reverse=True)


def to_json(digest: Digest) -> bytes:
    """``digest.json``; docs/digest.schema.json describes it.

    It is put together file by file: the objects of 100,000 files would need more memory than a Lambda function has.
    """
    groups = {entry.key: story.group for story in digest.stories for entry in story.entries}
    head = {
        "version": DIGEST_VERSION,
        "day": digest.day.isoformat(),
        "time_zone": digest.time_zone,
        "counts": digest.counts(),
    }
    data = bytearray(_indented(head)[: -len("\n}")] + b',\n "files": [')
    for number, entry in enumerate(digest.entries):
        file = _indented({**entry_to_json(entry), "group": groups.get(entry.key)})
        data += (b",\n  " if number else b"\n  ") + file.replace(b"\n", b"\n  ")
    tail = {"updated": [entry.key for entry in digest.updated()]}
    data += (b"\n ]," if digest.entries else b"],") + _indented(tail)[1:] + b"\n"
    return bytes(data)


def _indented(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def parse_digest_json(data: bytes, day: date, time_zone: str) -> dict[str, DigestEntry]:
    """The entries of a digest.json by key; empty if it is damaged or of another day or time zone.

    The entries of an old digest lack what its version did not have.
    """
    return parse_versioned(data, day, time_zone)[1]


def parse_current_digest_json(data: bytes, day: date, time_zone: str) -> dict[str, DigestEntry]:
    """The entries of a digest.json by key; empty also if it is of an older version, so that it is built again."""
    version, entries = parse_versioned(data, day, time_zone)
    return entries if version == DIGEST_VERSION else {}


def parse_versioned(data: bytes, day: date, time_zone: str) -> tuple[int, dict[str, DigestEntry]]:
    """The version of a digest.json, and its entries like ``parse_digest_json``. A large digest is parsed only once."""
    entries: dict[str, DigestEntry] = {}
    try:
        document = parse_json(data)
        version = document.integer("version")
        made_for = (document.text("day"), document.text("time_zone"))
        if version not in _READABLE_VERSIONS or made_for != (day.isoformat(), time_zone):
            return version, {}
        files = document.objects("files")
        document.fields["files"].clear()
        files.reverse()
        while files:  # each object is freed as soon as it is parsed
            entry = _parse_file(files.pop(), version)
            entries[entry.key] = entry
    except DamagedJSON:
        return 0, {}
    return version, entries


def _parse_file(written: JSONObject, version: int) -> DigestEntry:
    """Parse an entry without its group, which depends on the other articles of the day."""
    if version > 1:
        written.optional_text("group")  # only checks that it is a text
        written = JSONObject({name: value for name, value in written.fields.items() if name != "group"})
    return parse_entry_json(written, version)


def salvage_digest_json(data: bytes) -> dict[str, DigestEntry]:
    """What can be read of a damaged digest.json: its entries, by key."""
    found = {}
    try:
        files = parse_json(data).objects("files")
    except DamagedJSON:
        return {}
    for written in files:
        with suppress(DamagedJSON):
            entry = salvage_entry(written)
            found[entry.key] = entry
    return found


def intact_files(data: bytes) -> dict[str, DigestEntry]:
    """The files of a digest.json whose hash is known to be right, by key: only what a check of files and claims needs.

    Twice as fast as :func:`parse_digest_json`, which checks every value.
    """
    try:
        files = parse_json(data).objects("files")
        return {file.fields["key"]: intact_entry(file) for file in files}
    except (DamagedJSON, KeyError):
        return {}
