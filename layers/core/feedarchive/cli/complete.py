"""``feedarchive complete``: fetch missing full texts and pictures of archived articles."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import chain, islice

from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.open_archive import open_for_reading
from feedarchive.cli.complete_articles import print_report, run_jobs
from feedarchive.clock import now
from feedarchive.completion.complete_articles import WORKERS
from feedarchive.completion.due_jobs import Extent
from feedarchive.completion.estimate import Estimate, estimate
from feedarchive.completion.find_missing import missing_jobs
from feedarchive.completion.job import JobKind
from feedarchive.completion.stored_jobs import read_jobs
from feedarchive.media.storage import PICTURE_BYTES
from feedarchive.store.location import open_store
from feedarchive.subscriptions.named_feeds import named_feeds
from feedarchive.text import bytes_of, count_of

_NO_LIMIT = timedelta(days=365)


def complete(arguments: argparse.Namespace) -> int:
    """Fetch the missing full texts and pictures of articles, for the feeds whose options ask for them.

    Returns 1 if no feed asks for them, if another process is fetching them, or if the library that reads pages is not
    installed; otherwise 0.
    """
    store = open_store(arguments.archive, connections=WORKERS)
    archive = open_for_reading(store)
    feeds = archive.feeds.feeds
    if arguments.feed:
        names = named_feeds(store, feeds, arguments.feed, "--feed")
        feeds = tuple(feed for feed in feeds if feed.id in names)
        archive = replace(archive, feeds=replace(archive.feeds, feeds=feeds), external_feeds=True)
    wanted = {feed.id: feed for feed in feeds if feed.fetches_more}
    if not wanted:
        which = "none of these feeds asks" if arguments.feed else "no feed asks"
        hint = "set full_text = true, images = true or enclosures = true in feeds.toml"
        print(f"feedarchive: {which} for full texts or pictures: {hint}", file=sys.stderr)
        return 1
    lists = read_jobs(store)
    missing = missing_jobs(store, wanted, lists.values(), arguments.since, now())
    if arguments.dry_run:
        waiting = (job for jobs in lists.values() for job in jobs.jobs.values())
        jobs = islice(chain(waiting, missing), arguments.limit)
        _print_estimate(estimate(ClaimProtocol(store, now), jobs, wanted), arguments.json)
        return 0
    on_terminal = sys.stdout.isatty() and not arguments.json and not arguments.quiet
    most_jobs = arguments.limit and arguments.limit * len(JobKind)
    extent = Extent(_NO_LIMIT, tuple(islice(missing, most_jobs)), arguments.limit)
    report = run_jobs(store, archive, on_terminal, extent=extent)
    if arguments.json:
        print(json.dumps(report.as_json()))
    else:
        print_report(report, feeds, log_if_nothing=not arguments.limit)
    return 1 if report.busy_until or report.problems else 0


def _print_estimate(found: Estimate, as_json: bool) -> None:
    if as_json:
        print(json.dumps({**vars(found), "picture_bytes": found.picture_bytes}))
        return
    counted = ((found.pages, "page"), (found.pictures, "picture"), (found.enclosures, "enclosure"))
    parts = [count_of(number, noun) for number, noun in counted if number]
    if not parts:
        print("nothing to fetch was found")
        return
    size = f"; about {bytes_of(found.picture_bytes)} at {bytes_of(PICTURE_BYTES)} a picture" if found.pictures else ""
    print(f"not fetched yet: {', '.join(parts)} of {count_of(found.articles, 'article')}{size}")
