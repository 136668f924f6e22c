"""``feedarchive preview``: show what would be archived from a feed."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feedarchive.archive.manifest import is_archive
from feedarchive.archive.open_archive import open_for_reading
from feedarchive.cli.found_feeds import ChoiceNeeded, choose
from feedarchive.cli.polite_fetching import clear_line, feed_finder, feeds_if_any
from feedarchive.clock import now
from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.model import LimitExceeded, ParsedDocument
from feedarchive.polling.results import Fetched, FetchFailed
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from feedarchive.subscriptions.discovery import Finder
from feedarchive.subscriptions.feed_ids import readable_id
from feedarchive.subscriptions.feed_list import known_feeds
from feedarchive.subscriptions.feed_lookup import NoSuchFeed, find_feed
from feedarchive.subscriptions.feed_summary import summarize, summary_line
from feedarchive.subscriptions.feed_titles import feed_titles
from feedarchive.subscriptions.feed_urls import InvalidUrl
from feedarchive.subscriptions.new_archive import machine_time_zone
from feedarchive.subscriptions.preview import EntryPreview, preview_entries
from feedarchive.text import count_of, one_line

_FAILURE, _USAGE_ERROR = 1, 2


class NothingToPreview(Exception):
    """There is no feed or entry to show. The message is one line; ``status`` is the exit status."""

    def __init__(self, problem: str, status: int = _FAILURE) -> None:
        super().__init__(problem)
        self.status = status


@dataclass(frozen=True)
class _Preview:
    feed: Feed
    document: ParsedDocument
    entries: list[EntryPreview]


def preview(arguments: argparse.Namespace) -> int:
    """Fetch a feed once and print its entries, or with ``--entry`` one of them. Nothing is stored."""
    store = open_store(arguments.archive)
    try:
        shown = _preview(arguments.feed, store)
        if arguments.entry is None:
            _print_list(shown)
            return 0
        if not shown.entries:
            raise NothingToPreview(f"{shown.feed.public_url}: the feed document has no entries")
        if not 1 <= arguments.entry <= len(shown.entries):
            raise NothingToPreview(f"--entry {arguments.entry}: expected 1 to {len(shown.entries)}", _USAGE_ERROR)
    except NothingToPreview as problem:
        print(f"feedarchive: {one_line(str(problem))}", file=sys.stderr)
        return problem.status
    entry = shown.entries[arguments.entry - 1]
    print(entry.key)
    print(entry.file, end="")
    return 0


def _preview(name: str, store: Store) -> _Preview:
    settings = feeds_if_any(store)
    zone = open_for_reading(store).time_zone if is_archive(store) else ZoneInfo(machine_time_zone())
    with feed_finder(settings) as finder:
        try:
            feed = find_feed(name, settings.feeds, feed_titles(store, settings.feeds))
        except NoSuchFeed:
            feed, response = _discover(name, store, settings.feeds, finder)
        else:
            fetched = finder.fetcher.fetch(feed)
            if not isinstance(fetched, Fetched):
                detail = fetched.detail if isinstance(fetched, FetchFailed) else "the server sent no document"
                raise NothingToPreview(f"{feed.public_url}: {detail}")
            response = fetched
        document = finder.parsers.parse(response.parse_request(feed))
    clear_line()
    if isinstance(document, NotAFeed | LimitExceeded):
        raise NothingToPreview(f"{feed.public_url}: the server sent {document.reason}")
    return _Preview(feed, document, preview_entries(document, zone, now()))


def _discover(name: str, store: Store, feeds: tuple[Feed, ...], finder: Finder) -> tuple[Feed, Fetched]:
    """Returns the feed at a URL, and the response with its document. Raises NothingToPreview.

    If no feed with this URL is subscribed, the feed is the one that ``feedarchive add`` would add.
    """
    try:
        discovery = finder.find(name)
        clear_line()
        if discovery.problem:
            raise NothingToPreview(discovery.problem)
        known = known_feeds(store, feeds)
        as_subscribed = [known.at(each.urls) for each in discovery.feeds]
        chosen = choose(discovery, finder, [feed.id if feed else "" for feed in as_subscribed], take_first=False)
    except (InvalidUrl, ChoiceNeeded) as error:
        raise NothingToPreview(str(error), _USAGE_ERROR) from None
    if not chosen:
        raise NothingToPreview("no feed was chosen")
    found = chosen[0]
    subscribed = known.at(found.urls)
    new = Feed(found.url, readable_id(found.url, found.title, [feed.id for feed in feeds]), found.title)
    return subscribed or new, found.response


def _print_list(shown: _Preview) -> None:
    document = shown.document
    print(f"{one_line(document.title) or 'without a title'}\n  {shown.feed.public_url}")
    summary = summarize(document, now())
    print(f"  {summary_line(summary)}")
    for risk in summary.risks:
        print(f"  warning: {risk}")
    for damage in document.damage:
        print(f"  damaged: {one_line(damage)}")
    if shown.entries:
        print(f"\n{count_of(len(shown.entries), 'article')} would be archived, unless the archive has them already:")
    for number, entry in enumerate(shown.entries, 1):
        date = f"{entry.published:%Y-%m-%d}" if entry.published else "no date   "
        print(f"{number:4}  {date}  {one_line(entry.title) or '(no title)'}\n      {entry.key}")
    if document.rejected:
        print(f"\n{count_of(len(document.rejected), 'entry')} would not be archived:")
    for rejected in document.rejected:
        print(f"      {one_line(rejected.label)}: {one_line(rejected.reason)}")
    if shown.entries:
        print("\n--entry N shows the complete file of article N. Nothing was stored.")
