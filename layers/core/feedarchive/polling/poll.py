"""One poll of one feed: fetch, read, archive, and what to remember for the next time."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import datetime

from feedarchive.archive.archive_document import PreviousPoll, archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.model import LimitExceeded, ParseRequest, bug_report
from feedarchive.parsing.pool import ParserPool
from feedarchive.polling.feed_state import NEVER, FeedState, address_of
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.permanent_redirects import after_failure, after_feed_at, after_other_document
from feedarchive.polling.results import Fetched, FetchFailed, NotModified
from feedarchive.polling.schedule import after_document, after_no_news
from feedarchive.report import FeedReport, Problem
from feedarchive.store.interface import StoreError
from feedarchive.urls import without_credentials

_log = logging.getLogger(__name__)


def poll_feed(
    feed: Feed, state: FeedState, fetcher: Fetcher, readers: ParserPool, archiver: Archiver, now: datetime
) -> tuple[FeedReport, FeedState]:
    """Poll a feed. The state that is returned is safe to save: all of the document is dealt with.

    A feed that is down is a report; a store that fails raises StoreError.
    """
    state = replace(_with_rules_of(feed, state), tried=now, url=without_credentials(feed.url))
    try:
        report, state = _poll(feed, state, fetcher, readers, archiver)
        return replace(report, title=feed.title or state.title), state
    except StoreError:
        raise
    except Exception as bug:  # noqa: BLE001 - a bad feed never stops its run, whatever is bad in it
        _log.debug("%s: this program failed on it", feed.id, exc_info=True)
        return _failed(feed, state, FetchFailed("bug", bug_report(bug)))


def _with_rules_of(feed: Feed, state: FeedState) -> FeedState:
    """With other rules than before, what was kept out is looked at again before it is gone from the feed."""
    if state.rules == feed.rules:
        return state
    archived = {mark: article_id for mark, article_id in state.known.items() if article_id}
    return replace(state, rules=feed.rules, known=archived, etag="", last_modified="", body_hash="")


def _poll(
    feed: Feed, state: FeedState, fetcher: Fetcher, readers: ParserPool, archiver: Archiver
) -> tuple[FeedReport, FeedState]:
    answer = fetcher.fetch(feed, state.etag, state.last_modified, at=address_of(feed, state))
    if isinstance(answer, FetchFailed):
        return _failed(feed, state, answer)
    state = replace(state, fresh_for=answer.fresh_for)
    if isinstance(answer, NotModified):
        etag, last_modified = answer.etag or state.etag, answer.last_modified or state.last_modified
        state = replace(state, etag=etag, last_modified=last_modified)
        return _unchanged(feed, after_feed_at(feed, state, answer.url, answer.moved, state.tried))
    report, state = _read(feed, answer, state, readers, archiver)
    return replace(report, bytes=len(answer.body)), state


def _read(
    feed: Feed, answer: Fetched, state: FeedState, readers: ParserPool, archiver: Archiver
) -> tuple[FeedReport, FeedState]:
    fresh = replace(state, etag=answer.etag, last_modified=answer.last_modified, body_hash=_hash(answer))
    if fresh.body_hash == state.body_hash and not answer.incomplete:
        return _unchanged(feed, after_feed_at(feed, fresh, answer.url, answer.moved, state.tried))
    known = frozenset(state.known)
    reading = readers.read(ParseRequest(answer.body, answer.url, answer.content_type, feed, known, state.seals))
    if isinstance(reading, NotAFeed):
        state = after_other_document(state, answer.url)
        return _failed(feed, state, FetchFailed("not-a-feed", f"the server sent {reading.reason}", 200))
    if isinstance(reading, LimitExceeded):
        return _failed(feed, state, FetchFailed("too-hard", reading.reason, 200))
    if answer.incomplete:
        reading = replace(reading, damage=(answer.incomplete, *reading.damage), intact=False)
    tally = archive_document(reading, feed, PreviousPoll(state.known, state.wordings), archiver)
    if tally.unsettled or answer.incomplete:
        fresh = replace(fresh, etag="", last_modified="", body_hash="")
    fresh = after_feed_at(feed, fresh, answer.url, answer.moved, state.tried)
    damage = "" if reading.intact else "; ".join(reading.damage)
    fresh = after_document(fresh, tally.wordings.keys())
    fresh = replace(fresh, every=reading.update_interval, noisy=tally.noisy, damage=damage, title=reading.title)
    if fresh.gap == state.tried:
        tally.name("gap", "no entry of the last poll is left: some may have come and gone unseen")
    report = FeedReport(
        feed.id, "polled", tally.new, tally.known, tally.revised, tally.rejected, problems=tuple(tally.problems)
    )
    return report, _succeeded(replace(fresh, known=tally.marks, wordings=tally.wordings, seals=reading.seals))


def _hash(answer: Fetched) -> str:
    return hashlib.sha256(answer.content_type.encode("utf-8", "replace") + b"\n" + answer.body).hexdigest()[:32]


def _unchanged(feed: Feed, state: FeedState) -> tuple[FeedReport, FeedState]:
    return FeedReport(feed.id, "unchanged"), _succeeded(after_no_news(state))


def _succeeded(state: FeedState) -> FeedState:
    return replace(
        state, succeeded=state.tried, newcomer=state.succeeded == NEVER, failing_since=None, failures=0,
        error_kind="", error_status=0, error="", retry_after=None, gone=None,
    )  # fmt: skip


def _failed(feed: Feed, state: FeedState, answer: FetchFailed) -> tuple[FeedReport, FeedState]:
    failing = replace(
        state,
        failing_since=state.failing_since or state.tried,
        failures=state.failures + 1,
        error_kind=answer.kind,
        error_status=answer.status,
        error=answer.detail,
        retry_after=answer.retry_after,
        fresh_for=None,
        gone=(state.gone or state.tried) if answer.kind == "gone" else None,
    )
    report = FeedReport(feed.id, "failed", problems=(Problem(feed.id, answer.kind, answer.detail),))
    return report, after_failure(failing, state.tried)
