"""``feedarchive import --check``: fetch every added feed, and report those that cannot be archived."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from feedarchive.cli.interrupt import interruptible
from feedarchive.concurrency import run_concurrently
from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.model import LimitExceeded
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.results import Fetched, FetchFailed
from feedarchive.subscriptions.feeds_file_editor import NewFeed
from feedarchive.text import count_of, one_line
from feedarchive.urls import host_of

_HOSTS_AT_ONCE = 32


def check_feeds(added: Sequence[NewFeed], settings: FeedList) -> int:
    """Fetch the feeds, and print which of them cannot be archived.

    Up to 32 hosts get requests at the same time. The feeds of one host are fetched one after another.

    Returns the exit status, which is always 0: feeds that fail stay subscribed, so the import has succeeded.
    """
    hosts: defaultdict[str, list[NewFeed]] = defaultdict(list)
    for feed in added:
        hosts[host_of(feed.url)].append(feed)
    problems: dict[str, str] = {}
    console = Console(stderr=True)
    progress = Progress(
        TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    # Create the pool before the threads start. Otherwise each thread could create a pool of its own.
    shared_parser_pool()
    fetcher = Fetcher(settings.contact, settings.allow_private_addresses, settings.proxy)
    with closing(fetcher), progress, interruptible("interrupted; the subscriptions stay"):
        task = progress.add_task("checking", total=len(added))

        def record(result: tuple[NewFeed, str]) -> None:
            progress.advance(task)
            if result[1]:
                problems[result[0].id] = result[1]

        tasks = [partial(_check_host, fetcher, feeds) for feeds in hosts.values()]
        run_concurrently(tasks, len(added), _HOSTS_AT_ONCE, record)
    for feed in added:
        if feed.id in problems:
            print(f"{feed.id}: {one_line(problems[feed.id])}", file=sys.stderr)
    good = len(added) - len(problems)
    print(f"checked {count_of(len(added), 'feed')}: {good:,} can be archived, {len(problems):,} failed")
    return 0


def _check_host(fetcher: Fetcher, feeds: Sequence[NewFeed]) -> Iterator[tuple[NewFeed, str]]:
    for new in feeds:
        yield new, _problem(fetcher, Feed(new.url, new.id))


def _problem(fetcher: Fetcher, feed: Feed) -> str:
    """Returns why a feed cannot be archived now; "" if it can be archived."""
    answer = fetcher.fetch(feed)
    if isinstance(answer, FetchFailed):
        return answer.detail
    if not isinstance(answer, Fetched):
        return "the server sent no document"
    document = shared_parser_pool().parse(answer.parse_request(feed))
    if isinstance(document, NotAFeed):
        return f"the server sent {document.reason}"
    return document.reason if isinstance(document, LimitExceeded) else ""
