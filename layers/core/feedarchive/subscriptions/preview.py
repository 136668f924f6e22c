"""The files that the entries of a document would become in an archive. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedarchive.article.file_names import article_key
from feedarchive.article.front_matter import render
from feedarchive.parsing.model import ParsedDocument


@dataclass(frozen=True)
class EntryPreview:
    """One entry: the article's title, id, day of publication, and the file that would be written."""

    title: str
    id: str
    published: datetime | None
    key: str
    file: str


def preview_entries(document: ParsedDocument, time_zone: ZoneInfo, now: datetime) -> list[EntryPreview]:
    """The entries that would be archived now, in the order of the document."""
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
