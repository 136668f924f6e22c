"""The digest of a day: the list of the files that were archived on it. Write and parse ``digest.json``.

All functions are pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from feedarchive.article.file_names import CompanionKind
from feedarchive.digest.companion import Companion, companion_to_json, parse_companion_json
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
"""The version of digest.json, and of the rules by which article files are read. If the stored digest of a day has an
older version, all files of the day are read again."""

_READABLE_VERSIONS = (1, DIGEST_VERSION)

ListedFile = DigestEntry | Companion
"""A file that a digest lists: a version of an article, or a companion."""


@dataclass(frozen=True)
class Digest:
    """The files that were archived on a day.

    - ``entries``: all versions of articles, sorted by site, time of publication and key.
    - ``companions``: all companions (files beside articles, such as full texts), sorted by key.
    """

    day: date
    time_zone: str
    entries: tuple[DigestEntry, ...]
    companions: tuple[Companion, ...] = ()

    @property
    def listed(self) -> tuple[ListedFile, ...]:
        """All files that the digest lists."""
        return (*self.entries, *self.companions)

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """The stories among the new articles: groups of articles about the same event.

        They are computed at the first use, because a day that has not changed does not need them.
        """
        return stories_of(filter(is_news, self.entries))

    @cached_property
    def full_texts(self) -> dict[str, Companion]:
        """The newest full text of each version, by the key of the version. Only those in this digest are included."""
        texts = (each for each in self.companions if each.kind is CompanionKind.FULL_TEXT)
        return {each.of: each for each in sorted(texts, key=lambda each: each.number)}

    @cached_property
    def late_full_texts(self) -> tuple[Companion, ...]:
        """The full texts of articles that were archived on other days, sorted by site and file name."""
        late = [each for each in self.full_texts.values() if not each.of.startswith(self.folder)]
        return tuple(sorted(late, key=lambda each: each.key))

    @property
    def folder(self) -> str:
        return day_folder(self.day)

    @property
    def page(self) -> str:
        """The key of the day's page."""
        return f"{pages_folder(self.day)}index.html"

    def counts(self) -> dict[str, int]:
        """Count the article files of each kind, and their words and bytes in total."""
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
        """The new articles. Of each story only the main article is included; ``also`` contains the others."""
        others = {entry.key for story in self.stories for entry in story.others}
        return tuple(e for e in self.news() if e.key not in others)

    @cached_property
    def also(self) -> dict[str, tuple[DigestEntry, ...]]:
        """The other articles of each story, by the key of its main article."""
        return {story.main.key: story.others for story in self.stories}

    def updated(self) -> tuple[DigestEntry, ...]:
        """The revisions, those with the most words added and removed first."""
        return tuple(sorted((e for e in self.entries if e.is_revision), key=lambda e: -e.edit_size))

    def backlog(self) -> tuple[DigestEntry, ...]:
        return tuple(e for e in self.entries if e.is_backlog)


def day_folder(day: date) -> str:
    """Return the folder of a day's articles: ``archive/2025/12/25/``."""
    return day.strftime("archive/%Y/%m/%d/")


def pages_folder(day: date) -> str:
    """Return the folder of a day's pages: ``pages/2025/12/25/``."""
    return day.strftime("pages/%Y/%m/%d/")


def make_digest(day: date, time_zone: str, listed: Iterable[ListedFile]) -> Digest:
    """Make the digest of a day that lists these files, sorted."""
    entries, companions = [], []
    for each in listed:
        if isinstance(each, Companion):
            companions.append(each)
        else:
            entries.append(each)
    entries.sort(key=lambda e: (e.site, e.published, e.key))
    companions.sort(key=lambda c: c.key)
    return Digest(day, time_zone, tuple(entries), tuple(companions))


