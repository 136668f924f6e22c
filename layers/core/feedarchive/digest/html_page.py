"""``index.html``: a day for people with a browser. One file, no script, nothing asked of anybody."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FunctionLoader, StrictUndefined

from feedarchive.digest.digest import Digest, FeedGroup, group_by_feed
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.markdown_page import describe_counts, display_title, relative
from feedarchive.identity.canonical_url import clean_url
from feedarchive.text import one_line, shorten
from feedarchive.urls import host_of

# Above this many, one page would take a phone seconds: then it links a page for each site.
MAX_ENTRIES_ON_ONE_PAGE = 2_000
# The feeds of a section are listed above it when there are as many.
_MANY_FEEDS = 8
# A feed's whole backlog, archived when it is new here, waits folded until somebody wants it.
_MAX_OPEN_BACKLOG = 30
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Detail:
    """How much of each entry a page shows, in characters at most; a longer link is left out."""

    title: int
    description: int
    link: int
    author: int = 80


# The first of them with which a page stays below its size.
_DETAILS = (Detail(300, 240, 8_192), Detail(160, 90, 2_000), Detail(80, 0, 0, author=0))
_MAX_BYTES_PER_1000 = 950_000


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it. All texts are escaped by the template; ``web`` is http(s) or ""."""

    title: str
    file: str
    web: str
    host: str
    description: str
    author: str
    moment: str
    time: str
    words: int
    revision: int
    previous: str


@dataclass(frozen=True)
class Group:
    """The entries of one feed. ``site`` is "" where the feed's name says it."""

    feed: str
    site: str
    anchor: str
    lines: list[Line]


@dataclass(frozen=True)
class Section:
    """A part of the page: its heading, and the entries of each feed."""

    heading: str
    anchor: str
    groups: list[Group]
    number: int
    folded: bool
    lists_feeds: bool


@dataclass(frozen=True)
class SiteLink:
    """A site's own page."""

    site: str
    page: str
    number: int


def html_pages(digest: Digest) -> dict[str, bytes]:
    """The day's pages by file name: ``index.html`` and, on a very large day, one for each site."""
    if len(digest.entries) <= MAX_ENTRIES_ON_ONE_PAGE:
        return {"index.html": _day_page(digest)}
    sites: dict[str, list[DigestEntry]] = {}
    for entry in digest.entries:
        sites.setdefault(entry.site, []).append(entry)
    pages = {
        _site_page(site): _day_page(replace(digest, entries=tuple(entries)), site) for site, entries in sites.items()
    }
    links = [SiteLink(site, quote(_site_page(site)), len(entries)) for site, entries in sites.items()]
    return {**pages, "index.html": _rendered_day(digest, sections=[], sites=links)}


def _site_page(site: str) -> str:
    return f"site-{site}.html"


def _day_page(digest: Digest, site: str = "") -> bytes:
    """The entries of a day, or of one site on it, in as much detail as the page has room for."""
    largest = _MAX_BYTES_PER_1000 * max(len(digest.entries), 1_000) // 1_000
    page = b""
    for detail in _DETAILS:
        page = _rendered_day(digest, _sections(digest, detail), sites=[], site=site)
        if len(page) <= largest:
            break
    return page


def _rendered_day(digest: Digest, sections: list[Section], sites: list[SiteLink], site: str = "") -> bytes:
    return _rendered(
        "day.html",
        {
            "day": _long_date(digest.day),
            "weekday": _WEEKDAYS[digest.day.weekday()],
            "site": site,
            "counted": describe_counts(digest.counts()),
            "time_zone": digest.time_zone,
            "sections": sections,
            "sites": sites,
        },
    )


def _sections(digest: Digest, detail: Detail) -> list[Section]:
    sections = []
    for heading, anchor, entries in (
        ("New", "new", digest.news()),
        ("Updated", "updated", digest.updated()),
        ("From the backlog", "backlog", digest.backlog()),
    ):
        if entries:
            folded = anchor == "backlog"
            groups = [
                _group(group, f"{anchor}-{number}", digest, detail)
                for number, group in enumerate(group_by_feed(entries), 1)
            ]
            lists_feeds = len(groups) >= _MANY_FEEDS and not folded
            sections.append(Section(heading, anchor, groups, len(entries), folded, lists_feeds))
    return sections


def _group(group: FeedGroup, anchor: str, digest: Digest, detail: Detail) -> Group:
    feed = _short(group.feed, detail.title)
    lines = [_line(entry, digest, detail) for entry in group.entries]
    return Group(feed, "" if feed.casefold() == group.site.casefold() else group.site, anchor, lines)


def _line(entry: DigestEntry, digest: Digest, detail: Detail) -> Line:
    web = clean_url(entry.link)
    moment = datetime.fromisoformat(entry.published or entry.archived).astimezone(ZoneInfo(digest.time_zone))
    return Line(
        title=_short(display_title(entry), detail.title),
        file=quote(relative(entry.key, digest)),
        web=web if len(web) <= detail.link else "",
        host=host_of(web).removeprefix("www."),
        # Without a title, the beginning of the description is shown in its place.
        description=_short(entry.description, detail.description) if entry.title else "",
        author=_short(entry.author, detail.author) if entry.author != entry.feed else "",
        moment=moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        time=_short_time(moment, digest.day),
        words=entry.words,
        revision=entry.revision,
        previous=quote(relative(entry.previous, digest)) if entry.previous else "",
    )


def _short(text: str, limit: int) -> str:
    return shorten(one_line(text), limit) if limit else ""


def _long_date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _short_time(moment: datetime, day: date) -> str:
    """A time with as much of its date as tells it from one on the page's day."""
    year = "" if moment.year == day.year else f" {moment.year}"
    date_of_it = "" if moment.date() == day else f"{moment.day} {_MONTHS[moment.month - 1][:3]}{year}, "
    return f"{date_of_it}{moment:%H:%M}"


@dataclass(frozen=True)
class DayLink:
    """A day in the list of all days."""

    iso: str
    name: str
    page: str
    counted: str


def index_page(rows: list[tuple[str, str, str]]) -> bytes:
    """``archive/index.html``: each day with its address and its counts, newest first."""
    days = [(date.fromisoformat(iso), page, counts) for iso, page, counts in rows]
    months = [
        (
            f"{_MONTHS[month - 1]} {year}",
            [DayLink(day.isoformat(), f"{_WEEKDAYS[day.weekday()]} {day.day}", page, n) for day, page, n in of_month],
        )
        for (year, month), of_month in groupby(days, key=lambda row: (row[0].year, row[0].month))
    ]
    return _rendered("days.html", {"months": months})


def _rendered(template: str, values: Mapping[str, object]) -> bytes:
    page = _environment().get_template(template).render(values)
    return (page + "\n").encode("utf-8", "replace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = _template("style.css")
    environment.globals.update(style=style, style_hash=style_hash(style), most_unfolded=_MAX_OPEN_BACKLOG)
    return environment


def _template(name: str) -> str:
    return files("feedarchive.digest").joinpath("templates", name).read_text(encoding="utf-8")


def style_hash(style: str) -> str:
    """What the Content-Security-Policy lets the page style itself with (CSP level 3, hash-source)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
