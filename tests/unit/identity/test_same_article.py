"""The decision that two entries are one article: by title, GUID, link and words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.identity.article_id import Identity
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.identity.same_article import is_moved_by_names, is_moved_by_words, is_url_reused, link_contains_guid

KNOWN = fingerprint("A bridge was rebuilt")
ENTRY = Identity("i", "post-12345", "g", "", (), "r", "https://example.org/new", fingerprint("Another title"))


@pytest.mark.parametrize(
    ("entry", "moved"),
    [
        (ENTRY, False),
        (replace(ENTRY, title_fingerprint=KNOWN), True),
        (replace(ENTRY, link="https://example.org/2025/post-12345/"), True),
        (replace(ENTRY, link="https://example.org/2025/post-123456/"), False),
    ],
    ids=["other title, other link", "same title", "link contains GUID", "link contains a longer GUID"],
)
def test_a_moved_article_is_recognized_by_title_or_guid(entry: Identity, moved: bool) -> None:
    assert is_moved_by_names(KNOWN, entry) is moved


@pytest.mark.parametrize(
    ("link", "guid", "contains"),
    [
        ("https://example.org/?p=12345", "12345", True),
        ("https://example.org/12345-a-bridge", "12345", True),
        ("12345", "12345", True),
        ("https://example.org/x12345", "12345", False),
        ("https://example.org/12345x", "12345", False),
        ("https://example.org/123456", "12345", False),
        ("https://example.org/1234", "1234", False),
        ("https://example.org/bridge", "bridge", False),
        ("https://example.org/bridge2", "bridge2", True),
        ("https://example.org/aXc12", "a.c12", False),
        ("https://example.org/a.c12", "a.c12", True),
        ("https://example.org/", "", False),
    ],
)
def test_a_link_contains_a_guid_of_five_characters_with_a_digit_as_a_part_of_its_own(
    link: str, guid: str, contains: bool
) -> None:
    assert link_contains_guid(link, guid) is contains


@pytest.mark.parametrize(
    ("known_title", "known_body", "title", "body", "moved"),
    [
        ("one two three four", "", "one five six seven", "", True),
        ("one two three four five", "", "one six seven eight nine", "", False),
        ("One, TWO!", "", "two", "", True),
        ("", "one two three four", "", "four five six seven eight nine", True),
        ("", "one two three four five", "", "one six seven eight nine", False),
        ("same title", "other words", "same title", "nothing alike", True),
        ("a title", "", "", "a title", False),
        ("", "", "", "", False),
    ],
)
def test_a_moved_article_has_a_quarter_of_its_words_in_common(
    known_title: str, known_body: str, title: str, body: str, moved: bool
) -> None:
    """The titles, or the bodies, share a quarter of the words of the shorter title or body."""
    assert is_moved_by_words(known_title, known_body, title, body) is moved
    assert is_moved_by_words(title, body, known_title, known_body) is moved


@pytest.mark.parametrize(
    ("known_guid", "known_title", "entry", "reused"),
    [
        ("post-1", KNOWN, ENTRY, True),
        ("post-12345", KNOWN, ENTRY, False),
        ("", KNOWN, ENTRY, False),
        ("post-1", ENTRY.title_fingerprint, ENTRY, False),
        ("post-1", KNOWN, replace(ENTRY, guid=""), False),
    ],
    ids=["other GUID and title", "same GUID", "known article has no GUID", "same title", "entry has no GUID"],
)
def test_a_url_is_reused_if_both_guid_and_title_differ(
    known_guid: str, known_title: str, entry: Identity, reused: bool
) -> None:
    assert is_url_reused(known_guid, known_title, entry) is reused
