"""Reading a document: what is known is passed over, what is bad is named, the rest becomes articles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.article.compose import compose
from feedarchive.document.model import Entry, NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.parsing import convert_document
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from press import FEED, Item, rss

TWO = rss(Item("New", guid="2"), Item("Old", guid="1"))


def reading_of(body: bytes, known: frozenset[str] = frozenset()) -> ParsedDocument:
    reading = parse_and_convert(ParseRequest(body, FEED, "", Feed(FEED, "feed"), known))
    assert isinstance(reading, ParsedDocument)
    return reading


def test_the_last_entry_comes_first_since_it_is_the_oldest() -> None:
    reading = reading_of(TWO)
    assert [(article.title, article.called) for article in reading.articles] == [("Old", "'Old'"), ("New", "'New'")]
    assert [called for _, called in reading.to_convert] == ["'Old'", "'New'"]
    assert (reading.folder, reading.known, reading.refused) == ("example.org", (), ())


def test_what_is_known_is_not_converted() -> None:
    old, new = reading_of(TWO).articles
    reading = reading_of(TWO, frozenset({old.mark}))
    assert reading.known == (old.mark,)
    assert reading.articles == (new,)


def test_another_wording_in_the_same_document_is_refused_for_good() -> None:
    one = Item("One", guid="1", link="https://example.org/1")
    (refused,) = reading_of(rss(one, replace(one, text="Other."))).refused
    assert (refused.kind, refused.called, refused.again) == ("second-wording", "'One'", False)


def test_a_bug_in_one_conversion_costs_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(entry: Entry, title: str, *rest: object) -> object:
        return 1 / 0 if title == "New" else compose(entry, title, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(convert_document, "compose", fails)
    reading = reading_of(TWO)
    assert [article.title for article in reading.articles] == ["Old"]
    (refused,) = reading.refused
    assert (refused.kind, refused.again) == ("bug", True)
    assert "ZeroDivisionError" in refused.reason


def test_what_is_no_feed_is_a_value() -> None:
    assert isinstance(parse_and_convert(ParseRequest(b"<html/>", FEED, "", Feed(FEED, "feed"))), NotAFeed)
