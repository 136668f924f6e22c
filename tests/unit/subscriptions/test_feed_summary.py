"""What a person sees of a feed before subscribing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.subscriptions.feed_summary import FeedRisk, changed_at_once, summarize, summary_line, wordings
from tests.harness.feed_documents import Item, rss

NOW = datetime(2025, 12, 25, 10, tzinfo=UTC)


def parsed(*items: Item) -> ParsedDocument:
    found = parse_and_convert(
        ParseRequest(rss(*items), "https://example.org/feed", "", Feed("https://example.org/feed", "x"))
    )
    assert isinstance(found, ParsedDocument)
    return found


def items(count: int, every: timedelta = timedelta(days=1), words: int = 10, **kind: str | None) -> list[Item]:
    return [
        Item(f"Number {n}", f"https://example.org/{n}", f"guid-{n}", "word " * words, format_datetime(NOW - n * every))
        if not kind
        else Item(**{"title": f"Number {n}", "link": f"https://example.org/{n}", "text": "word " * words, **kind})  # type: ignore[arg-type]
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (items(8, timedelta(hours=8)), "8 entries, newest today, about 3 a day, teasers only (median 10 words)"),
        (items(3, timedelta(days=3), 640), "3 entries, newest today, about 2 a week, full text (median 640 words)"),
        (items(3, timedelta(days=30), 100), "3 entries, newest today, about 1 a month, short texts (median 100 words)"),
        (items(2, timedelta(days=300), 1), "2 entries, newest today, about 1 a year, teasers only (median 1 word)"),
        (items(1), "1 entry, newest today, teasers only (median 10 words)"),
        ([], "0 entries"),
    ],
)  # fmt: skip
def test_summary_line(found: list[Item], words: str) -> None:
    assert summary_line(summarize(parsed(*found), NOW)).replace("2025-12-25", "today") == words


def test_what_will_hurt_is_named() -> None:
    assert summarize(parsed(*items(5)), NOW).risks == ()
    assert summarize(parsed(*items(5, date=None)), NOW).risks == (FeedRisk.NO_DATES, FeedRisk.NO_GUIDS)
    assert FeedRisk.NO_LINKS in summarize(parsed(*items(5, link=None, guid="x")), NOW).risks
    assert summarize(parsed(*items(5)), NOW + timedelta(days=400)).risks == (FeedRisk.STALE,)
    assert summarize(parsed(*items(5)), NOW, changes=True).risks == (FeedRisk.CHANGES,)
    damaged = parse_and_convert(ParseRequest(rss(*items(3))[:-20], "", "", Feed("https://example.org/feed", "x")))
    assert isinstance(damaged, ParsedDocument)
    assert FeedRisk.DAMAGED in summarize(damaged, NOW).risks


def test_entries_that_change_all_the_time() -> None:
    before, after = wordings(parsed(*items(5, words=3))), wordings(parsed(*items(5, words=4)))
    assert changed_at_once(before, after)
    assert not changed_at_once(before, before)
    one_edit = {**before, next(iter(before)): "other"}
    assert not changed_at_once(before, one_edit)
    assert not changed_at_once(wordings(parsed(*items(3, words=3))), wordings(parsed(*items(3, words=4))))
