"""Convert a document: known entries are skipped, bad ones are rejected, the others become candidates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.article.compose import compose
from feedarchive.document.model import Entry, NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.parsing import convert_document
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.problems import EntryRejection
from tests.harness.feed_documents import FEED, Item, rss

TWO = rss(Item("New", guid="2"), Item("Old", guid="1"))


def converted(body: bytes, known: frozenset[str] = frozenset()) -> ParsedDocument:
    document = parse_and_convert(ParseRequest(body, FEED, "", Feed(FEED, "feed"), known))
    assert isinstance(document, ParsedDocument)
    return document


def test_the_last_entry_comes_first_as_it_is_the_oldest() -> None:
    document = converted(TWO)
    assert [(each.title, each.label) for each in document.candidates] == [("Old", "'Old'"), ("New", "'New'")]
    assert [each.label for each in document.to_convert] == ["'Old'", "'New'"]
    assert {each.folder for each in document.candidates} == {"example.org"}
    assert (document.known, document.rejected) == ((), ())


def test_a_known_entry_is_not_converted() -> None:
    old, new = converted(TWO).candidates
    document = converted(TWO, frozenset({old.entry_hash}))
    assert document.known == (old.entry_hash,)
    assert document.candidates == (new,)


def test_a_second_wording_in_the_same_document_is_rejected() -> None:
    one = Item("One", guid="1", link="https://example.org/1")
    (rejected,) = converted(rss(one, replace(one, text="Other."))).rejected
    assert (rejected.kind, rejected.label, rejected.retry) == (EntryRejection.SECOND_WORDING, "'One'", False)


def test_a_bug_in_one_conversion_loses_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(entry: Entry, title: str, *rest: object) -> object:
        return 1 / 0 if title == "New" else compose(entry, title, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(convert_document, "compose", fails)
    document = converted(TWO)
    assert [each.title for each in document.candidates] == ["Old"]
    (rejected,) = document.rejected
    assert (rejected.kind, rejected.retry) == (EntryRejection.BUG, True)
    assert "ZeroDivisionError" in rejected.reason


def test_a_page_that_is_not_a_feed_is_returned_with_the_feeds_it_advertises() -> None:
    page = b'<html><link rel="alternate" type="application/rss+xml" href="/rss"></html>'
    found = parse_and_convert(ParseRequest(page, FEED, "", Feed(FEED, "feed")))
    assert found == NotAFeed("an HTML page, not a feed", ("https://example.org/rss",))


SAME_TITLE = "<item><title>Tape</title><pubDate>Wed, 24 Dec 2025 08:00:00 GMT</pubDate>{}</item>"


@pytest.mark.parametrize(
    ("extra", "difference"),
    [
        ('<enclosure url="https://example.org/{}.mp3" type="audio/mpeg"/>', "another file or picture"),
        ("<category>{}</category>", "other dates, authors or tags"),
        ("<link>https://other.example/tape?utm_source={}</link>", ""),
        ("<guid>https://example.org/tape</guid><link>https://example.org/tape#{}</link>", "another link"),
    ],
)
def test_entries_of_one_article_that_differ_in_what_is_written_are_named(extra: str, difference: str) -> None:
    items = "".join(SAME_TITLE.format(extra.format(n)) for n in range(3))
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    document = converted(body)
    assert len(document.candidates) == 1
    named = [f"the document has an earlier entry of the same article, with {difference}"] * 2 if difference else []
    assert [each.reason for each in document.rejected] == named
