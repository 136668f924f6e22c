"""The contents of a feed document as plain values: document, entries, texts and enclosures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class TextRole(StrEnum):
    """The kind of a text in an entry. article/choose_text.py says which kind is preferred."""

    CONTENT = "content"
    SUMMARY = "summary"
    PLAIN_VERSION = "plain version"
    """Plain text with the same words as an HTML text of the entry (``content_text`` of JSON Feed)."""
    CAPTION = "caption"
    """A description of a picture, audio or video of the entry (``media:description``)."""
    FILE = "file"
    """A file in base64, such as a picture. ``Entry.full_texts`` contains only its type, as HTML."""


@dataclass(frozen=True)
class Text:
    """A text of the document.

    - ``html`` is True if ``value`` is HTML, False if it is plain text.
    - ``base`` is the base URL of relative links in the text, "" if unknown.
    - ``role`` is the kind of the text. The hash of an entry does not include it, so that hashes of earlier releases
      stay valid.
    """

    value: str
    html: bool = False
    base: str = ""
    role: TextRole = field(default=TextRole.CONTENT, repr=False, compare=False)


@dataclass(frozen=True)
class Enclosure:
    """A file attached to an entry, such as the audio of a podcast, a video or a PDF.

    ``length`` is its size in bytes. It is None if the document gives no length or an invalid one.
    """

    url: str
    type: str = ""
    length: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Episode:
    """What a podcast says about an episode.

    - ``duration`` is in seconds, None if unknown.
    - ``number`` and ``season`` are texts as written in the document.
    - ``transcript`` and ``chapters`` are URLs.
    """

    duration: int | None = None
    number: str = ""
    season: str = ""
    transcript: str = ""
    chapters: str = ""


@dataclass(frozen=True)
class Origin:
    """The title and URL of the feed that an aggregator took an entry from."""

    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """An entry of a document. Dates are strings exactly as in the document.

    - ``full_texts``: texts in non-standard elements, which contain the whole article in some feeds.
    - ``other_dates``: all texts that may be the date of publication.
    - ``other_title``: the title of a podcast's episode.
    - ``written_link``: in RSS, the link as the document writes it. In JSON Feed, the ``id`` if it is a URL and the
      entry has no other link. Otherwise "".

    The fields from ``full_texts`` on are not part of the entry's hash. Some ids of articles are made from ``title``,
    ``published``, ``contents`` and ``summary`` (identity rule 4 in docs/archive-format.md).
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
        """Return True if the entry has no GUID, no link, no title and no text."""
        texts = (self.title, *self.contents, *((self.summary,) if self.summary else ()), *self.full_texts)
        return not (self.guid or self.link or any(t.value.strip() for t in texts))


@dataclass(frozen=True)
class Document:
    """A parsed feed document.

    - ``damage`` says what was wrong with the document and was repaired.
    - ``cut_off`` is the last entry of a document whose end is missing. The entry may be incomplete, so it is not
      archived.
    - ``intact`` is False if the repair may have changed texts.
    - ``update_interval`` is how often the document asks to be polled, None if it does not say.
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

    - ``reason`` is a message that says what it is instead, such as "an HTML page, not a feed".
    - ``advertised_feeds`` are the URLs of the feeds that an HTML page lists in its head.
    """

    reason: str
    advertised_feeds: tuple[str, ...] = ()
