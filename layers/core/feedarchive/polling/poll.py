"""One poll of one feed: fetch, read, archive, and what to remember for the next time."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from feedarchive.archive.document import archive_document
from feedarchive.archive.once import Archiver
from feedarchive.document.model import NotAFeed
from feedarchive.document.parse import parse_document
from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetch import Fetched, Fetcher, FetchFailed, NotModified
from feedarchive.polling.state import FeedState
from feedarchive.report import FeedReport, Problem


def poll_feed(
    feed: Feed, state: FeedState, fetcher: Fetcher, archiver: Archiver, now: datetime
) -> tuple[FeedReport, FeedState]:
    """Poll a feed. The state that is returned is safe to save: all of the document is dealt with.

    A feed that is down is a report; a store that fails raises StoreError.
    """
    answer = fetcher.fetch(feed.url, state.etag, state.last_modified, feed.headers)
    state = replace(state, tried=now)
    if isinstance(answer, FetchFailed):
        return _failed(feed, answer.kind, answer.detail), state
    if isinstance(answer, NotModified):
        return FeedReport(feed.id, "unchanged"), replace(
            state, etag=answer.etag or state.etag, last_modified=answer.last_modified or state.last_modified
        )
    return _read(feed, answer, state, archiver)


def _read(feed: Feed, answer: Fetched, state: FeedState, archiver: Archiver) -> tuple[FeedReport, FeedState]:
    fresh = replace(state, etag=answer.etag, last_modified=answer.last_modified, body_hash=_hash(answer))
    if fresh.body_hash == state.body_hash:
        return FeedReport(feed.id, "unchanged"), fresh
    document = parse_document(answer.body, answer.url, answer.content_type)
    if isinstance(document, NotAFeed):
        return _failed(feed, "not-a-feed", f"the server sent {document.reason}"), state
    if answer.incomplete:
        document = replace(document, damage=(answer.incomplete, *document.damage))
    tally = archive_document(document, feed, answer.url, state.known, archiver)
    report = FeedReport(
        feed.id, "polled", new=tally.new, known=tally.known, rejected=tally.rejected, problems=tuple(tally.problems)
    )
    return report, replace(fresh, known=tally.marks)


def _hash(answer: Fetched) -> str:
    return hashlib.sha256(answer.content_type.encode("utf-8", "replace") + b"\n" + answer.body).hexdigest()[:32]


def _failed(feed: Feed, kind: str, detail: str) -> FeedReport:
    return FeedReport(feed.id, "failed", problems=(Problem(feed.id, kind, detail),))
