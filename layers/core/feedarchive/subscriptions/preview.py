"""Make the article files of a feed document in memory, as a preview. Nothing is written. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedarchive.article.file_names import article_key
from feedarchive.article.front_matter import render
from feedarchive.parsing.model import ParsedDocument


@dataclass(frozen=True)
class EntryPreview:
    """The article that would be archived for an entry.

    - ``published``: the time of publication; if it is unknown, the time of the last change; None if both are unknown.
    - ``key``: the path in the archive at which the file would be written.
    - ``file``: the content of the file.
    """

    title: str
    id: str
    published: datetime | None
    key: str
    file: str


def preview_entries(document: ParsedDocument, time_zone: ZoneInfo, now: datetime) -> list[EntryPreview]:
    """Make the articles that would be archived if the document were archived now, in the order of the document."""
    previews = []
    for each in reversed(document.candidates):
        article = each.article
        previews.append(
            EntryPreview(
                title=each.title,
                id=article.id,
                published=article.published or article.updated,
                key=article_key(now, time_zone, each.folder, article.title, article.id),
                file=render(article, now).decode("utf-8", "replace"),
            )
        )
    return previews
