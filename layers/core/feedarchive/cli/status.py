"""``feedarchive status``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from feedarchive.archive.open_archive import OpenArchive, open_for_reading
from feedarchive.cli.fetch import now, read_external_feeds
from feedarchive.cli.table import Column, Row, print_table
from feedarchive.health.feed_health import FeedHealth
from feedarchive.health.status_json import STATUS, all_health, as_json, load_states, read_new_by_day
from feedarchive.polling.transport_errors import OFFLINE_ERRORS
from feedarchive.store.interface import Presence, Store
from feedarchive.store.location import open_store
from feedarchive.text import count_of

_COLUMNS = (
    Column("feed"), Column("health"), Column("last success"), Column("new, 30 days", "right"), Column("what to know"),
)  # fmt: skip
# Without a terminal: wide enough for the words, so that a log holds whole lines.
_LOG_WIDTH = 200


def status(arguments: argparse.Namespace) -> int:
    """The health of every feed, those that need a person first."""
    store = open_store(arguments.archive)
    archive = open_for_reading(store, *read_external_feeds(arguments.feeds))
    feeds = archive.feeds.feeds
    health = all_health(feeds, load_states(store, feeds), read_new_by_day(store), now())
    if arguments.json:
        print(json.dumps({"feeds_file": archive.problem, "feeds": [as_json(each) for each in health]}))
        return 0
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_LOG_WIDTH)
    are_counted = store.presence(STATUS) is not Presence.ABSENT
    print_table(console, _COLUMNS, [_row(each, are_counted) for each in health])
    for line in _closing(store, archive, health, are_counted):
        console.print(Text(line))
    return 0


def _row(health: FeedHealth, are_counted: bool) -> Row:
    since = f" (since {_time(health.failing_since)})" if health.failing_since else ""
    words = "; ".join(part for part in (health.problem + since if health.problem else "", health.advice) if part)
    new = str(health.new_in_30_days) if are_counted else "–"
    return Row((health.title or health.feed, health.word, _time(health.last_success), new), words)


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


def _closing(store: Store, archive: OpenArchive, health: Sequence[FeedHealth], are_counted: bool) -> list[str]:
    failing, people = [h for h in health if h.failing_since], sum(h.needs_a_person for h in health)
    for_long = f", {people} of them for three days or for good" if people else ""
    lines = [f"{count_of(len(health), 'feed')}, {len(failing)} failing{for_long}; times are UTC"]
    if failing == list(health) and health and {h.error_kind for h in health} <= OFFLINE_ERRORS:
        lines.append("no server was reached: is this machine online?")
    if not are_counted:
        lines.append("New articles are counted when digests are built: feedarchive digest does that.")
    if archive.problem:
        goes_on = "; on AWS, the schedule goes on with the last good feeds.toml" if store.location[:3] == "s3:" else ""
        lines += [archive.problem, f"feedarchive fetch polls nothing until that is mended{goes_on}."]
    return lines
