"""Documents that were kept make the same archive again, byte for byte."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.builds.builder import DigestBuilder
from feedarchive.document.model import NotAFeed
from feedarchive.documents.keep import document_keeper
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.model import LimitExceeded, ParsedDocument, ParseRequest
from feedarchive.parsing.pool import ParserPool, shared_parser_pool
from feedarchive.replay.replay import Replay, ReplayReport
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.feed_archiver import articles, everything, titles
from tests.harness.feed_documents import Item, news, rss
from tests.harness.feed_server import FeedServer, Response
from tests.harness.simulation import DAYS, HOURS, MINUTES, Simulation, conditional, sequence

NEVER_COMPARED = ("documents/", "status", "tables/")
BUILT = datetime(2026, 1, 20, 6, tzinfo=UTC)


@pytest.fixture
def server(simulation: Simulation) -> FeedServer:
    return simulation.server()


def replayed(simulation: Simulation, folder: Path, feeds: FeedList | None = None) -> tuple[FolderStore, ReplayReport]:
    """A new archive from the documents of the simulation's archive."""
    store = FolderStore(folder)
    with StoredDocuments(simulation.store) as documents:
        feeds = feeds or FeedList(tuple(simulation.feeds))
        return store, Replay(documents, store, ZoneInfo("UTC"), feeds, shared_parser_pool()).run()


def revisits(store: Store) -> int:
    """How many documents were kept as "the same as an earlier one"."""
    with StoredDocuments(store) as documents:
        found = [documents.read(each) for keys in documents.months().values() for each in documents.documents_of(keys)]
        return sum(record.is_revisit for record in found if record)


def build(store: Store, simulation: Simulation) -> None:
    builder = DigestBuilder(store, ZoneInfo("UTC"), tuple(simulation.feeds), BUILT)
    builder.build_all()


def comparable(store: Store) -> dict[str, bytes]:
    return {key: data for key, data in everything(store).items() if not key.startswith(NEVER_COMPARED)}


