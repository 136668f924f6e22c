"""``feedarchive fetch``: poll once."""

from __future__ import annotations

import argparse
import json
import sys

from feedarchive.archive.open_archive import open_archive
from feedarchive.cli.external_feeds import read_external_feeds
from feedarchive.cli.interrupt import interruptible
from feedarchive.cli.log_display import Display, LogDisplay
from feedarchive.clock import now
from feedarchive.feeds.starter import starter_feeds
from feedarchive.multiprocess import start_run
from feedarchive.parsing.pool import cpu_count
from feedarchive.polling.shards import shards_of
from feedarchive.run import WORKERS, Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.location import open_store


def fetch(arguments: argparse.Namespace) -> int:
    """Poll once. Returns 0, or 1 if every feed failed; errors of the store and of the feeds file are raised."""
    store = open_store(arguments.archive, connections=WORKERS)
    archive = open_archive(store, "" if arguments.feeds else starter_feeds(), *read_external_feeds(arguments.feeds))
    display = _display(sys.stdout.isatty() and not arguments.json)
    feeds = archive.feeds.feeds
    if archive.created:
        display.created(store.location, len(feeds))
    run = Run(
        store, archive, now, arguments.all, on_feed_done=display.feed_done, on_feeds_not_due=display.feeds_not_due
    )
    with interruptible("interrupted; waiting up to a minute for the feeds that are being polled"):
        wait_for_report = start_run(run, shards_of(feeds), cpu_count() if isinstance(store, FolderStore) else 1)
        with display.progress(len(feeds)):
            report = wait_for_report()
    if arguments.json:
        print(json.dumps(report.as_json()))  # escaped to ASCII, so that any encoding of stdout will do
    else:
        display.finished(report)
    return 1 if report.every_feed_failed() else 0


def _display(on_terminal: bool) -> Display:
    if not on_terminal:
        return LogDisplay()
    # Importing rich takes longer than polling a hundred unchanged feeds.
    from feedarchive.cli.terminal_display import TerminalDisplay

    return TerminalDisplay()
