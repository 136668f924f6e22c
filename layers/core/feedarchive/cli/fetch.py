"""``feedarchive fetch``."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from feedarchive.archive.open_archive import open_archive
from feedarchive.cli.interrupt import interruptible
from feedarchive.cli.log_display import Display, LogDisplay
from feedarchive.feeds.starter import starter_feeds
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.multiprocess import begin
from feedarchive.parsing.pool import cpu_count
from feedarchive.polling.shards import shards_of
from feedarchive.run import WORKERS, Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.location import open_store


def fetch(arguments: argparse.Namespace) -> int:
    """Poll once and report. 0, or 1 when every feed failed; store and feeds file errors are raised."""
    store = open_store(arguments.archive, connections=WORKERS)
    archive = open_archive(store, "" if arguments.feeds else starter_feeds(), *read_external_feeds(arguments.feeds))
    display = _display(sys.stdout.isatty() and not arguments.json)
    feeds = archive.feeds.feeds
    if archive.created:
        display.created(store.location, len(feeds))
    run = Run(store, archive, now, arguments.all, each=display.feed_done, not_due=display.not_due)
    with interruptible("interrupted; feeds that are being polled are waited for, a minute or so at the most"):
        end = begin(run, shards_of(feeds), cpu_count() if isinstance(store, FolderStore) else 1)
        with display.progress(len(feeds)):
            report = end()
    if arguments.json:
        print(json.dumps(report.as_json()))  # in ASCII: whatever the encoding of stdout, it is JSON
    else:
        display.finished(report)
    return 1 if report.every_feed_failed() else 0


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
    """The text of the file that is given with ``--feeds``, None without one, and its name. Raises WrongFeedsFile."""
    if feeds_file is None:
        return None, ""
    try:
        return Path(feeds_file).read_text(encoding="utf-8-sig"), feeds_file
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "expected UTF-8 text"
        raise InvalidFeedsFile(f"{feeds_file}: {reason}") from None
