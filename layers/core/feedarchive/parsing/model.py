"""Requests to parse a document, and their results. These values are sent between processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from feedarchive.article.article import Article
from feedarchive.feeds.feed import Feed
from feedarchive.identity.article_id import Identity
from feedarchive.parsing.known_entry import KnownEntry
from feedarchive.problems import EntryRejection


@dataclass(frozen=True)
class ParseRequest:
    """A feed document as a server sent it, and what is known of its feed.

    - ``url`` is the document's URL after redirects.
    - ``known`` are the hashes of entries that need not be converted again.
    - ``entries_by_xml`` maps the hash of an entry's XML to the entry, as the previous poll parsed it. An entry with the
      same XML is not parsed again.
    - ``secrets`` are the parts of the URL that must not be in any article or message (url_secrets.py).
    """

    body: bytes
    url: str
    content_type: str
    feed: Feed
    known: frozenset[str] = frozenset()
    entries_by_xml: Mapping[str, KnownEntry] = field(default_factory=dict)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Candidate:
    """An entry that was converted to an article. It is archived if the archive does not have it yet.

    - ``entry_hash``: the hash by which the next poll recognizes that the entry has not changed.
    - ``label`` names the entry in reports.
    - ``folder`` is the name of the site's folder, such as "example.org".
    - ``article``: its id is made from the entry. The archive may have the article under another id.
    - ``former_feed_id``: see ``Feed.former_id``.
    """

    entry_hash: str
    label: str
    identity: Identity
    title: str
    feed_id: str
    folder: str
    article: Article
    former_feed_id: str = ""


@dataclass(frozen=True)
class RejectedEntry:
    """An entry that is not archived, and why.

    - ``label`` names the entry in reports.
    - ``entry_hash``: the hash by which later polls recognize and skip the entry; "" if they must not skip it.
    - ``retry``: whether the next poll must convert the entry again, even if the document has not changed.
    """

    label: str
    kind: EntryRejection
    reason: str
    entry_hash: str
    retry: bool = False


@dataclass(frozen=True)
class UnconvertedEntry:
    """An entry that must be converted: its hash, and its name in reports."""

    entry_hash: str
    label: str


@dataclass(frozen=True)
class ParsedDocument:
    """The result of parsing a document.

    - ``title`` is the title of the feed on one line.
    - ``home_page`` is the URL of the feed's site.
    - ``damage``, ``intact`` and ``update_interval``: see document.model.Document.
    - ``known`` are the hashes of the entries that need not be converted.
    - ``to_convert`` are the entries that must be converted.
    - ``rejected`` are the entries that are not archived.
    - ``candidates`` are the converted entries.
    - ``entries_by_xml`` maps the hash of each entry's XML to the entry, for the ParseRequest of the next poll.

    ``to_convert`` and ``candidates`` are in archiving order: the last entry of the document, usually the oldest, comes
    first.
    """

    title: str = ""
    home_page: str = ""
    damage: tuple[str, ...] = ()
    intact: bool = True
    known: tuple[str, ...] = ()
    to_convert: tuple[UnconvertedEntry, ...] = ()
    rejected: tuple[RejectedEntry, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    update_interval: timedelta | None = None
    entries_by_xml: Mapping[str, KnownEntry] = field(default_factory=dict)

    def with_more(self, parts: Iterable[Candidate | RejectedEntry]) -> ParsedDocument:
        found = list(parts)
        candidates = tuple(part for part in found if isinstance(part, Candidate))
        rejected = tuple(part for part in found if isinstance(part, RejectedEntry))
        return replace(self, candidates=(*self.candidates, *candidates), rejected=(*self.rejected, *rejected))


@dataclass(frozen=True)
class LimitExceeded:
    """A document that exceeds a limit on CPU time or memory. ``reason`` is a message for people."""

    reason: str


def bug_report(bug: Exception) -> str:
    """Return the message for an error that must be a bug of this program."""
    return f"this is a bug of Feedarchive, please report it: {bug!r:.200}"
