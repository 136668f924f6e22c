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
    - ``known`` are the entry hashes of the entries that need not be converted again.
    - ``entries_by_xml`` is the field ``entries_by_xml`` of the previous poll's ParsedDocument.
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

    - ``entry_hash``: by this hash, the next poll recognizes that the entry has not changed.
    - ``label`` names the entry in reports.
    - ``folder`` is the name of the site's folder, such as "example.org".
    - ``article`` has an id that was made from the document alone. The archive may have the article with another id.
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
    - ``entry_hash``: later polls skip an entry with this hash. It is "" if they must not skip the entry.
    - ``retry``: whether the next poll converts the entry again.
    """

    label: str
    kind: EntryRejection
    reason: str
    entry_hash: str
    retry: bool = False


@dataclass(frozen=True)
class UnconvertedEntry:
    """An entry that is about to be converted."""

    entry_hash: str
    label: str


@dataclass(frozen=True)
class ParsedDocument:
    """The result of parsing a document.

    - ``title`` is the title of the feed on one line.
    - ``home_page`` is the URL of the feed's site.
    - ``damage``, ``intact`` and ``update_interval``: see document.model.Document.
    - ``known`` are the entry hashes of the entries that were skipped because they are known.
    - ``to_convert`` are the entries that must be converted. Entries that are rejected without conversion are left out.
    - ``rejected`` are the entries that are not archived.
    - ``candidates`` are the converted entries.
    - ``entries_by_xml`` maps the hash of each entry's XML to its KnownEntry. The next poll needs it.

    ``to_convert`` and ``candidates`` begin with the document's last entry, because it is archived first.
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
