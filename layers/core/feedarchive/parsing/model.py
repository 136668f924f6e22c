"""What is to be read, and what a document turned out to hold. Plain values: they travel between processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from feedarchive.article.article import Article
from feedarchive.feeds.feed import Feed
from feedarchive.identity.article_id import Identity


@dataclass(frozen=True)
class ParseRequest:
    """A document as a server sent it. ``url`` is where it was in the end, ``known`` the marks of entries
    that need no second look, ``seals`` what the reading before said of the document's elements.
    """

    body: bytes
    url: str
    content_type: str
    feed: Feed
    known: frozenset[str] = frozenset()
    seals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ParsedEntry:
    """An entry that may have to be archived: its mark, what reports call it, who it is, its title and article."""

    mark: str
    called: str
    identity: Identity
    title: str
    article: Article


@dataclass(frozen=True)
class RejectedEntry:
    """An entry that is not archived, and why. Later polls pass over its ``mark``, unless ``again`` tells that the
    next one must look at it once more.
    """

    called: str
    kind: str
    reason: str
    mark: str
    again: bool = False


@dataclass(frozen=True)
class ParsedDocument:
    """What a document holds: entries passed over (``known``, by mark), refused, and to archive, its last first.

    ``folder`` is the site's, ``title`` the document's own, as a line, ``home_page`` the URL it names. ``to_convert``
    are the entries that are neither known nor refused at first sight: mark and what reports call them. ``seals`` are
    for the next reading.
    ``damage``, ``intact`` and ``update_interval``: see document.model.Document.
    """

    folder: str
    title: str = ""
    home_page: str = ""
    damage: tuple[str, ...] = ()
    intact: bool = True
    known: tuple[str, ...] = ()
    to_convert: tuple[tuple[str, str], ...] = ()
    refused: tuple[RejectedEntry, ...] = ()
    articles: tuple[ParsedEntry, ...] = ()
    update_interval: timedelta | None = None
    seals: Mapping[str, str] = field(default_factory=dict)

    def with_more(self, parts: Iterable[ParsedEntry | RejectedEntry]) -> ParsedDocument:
        found = list(parts)
        articles = tuple(part for part in found if isinstance(part, ParsedEntry))
        refused = tuple(part for part in found if isinstance(part, RejectedEntry))
        return replace(self, articles=(*self.articles, *articles), refused=(*self.refused, *refused))


def bug_report(bug: Exception) -> str:
    """What a person is told of an error that only this program can be to blame for."""
    return f"this program failed on it, please report it: {bug!r:.200}"


@dataclass(frozen=True)
class LimitExceeded:
    """A document that took more than it may. ``reason`` is for a person."""

    reason: str
