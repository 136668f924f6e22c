"""What a poll counts, and what it leaves for the next one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from feedarchive.archive.archive_document import archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.archive.document_result import DocumentResult, PreviousPoll
from feedarchive.feeds.feed import Feed, Rule
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import FEED, Item, rss

ITEMS = [Item(f"News {n}", link=f"https://example.org/{n}", text=f"The story number {n}.") for n in range(3)]


def test_an_entry_that_the_users_rules_exclude_is_never_counted_as_known(
    folder_store: FolderStore, clock: Clock
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    rules = (Rule("title", re.compile("News 0")),)
    first, second = (archiver.poll(*ITEMS, drop=rules) for _ in range(2))
    assert (first.new, first.known, first.rejected) == (2, 0, 1)
    assert (second.new, second.known, second.rejected) == (0, 2, 0)


@dataclass(frozen=True)
class LimitedArchiver(Archiver):
    """An archiver that has no time left after ``len(left)`` calls of ``is_out_of_time``."""

    left: list[None] = field(default_factory=list)

    def is_out_of_time(self) -> bool:
        if self.left:
            self.left.pop()
            return False
        return True


def test_revisions_that_a_run_has_no_time_for_are_left_to_the_next_poll(
    folder_store: FolderStore, clock: Clock
) -> None:
    feed = Feed(FEED, "feed")
    edited = rss(*(replace(item, text=f"Corrected: {item.text}") for item in ITEMS))

    def poll(body: bytes, previous: PreviousPoll, times: int) -> DocumentResult:
        known = frozenset(previous.known_entries)
        document = parse_and_convert(ParseRequest(body, FEED, "", feed, known, {}))
        assert isinstance(document, ParsedDocument)
        archiver = LimitedArchiver(folder_store, ZoneInfo("UTC"), clock, left=[None] * times)
        return archive_document(document, feed, previous, archiver)

    first = poll(rss(*ITEMS), PreviousPoll(), 100)
    # The time is checked before each of the three entries, then before each revision. One revision is written.
    second = poll(edited, first.for_next_poll(), 3 + 1)
    assert (second.revised, second.known, second.unfinished) == (1, 2, True)
    third = poll(edited, second.for_next_poll(), 100)
    assert (third.revised, third.known, third.unfinished) == (2, 1, False)
