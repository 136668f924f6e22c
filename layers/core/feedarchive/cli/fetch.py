"""``feedarchive fetch``: poll each feed that is due."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from feedarchive.archive.clock_check import require_time_after, require_time_after_release
from feedarchive.archive.manifest import NotAnArchive, require_time_zone
from feedarchive.archive.open_archive import OpenArchive, open_archive
from feedarchive.archive.stored_feeds import FEEDS_FILE
from feedarchive.cli.external_feeds import read_external_feeds
from feedarchive.cli.interrupt import interruptible
from feedarchive.cli.log_display import Display, LogDisplay
from feedarchive.clock import now
from feedarchive.concurrency import cpu_count
from feedarchive.digest.indexed_dates import indexed_dates
from feedarchive.feeds.feed import Feed
from feedarchive.multiprocess import start_run
from feedarchive.polling.document_source import KeepDocument
from feedarchive.polling.follow_up import FollowUp
from feedarchive.polling.shards import shards_of
from feedarchive.report import RunReport
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import InvalidLocation, open_store

_S3_CONNECTIONS = 64  # one for each thread that fetches pages


def fetch(arguments: argparse.Namespace) -> int:
    """Poll each feed that is due, and fetch the pages and pictures of new articles.

    Returns 0; 1 if every feed failed; 2 if ``--force`` is given without ``--only``. Errors of the store and mistakes in
    the feeds file raise exceptions.
    """
    if arguments.force and not arguments.only:
        print("feedarchive: --force needs --only, which names the feeds to poll without waiting", file=sys.stderr)
        return 2
    require_time_after_release(now())
    store = open_store(arguments.archive, connections=_S3_CONNECTIONS)
    if not arguments.feeds:
        _require_feeds(store)
    archive = open_archive(store, "", *read_external_feeds(arguments.feeds))
    if not arguments.trust_clock:
        _require_time_after_indexed_days(store, archive.time_zone)
    display = _display(sys.stdout.isatty() and not arguments.json and not arguments.quiet)
    shards = shards_of(archive.feeds.feeds)
    if archive.created:
        display.created(store.location, len(archive.feeds.feeds))
    if arguments.only:
        # Imported here because importing is slow, and most runs do not use --only.
        from feedarchive.subscriptions.named_feeds import named_feeds, only_feeds

        shards = only_feeds(shards, named_feeds(store, archive.feeds.feeds, arguments.only))
        # external_feeds=True keeps the stored states of the feeds that --only does not name.
        archive = replace(archive, external_feeds=True)
    elif not shards:
        if not arguments.quiet:
            print("feedarchive: there are no feeds yet: run feedarchive add URL to subscribe to one", file=sys.stderr)
        if arguments.json:
            print(json.dumps(RunReport(0).as_json()))
        return 0
    if arguments.force:
        _print_waits(store, [feed for feeds in shards.values() for feed in feeds])
    run = Run(
        store, archive, now,
        poll_all=arguments.all or bool(arguments.only),
        force=arguments.force,
        check_clock=not arguments.trust_clock,
        on_feed_done=display.feed_done,
        on_feeds_not_due=display.feeds_not_due,
        follow_up=_note_jobs(archive),
        keep_document=_document_keeper(store, archive.feeds.feeds),
    )  # fmt: skip
    processes = cpu_count() if isinstance(store, FolderStore) else 1
    with (
        interruptible("interrupted; waiting up to a minute for the feeds that are being polled"),
        start_run(run, shards, processes) as wait_for_report,
        display.progress(sum(map(len, shards.values()))),
    ):
        report = wait_for_report()
    if not arguments.json:
        display.finished(report)
    more = _fetch_more(store, archive, [feed for feeds in shards.values() for feed in feeds], arguments)
    if arguments.json:
        print(json.dumps({**report.as_json(), **more}))
    return 1 if report.every_feed_failed() else 0


def _note_jobs(archive: OpenArchive) -> FollowUp | None:
    if not any(feed.fetches_more for feed in archive.feeds.feeds):
        return None
    # Imported here because importing is slow, and most archives fetch no full texts or pictures.
    from feedarchive.completion.stored_jobs import NoteJobs

    return NoteJobs(now)


def _fetch_more(
    store: Store, archive: OpenArchive, feeds: list[Feed], arguments: argparse.Namespace
) -> dict[str, object]:
    """Fetch full texts and pictures for all feeds whose settings ask for them.

    Returns the additional fields of the JSON report; {} if there are none.
    """
    if not any(feed.fetches_more for feed in feeds):
        return {}
    # Imported here because importing is slow, and most archives fetch no full texts or pictures.
    from feedarchive.cli.complete_articles import print_report, run_jobs

    polled = replace(archive, feeds=replace(archive.feeds, feeds=tuple(feeds)))
    on_terminal = sys.stdout.isatty() and not arguments.json and not arguments.quiet
    report = run_jobs(store, polled, on_terminal, polled_until=now())
    if arguments.json:
        return {"completed": report.as_json()}
    print_report(report, feeds)
    return {}


def _document_keeper(store: Store, feeds: Sequence[Feed]) -> KeepDocument | None:
    """Returns the function that stores feed documents; None if no feed keeps its documents."""
    if not any(feed.keep_documents for feed in feeds):
        return None
    # Imported here because importing is slow, and most archives keep no documents.
    from feedarchive.documents.keep import document_keeper

    return document_keeper(store)


def _require_time_after_indexed_days(store: Store, time_zone: ZoneInfo) -> None:
    """Raise WrongClock if the clock is more than a day before the newest day of the index."""
    midnights = [datetime.combine(day, time(), time_zone) for day in indexed_dates(store)]
    require_time_after(midnights, now(), store.location)


def _print_waits(store: Store, feeds: Sequence[Feed]) -> None:
    """Print which feeds ``--force`` polls early, and why they would wait otherwise."""
    # Imported here because importing is slow, and most runs do not use --force.
    from feedarchive.health.load_states import load_states
    from feedarchive.polling.retry_after import rate_limited_until
    from feedarchive.polling.schedule import PollReason, next_poll

    moment, states = now(), load_states(store, feeds)
    for feed in feeds:
        known = states[feed.id]
        limit = rate_limited_until(known.state, known.host, moment)
        due = next_poll(feed, known.state, known.host)
        if limit or due.at > moment:
            is_host_limited = known.host is not None and known.host.until > moment
            reason = PollReason.HOST if is_host_limited else due.reason
            until = f"{max(limit or due.at, due.at):%Y-%m-%d %H:%M} UTC"
            print(f"feedarchive: {feed.id}: polled now instead of at {until}: {reason.meaning}", file=sys.stderr)


def _require_feeds(store: Store) -> None:
    """Raise InvalidLocation if there is neither an archive nor a feeds.toml from which to create one."""
    if store.read(FEEDS_FILE) is None:
        try:
            require_time_zone(store)
        except NotAnArchive as error:
            raise InvalidLocation(str(error)) from None


def _display(on_terminal: bool) -> Display:
    if not on_terminal:
        return LogDisplay()
    # Imported here because importing rich is slow.
    from feedarchive.cli.terminal_display import TerminalDisplay

    return TerminalDisplay()
