"""``edits.html``: all edits of a day on one page, with old and new titles side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedarchive.changes.text_changes import Paragraph, compare_lines
from feedarchive.digest.digest import Digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.markdown_page import describe_edit, describe_words, display_title
from feedarchive.pages.dates import long_date, machine_time, short_time
from feedarchive.pages.edits import EditedArticle, edited_articles
from feedarchive.pages.html_templates import render
from feedarchive.pages.page_names import EDITS_PAGE
from feedarchive.pages.version_links import previous_link
from feedarchive.text import one_line, shorten

__all__ = ["EDITS_PAGE", "edits_page"]

# If a day has more edits, the smallest ones are left out. Otherwise a phone would need seconds to render the page.
_MAX_EDITS = 1_000
_MAX_TITLE_CHARS, _MAX_NAME_CHARS = 300, 200


@dataclass(frozen=True)
class _Edit:
    """One revision.

    - ``page`` is the link to the revision.
    - ``previous`` is the link to the version before it.
    - ``before`` and ``after`` are the old and the new title, with the changed words marked. Both are empty if the title
      is the same.
    """

    page: str
    previous: str
    revision: int
    moment: str
    time: str
    edit: str
    before: Paragraph
    after: Paragraph


@dataclass(frozen=True)
class _Article:
    title: str
    page: str
    feed: str
    anchor: str
    total: str
    edits: Sequence[_Edit]


def edits_page(digest: Digest, links: Mapping[str, str]) -> bytes:
    """Render the page of a day's edits. ``links`` maps the key of an article's file to the link to the article."""
    articles: list[_Article] = []
    number = 0
    for article in edited_articles(digest):
        number += len(article.versions)
        if articles and number > _MAX_EDITS:
            break
        articles.append(_article(article, f"edit-{len(articles) + 1}", digest, links))
    listed = sum(len(each.edits) for each in articles)
    return render(
        "edits.html",
        {
            "day": long_date(digest.day),
            "time_zone": digest.time_zone,
            "articles": articles,
            "edits": len(digest.updated()),
            "left_out": len(digest.updated()) - listed,
        },
    )


def _article(article: EditedArticle, anchor: str, digest: Digest, links: Mapping[str, str]) -> _Article:
    last = article.last
    return _Article(
        title=shorten(one_line(display_title(last)), _MAX_TITLE_CHARS),
        page=links[last.key],
        feed=shorten(one_line(last.feed or last.site), _MAX_NAME_CHARS),
        anchor=anchor,
        total=describe_words(article.words_added, article.words_removed) if len(article.versions) > 1 else "",
        edits=[_edit(version, digest, links) for version in article.versions],
    )


def _edit(entry: DigestEntry, digest: Digest, links: Mapping[str, str]) -> _Edit:
    moment = datetime.fromisoformat(entry.archived).astimezone(ZoneInfo(digest.time_zone))
    title_before, title = (shorten(one_line(each), _MAX_TITLE_CHARS) for each in (entry.previous_title, entry.title))
    before, after = compare_lines(title_before, title) if title_before else ((), ())
    return _Edit(
        page=links[entry.key],
        previous=links.get(entry.previous) or previous_link(entry),
        revision=entry.revision,
        moment=machine_time(moment),
        time=short_time(moment, digest.day),
        edit=describe_edit(entry),
        before=before,
        after=after,
    )
