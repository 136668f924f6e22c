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
    """A description of a picture, audio or video of the entry (``media:description``)."""
    FILE = "file"
    """Not a text, but a picture or another file in base64. In ``Entry.full_texts``: the name of such a file."""


@dataclass(frozen=True)
class Text:
    """A text of the document: HTML if ``html``, plain text otherwise.

    ``base``: the base URL of its relative links; "" if unknown.
    ``role``: not part of the entry hash, so that entries that a release without roles archived are still known.
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
    """What a podcast says about an episode.

    ``duration``: in seconds; None if unknown.
    ``number``, ``season``: as written.
    ``transcript``, ``chapters``: URLs.
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

    The id of an article may depend on ``title``, ``published``, ``contents`` and ``summary`` (identity rule 4).

    ``full_texts``: the texts of elements that hold an article in some feeds, but in no standard.

    These are not part of the entry hash:

    ``other_dates``: the texts of all elements for the date of publication.
    ``other_title``: the title of a podcast's episode.
    ``written_link``: the link as the document has it, if ``link`` is "" or another URL. It is a relative URL of RSS, or
    the ``id`` of JSON Feed.
    ``episode``: what a podcast says about an episode.
    ``origin``: the feed that an aggregator took the entry from.
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

    ``damage``: what was wrong with the document and was repaired.
    ``cut_off``: the last entry, if the document ends before its root element closes. It may be incomplete, so it is
    reported and not archived.
    ``intact``: False if texts may differ from what the publisher wrote. Then a difference to an archived article is not
    a revision.
    ``update_interval``: how often the document asks to be polled; None if it does not say.
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
    """A document that is not a feed.

    ``reason``: a message that says what it is instead, such as "an HTML page, not a feed".
    ``advertised_feeds``: the URLs of the feeds that an HTML page lists in its head.
    """

    reason: str
    advertised_feeds: tuple[str, ...] = ()
