"""``feedarchive import``: subscribe to the feeds of an OPML file."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from feedarchive.archive.stored_feeds import FEEDS_FILE
from feedarchive.cli.polite_fetching import feeds_if_any
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from feedarchive.subscriptions.errors import InvalidOpml
from feedarchive.subscriptions.feed_list import Added, AlreadySubscribed, WantedFeed, known_feeds, subscribe
from feedarchive.subscriptions.feeds_file_editor import NewFeed
from feedarchive.subscriptions.new_archive import created_message, ensure_archive
from feedarchive.subscriptions.opml import MAX_OPML_BYTES, parse_opml
from feedarchive.subscriptions.opml_outlines import OpmlFeed
from feedarchive.text import count_of, one_line
from feedarchive.url_secrets import public_url

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def import_opml(arguments: argparse.Namespace) -> int:
    """Add the feeds of an OPML file. If the file is not OPML, raises InvalidOpml before anything is changed."""
    name = "stdin" if arguments.file == "-" else arguments.file
    opml = parse_opml(read_opml(arguments.file), name, arguments.tag_folders)
    store = open_store(arguments.archive)
    settings = feeds_if_any(store)
    known = known_feeds(store, settings.feeds)
    outcomes = _subscribe(store, [_wanted(feed) for feed in opml.feeds], known.moved_to)
    added = [outcome.feed for outcome in outcomes if isinstance(outcome, Added)]
    for problem in opml.problems:
        print(f"feedarchive: {name}: line {problem.line}: {one_line(problem.detail)}", file=sys.stderr)
    for feed, outcome in zip(opml.feeds, outcomes, strict=True):
        if isinstance(outcome, AlreadySubscribed) and outcome.feed.url != feed.url:
            print(f"line {feed.line}: {_other_spelling(feed, outcome)}")
    print(_summary(name, f"{store.location}/{FEEDS_FILE}", len(opml.feeds), len(added)))
    return _check(added, settings) if arguments.check and added else 0


def read_opml(file: str) -> bytes:
    """Read an OPML file, or stdin for "-". Raises InvalidOpml if it cannot be read.

    At most one byte more than the limit is read, so that ``parse_opml`` can report a file that is too large.
    """
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_OPML_BYTES + 1)
        with Path(file).open("rb") as opened:
            return opened.read(MAX_OPML_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise InvalidOpml(f"{file}: {reason}") from None


def _subscribe(
    store: Store, wanted: Sequence[WantedFeed], moved_to: Mapping[str, str]
) -> list[Added | AlreadySubscribed]:
    if not wanted:
        return []
    if archive := ensure_archive(store):
        print(created_message(store.location, archive.time_zone.key))
    return subscribe(store, wanted, moved_to)


def _wanted(feed: OpmlFeed) -> WantedFeed:
    wanted_id = feed.id if _ID.fullmatch(feed.id) else ""
    new = NewFeed(url=feed.url, id=wanted_id, title=feed.title, home_page=feed.home_page, tags=feed.tags)
    return WantedFeed(new, insists_on_id=False)


def _other_spelling(feed: OpmlFeed, outcome: AlreadySubscribed) -> str:
    subscribed = f"{outcome.feed.id}, at {outcome.feed.public_url}"
    return f"already subscribed to {one_line(public_url(feed.url))} as {subscribed}"


def _summary(name: str, target: str, feeds: int, added: int) -> str:
    if feeds == added:
        return f"{name}: {count_of(added, 'feed')} added to {target}"
    return f"{name}: {added:,} of {count_of(feeds, 'feed')} added to {target}; {feeds - added:,} already subscribed"


def _check(added: Sequence[NewFeed], settings: FeedList) -> int:
    from feedarchive.cli.import_check import check_feeds

    return check_feeds(added, settings)
