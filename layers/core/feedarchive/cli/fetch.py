"""``feedarchive fetch``: poll once."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from feedarchive.archive.manifest import NotAnArchive, require_time_zone
from feedarchive.archive.open_archive import open_archive
from feedarchive.archive.stored_feeds import FEEDS_FILE
from feedarchive.cli.external_feeds import read_external_feeds
from feedarchive.cli.interrupt import interruptible
from feedarchive.cli.log_display import Display, LogDisplay
from feedarchive.clock import now
from feedarchive.multiprocess import start_run
from feedarchive.parsing.pool import cpu_count
from feedarchive.polling.shards import shards_of
from feedarchive.report import RunReport
from feedarchive.run import WORKERS, Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import InvalidLocation, open_store


def fetch(arguments: argparse.Namespace) -> int:
    """Poll once. Returns 0, or 1 if every feed failed; errors of the store and of the feeds file are raised."""
    store = open_store(arguments.archive, connections=WORKERS)
    if not arguments.feeds:
        _require_feeds(store)
    archive = open_archive(store, "", *read_external_feeds(arguments.feeds))
    display = _display(sys.stdout.isatty() and not arguments.json and not arguments.quiet)
    shards = shards_of(archive.feeds.feeds)
    if archive.created:
        display.created(store.location, len(archive.feeds.feeds))
    if arguments.only:
        # Imported here because most cron jobs do not need it.
        from feedarchive.subscriptions.named_feeds import named_feeds, only_feeds

        shards = only_feeds(shards, named_feeds(store, archive.feeds.feeds, arguments.only))
        archive = replace(archive, external_feeds=True)  # keeps the state of the other feeds
    elif not shards:
        if not arguments.quiet:
            print("feedarchive: there are no feeds yet: run feedarchive add URL to subscribe to one", file=sys.stderr)
        if arguments.json:
            print(json.dumps(RunReport(0).as_json()))
        return 0
    poll_all = arguments.all or bool(arguments.only)
    run = Run(store, archive, now, poll_all, on_feed_done=display.feed_done, on_feeds_not_due=display.feeds_not_due)
    with interruptible("interrupted; waiting up to a minute for the feeds that are being polled"):
        wait_for_report = start_run(run, shards, cpu_count() if isinstance(store, FolderStore) else 1)
        with display.progress(sum(map(len, shards.values()))):
            report = wait_for_report()
    if arguments.json:
        print(json.dumps(report.as_json()))  # escaped to ASCII, so that any encoding of stdout will do
    else:
        display.finished(report)
    return 1 if report.every_feed_failed() else 0


def _require_feeds(store: Store) -> None:
    """Raise InvalidLocation if there is neither an archive nor a feeds file for a new one."""
    if store.read(FEEDS_FILE) is None:
        try:
            require_time_zone(store)
        except NotAnArchive as error:
            raise InvalidLocation(str(error)) from None


def _display(on_terminal: bool) -> Display:
    if not on_terminal:
        return LogDisplay()
    # Importing rich takes longer than polling a hundred unchanged feeds.
    from feedarchive.cli.terminal_display import TerminalDisplay

    return TerminalDisplay()
