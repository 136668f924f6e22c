"""The order of a digest's entries, its groups, and which of its sections an entry is in."""

from __future__ import annotations

import pytest

from feedarchive.digest.digest import make_digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.feed_groups import group_by_feed
from tests.unit.digest.entries import DAY, entry, revision


def test_entries_are_sorted_by_site_then_publication_then_key() -> None:
    expected = [
        entry("D", published="", site="a.example"),
        entry("C", published="2025-12-25T06:00:00Z", site="a.example"),
        entry("A", published="2025-12-25T07:00:00Z", site="a.example"),
        entry("B", published="2025-12-25T07:00:00Z", site="a.example"),
        entry("E", published="2025-12-25T05:00:00Z", site="b.example"),
    ]
    for shuffled in (expected[::-1], expected[2:] + expected[:2]):
        assert list(make_digest(DAY, "UTC", shuffled).entries) == expected


def test_groups_are_sorted_by_name_whatever_its_case_and_their_entries_newest_first() -> None:
    entries = [
        entry("One", published="2025-12-25T06:00:00Z", feed="beta"),
        entry("Two", published="2025-12-25T09:00:00Z", feed="beta"),
        entry("No date, so when it was archived", published="", feed="beta"),
        entry("B at the same time", feed="beta"),
        entry("A at the same time", feed="beta"),
        entry("Three", feed="Alpha"),
        entry("Four", feed="Gamma"),
        entry("Five", feed="", site="delta.example"),
    ]
    groups = [(group.feed, [each.title for each in group.entries]) for group in group_by_feed(entries)]
    assert groups == [
        ("Alpha", ["Three"]),
        (
            "beta",
            ["No date, so when it was archived", "Two", "A at the same time", "B at the same time", "One"],
        ),
        ("delta.example", ["Five"]),
        ("Gamma", ["Four"]),
    ]


def test_feeds_with_the_same_name_are_not_mixed() -> None:
    entries = [
        entry("One", source="https://example.org/news.xml"),
        entry("Two", source="https://example.org/sport.xml"),
        entry("Three", source="https://example.org/news.xml"),
        entry("Four", site="other.example"),
    ]
    groups = [sorted(each.title for each in group.entries) for group in group_by_feed(entries)]
    assert groups == [["One", "Three"], ["Two"], ["Four"]]


@pytest.mark.parametrize(
    ("each", "section"),
    [
        (entry("Today"), "news"),
        (entry("Two days before it was archived", published="2025-12-23T10:00:00Z"), "news"),
        (entry("A second longer", published="2025-12-23T09:59:59Z"), "backlog"),
        (entry("Without a date", published=""), "news"),
        (revision("An edit of an old article"), "updated"),
    ],
    ids=lambda value: value.title if isinstance(value, DigestEntry) else value,
)
def test_each_entry_is_in_one_section(each: DigestEntry, section: str) -> None:
    digest = make_digest(DAY, "UTC", [each])
    sections = {"news": digest.news(), "updated": digest.updated(), "backlog": digest.backlog()}
    assert [name for name, entries in sections.items() if entries] == [section]
    counts = digest.counts()
    assert (counts["articles"], counts["revisions"]) == ((0, 1) if section == "updated" else (1, 0))
    assert counts["backlog"] == (section == "backlog")
