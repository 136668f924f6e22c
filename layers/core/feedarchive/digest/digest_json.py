"""Write and parse ``digest.json``, the list of the files that were archived on a day. Pure functions.

docs/digest.schema.json describes the format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feedarchive.digest.companion import Companion, companion_to_json, parse_companion_json
from feedarchive.digest.digest import Digest, ListedFile
from feedarchive.digest.digest_entry import DigestEntry, entry_to_json, intact_entry, parse_entry_json, salvage_entry
from feedarchive.json_values import DamagedJSON, JSONObject, parse_json

DIGEST_VERSION = 2
"""The version of digest.json. It increases when the format or the rules for reading article files change.

If the stored digest of a day has an older version, all files of the day are read again.
"""
_READABLE_VERSIONS = (1, DIGEST_VERSION)


def to_json(digest: Digest) -> bytes:
    """Return the text of ``digest.json``, which docs/digest.schema.json describes.

    The entries are encoded one after another. The objects of 100,000 entries would not fit into the memory of a Lambda
    function.
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
    """Parse a digest.json of the current version. If it has an older version, the result is empty."""
    parsed = parse_digest(data, day, time_zone)
    return parsed if parsed.version == DIGEST_VERSION else ParsedDigest()


def _parse_file(written: JSONObject, version: int) -> DigestEntry:
    """Parse an entry without its ``group``, which is computed again from all entries of the day."""
    if version > 1:
        written.optional_text("group")  # raises DamagedJSON if the group is not a text
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
