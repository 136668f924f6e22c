"""``feedarchive fetch``."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from feedarchive.archive.open import OpenArchive, open_archive
from feedarchive.cli.display import LogDisplay, TerminalDisplay
from feedarchive.feeds.starter import starter_feeds
from feedarchive.feeds.values import WrongFeedsFile
from feedarchive.run import WORKERS, Run
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store


def fetch(arguments: argparse.Namespace) -> int:
    """Poll once and report. 0, or 1 when every feed failed; store and feeds file errors are raised."""
    store = open_store(arguments.archive, connections=WORKERS)
    archive = _open(store, arguments.feeds)
    on_terminal = sys.stdout.isatty() and not arguments.json
    display = TerminalDisplay() if on_terminal else LogDisplay()
    if archive.created:
        display.created(store.location, len(archive.feeds.feeds))
    run = Run(store, archive, now, poll_all=arguments.all, each=display.feed_done)
    plan = run.plan()
    with display.progress(sum(len(shard_run.due) for shard_run in plan)):
        report = run.go(plan)
    if arguments.json:
        print(json.dumps(report.as_json()))  # in ASCII: whatever the encoding of stdout, it is JSON
    else:
        display.finished(report)
    return 1 if report.every_feed_failed() else 0


def now() -> datetime:
    """The real clock, in whole seconds: the archive knows none finer."""
    return datetime.now(UTC).replace(microsecond=0)


def _open(store: Store, feeds_file: str | None) -> OpenArchive:
    if feeds_file is None:
        return open_archive(store, starter_feeds())
    try:
        text = Path(feeds_file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "expected UTF-8 text"
        raise WrongFeedsFile(f"{feeds_file}: {reason}") from None
    return open_archive(store, "", text, feeds_file)
