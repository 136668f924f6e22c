"""A feed and the pages of its articles on one server, an archive, and runs that poll the feed and fetch the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.completion.complete_articles import Completion
from feedarchive.completion.due_jobs import Extent
from feedarchive.completion.job import Job, NotDone
from feedarchive.completion.report import CompletionReport, FinishedJob
from feedarchive.completion.stored_jobs import NoteJobs
from feedarchive.feeds.feed import Feed, FullText
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.pool import ParserPool, shared_parser_pool
from feedarchive.polling.requester import FetchEnvironment
from feedarchive.polling.transport_errors import Timeouts
from feedarchive.report import RunReport
from feedarchive.run import Run
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response
from tests.harness.polite import MovingWait

HOST = "news.example"
TIMEOUTS = Timeouts()


def article_page(number: int, words: int = 300, more: str = "") -> bytes:
    """A page with an article of about this many words."""
    said = f"of story {number} says that the bridge over the river was closed"
    sentences = [f"Sentence {each} {said}." for each in range(words // 13)]
    text = "".join(f"<p>{' '.join(sentences[start : start + 4])}</p>" for start in range(0, len(sentences), 4))
    article = f"<article><h1>Story {number}</h1>{text}{more}</article>"
    head = f"<head><title>Story {number}</title></head>"
    return f"<!doctype html><html lang=en>{head}<body>{article}</body></html>".encode()


def story(number: int, text: str = "", host: str = "") -> Item:
    """An entry with one sentence. ``World.publish`` replaces PORT in its link with the port of the server."""
    sentence = text or f"Story {number} in a sentence."
    return Item(f"Story {number}", f"http://{host or HOST}:PORT/{number}", f"story-{number}", sentence)


@dataclass
class World:
    """A feed, the pages of its articles, and an archive.

    Every host name resolves to this machine. ``allowed`` are the IP addresses that count as public.
    """

    store: Store
    clock: Clock
    server: FeedServer
    feed: Feed = field(init=False)
    options: dict[str, object] = field(default_factory=lambda: {"full_text": FullText.ALWAYS})
    allowed: tuple[str, ...] = ("127.0.0.1",)
    timeouts: Timeouts = TIMEOUTS
    interrupted: bool = False
    parsers: ParserPool = field(default_factory=shared_parser_pool)

    def __post_init__(self) -> None:
        self.feed = Feed(self.server.url("/feed.xml"), "news", **self.options)  # type: ignore[arg-type]

    def feed_with(self, **changes: object) -> Feed:
        """A copy of the feed with changed fields."""
        return replace(self.feed, **changes)  # type: ignore[arg-type]

    def publish(self, *items: Item, pages: bool = True) -> None:
        """Serve a feed with these entries, and a page for each."""
        filled = [replace(item, link=(item.link or "").replace("PORT", str(self.server.port))) for item in items]
        self.server.serve("/feed.xml", rss(*filled, home=f"http://{HOST}:{self.server.port}/"))
        if pages:
            for item in items:
                number = (item.link or "").rpartition("/")[2]
                self.server.serve(f"/{number}", article_page(int(number)), "text/html; charset=utf-8")

    def serve_page(self, number: int, body: bytes, content_type: str = "text/html", status: int = 200) -> None:
        self.server.responses[f"/{number}"] = Response(body, status, {"Content-Type": content_type})

    def poll(self, store: Store | None = None, feeds: tuple[Feed, ...] = (), follow_up: bool = True) -> RunReport:
        note = NoteJobs(self.clock) if follow_up else None
        run = Run(store or self.store, self._archive(True, feeds), self.clock, True, follow_up=note)
        return run.execute(run.plan())

    def complete(
        self,
        store: Store | None = None,
        limit: timedelta = timedelta(hours=4),
        others: tuple[Job, ...] = (),
        feeds: tuple[Feed, ...] = (),
        most: int | None = None,
        on_job: Callable[[FinishedJob], None] = lambda job: None,
    ) -> CompletionReport:
        environment = FetchEnvironment(
            self.timeouts,
            resolver=lambda host: ["127.0.0.1"],
            is_allowed_address=lambda address: address in self.allowed,
        )
        wait = MovingWait(self.clock)
        completion = Completion(
            store or self.store, self._archive(False, feeds), self.clock, wait, self.parsers,
            environment=environment,
            on_job=on_job,
            interrupt=self._interrupt,
        )  # fmt: skip
        return completion.run(Extent(limit, others, most))

    def pages_requested(self) -> list[str]:
        """The paths of all requests but those for the feed and robots.txt."""
        paths = [request.path for request in self.server.requests]
        return [path for path in paths if path not in ("/feed.xml", "/robots.txt")]

    def full_texts(self) -> dict[str, bytes]:
        """Every full text with its content, by key."""
        return {k: data for k, data in articles(self.store).items() if companion_kind(k) is CompanionKind.FULL_TEXT}

    def _interrupt(self) -> None:
        self.interrupted = True

    def _archive(self, allow_private: bool, feeds: tuple[Feed, ...]) -> OpenArchive:
        settings = FeedList(feeds or (self.feed,), allow_private_addresses=allow_private)
        return OpenArchive(ZoneInfo("UTC"), settings, created=False)


def reasons(report: CompletionReport) -> list[str]:
    """Why jobs failed, in order."""
    return [str(each.result.reason) for each in report.finished if isinstance(each.result, NotDone)]
