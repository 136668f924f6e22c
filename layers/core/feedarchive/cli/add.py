"""``feedarchive add``: subscribe to the feed of a URL."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence

from feedarchive.archive.stored_feeds import FEEDS_FILE
from feedarchive.cli.found_feeds import ChoiceNeeded, choose, describe
from feedarchive.cli.polite_fetching import clear_line, feed_finder, feeds_if_any
from feedarchive.feeds.feed import Feed, FullText
from feedarchive.store.interface import Store
from feedarchive.store.location import InvalidLocation, open_store
from feedarchive.subscriptions.discovery import Discovery, Finder, FoundFeed
from feedarchive.subscriptions.feed_list import (
    AlreadySubscribed,
    IdTaken,
    KnownFeeds,
    WantedFeed,
    known_feeds,
    read_feeds,
    subscribe,
)
from feedarchive.subscriptions.feed_urls import InvalidUrl, urls_to_try
from feedarchive.subscriptions.feeds_file_editor import NewFeed
from feedarchive.subscriptions.new_archive import created_message, ensure_archive
from feedarchive.text import one_line
from feedarchive.url_secrets import public_url
from feedarchive.urls import host_of, without_credentials

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SPACE = re.compile(r"[\x00-\x20\x7f\\]")
_ADDED, _NOT_ADDED, _USAGE_ERROR = 0, 1, 2


def add(arguments: argparse.Namespace) -> int:
    """Subscribe to the feed of each URL.

    Returns 0 if a feed was added for every URL. Otherwise returns the highest of these numbers:

    - 1: no feed was found or chosen, or the archive is subscribed to the feed already.
    - 2: a URL is not valid, or it leads to several feeds and there is no terminal on which the user can choose.
    """
    if len(arguments.urls) > 1 and (arguments.id or arguments.title):
        raise InvalidLocation(
            "--id and --title are for one feed, but there are several URLs: run feedarchive add once for each"
        )
    if arguments.id and not _ID.fullmatch(arguments.id):
        raise InvalidLocation("--id: expected at most 100 characters: letters, digits, dots, hyphens and underscores")
    store = open_store(arguments.archive)
    settings = feeds_if_any(store)
    moved_to = known_feeds(store, settings.feeds).moved_to
    status = _ADDED
    with feed_finder(settings) as finder:
        for url in arguments.urls:
            # Read feeds.toml again for each URL: an earlier URL of this command may have added the same feed.
            known = KnownFeeds(feeds_if_any(store).feeds, moved_to)
            status = max(status, _add(url, arguments, store, known, finder))
    return status


def _add(written: str, arguments: argparse.Namespace, store: Store, known: KnownFeeds, finder: Finder) -> int:
    try:
        if found := known.at(urls_to_try(written)):
            return _refuse(written, found)
        discovery = finder.find(written)
        clear_line()
        if discovery.problem:
            return _fail(discovery.problem, _NOT_ADDED)
        subscribed = [found.id if (found := known.at(each.urls)) else "" for each in discovery.feeds]
        chosen = choose(discovery, finder, subscribed, arguments.yes)
        clear_line()
    except (InvalidUrl, ChoiceNeeded) as error:
        clear_line()
        return _fail(str(error), _USAGE_ERROR)
    if not chosen:
        return _fail("no feed was chosen", _NOT_ADDED)
    return max([_subscribe(each, discovery, arguments, store, known, finder) for each in chosen])


def _subscribe(
    found: FoundFeed,
    discovery: Discovery,
    arguments: argparse.Namespace,
    store: Store,
    known: KnownFeeds,
    finder: Finder,
) -> int:
    if subscribed := known.at(found.urls):
        return _refuse(found.url, subscribed)
    found = finder.with_changes(found)
    clear_line()
    describe(found)
    home_page = without_credentials(found.home_page) or discovery.page
    feed = NewFeed(
        url=found.url,
        id=arguments.id,
        title=one_line(arguments.title or found.title),
        home_page=home_page if host_of(home_page) and not _SPACE.search(home_page) else "",
        tags=tuple(dict.fromkeys(one_line(tag) for tag in arguments.tag)),
    )
    if archive := ensure_archive(store):
        print(created_message(store.location, archive.time_zone.key))
    try:
        (outcome,) = subscribe(store, [WantedFeed(feed, found.urls[1])], known.moved_to)
    except IdTaken as error:
        return _fail(str(error), _NOT_ADDED)
    if isinstance(outcome, AlreadySubscribed):
        return _refuse(found.url, outcome.feed)
    print(f"added to {store.location}/{FEEDS_FILE} as {outcome.feed.id}; run feedarchive fetch to archive it")
    if found.summary.has_teasers_only and not _keeps_full_texts(read_feeds(store).feeds, outcome.feed.id):
        print(
            "its entries are short: to archive the texts of their web pages too, add full_text = true to the feed in "
            "feeds.toml"
        )
    return _ADDED


def _keeps_full_texts(feeds: Sequence[Feed], feed_id: str) -> bool:
    return any(feed.id == feed_id and feed.full_text is not FullText.OFF for feed in feeds)


def _refuse(written: str, feed: Feed) -> int:
    title = f' ("{one_line(feed.title)}")' if feed.title else ""
    where = feed.public_url
    at = "" if where == public_url(written) else f", at {where}"
    return _fail(f"already subscribed to {public_url(written)} as {feed.id}{title}{at}", _NOT_ADDED)


def _fail(problem: str, status: int) -> int:
    print(f"feedarchive: {one_line(problem)}", file=sys.stderr)
    return status
