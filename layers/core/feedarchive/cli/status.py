"""``feedarchive status``: the health of every feed."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from feedarchive.archive.open_archive import OpenArchive, open_for_reading
from feedarchive.cli.external_feeds import read_external_feeds
from feedarchive.cli.table import LOG_WIDTH, Column, Row, print_table
from feedarchive.clock import now
from feedarchive.digest.index import indexed_days
from feedarchive.documents.usage import usage
from feedarchive.health.feed_health import FeedHealth, Health
from feedarchive.health.load_states import all_health, load_states
from feedarchive.health.status_json import STATUS, as_json, read_status
from feedarchive.media.storage import MediaStorage, media_storage
from feedarchive.polling.transport_errors import OFFLINE_ERRORS
from feedarchive.stamps.last_error import last_error
from feedarchive.store.interface import Presence, Store
from feedarchive.store.location import open_store
from feedarchive.text import bytes_of, count_of

if TYPE_CHECKING:
    from feedarchive.completion.job_counts import JobCounts

_COLUMNS = (
    Column("feed"), Column("health"), Column("last success"), Column("new, 30 days", "right"), Column("problem"),
)  # fmt: skip
# The kinds of health that the line below the table counts, in addition to failing feeds.
_COUNTED = (Health.MOVED, Health.GAP, Health.UNTRUE_304, Health.NOISY, Health.DAMAGED, Health.QUIET)
_UNUSUAL_DAYS = 3


def status(arguments: argparse.Namespace) -> int:
    """Print the health of every feed. Returns 0, or 1 if something needs the attention of a person."""
    store = open_store(arguments.archive)
    archive = open_for_reading(store, *read_external_feeds(arguments.feeds))
    feeds = archive.feeds.feeds
    last = read_status(store)
    health = all_health(feeds, load_states(store, feeds), last.new_by_day, now())
    needs_a_person = bool(archive.feeds_file_error or last.damage or any(each.needs_a_person for each in health))
    jobs, media = _job_counts(store, archive), _media(store, archive.time_zone)
    if arguments.json:
        report = {
            "needs_a_person": needs_a_person,
            "feeds_file": archive.feeds_file_error,
            "damage": [{**each.as_json(), "advice": each.advice} for each in last.damage],
            "documents": vars(usage(store)),
            "feeds": [as_json(each) for each in health],
        }
        if media.files:
            report["media"] = {"files": media.files, "bytes": media.bytes, "bytes_a_month": media.monthly}
        if jobs is not None:
            report["full_texts_and_media"] = [each.as_json() for each in jobs]
        print(json.dumps(report))
        return 1 if needs_a_person else 0
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=LOG_WIDTH)
    counted = store.presence(STATUS) is not Presence.ABSENT
    print_table(console, _COLUMNS, [_row(each, counted) for each in health])
    for line in _closing_lines(store, archive, health, counted, media):
        console.print(Text(line))
    for each in jobs or ():
        console.print(Text("; ".join(part for part in (f"{each.feed}: {each.line}", each.advice) if part)))
    if archive.feeds.timestamp and (failed := last_error(store)):
        console.print(Text(failed))
    for damaged in last.damage:
        console.print(Text(damaged.line))
    return 1 if needs_a_person else 0


def _job_counts(store: Store, archive: OpenArchive) -> list[JobCounts] | None:
    """Returns how many jobs each feed has; None if no feed asks for full texts or pictures."""
    wanted = [feed.id for feed in archive.feeds.feeds if feed.fetches_more]
    if not wanted:
        return None
    # Imported here because importing is slow, and most archives fetch no full texts or pictures.
    from feedarchive.completion.job_counts import count_jobs
    from feedarchive.completion.stored_jobs import read_jobs

    return count_jobs(read_jobs(store).values(), wanted)


def _row(health: FeedHealth, counted: bool) -> Row:
    since = f" (since {_time(health.failing_since)})" if health.failing_since else ""
    text = "; ".join(part for part in (health.problem + since if health.problem else "", health.advice) if part)
    new = str(health.new_in_30_days) if counted else "–"
    return Row((health.title or health.feed, health.health, _time(health.last_success), new), text)


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


def _days_without_articles(store: Store, zone: ZoneInfo) -> int:
    """Returns the number of days since the last article in a digest; 0 if fewer than three days, which is normal."""
    today = now().astimezone(zone).date()
    newest = max((day for day in indexed_days(store, zone.key) if day <= today), default=today)
    days = (today - newest).days
    return days if days >= _UNUSUAL_DAYS else 0


def _media(store: Store, zone: ZoneInfo) -> MediaStorage:
    """Returns how much storage pictures and enclosures need. Today is left out, because it is not complete yet."""
    today = now().astimezone(zone).date()
    return media_storage(store, (day for day in indexed_days(store, zone.key) if day < today))


def _media_lines(archive: OpenArchive, media: MediaStorage) -> list[str]:
    if media.files:
        pace = f"; about {bytes_of(media.monthly)} a month if every day is like {media.of}" if media.monthly else ""
        return [f"pictures and enclosures: {count_of(media.files, 'file')}, {bytes_of(media.bytes)}{pace}"]
    if any(feed.images or feed.enclosures for feed in archive.feeds.feeds):
        return ["pictures and enclosures: none stored yet; to count them, run feedarchive complete --dry-run"]
    return []


def _closing_lines(
    store: Store, archive: OpenArchive, health: Sequence[FeedHealth], counted: bool, media: MediaStorage
) -> list[str]:
    failing, attention = [h for h in health if h.failing_since], sum(h.needs_a_person for h in health)
    for_long = f" ({attention} of them for three days or longer, or gone for good)" if attention else ""
    others = Counter(h.health for h in health if h.health in _COUNTED)
    counts = "".join(f", {others[kind]} {kind}" for kind in _COUNTED if others[kind])
    lines = [f"{count_of(len(health), 'feed')}, {len(failing)} failing{for_long}{counts}; times are UTC"]
    if days := _days_without_articles(store, archive.time_zone):
        lines.append(f"no article was archived for {days} days")
    if failing == list(health) and health and {h.error_kind for h in health} <= OFFLINE_ERRORS:
        lines.append("no server could be reached: is this machine online?")
    if documents := usage(store):
        lines.append(f"feed documents: {count_of(documents.files, 'file')}, {bytes_of(documents.bytes)}")
    lines += _media_lines(archive, media)
    if not counted:
        lines.append("new articles are not counted yet, because no digest was built: run feedarchive digest")
    if archive.feeds_file_error:
        on_aws = "; on AWS, scheduled runs use the last good feeds.toml" if store.location[:3] == "s3:" else ""
        lines += [archive.feeds_file_error, f"until this is fixed, feedarchive fetch polls no feed{on_aws}"]
    return lines
