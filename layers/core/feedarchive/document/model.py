"""The contents of a feed document as plain values: document, entries, texts, enclosures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class TextRole(StrEnum):
    """What kind of text an element of an entry has. article/choose_text.py says which kind is preferred."""

    CONTENT = "content"
    SUMMARY = "summary"
    PLAIN_VERSION = "plain version"
    """The same words as another content of the entry, but without markup (``content_text`` of JSON Feed)."""
    CAPTION = "caption"
    """A description of a picture, audio or video of the entry (``media:description``)."""
    FILE = "file"
    """Not a text, but a picture or another file in base64. In ``Entry.full_texts``: a text instead of the file."""


@dataclass(frozen=True)
class Text:
    """A text of the document.

    ``html``: True if ``value`` is HTML, False if it is plain text.
    ``base``: the base URL of relative links in the text; "" if unknown.
    ``role``: what kind of text it is. It is not part of the entry hash: earlier releases had no roles, and the entries
    that they archived must keep their hashes.
    """

    value: str
    html: bool = False
    base: str = ""
    role: TextRole = field(default=TextRole.CONTENT, repr=False, compare=False)


@dataclass(frozen=True)
class Enclosure:
    """A file attached to an entry, such as the audio of a podcast, a video or a PDF.

    ``length``: in bytes; None if the document gives no length or an invalid one.
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

    ``full_texts``: the texts of elements that no standard defines, but that contain the whole article in some feeds.

    These are not part of the entry hash:

    ``other_dates``: the texts of all elements that may have the date of publication.
    ``other_title``: the title of a podcast's episode.
    ``written_link``: the link exactly as the document has it, if that differs from ``link``: a relative URL of RSS, or
    the ``id`` of JSON Feed. Otherwise "".
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
        """Whether the entry has no GUID, no link and no text."""
        texts = (self.title, *self.contents, *((self.summary,) if self.summary else ()), *self.full_texts)
        return not (self.guid or self.link or any(t.value.strip() for t in texts))


@dataclass(frozen=True)
class Document:
    """A parsed feed document.

    ``damage``: what was wrong with the document and was repaired.
    ``cut_off``: the last entry, if the document ends before its root element closes. It may be incomplete, so it is
    reported and not archived.
    ``intact``: False if the repair may have changed texts. If a text then differs from the archived article, this is no
    revision.
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
