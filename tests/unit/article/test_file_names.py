"""Keys of articles: valid on every file system, in the folder of the day in the archive's time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedarchive.article.file_names import (
    CompanionKind,
    FileName,
    article_key,
    claim_name,
    companion_key,
    companion_kind,
    file_name_of,
    parse_claim_name,
    revision_key,
    short_id_of_key,
    short_id_of_name,
    slug,
    version_of,
)
from feedarchive.store.interface import checked_key
from tests.unit.article.difficult_titles import TITLES

ID = "0123456789abcdef0123456789abcdef"
BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


def key_of(title: str) -> str:
    return article_key(datetime(2025, 12, 25, 10, tzinfo=UTC), BERLIN, "foxnews.com", title, ID)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Hello, World!", "hello-world"),
        ("Привет, мир", "privet-mir"),
        ("北京", "beijing"),
        ("Übergröße", "ubergrosse"),
        ("🎄", "christmas-tree"),
        ("don't can’t rock`n`roll", "dont-cant-rocknroll"),
        ("AT&T's C# 1.5", "at-ts-c-1-5"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows", "c-windows"),
        ("nul\x00byte", "nul-byte"),
        ("a\nb\tc\u2028d", "a-b-c-d"),
        ("--- leading", "leading"),
        ("@x", "x"),
        ("", "untitled"),
        ("!?…—–.,;", "untitled"),
        (": # \" ' \\ / | ? * [ ] { } %", "untitled"),
        ("\u3000\u00a0", "untitled"),
        ("\ud800", "untitled"),
        ("'", "untitled"),
    ],
)
def test_a_slug_is_the_title_in_ascii(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_a_slug_of_another_alphabet_is_transliterated() -> None:
    for title in ("مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "สวัสดี", "안녕하세요", "ελληνικά", "日本語のタイトル"):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(title))
        assert slug(title) != "untitled"


def test_a_long_slug_is_cut_between_words() -> None:
    assert slug("word " * 60) == "-".join(["word"] * 16)
    assert slug("a" * 79 + " b") == "a" * 79
    assert slug("a" * 80 + " b") == "a" * 80
    assert slug("a" * 78 + " b c") == "a" * 78 + "-b"
    assert slug("a" * 300) == "a" * 80


def test_a_slug_reads_only_the_beginning_of_a_huge_title() -> None:
    assert len(slug("北" * 10_000_000)) <= 80


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text())
def test_every_title_makes_a_valid_key(title: str) -> None:
    name = slug(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 80
    assert checked_key(key_of(title)) == key_of(title)


@pytest.mark.parametrize("title", TITLES)
def test_every_difficult_title_makes_a_valid_key(title: str) -> None:
    key = checked_key(key_of(title))
    assert re.fullmatch(r"archive/2025/12/25/foxnews\.com/[a-z0-9-]{1,80}-0123456789ab\.md", key)
    assert short_id_of_key(key) == "0123456789ab"
    assert version_of(key) == 1


@pytest.mark.parametrize(
    ("archived", "zone", "day"),
    [
        ("2025-12-25T22:59:59", BERLIN, "2025/12/25"),
        ("2025-12-25T23:00:00", BERLIN, "2025/12/26"),
        # Summer time begins on 30 March 2025 at 1:00 UTC and ends on 26 October at 1:00 UTC.
        ("2025-03-29T22:59:59", BERLIN, "2025/03/29"),
        ("2025-03-29T23:00:00", BERLIN, "2025/03/30"),
        ("2025-03-30T00:59:59", BERLIN, "2025/03/30"),
        ("2025-03-30T01:00:00", BERLIN, "2025/03/30"),
        ("2025-03-30T21:59:59", BERLIN, "2025/03/30"),
        ("2025-03-30T22:00:00", BERLIN, "2025/03/31"),
        ("2025-10-25T21:59:59", BERLIN, "2025/10/25"),
        ("2025-10-25T22:00:00", BERLIN, "2025/10/26"),
        ("2025-10-26T22:59:59", BERLIN, "2025/10/26"),
        ("2025-10-26T23:00:00", BERLIN, "2025/10/27"),
        # New Zealand is 13 hours ahead in its summer, 12 in its winter.
        ("2025-12-31T10:59:59", AUCKLAND, "2025/12/31"),
        ("2025-12-31T11:00:00", AUCKLAND, "2026/01/01"),
        ("2025-06-30T11:59:59", AUCKLAND, "2025/06/30"),
        ("2025-06-30T12:00:00", AUCKLAND, "2025/07/01"),
        ("2024-02-28T23:59:59", ZoneInfo("UTC"), "2024/02/28"),
        ("2024-02-29T00:00:00", ZoneInfo("UTC"), "2024/02/29"),
    ],
)
def test_the_folder_is_the_day_in_the_time_zone_of_the_archive(archived: str, zone: ZoneInfo, day: str) -> None:
    moment = datetime.fromisoformat(archived).replace(tzinfo=UTC)
    assert article_key(moment, zone, "bbc.com", "x", ID) == f"archive/{day}/bbc.com/x-0123456789ab.md"


def test_the_time_zone_of_the_datetime_does_not_matter() -> None:
    moment = datetime(2025, 12, 25, 23, 30, tzinfo=UTC)
    assert article_key(moment.astimezone(AUCKLAND), BERLIN, "x.org", "x", ID) == article_key(
        moment, BERLIN, "x.org", "x", ID
    )


@pytest.mark.parametrize(
    ("key", "short_id", "version"),
    [
        ("archive/2025/12/25/bbc.com/a-b-0123456789ab.md", "0123456789ab", 1),
        ("archive/2025/12/25/bbc.com/a-b-0123456789ab.r2.md", "0123456789ab", 2),
        ("archive/2025/12/25/bbc.com/a-b-0123456789ab.r12.md", "0123456789ab", 12),
        ("archive/2025/12/25/digest.md", "", 0),
        ("archive/2025/12/25/bbc.com/a-b.md", "", 0),
        ("archive/2025/12/25/bbc.com/a-0123456789ab.md.tmp", "", 0),
        ("other/archive/2025/12/25/bbc.com/a-0123456789ab.md", "", 0),
        ("claims/01/0123456789abcdef0123456789abcdef", "", 0),
        ("", "", 0),
    ],
)
def test_a_key_contains_the_short_id_and_the_version(key: str, short_id: str, version: int) -> None:
    assert short_id_of_key(key) == short_id
    assert version_of(key) == version


def test_a_revision_has_the_first_name_in_the_folder_of_its_own_day() -> None:
    first = "archive/2025/12/25/bbc.com/a-b-0123456789ab.md"
    seen = datetime(2025, 12, 26, 23, 30, tzinfo=UTC)
    key = revision_key(first, 2, seen, BERLIN)
    assert checked_key(key) == "archive/2025/12/27/bbc.com/a-b-0123456789ab.r2.md"
    assert revision_key(first, 3, seen, ZoneInfo("UTC")) == "archive/2025/12/26/bbc.com/a-b-0123456789ab.r3.md"
    assert (short_id_of_key(key), version_of(key)) == ("0123456789ab", 2)


@pytest.mark.parametrize(
    ("kind", "number", "key", "claim"),
    [
        (CompanionKind.FULL_TEXT, 1, "archive/2025/12/27/bbc.com/a-b-0123456789ab.full.md", f"{ID}.full"),
        (CompanionKind.FULL_TEXT, 2, "archive/2025/12/27/bbc.com/a-b-0123456789ab.full.r2.md", f"{ID}.full.r2"),
        (CompanionKind.MEDIA, 1, "archive/2025/12/27/bbc.com/a-b-0123456789ab.media.json", f"{ID}.media"),
        (CompanionKind.MEDIA, 3, "archive/2025/12/27/bbc.com/a-b-0123456789ab.media.r3.json", f"{ID}.media.r3"),
    ],
)
@pytest.mark.parametrize("version", ["a-b-0123456789ab.md", "a-b-0123456789ab.r4.md"])
def test_a_companion_has_the_articles_name_in_the_folder_of_its_own_day(
    kind: CompanionKind, number: int, key: str, claim: str, version: str
) -> None:
    seen = datetime(2025, 12, 26, 23, 30, tzinfo=UTC)
    assert companion_key(f"archive/2025/12/25/bbc.com/{version}", kind, number, seen, BERLIN) == checked_key(key)
    assert file_name_of(key) == FileName("0123456789ab", kind, number)
    assert (companion_kind(key), version_of(key), short_id_of_key(key)) == (kind, 0, "0123456789ab")
    assert short_id_of_name(key.rpartition("/")[2]) == "0123456789ab"
    assert claim_name(ID, number, kind) == claim
    assert parse_claim_name(claim) == FileName(ID, kind, number)


@pytest.mark.parametrize(
    "name",
    [
        "a-0123456789ab.full.json", "a-0123456789ab.media.md", "a-0123456789ab.full", "a-0123456789ab.full.r2.full.md",
        "a-0123456789ab.r2.full.md", "a.full.md", "full.md", "a-0123456789ab.other.md",
    ],
)  # fmt: skip
def test_other_names_are_no_companions(name: str) -> None:
    assert file_name_of(f"archive/2025/12/25/bbc.com/{name}") is None
    assert companion_kind(f"archive/2025/12/25/bbc.com/{name}") is None


@pytest.mark.parametrize("name", [ID[:12], f"{ID}.full.", f"{ID}.r0", f"{ID}.r01", f"{ID}.other", f"{ID}.r2.full", ""])
def test_other_names_are_no_names_of_claims(name: str) -> None:
    assert parse_claim_name(name) is None
