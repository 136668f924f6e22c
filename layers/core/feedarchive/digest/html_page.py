"""``index.html``: a day for people with a browser. One file, no script, nothing asked of anybody."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined

from feedarchive.digest.day import Digest, FeedGroup, by_feed
from feedarchive.digest.entry import DigestEntry
from feedarchive.digest.markdown_page import counted, relative, shown_title
from feedarchive.identity.addresses import host_of, web_address
from feedarchive.markdown.plain_text import shortened

# Above this many, one page would take a phone seconds: then it links a page for each site.
MOST_ON_ONE_PAGE = 2_000
_LONGEST_DESCRIPTION = 240


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it. All texts are escaped by the template; ``web`` is http(s) or ""."""

    title: str
    file: str
    web: str
    host: str
    description: str
    author: str
    time: str
    words: int
    revision: int
    previous: str


@dataclass(frozen=True)
class Section:
    """A part of the page: its heading, and the entries of each feed."""

    heading: str
    anchor: str
    groups: list[tuple[FeedGroup, list[Line]]]


def html_pages(digest: Digest) -> dict[str, bytes]:
    """The day's pages by file name: ``index.html`` and, on a very large day, one for each site."""
    day = digest.day.isoformat()
    if len(digest.entries) <= MOST_ON_ONE_PAGE:
        return {"index.html": _page(digest, day, _sections(digest), [])}
    sites: dict[str, list[DigestEntry]] = {}
    for entry in digest.entries:
        sites.setdefault(entry.site, []).append(entry)
    pages = {}
    for site, entries in sites.items():
        of_site = replace(digest, entries=tuple(entries))
        pages[_site_page(site)] = _page(of_site, f"{day}: {site}", _sections(of_site), [])
    links = [(site, quote(_site_page(site)), len(entries)) for site, entries in sites.items()]
    return {**pages, "index.html": _page(digest, day, [], links)}


def _site_page(site: str) -> str:
    return f"site-{site}.html"


def _page(digest: Digest, title: str, sections: list[Section], sites: list[tuple[str, str, int]]) -> bytes:
    text = (
        _environment()
        .get_template("day.html")
        .render(
            title=title,
            counted=counted(digest.counts()),
            time_zone=digest.time_zone,
            sections=sections,
            sites=sites,
            style=_style(),
            style_hash=style_hash(),
        )
    )
    return (text + "\n").encode("utf-8", "replace")


def _sections(digest: Digest) -> list[Section]:
    sections = []
    parts = (("New", digest.news()), ("Updated", digest.updated()), ("From the backlog", digest.backlog()))
    for heading, part in parts:
        if part:
            groups = [(group, [_line(entry, digest) for entry in group.entries]) for group in by_feed(part)]
            sections.append(Section(heading, heading.rpartition(" ")[2].lower(), groups))
    return sections


def _line(entry: DigestEntry, digest: Digest) -> Line:
    web = web_address(entry.link)
    return Line(
        title=shown_title(entry),
        file=quote(relative(entry.key, digest)),
        web=web,
        host=host_of(web).removeprefix("www."),
        description=shortened(entry.description, _LONGEST_DESCRIPTION) if entry.title else "",
        author=shortened(entry.author, 80),
        time=entry.published or entry.archived,
        words=entry.words,
        revision=entry.revision,
        previous=quote(relative(entry.previous, digest)) if entry.previous else "",
    )


@cache
def _environment() -> Environment:
    def load(name: str) -> str:
        return files("feedarchive.digest").joinpath("templates", name).read_text(encoding="utf-8")

    return Environment(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _style() -> str:
    return files("feedarchive.digest").joinpath("templates", "style.css").read_text(encoding="utf-8")


@cache
def style_hash() -> str:
    """What the Content-Security-Policy lets the page style itself with (CSP level 3, hash-source)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()


def all_days_page(rows: list[tuple[str, str, str]]) -> bytes:
    """``archive/index.html``: each day with its address and its counts, newest first."""
    text = _environment().get_template("days.html").render(rows=rows, style=_style(), style_hash=style_hash())
    return (text + "\n").encode("utf-8", "replace")
