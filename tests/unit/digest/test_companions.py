"""Companions in digest.json: their fields, and which companion files and lists count as damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from feedarchive.article.file_names import CompanionKind
from feedarchive.digest.companion import Companion, parse_companion_file
from feedarchive.digest.digest import make_digest
from feedarchive.digest.digest_json import intact_files, parse_digest, parse_digest_json, salvage_digest_json, to_json
from tests.unit.digest.entries import DAY, numbered

VERSION = replace(numbered(1), id=f"000000000001{0:020x}")
FOLDER = "archive/2025/12/25/example.org/article-000000000001"
FULL = Companion(
    f"{FOLDER}.full.r2.md", VERSION.id, CompanionKind.FULL_TEXT, VERSION.key, 99, "1" * 64, 40, "2025-12-25T11:00:00Z"
)
MEDIA = Companion(
    f"{FOLDER}.media.json", VERSION.id, CompanionKind.MEDIA, VERSION.key, 9, "2" * 64, None, "2025-12-25T11:00:00Z"
)


def digest_json(change: Callable[[dict[str, Any]], object] = lambda document: None) -> bytes:
    document = json.loads(to_json(make_digest(DAY, "UTC", [MEDIA, VERSION, FULL])))
    change(document)
    return json.dumps(document).encode()


def test_companions_are_listed_after_everything_else_and_are_not_counted() -> None:
    without = to_json(make_digest(DAY, "UTC", [VERSION]))
    assert b"companions" not in without
    data = to_json(make_digest(DAY, "UTC", [MEDIA, VERSION, FULL]))
    assert data.startswith(without.removesuffix(b"\n}\n"))
    assert json.loads(data)["companions"][0] == {
        "key": FULL.key, "id": VERSION.id, "kind": "full_text", "of": VERSION.key, "bytes": 99, "sha256": "1" * 64,
        "words": 40, "archived": "2025-12-25T11:00:00Z",
    }  # fmt: skip
    assert json.loads(data)["companions"][1]["words"] is None
    assert data.decode() == json.dumps(json.loads(data), ensure_ascii=False, indent=1) + "\n"


def test_companions_are_read_as_they_were_written() -> None:
    listed = {each.key: each for each in (VERSION, FULL, MEDIA)}
    assert parse_digest(digest_json(), DAY, "UTC").listed == listed
    assert parse_digest_json(digest_json(), DAY, "UTC") == {VERSION.key: VERSION}
    assert salvage_digest_json(digest_json()) == listed
    assert intact_files(digest_json()).keys() == listed.keys()
    assert (FULL.number, FULL.claim_name) == (2, f"{VERSION.id}.full.r2")


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "video"), ("kind", "media"), ("key", "../../x"), ("key", VERSION.key), ("of", FULL.key), ("of", None),
     ("bytes", -1), ("words", "40"), ("archived", "yesterday"), ("more", 1)],
)  # fmt: skip
def test_a_digest_with_a_damaged_companion_is_damaged(name: str, value: object) -> None:
    data = digest_json(lambda document: document["companions"][0].update({name: value}))
    assert parse_digest(data, DAY, "UTC").listed == {}
    assert salvage_digest_json(data).keys() == {VERSION.key, MEDIA.key}


@pytest.mark.parametrize("key", ["archive/2025/12/25/exa}mple.org/a-0123456789ab.md", "../x", "archive/index.json"])
def test_a_digest_with_a_key_that_is_not_of_an_article_is_damaged(key: str) -> None:
    """A store refuses to read such a key, and the error would end a check of the archive."""
    data = digest_json(lambda document: document["files"][0].update(key=key))
    assert parse_digest(data, DAY, "UTC").listed == {}
    assert key not in salvage_digest_json(data)


FILE = f'---\nid: "{VERSION.id}"\nof: "{VERSION.key}"\nwords: 2\narchived: "2025-12-25T11:00:00Z"\n---\nTwo words.\n'
JSON = json.dumps({"id": VERSION.id, "of": VERSION.key, "archived": "2025-12-25T11:00:00Z", "words": True}) + "\n"


def test_files_of_both_kinds_are_parsed() -> None:
    full, media = parse_companion_file(FULL.key, FILE.encode()), parse_companion_file(MEDIA.key, JSON.encode())
    assert full
    assert media
    assert (full.kind, full.of, full.words, full.bytes) == (CompanionKind.FULL_TEXT, VERSION.key, 2, len(FILE))
    assert (media.kind, media.of, media.words, media.archived) == (
        CompanionKind.MEDIA, VERSION.key, None, "2025-12-25T11:00:00Z",
    )  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [
    (VERSION.id, "f" * 32), (f"id: \"{VERSION.id}\"\n", ""), ("article-000000000001.md", "x.md"),
    ("2025-12-25T11:00:00Z", "then"), ("2025-12-25T11:00:00Z", "2025-12-25"), ("---\nTwo", "Two"),
    ("words.\n", "words."),
])  # fmt: skip
def test_files_that_are_truncated_or_of_another_program_are_not(old: str, new: str) -> None:
    assert old in FILE
    assert parse_companion_file(FULL.key, FILE.replace(old, new).encode()) is None
