"""Poll one feed: fetch its document, parse it, archive its entries, and compute the new state of the feed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime

from feedarchive.archive.archive_document import archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.archive.document_result import DocumentResult, PreviousPoll, SeenArticle
from feedarchive.article.choose_text import TEXT_RULES
from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.known_entry import pack_entries, unpack_entries
from feedarchive.parsing.model import LimitExceeded, bug_report
from feedarchive.parsing.pool import ParserPool
from feedarchive.polling.document_source import DocumentSource, KeepDocument
from feedarchive.polling.feed_state import NEVER, FeedState, url_to_poll
from feedarchive.polling.full_polls import (
    after_not_modified,
    is_verification_due,
    validators_to_send,
    without_doubtful_validators,
)
from feedarchive.polling.gone_feeds import gone_since_after
from feedarchive.polling.moved_together import FindSubscription, in_no_other_shard, other_owner
from feedarchive.polling.permanent_redirects import after_failure, after_feed_at, after_other_document
from feedarchive.polling.repeated_errors import error_name, is_repeated
from feedarchive.polling.results import Fetched, FetchFailed, NotModified, with_advertised_feeds
from feedarchive.polling.schedule import after_document, after_no_new_entry
from feedarchive.problems import FeedError, FeedWarning
from feedarchive.report import FeedOutcome, FeedReport, Problem
from feedarchive.store.interface import StoreError
from feedarchive.url_secrets import hide_secrets, public_url, secret_parts

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PollTools:
    """What all polls of a run share.

    - ``fetcher``: gets the documents.
    - ``parsers``: parses the documents in other processes.
    - ``archiver``: writes the articles into the archive.
    - ``owners``: the only feed that is polled at each URL (moved_together.py).
    - ``on_seen``: is called with the articles of each parsed document, in the thread of the poll.
    - ``keep_document``: stores the documents of feeds with ``keep_documents``, before they are parsed.
    - ``find_subscription``: finds a feed by its subscribed URL (moved_together.py).
    """

    fetcher: DocumentSource
    parsers: ParserPool
    archiver: Archiver
    owners: MutableMapping[str, str]
    on_seen: Callable[[Feed, Collection[SeenArticle]], None] = lambda feed, seen: None
    keep_document: KeepDocument | None = None
    find_subscription: FindSubscription = in_no_other_shard


def poll_feed(feed: Feed, state: FeedState, tools: PollTools, now: datetime) -> tuple[FeedReport, FeedState]:
    """Poll a feed and archive its entries. Returns the report and the new state of the feed.

    Errors of the feed and of its entries are in the report. Raises StoreError if the store fails.
    """
    state = replace(_with_current_rules(feed, state), last_poll=now, url=feed.public_url)
    try:
        report, state = _poll(feed, state, tools)
        return replace(report, title=feed.title or state.title), state
    except StoreError:
        raise
    except Exception as bug:  # noqa: BLE001 - a feed must never stop the run, even by a bug in this program
        _log.debug("%s: failed because of a bug in this program", feed.id, exc_info=True)
        return _failed(
            feed, state, FetchFailed(FeedError.BUG, hide_secrets(bug_report(bug), secret_parts(feed.url, feed.url)))
        )


def _with_current_rules(feed: Feed, state: FeedState) -> FeedState:
    """If rules have changed since the last poll, reset the state so that this poll looks again at old entries.

    - New rules in feeds.toml: the poll looks again at the entries that the old rules excluded.
    - New TEXT_RULES: the poll looks again at all entries, to update their wordings (fingerprints of title and text).
    """
    if state.text_rules != TEXT_RULES:
        state = replace(state, text_rules=TEXT_RULES, etag="", last_modified="", body_hash="", xml_hashes={})
    if state.rules_hash == feed.rules_hash:
        return state
    archived = {entry_hash: article_id for entry_hash, article_id in state.known_entries.items() if article_id}
    return replace(state, rules_hash=feed.rules_hash, known_entries=archived, etag="", last_modified="", body_hash="")


def _poll(feed: Feed, state: FeedState, tools: PollTools) -> tuple[FeedReport, FeedState]:
    verify = is_verification_due(state, state.last_poll)
    start = url_to_poll(feed, state)
    result = tools.fetcher.fetch(feed, validators_to_send(state), start, verify)
    if isinstance(result, FetchFailed):
        return _failed(feed, state, result)
    state = replace(state, fresh_for=result.fresh_for)
    has_moved = result.moved_permanently or start != feed.url
    if has_moved and (other := other_owner(feed, result.url, tools.owners, tools.find_subscription)):
        return _same_feed(feed, state, result.url, other)
    state = replace(state, same_as="")
    if isinstance(result, NotModified):
        etag, last_modified = result.etag or state.etag, result.last_modified or state.last_modified
        state = after_not_modified(replace(state, etag=etag, last_modified=last_modified), state.last_poll)
        return _unchanged(feed, after_feed_at(feed, state, result.url, result.moved_permanently, state.last_poll))
    report, state = _parse_and_archive(feed, result, state, tools)
    return replace(report, bytes=len(result.body)), state


def _same_feed(feed: Feed, state: FeedState, url: str, other: str) -> tuple[FeedReport, FeedState]:
    """Return the report and the new state of a feed that redirects to ``url``.

    ``other``: the id of another subscribed feed, which has this URL already.
    """
    moved = replace(
        state, same_as=other, redirect_url=public_url(url), redirect_since=state.redirect_since or state.last_poll,
        new_url="", etag="", last_modified="", body_hash="", unmodified_since=None,
    )  # fmt: skip
    report, moved = _unchanged(feed, moved)
    detail = (
        f"it has moved to {moved.redirect_url}, which is already subscribed as {other}: only {other} is polled; "
        f"run feedarchive remove {feed.id}"
    )
    is_told = state.same_as == other
    return replace(report, problems=() if is_told else (Problem(feed.id, FeedWarning.SAME_FEED, detail),)), moved


def _parse_and_archive(feed: Feed, fetched: Fetched, old: FeedState, tools: PollTools) -> tuple[FeedReport, FeedState]:
    source = "" if fetched.url == public_url(url_to_poll(feed, old)) else fetched.url
    new = replace(
        old,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        validators_url=source if fetched.etag or fetched.last_modified else "",
        body_hash=_hash(fetched),
        unmodified_since=None,
    )
    if new.body_hash == old.body_hash:
        return _unchanged(feed, after_feed_at(feed, new, fetched.url, fetched.moved_permanently, old.last_poll))
    # Store the document before its articles. If the process dies in between, the next poll does both again.
    if tools.keep_document and feed.keep_documents:
        tools.keep_document(feed, fetched, tools.archiver.clock(), _last_success(old))
    known = frozenset(old.known_entries)
    parsed = tools.parsers.parse(fetched.parse_request(feed, known, unpack_entries(old.xml_hashes)))
    if isinstance(parsed, NotAFeed):
        error = FetchFailed(
            FeedError.NOT_A_FEED, f"the server sent {parsed.reason}", 200, advertised_feeds=parsed.advertised_feeds
        )
        return _failed(feed, after_other_document(old, fetched.url), error)
    if isinstance(parsed, LimitExceeded):
        return _failed(feed, old, FetchFailed(FeedError.TOO_HARD, parsed.reason, 200))
    # If the document is intact, nothing is missing: the server sent a wrong Content-Length.
    incomplete = "" if parsed.intact else fetched.incomplete
    if incomplete:
        parsed = replace(parsed, damage=(incomplete, *parsed.damage))
    archived = archive_document(parsed, feed, _previous_poll(old), tools.archiver)
    tools.on_seen(feed, archived.seen.values())
    if fetched.after_not_modified and archived.new:
        new = replace(new, untrue_304=old.last_poll)
    if archived.unfinished or incomplete:
        new = replace(new, etag="", last_modified="", body_hash="")
    new = after_feed_at(feed, new, fetched.url, fetched.moved_permanently, old.last_poll)
    new = after_document(new, archived.wordings.keys())
    if new.last_gap == old.last_poll:
        archived.add_problem(FeedWarning.GAP, FeedWarning.GAP.meaning)
    new = replace(
        new,
        update_interval=parsed.update_interval,
        noisy=archived.noisy,
        changes=archived.changes,
        held_back=archived.held_back,
        damage="" if parsed.intact else "; ".join(parsed.damage),
        title=parsed.title,
        known_entries=archived.known_entries,
        wordings=archived.wordings,
        xml_hashes=pack_entries(parsed.entries_by_xml),
    )
    return _polled(feed, archived), _succeeded(new)


def _previous_poll(state: FeedState) -> PreviousPoll:
    return PreviousPoll(
        state.known_entries,
        state.wordings,
        state.held_back,
        state.noisy,
        state.changes,
        _last_success(state),
    )


def _last_success(state: FeedState) -> datetime | None:
    return state.last_success if state.last_success != NEVER else None


def _polled(feed: Feed, archived: DocumentResult) -> FeedReport:
    return FeedReport(
        feed.id,
        FeedOutcome.POLLED,
        archived.new,
        archived.known,
        archived.revised,
        archived.rejected,
        tuple(archived.problems),
    )


def _hash(fetched: Fetched) -> str:
    return hashlib.sha256(fetched.content_type.encode("utf-8", "replace") + b"\n" + fetched.body).hexdigest()[:32]


def _unchanged(feed: Feed, state: FeedState) -> tuple[FeedReport, FeedState]:
    return FeedReport(feed.id, FeedOutcome.UNCHANGED), _succeeded(after_no_new_entry(state))


def _succeeded(state: FeedState) -> FeedState:
    return replace(
        state, last_success=state.last_poll, polled_once=state.last_success == NEVER, failing_since=None, failures=0,
        error_kind=None, error_status=0, error="", advertised_feeds=(), retry_after=None, gone_since=None,
    )  # fmt: skip


def _failed(feed: Feed, state: FeedState, error: FetchFailed) -> tuple[FeedReport, FeedState]:
    failing = replace(
        state,
        failing_since=state.failing_since or state.last_poll,
        failures=state.failures + 1,
        error_kind=error.kind,
        error_status=error.status,
        error=error.detail,
        advertised_feeds=error.advertised_feeds,
        retry_after=error.retry_after,
        fresh_for=None,
        gone_since=gone_since_after(state, error.kind),
    )
    failing = without_doubtful_validators(failing)
    message = with_advertised_feeds(error.detail, error.advertised_feeds)
    repeated = is_repeated(state, error)
    if not repeated:
        failing = replace(failing, reported_error=error_name(error), reported_at=state.last_poll)
    report = FeedReport(feed.id, FeedOutcome.FAILED, problems=(Problem(feed.id, error.kind, message, repeated),))
    return report, after_failure(failing, state.last_poll)
