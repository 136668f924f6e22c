"""The page of a day: a list of links to the articles that were archived on that day, grouped by feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import Digest, pages_folder
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.feed_groups import FeedGroup, group_by_feed
from feedarchive.digest.markdown_page import LATE_FULL_TEXTS, describe_digest, display_title
from feedarchive.identity.canonical_url import clean_url
from feedarchive.pages.article_html import from_pages
from feedarchive.pages.dates import WEEKDAYS, long_date, machine_time, short_time
from feedarchive.pages.edit_lines import EditLine, edit_lines
from feedarchive.pages.html_templates import render
from feedarchive.pages.other_reports import OtherReport, other_reports
from feedarchive.pages.page_names import EDITS_PAGE, page_name
from feedarchive.pages.version_links import version_link
from feedarchive.text import one_line, shorten
from feedarchive.urls import host_of

# If a day has more entries than this, its page lists only the sites. A phone would need seconds to render a page with
# all entries.
MAX_ENTRIES_ON_ONE_PAGE = 2_000
# A section with at least this number of feeds begins with a list of them.
_MIN_FEEDS_LISTED = 8
# If the section "From the backlog" (old entries of a new feed, for example) has more entries than this, it is
# collapsed.
_MAX_OPEN_BACKLOG = 30


@dataclass(frozen=True)
class Detail:
    """How many characters of an entry are shown. A longer text is cut; a longer link is left out."""

    title: int
    description: int
    link: int
    author: int = 80


# A page is rendered with the first Detail that makes it small enough. If none does, the last Detail is used.
_DETAILS = (Detail(300, 240, 8_192), Detail(160, 90, 2_000), Detail(80, 0, 0, author=0))
_MAX_BYTES_PER_1000_ENTRIES = 950_000


@dataclass(frozen=True)
class Line:
    """An entry on the page. The template escapes all texts.

    - ``page`` is the link to the article in the archive.
    - ``web`` is the http(s) URL of the article at the publisher, or "".
    - ``host`` is the host in ``web``, without "www.".
    - ``moment`` is the time for programs, such as "2025-12-25T09:15:00Z".
    - ``time`` is the time for people, such as "10:15".
    """

    title: str
    page: str
    web: str
    host: str
    description: str
    author: str
    moment: str
    time: str
    words: int
    also: list[OtherReport]


@dataclass(frozen=True)
class Group:
    """The entries of one feed. ``site`` is "" if the site and the feed have the same name."""

    feed: str
    site: str
    anchor: str
    lines: list[Line]


@dataclass(frozen=True)
class Section:
    """A section of the page. It has either ``groups`` of entries by feed, or ``edits``, which are edited articles."""

    heading: str
    anchor: str
    number: int
    groups: list[Group] = field(default_factory=list)
    edits: list[EditLine] = field(default_factory=list)
    is_backlog: bool = False
    lists_feeds: bool = False


@dataclass(frozen=True)
class SiteLink:
    """A link to the page of a site. ``number`` is how many articles the site has on this day."""

    site: str
    page: str
    number: int


@dataclass(frozen=True)
class DayLink:
    """A link to the page of another day."""

    name: str
    page: str


def day_page(
    digest: Digest,
    links: Mapping[str, str],
    previous: date | None = None,
    next: date | None = None,
    record: str = "",
) -> bytes:
    """Render the page in as much detail as the maximum size allows.

    - ``links`` maps the key of each article's file to the link to the article.
    - ``previous`` and ``next`` are the days before and after, None if there is none.
    - ``record``: the HTML comments to put into the page. later_versions.py and page_record.py format them.
    """
    neighbors = {"previous": _day_link(previous), "next": _day_link(next), "record": Markup(record)}  # noqa: S704
    if len(digest.entries) > MAX_ENTRIES_ON_ONE_PAGE:
        by_site = groupby(digest.entries, key=lambda entry: entry.site)
        sites = [SiteLink(site, quote(page_name(site)), len(list(entries))) for site, entries in by_site]
        return _render(digest, neighbors, sections=[], sites=sites)
    largest = _MAX_BYTES_PER_1000_ENTRIES * max(len(digest.entries), 1_000) // 1_000
    page = b""
    for detail in _DETAILS:
        page = _render(digest, neighbors, _sections(digest, detail, links), sites=[])
        if len(page) <= largest:
            break
    return page


def _render(digest: Digest, neighbors: Mapping[str, object], sections: list[Section], sites: list[SiteLink]) -> bytes:
    return render(
        "day.html",
        {
            **neighbors,
            "day": long_date(digest.day),
            "weekday": WEEKDAYS[digest.day.weekday()],
            "counted": describe_digest(digest),
            "time_zone": digest.time_zone,
            "folder": from_pages(digest.folder),
            "max_open_backlog": _MAX_OPEN_BACKLOG,
            "sections": sections,
            "sites": sites,
            "edits_page": EDITS_PAGE if digest.updated() else "",
        },
    )


def _day_link(day: date | None) -> DayLink | None:
    return DayLink(long_date(day), f"../../../{pages_folder(day).removeprefix('pages/')}index.html") if day else None


def _sections(digest: Digest, detail: Detail, links: Mapping[str, str]) -> list[Section]:
    edits = edit_lines(digest, links, detail.title, detail.link)
    sections = [
        _section_of_feeds("New", "new", digest.news_by_story(), digest, detail, links),
        Section("Updated", "updated", len(edits), edits=edits),
        _section_of_feeds("From the backlog", "backlog", digest.backlog(), digest, detail, links),
        _section_of_late_full_texts(digest),
    ]
    return [section for section in sections if section.number]


def _section_of_feeds(
    heading: str, anchor: str, entries: Sequence[DigestEntry], digest: Digest, detail: Detail, links: Mapping[str, str]
) -> Section:
    is_backlog = anchor == "backlog"
    groups = [
        _group(group, f"{anchor}-{number}", digest, detail, links)
        for number, group in enumerate(group_by_feed(entries), 1)
    ]
    number = len(entries) + sum(len(digest.also.get(entry.key, ())) for entry in entries)
    lists_feeds = len(groups) >= _MIN_FEEDS_LISTED and not is_backlog
    return Section(heading, anchor, number, groups, is_backlog=is_backlog, lists_feeds=lists_feeds)


def _section_of_late_full_texts(digest: Digest) -> Section:
    """The full texts of this day that belong to articles of other days. Empty if there are too many."""
    is_short = len(digest.entries) + len(digest.late_full_texts) <= MAX_ENTRIES_ON_ONE_PAGE
    listed = digest.late_full_texts if is_short else ()
    by_site = groupby(listed, key=lambda full: full.site)
    groups = [
        Group(site, "", f"full-texts-{number}", [_late_line(full, digest) for full in texts])
        for number, (site, texts) in enumerate(by_site, 1)
    ]
    return Section(LATE_FULL_TEXTS, "full-texts", len(listed), groups)


def _late_line(full: Companion, digest: Digest) -> Line:
    moment = datetime.fromisoformat(full.archived).astimezone(ZoneInfo(digest.time_zone))
    return Line(
        title=full.name, page=version_link(full.of), web="", host="", description="", author="",
        moment=machine_time(moment), time=short_time(moment, digest.day), words=full.words or 0, also=[],
    )  # fmt: skip


def _group(group: FeedGroup, anchor: str, digest: Digest, detail: Detail, links: Mapping[str, str]) -> Group:
    feed = _short(group.feed, detail.title)
    lines = [_line(entry, digest, detail, links) for entry in group.entries]
    return Group(feed, "" if feed.casefold() == group.site.casefold() else group.site, anchor, lines)


def _line(entry: DigestEntry, digest: Digest, detail: Detail, links: Mapping[str, str]) -> Line:
    web = clean_url(entry.link)
    moment = datetime.fromisoformat(entry.published or entry.archived).astimezone(ZoneInfo(digest.time_zone))
    return Line(
        title=_short(display_title(entry), detail.title),
        page=links[entry.key],
        web=web if len(web) <= detail.link else "",
        host=host_of(web).removeprefix("www."),
        # Without a title, the beginning of the description is shown as the title. Do not show it twice.
        description=_short(entry.description, detail.description) if entry.title else "",
        author=_short(entry.author, detail.author) if entry.author != entry.feed else "",
        moment=machine_time(moment),
        time=short_time(moment, digest.day),
        words=_words(entry, digest),
        also=other_reports(entry, digest, links, detail.title),
    )


def _words(entry: DigestEntry, digest: Digest) -> int:
    """The number of words of an article, or of its full text if that is longer and was archived on the same day."""
    full = digest.full_texts.get(entry.key)
    return max(entry.words, full.words or 0) if full else entry.words


def _short(text: str, limit: int) -> str:
    return shorten(one_line(text), limit) if limit else ""
