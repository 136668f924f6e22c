"""The contents of a feed document as plain values: document, entries, texts, enclosures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class TextRole(StrEnum):
    """What an element of an entry says about its text. See article/choose_text.py for the rank of each role."""

    CONTENT = "content"
    SUMMARY = "summary"
    PLAIN_VERSION = "plain version"
    """The words of a content again, without its markup (``content_text`` of JSON Feed)."""
    CAPTION = "caption"
    """It describes a picture, audio or video of the entry (``media:description``)."""
    FILE = "file"
    """Not a text, but a picture or another file in base64. In ``Entry.full_texts``: the name of such a file."""


@dataclass(frozen=True)
class Text:
    """A text of the document: HTML if ``html``, plain text otherwise.

    ``base`` is the base URL of its relative links, "" if unknown. ``role`` is not part of the entry hash, so
    entries that were archived by a release without roles are still known.
    """

    value: str
    html: bool = False
    base: str = ""
    role: TextRole = field(default=TextRole.CONTENT, repr=False, compare=False)


@dataclass(frozen=True)
class Enclosure:
    """A file attached to an entry, such as the audio of a podcast, a video or a PDF.

    ``length`` is in bytes, None if the document gives none or an invalid one.
    """

    url: str
    type: str = ""
    length: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Episode:
    """What a podcast says about an episode, as written. ``duration`` is in seconds, None if unknown.

    ``transcript`` and ``chapters`` are URLs.
    """

    duration: int | None = None
    number: str = ""
    season: str = ""
    transcript: str = ""
    chapters: str = ""


@dataclass(frozen=True)
class Origin:
    """The feed that an aggregator took an entry from: its title and URL."""

    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """An entry of a document. Dates are strings exactly as the document has them.

    ``contents`` and ``summary`` are the texts that ids may depend on (identity rule 4), and so are ``title`` and
    ``published``. ``full_texts`` are the texts of elements that hold an article in some feeds but in no standard.
    ``other_dates`` are all elements for the date of publication, ``other_title`` is the title of a podcast's episode.
    ``written_link`` is the link as the document has it, if ``link`` is another URL or none: a relative URL of RSS, the
    ``id`` of JSON Feed. These three, ``episode`` and ``origin`` are not part of the entry hash.
    """

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
    full_texts: tuple[Text, ...] = field(default=(), repr=False)
    other_dates: tuple[str, ...] = field(default=(), repr=False)
    other_title: Text = field(default=Text(""), repr=False)
    episode: Episode = field(default=Episode(), repr=False)
    origin: Origin = field(default=Origin(), repr=False)
    written_link: str = field(default="", repr=False)

    def is_empty(self) -> bool:
        """Has the entry no GUID, no link and no text in any element?"""
        texts = (self.title, *self.contents, *((self.summary,) if self.summary else ()), *self.full_texts)
        return not (self.guid or self.link or any(t.value.strip() for t in texts))


@dataclass(frozen=True)
class Document:
    """A parsed feed document.

    ``damage`` describes what was wrong with the document and was repaired. ``cut_off`` is the last entry of a document
    that ends before its root element closes: it may be incomplete, so it is reported and not archived. ``intact`` is
    False if texts may differ from what the publisher wrote: a difference to an archived article is then not a
    revision. ``update_interval`` is how often the document asks to be polled, None if it does not say.
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
    """A document that is not a feed. ``reason`` is a message that says what it is instead: "an HTML page, not a feed".

    ``advertised_feeds`` are the URLs of the feeds that an HTML page lists in its head.
    """

    reason: str
    advertised_feeds: tuple[str, ...] = ()
