"""``pages/feed.xml``: an Atom feed (RFC 4287) of the archive itself, with an entry for each of the last days.

Pure functions.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from markupsafe import Markup

from feedarchive.digest.digest import Digest, pages_folder
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.in_turn import in_turn
from feedarchive.digest.markdown_page import describe_digest, display_title
from feedarchive.pages.dates import long_date
from feedarchive.pages.edits import edited_articles
from feedarchive.pages.html_templates import render, render_text, source_of
from feedarchive.pages.other_reports import OtherReport, feed_name, other_reports, web_link
from feedarchive.pages.page_names import links_of, site_pages
from feedarchive.text import one_line, shorten

_MAX_TITLES, _MAX_TITLE_CHARS = 50, 200
_NAMESPACE = uuid.UUID("c4a1b3a0-6a3c-4a56-9a3b-7f0a1d2f5e11")
# Matches an entry. A comment before the entry contains its day and ``version``.
_ENTRY = re.compile(r"<!--(\d{4}-\d{2}-\d{2}) ([0-9a-f]{16})--><entry>.*?</entry><!--/-->", re.DOTALL)
_UPDATED = re.compile(r"<updated>([^<]*)</updated>")


@dataclass(frozen=True)
class FeedEntry:
    """The feed's entry for one day. If ``version`` is not the current ``entry_version``, the entry is out of date."""

    day: date
    version: str
    xml: str


@dataclass(frozen=True)
class _Line:
    title: str
    feed: str
    web: str
    page: str
    also: list[OtherReport]


@dataclass(frozen=True)
class _Section:
    heading: str
    lines: list[_Line]
    more: int


def entry_version(digest_sha256: str) -> str:
    """Return a hash that changes if a day's digest.json or the templates change.

    ``digest_sha256``: the SHA-256 of the day's digest.json.
    """
    return hashlib.sha256(f"{_format()} {digest_sha256}".encode()).hexdigest()[:16]


def feed_entry(digest: Digest, digest_sha256: str) -> FeedEntry:
    """Make the entry for a day that has articles. ``digest_sha256`` is the SHA-256 of the day's digest.json."""
    first = min(digest.entries, key=lambda entry: (entry.archived, entry.key))
    folder = pages_folder(digest.day).removeprefix("pages/")
    version = entry_version(digest_sha256)
    values = {
        "mark": Markup(f"{digest.day.isoformat()} {version}"),  # noqa: S704 - a date and hexadecimal
        # with the first article, so that entries of two archives have different ids
        "id": uuid.uuid5(_NAMESPACE, f"{digest.day.isoformat()} {first.archived} {first.key}"),
        "title": f"{long_date(digest.day)}: {describe_digest(digest)}",
        "updated": max(entry.archived for entry in digest.entries),
        "page": f"{folder}index.html",
        "content": render_text("feed_entry.html", {"sections": _sections(digest), "page": f"{folder}index.html"}),
    }
    return FeedEntry(digest.day, version, render_text("feed_entry.xml", values))


def feed(entries: Iterable[FeedEntry], time_zone: str, first_day: date) -> bytes:
    """Make the feed of these entries, the newest first. ``first_day`` is the first day of the archive."""
    newest_first = sorted(entries, key=lambda entry: entry.day, reverse=True)
    times = [match[1] for entry in newest_first if (match := _UPDATED.search(entry.xml))]
    values = {
        "id": uuid.uuid5(_NAMESPACE, f"{time_zone} {first_day.isoformat()}"),
        "updated": max(times),
        "entries": [Markup(entry.xml) for entry in newest_first],  # noqa: S704 - made by feed_entry
    }
    return render("feed.xml", values)


def entries_in(data: bytes) -> dict[date, FeedEntry]:
    """The entries of a feed that this program wrote, by day."""
    found = {}
    for match in _ENTRY.finditer(data.decode("utf-8", "replace")):
        try:
            day = date.fromisoformat(match[1])
        except ValueError:  # the feed was edited by hand
            continue
        found[day] = FeedEntry(day, match[2], match[0])
    return found


@cache
def _format() -> str:
    """A hash of the templates for entries. If it changes, all entries are made again."""
    return hashlib.sha256("".join(map(source_of, ("feed_entry.xml", "feed_entry.html"))).encode()).hexdigest()


def _sections(digest: Digest) -> list[_Section]:
    folder = pages_folder(digest.day).removeprefix("pages/")
    links = {key: folder + link for key, link in links_of(site_pages(digest)).items()}
    sections, left = [], _MAX_TITLES
    for heading, entries in (
        ("", in_turn(digest.news_by_story())),
        ("Updated", [article.last for article in edited_articles(digest)]),
        ("From the backlog", in_turn(digest.backlog())),
    ):
        if entries:
            listed = entries[:left]
            left -= len(listed)
            more = sum(1 + len(digest.also.get(entry.key, ())) for entry in entries[len(listed) :])
            sections.append(_Section(heading, [_line(entry, digest, links) for entry in listed], more))
    return sections


def _line(entry: DigestEntry, digest: Digest, links: Mapping[str, str]) -> _Line:
    title = shorten(one_line(display_title(entry)), _MAX_TITLE_CHARS)
    also = other_reports(entry, digest, links, _MAX_TITLE_CHARS)
    return _Line(title, feed_name(entry), web_link(entry), links[entry.key], also)
