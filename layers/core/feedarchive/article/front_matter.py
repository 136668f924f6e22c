"""The front matter of an article's file: all its keys, in their order.

To add a key, add it here and to Article (article.py), whose values compose.py sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from feedarchive.article.article import Article
from feedarchive.article.yaml_format import format_markdown
from feedarchive.rfc3339 import format_rfc3339


@dataclass(frozen=True)
class Changes:
    """How many words of title and text were added and removed, and the previous title ("" if it is the same)."""

    words_added: int
    words_removed: int
    previous_title: str


@dataclass(frozen=True)
class Revision:
    """The number of a version of an article (2 for the first revision), and the key of the previous version.

    ``changes`` is None if the previous version cannot be read.
    """

    number: int
    previous: str
    changes: Changes | None = None


def render(article: Article, archived: datetime, revision: Revision | None = None) -> bytes:
    """Return an article's file as UTF-8: front matter, body, newline. ``archived`` is the time in its claim.

    The same article archived at the same time has the same bytes.
    """
    published = article.published
    updated = min(article.updated, archived) if article.updated else None
    claimed = None
    if published and published > archived:
        published, claimed = archived, published
    fields: dict[str, str | int | bool | date | list[str]] = {
        "title": article.title,
        "date": (published or updated or archived).astimezone(UTC).date(),
        "description": article.description,
        "image": article.image,
        "link": article.link,
        "source": article.source,
        "draft": False,
        "id": article.id,
    }
    if published:
        fields["published"] = format_rfc3339(published)
    if claimed:
        fields["published_claimed"] = format_rfc3339(claimed)
    if article.published_as_written:
        fields["published_as_written"] = article.published_as_written
    if updated:
        fields["updated"] = format_rfc3339(updated)
    fields["archived"] = format_rfc3339(archived)
    if article.feed:
        fields["feed"] = article.feed
    fields |= _optional_fields(article)
    fields["wording"] = article.wording
    if revision:
        fields |= _revision_fields(revision)
    return format_markdown(fields, article.body).encode("utf-8", "replace")


def _revision_fields(revision: Revision) -> dict[str, str | int]:
    fields: dict[str, str | int] = {"revision": revision.number, "previous": revision.previous}
    if changes := revision.changes:
        fields |= {"words_added": changes.words_added, "words_removed": changes.words_removed}
        if changes.previous_title:
            fields["previous_title"] = changes.previous_title
    return fields


def _optional_fields(article: Article) -> dict[str, str | int | list[str]]:
    """The fields between ``feed`` and ``wording`` that have a value."""
    values: dict[str, str | int | list[str] | None] = {
        "tags": list(article.tags),
        "guid": article.guid,
        "language": article.language,
        "original_feed": article.original_feed,
        "original_source": article.original_source,
        "duration": article.duration,
        "episode": article.episode,
        "season": article.season,
        "transcript": article.transcript,
        "chapters": article.chapters,
    }
    # Separate names such as "Doe, Jane", which contain commas, by semicolons.
    separator = "; " if len(article.authors) > 1 and any("," in name for name in article.authors) else ", "
    author = {"author": separator.join(article.authors)} if article.authors else {}
    return {**author, **{name: value for name, value in values.items() if value}}
