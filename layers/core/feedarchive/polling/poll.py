"""One poll of one feed: fetch, read, archive, and what to remember for the next time."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import datetime

from feedarchive.archive.document import Seen, Tally, archive_document
from feedarchive.archive.once import Archiver
from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.values import without_credentials
from feedarchive.polling.fetch import Fetched, Fetcher, FetchFailed, NotModified
from feedarchive.polling.state import FeedState
from feedarchive.reading.model import Request, TooHard
from feedarchive.reading.readers import Readers
from feedarchive.report import FeedReport, Problem
from feedarchive.store.interface import StoreError

_log = logging.getLogger(__name__)


def poll_feed(
    feed: Feed, state: FeedState, fetcher: Fetcher, readers: Readers, archiver: Archiver, now: datetime
) -> tuple[FeedReport, FeedState]:
    """Poll a feed. The state that is returned is safe to save: all of the document is dealt with.

    A feed that is down is a report; a store that fails raises StoreError.
    """
    state = replace(state, tried=now)
    try:
        return _poll(feed, state, fetcher, readers, archiver)
    except StoreError:
        raise
    except Exception as bug:  # noqa: BLE001 - a bad feed never stops its run, whatever is bad in it
        _log.debug("%s: this program failed on it", feed.id, exc_info=True)
        return _failed(feed, state, "bug", f"this program failed on it, please report it: {bug!r:.200}")


def _poll(
    feed: Feed, state: FeedState, fetcher: Fetcher, readers: Readers, archiver: Archiver
) -> tuple[FeedReport, FeedState]:
    answer = fetcher.fetch(feed, state.etag, state.last_modified)
    if isinstance(answer, FetchFailed):
        return _failed(feed, state, answer.kind, answer.detail)
    if isinstance(answer, NotModified):
        etag, last_modified = answer.etag or state.etag, answer.last_modified or state.last_modified
        return FeedReport(feed.id, "unchanged"), _succeeded(replace(state, etag=etag, last_modified=last_modified))
    return _read(feed, answer, state, readers, archiver)


def _read(
    feed: Feed, answer: Fetched, state: FeedState, readers: Readers, archiver: Archiver
) -> tuple[FeedReport, FeedState]:
    fresh = replace(
        state,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=_hash(answer),
        moved_to=without_credentials(answer.url) if answer.moved else "",
    )
    if fresh.body_hash == state.body_hash and not answer.incomplete:
        return FeedReport(feed.id, "unchanged"), _succeeded(fresh)
    reading = readers.read(Request(answer.body, answer.url, answer.content_type, feed, frozenset(state.known)))
    if isinstance(reading, NotAFeed):
        return _failed(feed, state, "not-a-feed", f"the server sent {reading.reason}")
    if isinstance(reading, TooHard):
        return _failed(feed, state, "too-hard", reading.reason)
    if answer.incomplete:
        reading = replace(reading, damage=(answer.incomplete, *reading.damage), intact=False)
    tally = archive_document(reading, feed, Seen(state.known, state.wordings), archiver)
    if tally.unsettled or answer.incomplete:
        fresh = replace(fresh, etag="", last_modified="", body_hash="")
    if _is_gap(state, tally):
        tally.name("gap", "no entry of the last poll is left: some may have come and gone unseen; poll it more often")
    report = FeedReport(
        feed.id, "polled", tally.new, tally.known, tally.revised, tally.rejected, problems=tuple(tally.problems)
    )
    gap = state.tried if _is_gap(state, tally) else state.gap
    return report, _succeeded(replace(fresh, known=tally.marks, wordings=tally.wordings, noisy=tally.noisy, gap=gap))


def _is_gap(state: FeedState, tally: Tally) -> bool:
    """Nothing the poll before showed is shown now, though it showed something and something is shown."""
    return bool(state.wordings and tally.wordings) and not tally.wordings.keys() & state.wordings.keys()


def _hash(answer: Fetched) -> str:
    return hashlib.sha256(answer.content_type.encode("utf-8", "replace") + b"\n" + answer.body).hexdigest()[:32]


def _succeeded(state: FeedState) -> FeedState:
    return replace(state, succeeded=state.tried, failing_since=None, error_kind="", error="", gone=None)


def _failed(feed: Feed, state: FeedState, kind: str, detail: str) -> tuple[FeedReport, FeedState]:
    failing = replace(
        state,
        failing_since=state.failing_since or state.tried,
        error_kind=kind,
        error=detail,
        gone=(state.gone or state.tried) if kind == "gone" else None,
    )
    return FeedReport(feed.id, "failed", problems=(Problem(feed.id, kind, detail),)), failing