def to_json(digest: Digest) -> bytes:
    """Return the text of ``digest.json``, which docs/digest.schema.json describes.

    The entries are encoded one after another, to save memory. All objects of 100,000 entries at the same time would
    need more memory than a Lambda function has.
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
    tail: dict[str, Any] = {"updated": [entry.key for entry in digest.updated()]}
    if digest.companions:
        tail["companions"] = [companion_to_json(companion) for companion in digest.companions]
    data += (b"\n ]," if digest.entries else b"],") + _indented(tail)[1:] + b"\n"
    return bytes(data)


def _indented(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")


@dataclass(frozen=True)
class ParsedDigest:
    """The contents of a digest.json. It is empty if the JSON is damaged, or made for another day or time zone.

    - ``version``: the version of the digest.json; 0 if it is damaged.
    - ``entries``: the versions of articles, by key. In an old digest, fields that did not exist then have defaults.
    - ``companions``: the companions, by key.
    """

    version: int = 0
    entries: Mapping[str, DigestEntry] = field(default_factory=dict)
    companions: Mapping[str, Companion] = field(default_factory=dict)

    @property
    def listed(self) -> Mapping[str, ListedFile]:
        """All files that the digest lists, by key."""
        return {**self.entries, **self.companions} if self.companions else self.entries


def parse_digest_json(data: bytes, day: date, time_zone: str) -> dict[str, DigestEntry]:
    """Parse only the entries of a digest.json, without companions. Return them by key.

    Returns {} if the JSON is damaged, or made for another day or time zone.
    """
    return dict(parse_digest(data, day, time_zone).entries)


def parse_digest(data: bytes, day: date, time_zone: str) -> ParsedDigest:
    """Parse a digest.json. The result is empty if the JSON is damaged, or made for another day or time zone."""
    entries: dict[str, DigestEntry] = {}
    try:
        document = parse_json(data)
        version = document.integer("version")
        made_for = (document.text("day"), document.text("time_zone"))
        if version not in _READABLE_VERSIONS or made_for != (day.isoformat(), time_zone):
            return ParsedDigest(version)
        companions = document.objects("companions") if "companions" in document else []
        found = {each.key: each for each in map(parse_companion_json, companions)}
        files = document.objects("files")
        document.fields["files"].clear()
        files.reverse()
        while files:  # Remove each object from the list when it is parsed, to free its memory.
            entry = _parse_file(files.pop(), version)
            entries[entry.key] = entry
    except DamagedJSON:
        return ParsedDigest()
    return ParsedDigest(version, entries, found)


def parse_current_digest(data: bytes, day: date, time_zone: str) -> ParsedDigest:
    """Parse a digest.json. If it has an older version, the result is empty, as if the digest were missing."""
    parsed = parse_digest(data, day, time_zone)
    return parsed if parsed.version == DIGEST_VERSION else ParsedDigest()


def _parse_file(written: JSONObject, version: int) -> DigestEntry:
    """Parse an entry, but not its ``group``: that depends on the other articles of the day and is computed again."""
    if version > 1:
        written.optional_text("group")  # Raises DamagedJSON if this is not a text.
        written = JSONObject({name: value for name, value in written.fields.items() if name != "group"})
    return parse_entry_json(written, version)


def salvage_digest_json(data: bytes) -> dict[str, ListedFile]:
    """Read as many entries and companions of a damaged digest.json as possible. Return them by key."""
    found: dict[str, ListedFile] = {}
    try:
        document = parse_json(data)
        files = document.objects("files")
        companions = document.objects("companions") if "companions" in document else []
    except DamagedJSON:
        return {}
    for written in files:
        with suppress(DamagedJSON):
            entry = salvage_entry(written)
            found[entry.key] = entry
    for written in companions:
        with suppress(DamagedJSON):
            companion = parse_companion_json(written)
            found[companion.key] = companion
    return found


def intact_files(data: bytes) -> dict[str, ListedFile]:
    """Read the files that an intact digest.json lists, by key. Returns {} if the JSON is damaged.

    This is twice as fast as ``parse_digest``, because it does not check every value. So use it only if the file has the
    SHA-256 that the index names. Values that are not needed to verify files and claims are left empty.
    """
    try:
        document = parse_json(data)
        companions = document.objects("companions") if "companions" in document else []
        found: dict[str, ListedFile] = {file.fields["key"]: intact_entry(file) for file in document.objects("files")}
        return found | {each.key: each for each in map(parse_companion_json, companions)}
    except (DamagedJSON, KeyError):
        return {}
