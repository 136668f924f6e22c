"""Archive articles, and store their pictures and enclosures from a real server."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.article.file_names import CompanionKind, companion_kind, version_of
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.feeds.feed import Feed, default_id
from feedarchive.fetching.polite_fetcher import PoliteFetcher
from feedarchive.media.complete_media import MediaOfArticle, MediaResult, complete_media
from feedarchive.media.fetch_files import FileFetcher
from feedarchive.media.media_list import MediaList, parse_media_list
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import FEED, Item, rss
from tests.harness.feed_server import FeedServer, feed_server
from tests.harness.polite import polite_fetcher
from tests.media.pictures import SVG, png

HOST = "http://pictures.example"


@dataclass
class Publisher:
    """A server of pictures, which records the time of each request by ``clock``."""

    server: FeedServer
    clock: Clock

    def url(self, path: str) -> str:
        return f"{HOST}:{self.server.port}{path}"

    def serve(self, path: str, body: bytes, content_type: str = "image/png", **headers: str) -> str:
        self.server.serve(path, body, content_type, **headers)
        return self.url(path)

    @property
    def paths(self) -> list[str]:
        """The requested paths, except robots.txt."""
        return [request.path for request in self.server.requests if request.path != "/robots.txt"]

    def serve_pictures(self) -> None:
        """Serve two pictures, ``/a.png`` and ``/b.svg``."""
        self.serve("/a.png", png(3, 2))
        self.serve("/b.svg", SVG, "image/svg+xml")

    def article(self, *paths: str, link: str = "1", text: str = "A story.") -> Item:
        """An item whose text has pictures at these paths."""
        images = "".join(f'<img src="{self.url(path)}" alt="">' for path in paths)
        return Item(f"Article {link}", f"https://example.org/{link}", f"tag:{link}", f"<p>{text}</p>{images}")


@contextmanager
def publisher(clock: Clock) -> Iterator[Publisher]:
    with feed_server(clock=clock) as server:
        yield Publisher(server, clock)


@dataclass
class Completing:
    """Completes the articles of a store. Each ``run`` opens new connections, as a new process would."""

    store: Store
    clock: Clock
    feed: Feed = field(default_factory=lambda: Feed(FEED, default_id(FEED), images=True, enclosures=True))
    retention: timedelta | None = None

    def archive(self, *items: Item) -> None:
        """Archive articles, without their pictures."""
        FeedArchiver(self.store, self.clock).poll(*items)

    def archive_episode(self, *enclosures: tuple[str, str]) -> None:
        """Archive an article with these enclosures: URL and type."""
        links = "".join(f'<enclosure url="{url}" type="{kind}" length="100000"/>' for url, kind in enclosures)
        document = rss(Item("An episode", "https://example.org/e", "tag:e")).replace(
            b"</item>", f"{links}</item>".encode()
        )
        FeedArchiver(self.store, self.clock).poll_document(document)

    def run(self, last: bool = False, larger: Mapping[str, str] | None = None, **feed: object) -> list[MediaResult]:
        """Complete all articles in the order of their keys."""
        with polite_fetcher(self.clock) as fetcher:
            files = self.files(fetcher)
            return [self.complete(files, key, last, larger or {}, **feed) for key in versions(self.store)]

    def files(self, fetcher: PoliteFetcher) -> FileFetcher:
        return FileFetcher(self.store, fetcher, self.clock, renew=self.retention is not None)

    def complete(
        self, files: FileFetcher, version: str, last: bool, larger: Mapping[str, str], **feed: object
    ) -> MediaResult:
        claims = ClaimProtocol(self.store, self.clock, self.retention)
        settings = dataclasses.replace(self.feed, **feed)  # type: ignore[arg-type]
        stored = self.store.read(version)
        assert stored
        article_id = str(parse_front_matter(stored.data.decode())["id"])
        article = MediaOfArticle(article_id, version, settings, larger, last)
        return complete_media(claims, ZoneInfo("UTC"), files, article)


def versions(store: Store) -> list[str]:
    """The keys of all versions of articles."""
    return [key for key in store.list("archive/") if version_of(key)]


def lists(store: Store) -> dict[str, MediaList]:
    """All lists of media by key."""
    found = {key: store.read(key) for key in store.list("archive/") if companion_kind(key) is CompanionKind.MEDIA}
    return {key: parse_media_list(stored.data) for key, stored in found.items() if stored}


def objects(store: Store) -> dict[str, bytes]:
    """All stored pictures and enclosures by key."""
    return {key: b"".join(store.stream(key) or ()) for key in store.list("media/")}


def problems(result: MediaResult) -> dict[str, str]:
    """The problem of each picture and enclosure by the last part of its URL, "" for one that was stored."""
    return {item.url.rpartition("/")[2]: item.problem for item in result.items}
