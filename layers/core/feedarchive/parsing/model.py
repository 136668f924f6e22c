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
    """A document as a server sent it, and what is known of its feed.

    - ``url`` is the document's URL after redirects.
    - ``known`` are the entry hashes of entries that need no conversion.
    - ``entries_by_xml`` is the field of that name in the ``ParsedDocument`` of the previous poll.
    - ``secrets`` are the parts of the URL that no article and no message may contain (url_secrets.py).
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
    """An entry converted to an article. It is archived if the archive does not have it yet.

    - ``entry_hash``: the next poll recognizes the unchanged entry by it.
    - ``label`` names the entry in reports.
    - ``folder`` is the folder of the site.
    - ``article`` has the id that follows from the document alone. The archive may know the article by another id.
    - ``former_feed_id``: see Feed.
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
    - ``entry_hash``: later polls skip entries with this hash. It is "" if they must not.
    - ``retry``: the next poll converts the entry again, in spite of its hash.
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

    - ``title`` is one line.
    - ``home_page`` is the URL of the site.
    - ``damage``, ``intact`` and ``update_interval``: see document.model.Document.
    - ``known`` are the entry hashes of the entries that were skipped because they are known.
    - ``to_convert`` are the entries to be converted, that is, neither known nor rejected without conversion.
    - ``rejected`` are the entries that are not archived.
    - ``candidates`` are the converted entries. Like ``to_convert``, they are in the order in which they are archived:
      the document's last entry first.
    - ``entries_by_xml`` has a KnownEntry for each entry, by the hash of its XML. The next poll needs it.
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
    """The message for an error that must be a bug of this program."""
    return f"this program failed on it, please report it: {bug!r:.200}"
