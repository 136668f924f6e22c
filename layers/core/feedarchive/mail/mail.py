"""The contents of a mail. :mod:`text_mail` and :mod:`html_mail` render them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from feedarchive.mail.attention import Attention

MAX_TITLES = 50
"""The maximum number of titles in a mail."""


@dataclass(frozen=True)
class Link:
    """A name and its URL. ``url`` is "" if there is none."""

    name: str
    url: str


@dataclass(frozen=True)
class Item:
    """An article in a mail. Each text may be "".

    - ``web`` is the article's URL at the publisher.
    - ``host`` is the host in ``web``, without "www.".
    - ``page`` is the URL of the article in the pages of the archive.
    - ``edit`` says what a revision changed.
    - ``also`` links the articles of other feeds about the same event. The name of each link is the name of the feed.
    """

    title: str
    feed: str
    web: str
    host: str
    page: str
    summary: str
    edit: str
    also: tuple[Link, ...]

    @property
    def link(self) -> str:
        """Return the best URL for reading the article; "" if there is none."""
        return self.page or self.web


@dataclass(frozen=True)
class Section:
    """A list of articles. ``more`` is the number of articles that were left out."""

    heading: str
    items: tuple[Item, ...]
    more: int


@dataclass(frozen=True)
class DayProof:
    """The hashes in an announcement. With them, recipients can check later that the archive was not changed.

    - ``digest`` is the SHA-256 of the day's digest.json.
    - ``files`` is the SHA-256 of the day's list of files.
    - ``previous`` has the day of the previous day record, such as "2025-12-24", and the SHA-256 of its file. None if
      there is no previous record.
    """

    digest: str
    files: str
    previous: tuple[str, str] | None = None


@dataclass(frozen=True)
class Mail:
    """The contents of a mail. Each text is one line.

    - ``name`` identifies the mail: two mails with the same name are one mail that was sent twice.
    - ``topic`` is the subject without the day.
    - ``page`` is the URL or path of the page that lists all articles.
    - ``damage`` has a line for each file that is missing or changed.
    - ``hashes`` has a line for each hash in the DayProof.
    - ``more_attention`` is the number of Attention objects that were left out.
    - ``more_damage`` is the number of lines that were left out of ``damage``.
    """

    name: str
    day: date
    time: datetime
    topic: str
    heading: str
    summary: str
    page: str
    sections: tuple[Section, ...] = ()
    attention: tuple[Attention, ...] = ()
    more_attention: int = 0
    damage: tuple[str, ...] = ()
    more_damage: int = 0
    hashes: tuple[str, ...] = ()


def limited(mail: Mail, titles: int, attention: int) -> Mail:
    """Shorten a mail to at most ``titles`` articles and at most ``attention`` lines about what needs attention."""
    sections: list[Section] = []
    for section in mail.sections:
        kept = section.items[:titles]
        titles -= len(kept)
        dropped = sum(1 + len(item.also) for item in section.items[len(kept) :])
        sections.append(replace(section, items=kept, more=section.more + dropped))
    lines = mail.attention[:attention]
    more = mail.more_attention + len(mail.attention) - len(lines)
    return replace(mail, sections=tuple(sections), attention=lines, more_attention=more)
