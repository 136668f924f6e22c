"""One article as HTML: title, facts, body, and a line to cite it by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.digest.digest import Digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.markdown_page import display_title
from feedarchive.identity.canonical_url import clean_url
from feedarchive.pages.dates import long_time, machine_time, short_time
from feedarchive.pages.html_templates import render_text
from feedarchive.pages.page_names import Placed, anchor_of, page_name
from feedarchive.pages.render_body import render_body
from feedarchive.text import one_line, shorten
from feedarchive.urls import host_of

_MAX_TITLE, _MAX_NAME, _MAX_LANGUAGE = 1_000, 200, 35  # characters
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


@dataclass(frozen=True)
class _Time:
    machine: str
    short: str
    long: str


def article_html(placed: Placed, data: bytes, digest: Digest, images: bool) -> str:
    """Render an article from its file. The result depends on nothing else that may change."""
    entry, text = placed.entry, data.decode("utf-8", "replace")
    zone, link = ZoneInfo(digest.time_zone), clean_url(entry.link)
    feed = shorten(one_line(entry.feed or entry.site), _MAX_NAME)
    body = render_body(body_of(text), images)
    image = clean_url(entry.image) if images else ""
    return render_text(
        "article.html",
        {
            "anchor": placed.anchor,
            "title": shorten(one_line(display_title(entry)), _MAX_TITLE),
            "language": _language(str(parse_front_matter(text).get("language") or "")),
            "author": shorten(one_line(entry.author), _MAX_NAME) if entry.author != entry.feed else "",
            "feed": feed,
            "published": _time(entry.published, zone, digest.day),
            "archived": _time(entry.archived, zone, digest.day),
            "link": link,
            "host": host_of(link).removeprefix("www."),
            "image": image if image and not _mentions(body, image) else "",
            "body": Markup(body),  # noqa: S704 - sanitized by render_body
            "file": from_pages(entry.key),
            "sha256": entry.sha256,
            "revision": entry.revision,
            "previous": previous_link(entry),
        },
    )


def from_pages(key: str) -> str:
    """The relative URL of a file of the archive, from the folder of a day's pages."""
    return "../../../../" + quote(key)


def previous_link(entry: DigestEntry) -> str:
    """The link from a revision to the version before, from the folder of a day's pages; "" if there is none."""
    if not version_of(entry.previous):
        return ""
    _, year, month, day, site, _ = entry.previous.split("/")
    return f"../../../{year}/{month}/{day}/{quote(page_name(site))}#{anchor_of(entry.previous)}"


def _mentions(body: str, image: str) -> bool:
    return str(Markup.escape(image)) in body


def _language(language: str) -> str:
    """A language tag that an attribute can have; "" for anything else."""
    is_tag = len(language) <= _MAX_LANGUAGE and set(language) <= _LETTERS and language[:2].isalpha()
    return language if is_tag else ""


def _time(written: str, zone: ZoneInfo, day: date) -> _Time | None:
    if not written:
        return None
    moment = datetime.fromisoformat(written).astimezone(zone)
    return _Time(machine_time(moment), short_time(moment, day), long_time(moment))
