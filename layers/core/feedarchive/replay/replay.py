"""Archive the stored feed documents again, with the present version of this program.

While a document is replayed, the clock shows the time at which this document was fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from feedarchive.archive.archiver import Archiver
from feedarchive.documents.read_records import StoredRecord
from feedarchive.documents.stored_documents import Location, StoredDocuments
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.pool import ParserPool
from feedarchive.polling.feed_state import FeedState, ShardState
from feedarchive.polling.poll import PollTools, poll_feed
from feedarchive.polling.results import Fetched, FetchResult
from feedarchive.polling.saved_state import save_state
from feedarchive.polling.shards import shards_of
from feedarchive.polling.validators import NO_VALIDATORS, Validators
from feedarchive.report import FeedOutcome, FeedReport
from feedarchive.store.interface import Store

_INCOMPLETE = "the connection broke"


@dataclass
class ReplayReport:
    """What a replay did.

    - ``documents``: the number of documents that were replayed.
    - ``new``, ``revised``: the numbers of new articles and new revisions.
    - ``first``, ``last``: the times of the first and the last document.
    - ``left_out``: the number of documents of each feed that is not in the feeds file, by feed id.
    - ``without_body``: the number of documents whose body is missing.
    - ``unreadable``: the report about the last document that could not be parsed, by feed id.
    """

    documents: int = 0
    new: int = 0
    revised: int = 0
    first: datetime | None = None
    last: datetime | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    without_body: int = 0
    unreadable: dict[str, FeedReport] = field(default_factory=dict)

    def add(self, report: FeedReport, time: datetime) -> None:
        self.documents += 1
        self.new += report.new
        self.revised += report.revised
        self.first, self.last = self.first or time, time
        if report.outcome is FeedOutcome.FAILED:
            self.unreadable[report.feed] = report


@dataclass
class Replay:
    """Replays documents into an empty store. After each document, ``on_document`` is called with the report so far."""

    documents: StoredDocuments
    store: Store
    time_zone: ZoneInfo
    feeds: FeedList
    parsers: ParserPool
    on_document: Callable[[ReplayReport], None] = lambda report: None
    report: ReplayReport = field(default_factory=ReplayReport)
    _states: dict[str, FeedState] = field(default_factory=dict)
    _bodies: dict[str, Location] = field(default_factory=dict)

    def run(self) -> ReplayReport:
        """Replay all documents, then save the polling state. Raises StoreError."""
        feeds = _by_id(self.feeds)
        served = _Served()
        archiver = Archiver(self.store, self.time_zone, served.time, self.feeds.retention)
        tools = PollTools(served, self.parsers, archiver, {})
        for keys in self.documents.months().values():
            for location in self.documents.documents_of(keys):
                if feed := feeds.get(location.feed):
                    self._replay(location, feed, served, tools)
                else:
                    self.report.left_out[location.feed] += 1
                self.on_document(self.report)
        self.store.sync()
        self._save_states()
        return self.report

    def _replay(self, location: Location, feed: Feed, served: _Served, tools: PollTools) -> None:
        record = self.documents.read(location)
        body = self._body(location, record) if record else None
        if record is None or body is None:
            self.report.without_body += 1
            return
        served.document, served.now = _fetched(record, body), record.time
        state = self._states.get(feed.id) or FeedState(url=feed.public_url)
        # Whether an edit is archived now or later depends on the time of the previous poll. Take it from the record,
        # because a poll without a new document leaves no record.
        state = replace(state, last_success=record.previous_poll or state.last_success)
        report, self._states[feed.id] = poll_feed(feed, state, tools, record.time)
        self.report.add(report, record.time)

    def _body(self, location: Location, record: StoredRecord) -> bytes | None:
        """Returns the body of a record. A revisit record has no body, so its body is read from an earlier record.

        Returns None if the earlier record is missing.
        """
        if not record.is_revisit:
            self._bodies[location.feed] = location
            return record.body
        before = self._bodies.get(location.feed)
        original = self.documents.read(before) if before else None
        return original.body if original and original.digest == record.digest else None

    def _save_states(self) -> None:
        for shard, feeds in shards_of(self.feeds.feeds).items():
            states = {feed.id: self._states[feed.id] for feed in feeds if feed.id in self._states}
            if states:
                save_state(self.store, shard, ShardState({}, None), states, None)


@dataclass
class _Served:
    """Replaces the server and the clock in a replayed poll.

    ``fetch`` returns the document that is being replayed. ``time`` returns the time when the document was fetched.
    """

    document: Fetched | None = None
    now: datetime | None = None

    def fetch(
        self, feed: Feed, validators: Validators = NO_VALIDATORS, at: str = "", verify: bool = False
    ) -> FetchResult:
        assert self.document
        return self.document

    def time(self) -> datetime:
        assert self.now
        return self.now


def _by_id(feeds: FeedList) -> Mapping[str, Feed]:
    """Returns the feeds by id. A feed that had another id in release 0.1.0 has an entry for each of its two ids."""
    return {feed.former_id: feed for feed in feeds.feeds if feed.former_id} | {feed.id: feed for feed in feeds.feeds}


def _fetched(record: StoredRecord, body: bytes) -> Fetched:
    return Fetched(
        body=body,
        url=record.url,
        content_type=record.content_type,
        etag="",
        last_modified="",
        incomplete=_INCOMPLETE if record.is_incomplete else "",
    )