def live_blog(hour: int) -> bytes:
    """An article that is edited every hour, and others that come and go."""
    story = Item(f"Storm: hour {hour}", link="https://example.org/storm", guid="tag:storm", text=f"Winds {'x' * hour}.")
    numbers = range(hour // 4, 4 + hour // 3)
    return rss(story, *(Item(f"News {n}", link=f"https://example.org/{n}", guid=f"tag:{n}") for n in reversed(numbers)))


def test_a_replay_makes_the_same_archive(
    simulation: Simulation, server: FeedServer, store: Store, tmp_path: Path
) -> None:
    """There is a live blog with many edits, a feed that moves, and a feed that breaks. One article is in two feeds.

    At some polls, the server responds "not modified".
    """
    simulation.store = store  # type: ignore[assignment]
    start = simulation.clock()

    def hours() -> int:
        return int((simulation.clock() - start) / HOURS)

    server.responses["/live"] = conditional(lambda: live_blog(hours()))
    server.responses["/old"] = sequence(Response(news(1, 2)), Response(status=301, headers={"Location": "/new"}))
    server.responses["/new"] = conditional(lambda: news(2, 3, 4 + hours() // 30))
    broken = Response(rss(Item("One"), Item("Two"))[:-60], headers={"Content-Length": "999"})
    shared = Response(rss(Item("Elsewhere", link="https://example.org/3", guid="tag:elsewhere")))
    other = simulation.server()
    other.responses["/other"] = sequence(Response(b"<html>"), broken, shared, Response(status=500))
    simulation.subscribe(server.url("/live"), "live", keep_documents=True)
    simulation.subscribe(server.url("/old"), "old", keep_documents=True)
    simulation.subscribe(other.url("/other"), "other", keep_documents=True)
    # There are fewer runs with S3, because each takes several times as long.
    simulation.run_for((16 if isinstance(store, FolderStore) else 8) * HOURS, every=40 * MINUTES)
    assert revisits(store) >= 1
    again, report = replayed(simulation, tmp_path / "again")
    assert report.revised > 2
    assert not report.left_out
    assert not report.without_body
    build(store, simulation)
    build(again, simulation)
    assert comparable(again) == comparable(store)
    kinds = {key.partition("/")[0] for key in comparable(again)}
    assert kinds >= {"archive", "claims", "pages"}


class OlderProgram(ParserPool):
    """The parser of a program that did not know the full text of an entry yet, and could not parse some documents."""

    def parse(self, request: ParseRequest) -> ParsedDocument | NotAFeed | LimitExceeded:
        if b"<!-- too new -->" in request.body:
            return NotAFeed("something new")
        return super().parse(replace(request, body=request.body.replace(b"content:encoded", b"unknown")))


def test_a_mended_parser_heals_the_past(simulation: Simulation, server: FeedServer, tmp_path: Path) -> None:
    namespace = b'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"'

    def document(*numbers: int) -> bytes:
        items = [Item(f"News {n}", link=f"https://example.org/{n}", guid=f"tag:{n}", text="A teaser.") for n in numbers]
        full = b"<content:encoded>All the words of the story.</content:encoded></item>"
        return rss(*items).replace(b"</item>", full).replace(b"<rss", namespace)

    documents = [document(1), document(1, 2) + b"<!-- too new -->", document(3)]
    server.responses["/feed"] = sequence(*map(Response, documents))
    feed = simulation.subscribe(server.url("/feed"), keep_documents=True)
    archive = OpenArchive(ZoneInfo("UTC"), FeedList((feed,), allow_private_addresses=True), False)
    parsers = OlderProgram(1)
    keeper = document_keeper(simulation.store)
    run = Run(simulation.store, archive, simulation.clock, poll_all=True, parsers=parsers, keep_document=keeper)
    try:
        for _ in documents:
            run.execute(run.plan())
            simulation.clock.now += DAYS
    finally:
        parsers.close()
    assert sorted(titles(simulation.store)) == ["News 1", "News 3"]
    assert not any(b"All the words" in data for data in articles(simulation.store).values())
    again, report = replayed(simulation, tmp_path / "again")
    assert (report.documents, report.new, report.unreadable) == (3, 3, {})
    assert sorted(titles(again)) == ["News 1", "News 2", "News 3"]
    assert all(b"All the words of the story." in data for data in articles(again).values())
    assert {key[:18] for key in articles(again)} == {f"archive/2025/12/{day}" for day in (25, 26, 27)}


def test_documents_of_feeds_that_are_not_listed_are_left_out(
    simulation: Simulation, server: FeedServer, tmp_path: Path
) -> None:
    simulation.subscribe(server.serve("/1", news(1)), "one", keep_documents=True)
    simulation.subscribe(server.serve("/2", news(2)), "two", keep_documents=True)
    simulation.run()
    again, report = replayed(simulation, tmp_path / "again", FeedList(tuple(simulation.feeds[:1])))
    assert report.left_out == {"two": 1}
    assert titles(again) == ["Article 1"]


def test_the_replayed_archive_goes_on(simulation: Simulation, server: FeedServer, tmp_path: Path) -> None:
    """Its state knows the entries of the last documents."""
    simulation.subscribe(server.serve("/feed", news(1, 2)), keep_documents=True)
    simulation.run()
    again, _ = replayed(simulation, tmp_path / "again")
    before = articles(again)
    simulation.store, simulation.clock.now = again, simulation.clock() + DAYS
    server.serve("/feed", news(2, 3))
    report = simulation.run()
    assert (report.articles()["new"], report.articles()["known"]) == (1, 1)
    assert articles(again).items() > before.items()


def test_a_document_with_secrets_is_replayed(simulation: Simulation, server: FeedServer, tmp_path: Path) -> None:
    """The article contains the feed's URL, which has a secret. It is masked in the kept document and the article.

    Only ``wording`` differs, because a poll calculates it before it masks the secret.
    """
    path = "/feed?token=swordfish"
    body = rss(Item("A story", link="/1", guid="tag:1", text=f"From {server.url(path)} with love"))
    simulation.subscribe(server.serve(path, body), keep_documents=True)
    simulation.run()
    again, _ = replayed(simulation, tmp_path / "again")

    def without_wording(store: Store) -> dict[str, bytes]:
        # The replay finds "***" in the document and escapes it as Markdown. The poll adds "***" after escaping.
        found = {key: data.replace(rb"\*", b"*") for key, data in articles(store).items()}
        return {key: re.sub(rb"wording: .*", b"", data) for key, data in found.items()}

    (article,) = articles(again).values()
    assert b"swordfish" not in article
    assert without_wording(again) == without_wording(simulation.store)
