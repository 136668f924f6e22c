"""A press for tests: makes feed documents out of a few words and archives them, poll after poll."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from clock import Clock
from feedarchive.archive.archive_document import DocumentResult, PreviousPoll, archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.feeds.feed import Feed, default_id
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.store.interface import Store

HOME = "https://example.org/"
FEED = "https://example.org/feed.xml"


@dataclass(frozen=True)
class Item:
    """An RSS item. None leaves its element out."""

    title: str | None = "A title"
    link: str | None = None
    guid: str | None = None
    text: str | None = "Some words that tell what happened."
    date: str | None = "Wed, 24 Dec 2025 08:00:00 GMT"
    permalink: bool = False

    def xml(self) -> str:
        guid = f"<guid isPermaLink={quoteattr(str(self.permalink).lower())}>{escape(self.guid or '')}</guid>"
        parts = [
            f"<{name}>{escape(value)}</{name}>"
            for name, value in (
                ("title", self.title),
                ("link", self.link),
                ("description", self.text),
                ("pubDate", self.date),
            )
            if value is not None
        ]
        return f"<item>{''.join(parts)}{guid if self.guid is not None else ''}</item>"


def rss(*items: Item, home: str = HOME, title: str = "The Example") -> bytes:
    """An RSS 2.0 document."""
    head = f"<title>{escape(title)}</title><link>{escape(home)}</link><description/>"
    return f'<rss version="2.0"><channel>{head}{"".join(i.xml() for i in items)}</channel></rss>'.encode()


@dataclass
class Press:
    """Archives documents as polls would, with the state of the polls before or (``forgetful``) without."""

    store: Store
    clock: Clock
    forgetful: bool = False
    retention: timedelta | None = None
    zone: str = "UTC"
    damaged: bool = False
    seen: dict[str, PreviousPoll] = field(default_factory=dict)
    seals: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def poll(self, *items: Item, url: str = FEED, home: str = HOME, **feed: object) -> DocumentResult:
        body = rss(*items, home=home)
        body = body.replace(b"</channel>", b"</oops></channel>") if self.damaged else body
        archiver = Archiver(self.store, ZoneInfo(self.zone), self.clock, self.retention)
        feed_id = str(feed.pop("id", default_id(url)))
        seen = PreviousPoll() if self.forgetful else self.seen.get(feed_id, PreviousPoll())
        subscribed = Feed(url, feed_id, **feed)  # type: ignore[arg-type]
        seals = {} if self.forgetful else self.seals.get(feed_id, {})
        reading = parse_and_convert(ParseRequest(body, url, "", subscribed, frozenset(seen.known), seals))
        assert isinstance(reading, ParsedDocument)
        tally = archive_document(reading, subscribed, seen, archiver)
        self.seen[feed_id], self.seals[feed_id] = tally.seen(), reading.seals
        return tally


def articles(store: Store) -> dict[str, bytes]:
    """Every file below ``archive/`` and what is in it."""
    return {key: stored.data for key in store.list("archive/") if (stored := store.read(key))}


def everything(store: Store) -> dict[str, bytes]:
    """Every object of an archive but the polling state."""
    return {key: stored.data for key in store.list("") if not key.startswith("state/") and (stored := store.read(key))}


def first_versions(store: Store) -> dict[str, bytes]:
    """The first version of every article."""
    return {key: data for key, data in articles(store).items() if version_of(key) == 1}


def titles(store: Store) -> list[str]:
    """The titles of all articles' first versions, in order of their keys."""
    return [str(parse_front_matter(data.decode())["title"]) for data in first_versions(store).values()]


Poll = Callable[[Press], object]
