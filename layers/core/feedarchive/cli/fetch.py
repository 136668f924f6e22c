"""``feedarchive fetch``."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feedarchive.archive.open_archive import FEEDS_FILE, NotAnArchive, open_archive, require_archive
from feedarchive.cli.interrupt import interruptible
from feedarchive.cli.log_display import Display, LogDisplay
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.multiprocess import begin
from feedarchive.parsing.pool import cpu_count
from feedarchive.polling.shards import shards_of
from feedarchive.report import RunReport
from feedarchive.run import WORKERS, Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import InvalidLocation, open_store


def fetch(arguments: argparse.Namespace) -> int:
    """Poll once and report. 0, or 1 when every feed failed; store and feeds file errors are raised."""
    store = open_store(arguments.archive, connections=WORKERS)
    if not arguments.feeds:
        _require_feeds(store)
    archive = open_archive(store, "", *read_external_feeds(arguments.feeds))
    display = _display(sys.stdout.isatty() and not arguments.json)
    shards = shards_of(archive.feeds.feeds)
    if archive.created:
        display.created(store.location, len(archive.feeds.feeds))
    if arguments.only:
        from feedarchive.subscriptions.named_feeds import named_feeds, only_feeds

        shards = only_feeds(shards, named_feeds(store, archive.feeds.feeds, arguments.only))
        archive = replace(archive, external_feeds=True)  # the state of the other feeds stays
    elif not shards:
        print("feedarchive: there are no feeds yet: feedarchive add URL subscribes to one", file=sys.stderr)
        if arguments.json:
            print(json.dumps(RunReport(0).as_json()))
        return 0
    run = Run(
        store, archive, now, arguments.all or bool(arguments.only), each=display.feed_done, not_due=display.not_due
    )
    with interruptible("interrupted; feeds that are being polled are waited for, a minute or so at the most"):
        end = begin(run, shards, cpu_count() if isinstance(store, FolderStore) else 1)
        with display.progress(sum(map(len, shards.values()))):
            report = end()
    if arguments.json:
        print(json.dumps(report.as_json()))  # in ASCII: whatever the encoding of stdout, it is JSON
    else:
        display.finished(report)
    return 1 if report.every_feed_failed() else 0


def _require_feeds(store: Store) -> None:
    """Refuse a place that is not an archive and has no feeds file to make one of. Raises InvalidLocation."""
    if store.read(FEEDS_FILE) is None:
        try:
            require_archive(store)
        except NotAnArchive as error:
            raise InvalidLocation(str(error)) from None


def _display(on_terminal: bool) -> Display:
    if not on_terminal:
        return LogDisplay()
    # What draws on a terminal takes longer to import than a poll of a hundred feeds without news takes.
    from feedarchive.cli.terminal_display import TerminalDisplay

    return TerminalDisplay()


def now() -> datetime:
    """The real clock, in whole seconds: the archive knows none finer."""
    return datetime.now(UTC).replace(microsecond=0)


def read_external_feeds(feeds_file: str | None) -> tuple[str | None, str]:
    """The text of the file that is given with ``--feeds``, None without one, and its name.

    An OPML file becomes a feeds file. Raises InvalidFeedsFile, InvalidOpml.
    """
    if feeds_file is None:
        return None, ""
    try:
        data = Path(feeds_file).read_bytes()
        # Imported here: a run from cron starts without it.
        from feedarchive.subscriptions.feeds_of_opml import feeds_file_of_opml
        from feedarchive.subscriptions.opml import looks_like_xml

        if looks_like_xml(data):
            return feeds_file_of_opml(data, feeds_file), feeds_file
        return data.decode("utf-8-sig"), feeds_file
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "expected UTF-8 text"
        raise InvalidFeedsFile(f"{feeds_file}: {reason}") from None
