"""Secrets of feeds: not in the log, the queue, or the copy of feeds.toml."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from feedarchive.feeds.toml_values import InvalidFeedsFile
from tests.functions.conftest import Account, Context, logged, put_feeds, read
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer

SCHEDULED: dict[str, Any] = {}


def test_no_credentials_in_the_log(
    fetch_feeds: ModuleType, account: Account, context: Context, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.url("/feed.xml").replace("://", "://me:hunter2@")
    put_feeds(account, f'[[feeds]]\nurl = "{url}"\nheaders = {{ Authorization = "Bearer s3cret" }}\n')
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    fetch_feeds.handler(account.event(message), context)
    output = capsys.readouterr()
    assert "404" in output.out
    assert "hunter2" not in output.out + output.err
    assert "s3cret" not in output.out + output.err


def test_secrets_are_neither_queued_nor_copied(
    fetch_feeds: ModuleType, account: Account, context: Context, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("/plain", "/a?token=swordfish", "/b", "/c"):
        server.serve(path, rss(Item(path[:2], guid=path[:2]), home=f"https://example.org{path[:2]}"))
    urls = [server.url(path) for path in ("/plain", "/a?token=swordfish", "/b", "/c")]
    urls[2] = urls[2].replace("//", "//alice:swordfish@")
    tables = [f'[[feeds]]\nurl = "{url}"\n' for url in urls]
    put_feeds(account, "".join(tables) + 'headers = { X-Key = "swordfish" }\n')
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    assert "swordfish" not in message["Body"]
    assert "swordfish" not in read(account, "feeds.last-good.toml")
    assert fetch_feeds.handler(account.event(message), context) == {"batchItemFailures": []}
    requests = {request.path: request.headers for request in server.requests}
    assert requests.keys() == {"/plain", "/a?token=swordfish", "/b", "/c"}
    assert (requests["/b"]["Authorization"][:6], requests["/c"]["X-Key"]) == ("Basic ", "swordfish")
    assert "swordfish" not in capsys.readouterr().out


def test_with_an_invalid_feeds_file_feeds_without_secrets_are_polled(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, server: FeedServer,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    secret = f'[[feeds]]\nurl = "{server.url("/secret?token=swordfish")}"\n'
    put_feeds(account, f'[[feeds]]\nurl = "{feed}"\n{secret}')
    fetch_feeds.handler(SCHEDULED, context)
    account.messages(account.queue)
    put_feeds(account, f'[[feeds]]\nurl = "{feed}"\n{secret}mistake = 1\n')
    with pytest.raises(InvalidFeedsFile):
        fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    capsys.readouterr()
    fetch_feeds.handler(account.event(message), context)
    assert [request.path for request in server.requests] == ["/feed.xml"]
    (problem,) = [line for line in logged(capsys) if line.get("problem")]
    assert problem["problem"] == "secret"
    assert "*** instead of a secret" in problem["message"]
