"""``feedarchive status``."""

from __future__ import annotations

import argparse
import json
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedarchive.archive.open import open_for_reading
from feedarchive.cli.display import counted
from feedarchive.cli.fetch import now
from feedarchive.document.characters import one_line
from feedarchive.health.feed_health import FeedHealth
from feedarchive.health.status import STATUS, all_health, as_json, read_new_by_day, states_of
from feedarchive.store.interface import Presence
from feedarchive.store.location import open_store

_WRONG_FEEDS_FILE = (
    "feedarchive fetch polls nothing until that is mended; on AWS, the schedule goes on with the last good feeds.toml."
)
# Without a terminal: wide enough for the words, so that a log holds whole lines.
_LOG_WIDTH = 200
_WIDE = 120  # columns: room for words beside a table


def status(arguments: argparse.Namespace) -> int:
    """The health of every feed, those that need a person first."""
    store = open_store(arguments.archive)
    archive = open_for_reading(store)
    feeds = archive.feeds.feeds
    health = all_health(feeds, states_of(store, feeds), read_new_by_day(store), now())
    if arguments.json:
        print(json.dumps({"feeds_file": archive.problem, "feeds": [as_json(each) for each in health]}))
    else:
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=_LOG_WIDTH)
        beside = console.width >= _WIDE
        console.print(_table(health, beside))
        if not beside:
            _print_below(console, health)
        console.print(Text(_summary(health)))
        if store.presence(STATUS) is Presence.ABSENT:
            console.print("New articles are counted when digests are built: feedarchive digest does that.")
        if archive.problem:
            console.print(Text(f"{archive.problem}\n{_WRONG_FEEDS_FILE}"))
    return 0


def _table(health: list[FeedHealth], with_words: bool) -> Table:
    table = Table(box=None, pad_edge=False)
    for name, justify in (("feed", "left"), ("health", "left"), ("last success", "left"), ("new, 30 days", "right")):
        table.add_column(name, justify=justify, no_wrap=True, max_width=40)  # type: ignore[arg-type]
    if with_words:
        table.add_column("what to know", overflow="fold")
    for each in health:
        words = [_words(each)] if with_words else []
        table.add_row(Text(each.feed), each.word, _time(each.last_success), str(each.new_in_30_days), *words)
    return table


def _print_below(console: Console, health: list[FeedHealth]) -> None:
    """What to know of each feed, where there is no room for it beside the rest."""
    for each in health:
        if words := _words(each):
            console.print(Text.assemble("\n", each.feed, ": ", words))
    console.print()


def _words(health: FeedHealth) -> Text:
    since = f" (since {_time(health.failing_since)})" if health.failing_since else ""
    words = "; ".join(part for part in (health.problem + since if health.problem else "", health.advice) if part)
    return Text(one_line(words))  # not markup: a server's own words are in it


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"


def _summary(health: list[FeedHealth]) -> str:
    failing, people = sum(bool(h.failing_since) for h in health), sum(h.needs_a_person for h in health)
    if len(health) > 1 and failing == len(health):
        return f"all {failing} feeds are failing: look at this machine's own connection first; times are UTC"
    return f"{counted(len(health), 'feed')}, {failing} failing, {people} in need of a person; times are UTC"
