"""digest.json: what it contains, and which versions of it are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date

import pytest

from feedarchive.digest.digest import make_digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.digest_json import parse_current_digest, parse_digest_json, to_json
from tests.unit.digest.entries import DAY, entry, revision

COMPLETE = replace(revision("B", 3), image="https://example.org/b.png", author="Ada", tags=("a", "b"), language="en",
                   guid="tag:b", wording="1:0123456789abcdef", sha256="0" * 64, words_added=2, words_removed=0,
                   previous_title="A B")  # fmt: skip
NOTHING_KNOWN = DigestEntry(
    key="archive/2025/12/25/example.org/untitled-0123456789ab.md", id="0" * 32, title="", link="", description="",
    image="", site="example.org", feed="", source="", author="", tags=(), published="",
    archived="2025-12-25T10:00:00Z", words=0, bytes=9, sha256="0" * 64,
)  # fmt: skip
VERSION_1 = """{"version": 1, "day": "2025-12-25", "time_zone": "UTC", "counts": {}, "files": [
{"key": "archive/2025/12/25/example.org/a-0123456789ab.md", "id": "00000000000000000000000000000000", "title": "A",
"link": "https://example.org/a", "description": "About a.", "image": "", "site": "example.org", "feed": "The Example",
"source": "https://example.org/feed.xml", "author": "", "tags": [], "published": "", "archived": "2025-12-25T10:00:00Z",
"words": 10, "bytes": 100, "sha256": ""},
{"key": "archive/2025/12/25/example.org/b-0123456789ab.md", "id": "00000000000000000000000000000000", "title": "B",
"link": "https://example.org/b", "description": "About b.", "image": "", "site": "example.org", "feed": "The Example",
"source": "https://example.org/feed.xml", "author": "", "tags": [], "published": "2025-12-20T08:00:00Z",
"archived": "2025-12-25T10:00:00Z", "words": 10, "bytes": 100, "sha256": "",
"revision": 2, "previous": "archive/2025/12/24/example.org/b-0123456789ab.md"}]}
"""


def test_every_entry_has_every_key_and_null_for_what_is_unknown() -> None:
    unknown, known = json.loads(to_json(make_digest(DAY, "UTC", [COMPLETE, NOTHING_KNOWN])))["files"]
    assert list(unknown) == list(known) == [*(field.name for field in fields(DigestEntry)), "group"]
    assert [name for name, value in known.items() if value is None] == ["group"]
    assert {name: value for name, value in unknown.items() if value is not None} == {
        "key": NOTHING_KNOWN.key, "id": "0" * 32, "site": "example.org", "tags": [],
        "archived": "2025-12-25T10:00:00Z", "words": 0, "bytes": 9, "sha256": "0" * 64,
    }  # fmt: skip


def test_revisions_are_listed_the_largest_edit_first_and_those_of_unknown_size_last() -> None:
    sizes = {"Small": (1, 2), "Large": (0, 9), "Unknown": (None, None), "Middle": (4, 0), "Nothing": (0, 0)}
    edits = [replace(revision(name), words_added=added, words_removed=cut) for name, (added, cut) in sizes.items()]
    digest = make_digest(DAY, "UTC", [entry("New"), *edits])
    assert [each.title for each in digest.updated()] == ["Large", "Middle", "Small", "Nothing", "Unknown"]
    assert json.loads(to_json(digest))["updated"] == [each.key for each in digest.updated()]


def _current_entries(data: bytes, day: date, time_zone: str) -> Mapping[str, DigestEntry]:
    return parse_current_digest(data, day, time_zone).entries


def test_the_entries_are_read_as_they_were_written() -> None:
    data = to_json(make_digest(DAY, "UTC", [COMPLETE, NOTHING_KNOWN]))
    for parse in (parse_digest_json, _current_entries):
        assert list(parse(data, DAY, "UTC").values()) == [NOTHING_KNOWN, COMPLETE]


def test_a_digest_of_version_1_is_read_but_counts_as_out_of_date() -> None:
    found = parse_digest_json(VERSION_1.encode(), DAY, "UTC")
    assert list(found.values()) == [entry("A", published=""), revision("B")]
    assert parse_current_digest(VERSION_1.encode(), DAY, "UTC").entries == {}


@pytest.mark.parametrize("parse", [parse_digest_json, _current_entries])
@pytest.mark.parametrize(
    ("day", "zone", "version"),
    [(date(2025, 12, 24), "UTC", 2), (DAY, "Europe/Berlin", 2), (DAY, "UTC", 3), (DAY, "UTC", 0)],
)
def test_a_digest_of_another_day_time_zone_or_version_is_not_used(
    parse: Callable[[bytes, date, str], Mapping[str, DigestEntry]], day: date, zone: str, version: int
) -> None:
    data = to_json(make_digest(DAY, "UTC", [entry("A"), revision("B")]))
    assert len(parse(data, DAY, "UTC")) == 2
    assert parse(data.replace(b'"version": 2', b'"version": %d' % version), day, zone) == {}


@pytest.mark.parametrize(("old", "new"), [('"words": 10, ', ""), ('"words": 10', '"words": 10, "more": 1')])
def test_a_digest_of_version_1_with_missing_or_unknown_keys_is_damaged(old: str, new: str) -> None:
    assert parse_digest_json(VERSION_1.replace(old, new, 1).encode(), DAY, "UTC") == {}


@pytest.mark.parametrize("entries", [[], [NOTHING_KNOWN], [COMPLETE, entry('A \N{SNOWMAN}\n"quoted"'), entry("B")]])
def test_the_text_is_that_of_one_indented_document(entries: list[DigestEntry]) -> None:
    text = to_json(make_digest(DAY, "UTC", entries)).decode()
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
