"""Render an article with a full text: a line about its source, the full text, and the text from the feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.identity.canonical_url import clean_url
from feedarchive.pages.companion_files import CompanionFile
from feedarchive.pages.dates import long_time, machine_time
from feedarchive.pages.html_templates import render_text
from feedarchive.pages.render_body import render_body
from feedarchive.pages.stored_media import StoredMedia
from feedarchive.text import count_of
from feedarchive.urls import host_of


@dataclass(frozen=True)
class FeedText:
    """The article's text in the feed: ``body`` is sanitized HTML, and ``words`` the number of words in it."""

    body: str
    words: int


@dataclass(frozen=True)
class Shown:
    """How texts are shown.

    - ``zone`` is the time zone in which times are shown.
    - ``images``: pictures are shown. If False, they become links.
    - ``media`` has the stored copies of pictures and enclosures.
    """

    zone: ZoneInfo
    images: bool
    media: StoredMedia


def full_text_html(full: CompanionFile, link: str, feed: FeedText, shown: Shown) -> str:
    """Render a full text, and below it the feed's text. ``link`` is the link to the full text's file."""
    text = full.data.decode("utf-8", "replace")
    fields = parse_front_matter(text)
    archived = datetime.fromisoformat(str(fields["archived"])).astimezone(shown.zone)
    page = clean_url(str(fields.get("page") or ""))
    return render_text(
        "full_text.html",
        {
            "page": page,
            "host": host_of(page).removeprefix("www."),
            "machine": machine_time(archived),
            "long": long_time(archived),
            "words": _words(fields.get("words")),
            "file": link,
            "body": Markup(render_body(body_of(text), shown.images, shown.media)),  # noqa: S704 - sanitized by render_body
            "feed_body": Markup(feed.body),  # noqa: S704 - sanitized by the caller
            "feed_words": count_of(feed.words, "word"),
        },
    )


def _words(written: object) -> str:
    return count_of(written, "word") if type(written) is int else ""
