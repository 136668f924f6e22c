"""Archive generated feed documents, poll after poll, and read what is in the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from feedarchive.archive.archive_document import archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.archive.document_result import DocumentResult, PreviousPoll
from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.feeds.feed import Feed, default_id
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.known_entry import KnownEntry
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_documents import FEED, HOME, Item, rss


@dataclass
class FeedArchiver:
    """Archives documents as polls do, with the state of the previous poll or, when ``stateless``, without it."""

    store: Store
    clock: Clock
    stateless: bool = False
    retention: timedelta | None = None
    zone: str = "UTC"
    damaged: bool = False
    seen: dict[str, PreviousPoll] = field(default_factory=dict)
    entries_by_xml: dict[str, Mapping[str, KnownEntry]] = field(default_factory=dict)

    def poll(self, *items: Item, url: str = FEED, home: str = HOME, **feed: object) -> DocumentResult:
        body = rss(*items, home=home)
        body = body.replace(b"</channel>", b"</oops></channel>") if self.damaged else body
        return self.poll_document(body, url, **feed)

    def poll_document(self, body: bytes, url: str = FEED, **feed: object) -> DocumentResult:
        archiver = Archiver(self.store, ZoneInfo(self.zone), self.clock, self.retention)
        feed_id = str(feed.pop("id", default_id(url)))
        seen = PreviousPoll() if self.stateless else self.seen.get(feed_id, PreviousPoll())
        subscribed = Feed(url, feed_id, **feed)  # type: ignore[arg-type]
        by_xml = {} if self.stateless else self.entries_by_xml.get(feed_id, {})
        parsed = parse_and_convert(ParseRequest(body, url, "", subscribed, frozenset(seen.known_entries), by_xml))
        assert isinstance(parsed, ParsedDocument)
        result = archive_document(parsed, subscribed, seen, archiver)
        self.seen[feed_id], self.entries_by_xml[feed_id] = result.for_next_poll(), parsed.entries_by_xml
        return result


def articles(store: Store) -> dict[str, bytes]:
    """Every file below ``archive/``, with its content."""
    return {key: stored.data for key in store.list("archive/") if (stored := store.read(key))}


def everything(store: Store) -> dict[str, bytes]:
    """Every object of an archive except the polling state."""
    return {key: stored.data for key in store.list("") if not key.startswith("state/") and (stored := store.read(key))}


def first_versions(store: Store) -> dict[str, bytes]:
    """The first version of every article."""
    return {key: data for key, data in articles(store).items() if version_of(key) == 1}


def titles(store: Store) -> list[str]:
    """The titles of the first versions of all articles, in the order of their keys."""
    return [str(parse_front_matter(data.decode())["title"]) for data in first_versions(store).values()]
