"""Render one article as HTML: title, dates and links, body, and a line for citing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedarchive.article.file_names import CompanionKind
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.changes.passages import changed_passages
from feedarchive.changes.text_changes import Paragraph, can_compare, compare, version_in
from feedarchive.digest.digest import Digest
from feedarchive.digest.markdown_page import describe_words, display_title
from feedarchive.identity.canonical_url import clean_url
from feedarchive.pages.companion_files import CompanionFile
from feedarchive.pages.dates import long_date, long_time, machine_time
from feedarchive.pages.full_text_html import FeedText, Shown, full_text_html
from feedarchive.pages.html_templates import render_text
from feedarchive.pages.later_versions import day_of_version
from feedarchive.pages.page_names import MAX_CHANGES_SHOWN, Placed
from feedarchive.pages.render_body import render_body
from feedarchive.pages.stored_media import stored_media
from feedarchive.pages.version_links import previous_link, version_link
from feedarchive.text import one_line, shorten
from feedarchive.urls import host_of

_MAX_TITLE_CHARS, _MAX_NAME_CHARS, _MAX_LANGUAGE_CHARS = 1_000, 200, 35
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


@dataclass(frozen=True)
class _Time:
    machine: str
    long: str


@dataclass(frozen=True)
class _Changes:
    """What a revision changed.

    - ``described`` says how many words were added and removed.
    - ``title`` is the title with its changed words marked, empty if the title is the same.
    - ``passages`` are the changed passages that are shown.
    - ``left_out`` is the number of changed passages that are not shown.
    """

    described: str
    title: Paragraph
    passages: list[Paragraph]
    left_out: int


@dataclass(frozen=True)
class Versions:
    """A version of an article, the versions before and after it, and its companions.

    - ``data`` has the contents of the version's file.
    - ``before`` has the contents of the file of the version before it, None if there is none.
    - ``after`` is the key of the next version, "" if there is none.
    - ``companions`` has the version's companions (full text, list of media) by their kind.
    """

    data: bytes
    before: bytes | None = None
    after: str = ""
    companions: Mapping[CompanionKind, CompanionFile] = field(default_factory=dict)


def article_html(placed: Placed, versions: Versions, digest: Digest, images: bool) -> str:
    """Render an article. The same arguments always give the same HTML."""
    entry, text = placed.entry, versions.data.decode("utf-8", "replace")
    zone, link = ZoneInfo(digest.time_zone), clean_url(entry.link)
    feed = shorten(one_line(entry.feed or entry.site), _MAX_NAME_CHARS)
    media_list = versions.companions.get(CompanionKind.MEDIA)
    media = stored_media([media_list.data] if media_list else [], from_pages)
    body = render_body(body_of(text), images, media)
    if full := versions.companions.get(CompanionKind.FULL_TEXT):
        shown = Shown(zone, images, media)
        body = full_text_html(full, from_pages(full.key), FeedText(body, entry.words), shown)
    image = media.picture(clean_url(entry.image)) if images else ""
    return render_text(
        "article.html",
        {
            "anchor": placed.anchor,
            "title": shorten(one_line(display_title(entry)), _MAX_TITLE_CHARS),
            "language": _language(str(parse_front_matter(text).get("language") or "")),
            "author": shorten(one_line(entry.author), _MAX_NAME_CHARS) if entry.author != entry.feed else "",
            "feed": feed,
            "published": _time(entry.published, zone),
            "archived": _time(entry.archived, zone),
            "link": link,
            "host": host_of(link).removeprefix("www."),
            "image": image if image and not _mentions(body, image) else "",
            "body": Markup(body),  # noqa: S704 - sanitized by render_body
            "file": from_pages(entry.key),
            "sha256": entry.sha256,
            "revision": entry.revision,
            "previous": previous_link(entry),
            "later": version_link(versions.after) if versions.after else "",
            "later_day": long_date(day) if (day := day_of_version(versions.after)) else "",
            "changes": _changes(versions.before, versions.data) if versions.before else None,
        },
    )


def from_pages(key: str) -> str:
    """The URL of a file of the archive, relative to the folder of a day's pages."""
    return "../../../../" + quote(key)


def _changes(before: bytes, after: bytes) -> _Changes | None:
    old, new = version_in(before), version_in(after)
    if not can_compare(old, new):
        return None
    changes = compare(old, new)
    title, _ = changed_passages([changes.title])
    passages, left_out = changed_passages(changes.paragraphs, MAX_CHANGES_SHOWN)
    described = describe_words(changes.words_added, changes.words_removed)
    return _Changes(described, title[0] if title else (), passages, left_out)


def _mentions(body: str, image: str) -> bool:
    return str(Markup.escape(image)) in body


def _language(language: str) -> str:
    """Return ``language`` if it may be the value of a ``lang`` attribute, otherwise ""."""
    is_tag = len(language) <= _MAX_LANGUAGE_CHARS and set(language) <= _LETTERS and language[:2].isalpha()
    return language if is_tag else ""


def _time(written: str, zone: ZoneInfo) -> _Time | None:
    if not written:
        return None
    moment = datetime.fromisoformat(written).astimezone(zone)
    return _Time(machine_time(moment), long_time(moment))
