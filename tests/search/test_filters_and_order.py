"""Filters, the order of hits, old versions, and the line of context that each hit shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.search.context import context_of
from feedarchive.search.filters import Filters
from feedarchive.search.query import parse_query
from feedarchive.search.search_archive import SearchedArchive
from tests.harness.feed_documents import Item
from tests.search.archive import ALL_VERSIONS, SITE, Searched

_BRIDGE = Item("Bridge", f"{SITE}/bridge", "tag:bridge", "It is old.", "Mon, 01 Dec 2025 08:00:00 GMT")


@pytest.fixture
def archive(archive: Searched) -> Searched:
    """Three days, two feeds, and an article that was edited on the second day."""
    other = {"url": "https://other.example/feed.xml", "home": "https://other.example/"}
    archive.archiver.poll(_BRIDGE, Item("River", f"{SITE}/river", "tag:river", "Under the bridge, by the old mill."))
    archive.archiver.poll(
        Item("Ferry", "https://other.example/f", "f", "No bridge."), tags=("Boats", "Äpfel"), title="The Other", **other
    )
    archive.clock.move(days=1)
    archive.archiver.poll(replace(_BRIDGE, text="It was old and is rebuilt now."))
    archive.clock.move(days=31)
    archive.archiver.poll(Item("Snow", f"{SITE}/snow", "tag:snow", "It covers everything.", None))
    return archive


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["Bridge", "Ferry", "River", "Snow"]),
        (Filters(site="other.example"), ["Ferry"]),
        (Filters(feeds=("https://example.org/feed.xml",)), ["Bridge", "River", "Snow"]),
        (Filters(feeds=("The Other",)), ["Ferry"]),
        (Filters(feeds=("nothing", "The Other")), ["Ferry"]),
        (Filters(tag="boats"), ["Ferry"]),
        (Filters(tag="apfel"), ["Ferry"]),
        (Filters(tag="boat"), []),
        (Filters(site="example.org", tag="boats"), []),
        (Filters(site="other.example", tag="boats", since="2025-12"), ["Ferry"]),
        (Filters(since="2025-12-26"), ["Bridge", "Snow"]),
        (Filters(until="2025-12-25"), ["Ferry", "River"]),
        (Filters(until="2025-12"), ["Bridge", "Ferry", "River"]),
        (Filters(since="2026"), ["Snow"]),
        (Filters(since="2025-12-26", until="2025"), ["Bridge"]),
        (Filters(until="2025-12-01", by_published=True), ["Bridge"]),
        (Filters(since="2026-01", by_published=True), ["Snow"]),
        (Filters(since="2025-12-24", until="2025-12-24", by_published=True), ["Ferry", "River"]),
    ],
)
def test_filters(archive: Searched, filters: Filters, found: list[str]) -> None:
    assert archive.titles("", filters) == found
    with_words = {"Bridge", "Ferry", "River"} & set(found)
    assert archive.titles("bridge", filters) == sorted(with_words)


def test_only_the_last_version_counts_unless_all_are_searched(archive: Searched) -> None:
    assert archive.titles("rebuilt") == ["Bridge"]
    assert [hit.revision for hit in archive.find("bridge old").hits] == [2, 1]  # Bridge and River
    assert archive.titles('"it is old"') == []
    assert archive.titles('"it is old"', ALL_VERSIONS) == ["Bridge"]
    assert sorted(hit.revision for hit in archive.find("bridge", ALL_VERSIONS).hits) == [1, 1, 1, 2]


def test_a_word_in_the_title_weighs_more(archive: Searched) -> None:
    assert archive.find("bridge").hits[0].title.text == "Bridge"


def test_without_words_the_newest_come_first(archive: Searched) -> None:
    assert [hit.title.text for hit in archive.find().hits] == ["Snow", "Bridge", "River", "Ferry"]


def test_a_limit_and_an_offset_give_the_parts_of_the_list(archive: Searched) -> None:
    search, query = SearchedArchive(archive.folder, "UTC"), parse_query("bridge")
    whole = archive.find("bridge")
    parts = [search.find(query, Filters(), archive.clock(), 1, offset) for offset in range(4)]
    assert [part.hits for part in parts] == [(hit,) for hit in whole.hits] + [()]
    assert {part.total for part in [whole, *parts]} == {3}


def test_facets_count_what_is_found(archive: Searched) -> None:
    found = SearchedArchive(archive.folder, "UTC").facets(parse_query("bridge"), Filters(), archive.clock(), 10)
    counts = {name: {facet.value: facet.number for facet in values} for name, values in found.items()}
    assert counts == {
        "site": {"example.org": 2, "other.example": 1},
        "feed": {"The Example": 2, "The Other": 1},
        "month": {"2025-12": 3},
        "tag": {"apfel": 1, "boats": 1},
    }


def test_the_context_has_the_words_and_where_they_are(archive: Searched) -> None:
    (hit,) = archive.find("mill").hits
    assert hit.context.text == "Under the bridge, by the old mill."
    assert [hit.context.text[start:end] for start, end in hit.context.marks] == ["mill"]
    hit = archive.find("bridge").hits[0]
    assert [hit.title.text[start:end] for start, end in hit.title.marks] == ["Bridge"]


@pytest.mark.parametrize(
    ("text", "words", "context", "marked"),
    [
        ("Un Café, deux cafés.", "cafe*", "Un Café, deux cafés.", ["Café", "cafés"]),
        ("Old bridge, old mill.", '"old mill"', "Old bridge, old mill.", ["old mill"]),
        ("会議は東京都庁で", "東京 会議", "会議は東京都庁で", ["会議", "東京"]),
        ("a " * 300 + "needle " + "b " * 300, "needle", None, ["needle"]),
        ("x " * 300 + "one y " + "x " * 300 + "one two", "one two", None, ["one", "two"]),
        ("Nothing here.", "elsewhere", "Nothing here.", []),
        ("", "word", "", []),
        ("w" * 1000, "w*", None, None),
    ],
)
def test_the_line_of_context(text: str, words: str, context: str | None, marked: list[str] | None) -> None:
    found = context_of(text, parse_query(words))
    assert len(found.text) < 210
    assert context in (None, found.text)
    assert marked in (None, [found.text[start:end] for start, end in found.marks])
