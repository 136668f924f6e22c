"""The function complete_articles: a plan wakes it with a message, and it does the jobs that the workers stored."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.clock import now
from feedarchive.completion.lease import Lease
from feedarchive.completion.stored_jobs import read_jobs
from feedarchive.store.interface import Store, StoreError
from feedarchive.store.location import open_store
from tests.functions.conftest import Account, Context, imported, logged, metrics, put_feeds
from tests.harness.completing import article_page
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer
from tests.media.pictures import png

WAKES = {"Records": [{"body": "{}"}]}


@pytest.fixture
def feed(account: Account, server: FeedServer) -> str:
    """The URL of a feed whose two entries have pages on its server."""
    for number in (1, 2):
        server.serve(f"/{number}", article_page(number), "text/html; charset=utf-8")
    home = server.url("/")
    items = [Item(f"Story {number}", f"{home}{number}", f"g{number}", "A sentence.") for number in (1, 2)]
    return server.serve("/feed.xml", rss(*items, home=home))


@pytest.fixture
def noted(feed: str, account: Account, context: Context) -> Store:
    """The store, after a plan and a poll of the feed with full_text."""
    poll(account, context, f'[[feeds]]\nurl = "{feed}"\nfull_text = true\n')
    return open_store(f"s3://{account.bucket}")


@pytest.fixture
def complete(noted: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The handler of complete_articles. Two jobs are stored."""
    yield from not_waiting(monkeypatch)


def not_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The handler without the pauses between two requests to a host. tests/completion tests the pauses."""
    for handler in imported("complete_articles"):
        monkeypatch.setattr(importlib.import_module("complete"), "Waiting", lambda: lambda until: True)
        yield handler


def poll(account: Account, context: Context, feeds: str) -> None:
    """Plan with this feeds file, and poll the shard."""
    put_feeds(account, feeds)
    for handler in imported("fetch_feeds"):
        handler.handler({}, context)
        (message,) = account.messages(account.queue)
        handler.handler(account.event(message), context)


def full_texts(store: Store) -> list[str]:
    return [key for key in store.list("archive/") if companion_kind(key) is CompanionKind.FULL_TEXT]


def test_a_feed_without_the_options_wakes_nobody_and_notes_nothing(
    account: Account, context: Context, feed: str, server: FeedServer
) -> None:
    poll(account, context, f'[[feeds]]\nurl = "{feed}"\n')
    assert account.messages(account.completions) == []
    assert list(open_store(f"s3://{account.bucket}").list("state/jobs/")) == []


def test_a_plan_wakes_the_function_and_a_worker_requests_no_page(
    account: Account, noted: Store, server: FeedServer
) -> None:
    assert len(account.messages(account.completions)) == 1
    assert len(read_jobs(noted)["state/jobs/all.json"].jobs) == 2
    assert {request.path for request in server.requests} == {"/feed.xml"}


def test_the_full_text_of_each_article_is_stored_once(
    complete: ModuleType, noted: Store, context: Context, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    context.seconds_left = 900
    capsys.readouterr()
    result = complete.handler(WAKES, context)
    assert (result["page"]["stored"], result["left"], result["busy"]) == (2, 0, False)
    assert len(full_texts(noted)) == 2
    lines = logged(capsys)
    counted = metrics(lines)
    assert (counted["Pages"], counted["JobsFailed"], counted["JobsLeft"]) == (2, 0, 0)
    stored = [line for line in lines if line.get("message") == "stored"]
    assert len(stored) == 2
    assert all(line["feed"] and line["article"].endswith(".md") and line["run"] for line in stored)
    requested = len(server.requests)
    assert complete.handler({}, context)["page"]["stored"] == 0
    assert len(server.requests) == requested


def test_pictures_are_stored_by_the_same_function(
    account: Account, context: Context, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, home = server.serve("/harbor.png", png(60, 40), "image/png"), server.url("/")
    feed = server.serve("/feed.xml", rss(Item("Story", f"{home}1", "g1", f"Words. <img src='{picture}'>"), home=home))
    poll(account, context, f'[[feeds]]\nurl = "{feed}"\nimages = true\n')
    context.seconds_left = 900
    (result,) = [handler.handler(WAKES, context) for handler in not_waiting(monkeypatch)]
    assert result["media"]["stored"] == 1, result
    store = open_store(f"s3://{account.bucket}")
    (key,) = store.list("media/")
    stored = store.read(key)
    assert stored is not None
    assert stored.data == png(60, 40)


def test_what_is_left_at_the_deadline_is_done_by_the_next_run(
    complete: ModuleType, noted: Store, context: Context
) -> None:
    context.seconds_left = 100  # less than the reserve
    result = complete.handler(WAKES, context)
    assert (result["page"]["stored"], result["left"]) == (0, 2)
    context.seconds_left = 900
    assert complete.handler(WAKES, context)["page"]["stored"] == 2


def test_a_second_run_at_the_same_time_requests_nothing(
    complete: ModuleType, noted: Store, context: Context, server: FeedServer
) -> None:
    context.seconds_left = 900
    assert Lease(noted, now).take() is None
    before = len(server.requests)
    assert complete.handler(WAKES, context)["busy"] is True
    assert len(server.requests) == before


def test_a_failed_job_is_a_line_in_the_log_with_its_reason(
    complete: ModuleType, context: Context, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    context.seconds_left = 900
    server.serve("/2", b"%PDF-1.7", "application/pdf")
    capsys.readouterr()
    assert complete.handler(WAKES, context)["failed"] == {"not-html": 1}
    (line,) = [line for line in logged(capsys) if line.get("problem")]
    assert (line["level"], line["problem"], line["given_up"]) == ("WARNING", "not-html", True)


def test_without_an_archive_nothing_is_done(complete_articles: ModuleType, context: Context) -> None:
    assert complete_articles.handler({}, context)["left"] == 0


def test_a_failure_of_the_store_fails_the_run(
    complete: ModuleType, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.seconds_left = 900
    module: Any = importlib.import_module("complete")
    module.store.cache_clear()
    monkeypatch.setenv("BUCKET", "no-such-bucket")
    with pytest.raises(StoreError):
        complete.handler(WAKES, context)


def test_a_stack_without_the_function_says_once_which_parameter_is_missing(
    account: Account, context: Context, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPLETIONS_URL", "")
    for _ in range(2):
        poll(account, context, f'[[feeds]]\nurl = "{feed}"\nfull_text = "short"\n')
    (mail,) = account.announced(account.alarms)
    assert "WholeArticles=true" in mail["Message"]
    assert list(open_store(f"s3://{account.bucket}").list("state/jobs/")) == []


def test_the_message_says_which_plan_sent_it(account: Account, noted: Store, context: Context) -> None:
    (message,) = account.messages(account.completions)
    assert json.loads(message["Body"]) == {"run": context.aws_request_id}


def test_smoke_sees_that_a_page_can_be_extracted(complete: ModuleType, context: Context) -> None:
    result = complete.handler({"check": True}, context)
    assert result["jobs"] == 2
    assert result["extractor"].startswith("trafilatura ")
