"""Documents that are cut off or transferred in part: their entries are archived by a later poll."""

from __future__ import annotations

from feedarchive.feeds.feed import Feed
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import Shard
from feedarchive.store.folder import FolderStore
from tests.guarantees.conftest import NEWS
from tests.guarantees.test_runs import run
from tests.harness.clock import Clock
from tests.harness.feed_archiver import articles
from tests.harness.feed_documents import rss
from tests.harness.feed_server import FeedServer, Response


def test_the_last_entry_of_a_document_that_is_cut_off_is_archived_later(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    complete = rss(*NEWS)
    feed = Feed(server.serve("/f", complete[: complete.rindex(b"<guid")]), "f")
    report = run(folder_store, clock, feed)
    assert report.articles() == {"new": 4, "known": 0, "revised": 0, "rejected": 1}
    assert [p.kind for p in report.problems()] == ["damaged", "cut-off"]
    assert "News 4" in report.problems()[1].detail
    assert "ends before its root element closes" in load_state(folder_store, Shard("")).feeds["f"].damage
    server.serve("/f", complete)
    assert run(folder_store, clock, feed).articles()["new"] == 1
    assert load_state(folder_store, Shard("")).feeds["f"].damage == ""


def test_the_validators_of_an_incomplete_transfer_are_not_kept(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    complete = rss(*NEWS)
    headers = {"ETag": '"complete"', "Content-Length": str(len(complete))}
    server.responses["/f"] = Response(complete[:-200], headers=headers)
    feed = Feed(server.url("/f"), "f")
    report = run(folder_store, clock, feed)
    assert "the connection broke" in report.problems()[0].detail
    server.responses["/f"] = Response(complete, headers=headers)
    run(folder_store, clock, feed)
    assert "If-None-Match" not in server.requests[-1].headers
    assert len(articles(folder_store)) == 5


def test_a_document_that_is_cut_off_is_fetched_again(
    folder_store: FolderStore, clock: Clock, server: FeedServer
) -> None:
    """Without Content-Length a broken transfer shows only in the missing end of the document."""
    complete = rss(*NEWS)
    feed = Feed(server.serve("/f", complete[: complete.rindex(b"</item>")], ETag='"x"'), "f")
    run(folder_store, clock, feed)
    server.serve("/f", complete, ETag='"x"')
    assert run(folder_store, clock, feed).articles()["new"] == 1
