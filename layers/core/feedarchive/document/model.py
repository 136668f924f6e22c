"""What a feed document says, before anybody judges it: feeds, entries, enclosures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Text:
    """A piece of text as the document carries it.

    ``html`` tells whether ``value`` is HTML (tags and entities mean something) or plain
    text; ``base`` is the URL its relative links are relative to, "" when unknown.
    """

    value: str
    html: bool = False
    base: str = ""


@dataclass(frozen=True)
class Enclosure:
    """A file that comes with an entry: a podcast's audio, a video, a PDF.

    ``length`` is in bytes, None when the document does not say (or says nonsense).
    """

    url: str
    type: str = ""
    length: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Entry:
    """One item as a feed document shows it. Dates are the document's own words."""

    guid: str = ""
    guid_is_permalink: bool = False
    link: str = ""
    title: Text = Text("")
    contents: tuple[Text, ...] = ()
    summary: Text | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    images: tuple[str, ...] = ()
    language: str = ""

    def is_empty(self) -> bool:
        """True when nothing in the entry could be archived or even named."""
        texts = (self.title, *self.contents, *((self.summary,) if self.summary else ()))
        return not (self.guid or self.link or any(t.value.strip() for t in texts))


@dataclass(frozen=True)
class Document:
    """A feed document that could be read.

    ``damage`` says in plain words what was wrong with it and repaired on the way. ``cut_off``
    is the last entry of a document that ended before its root closed: it may be half an entry,
    so it is named in the report and not archived. ``intact`` is False when its words may not be the
    publisher's: a difference to what was archived is then no edit. ``update_interval`` is how often the
    document says to look for a new one (``ttl``, ``sy:updatePeriod``), None if it does not.
    """

    version: str
    title: Text = Text("")
    home_page: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    damage: tuple[str, ...] = ()
    cut_off: Entry | None = None
    intact: bool = True
    update_interval: timedelta | None = None


@dataclass(frozen=True)
class NotAFeed:
    """The bytes were no feed. ``reason`` is for a person: "an HTML page, not a feed"."""

    reason: str
