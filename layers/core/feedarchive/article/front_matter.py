"""Write the file of an article. Its front matter, the YAML at the beginning, has its keys in a fixed order.

To add a key, add it here and to Article (article.py), and set its value in compose.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from feedarchive.article.article import Article
from feedarchive.article.yaml_format import format_markdown
from feedarchive.rfc3339 import format_rfc3339


@dataclass(frozen=True)
class Changes:
    """The difference between a version of an article and the previous version.

    - ``words_added``, ``words_removed``: numbers of words, in title and text together.
    - ``previous_title``: the title of the previous version; "" if the title is the same.
    """

    words_added: int
    words_removed: int
    previous_title: str


@dataclass(frozen=True)
class Revision:
    """Facts about a revision. Every version of an article except the first is a revision.

    - ``number``: the number of the version, at least 2.
    - ``previous``: the key of the previous version.
    - ``changes``: None if the previous version cannot be read, or if a text is too long to compare.
    """

    number: int
    previous: str
    changes: Changes | None = None


def render(article: Article, archived: datetime, revision: Revision | None = None) -> bytes:
    """Return the bytes of an article's file in UTF-8: front matter, body, newline.

    - ``archived``: the time of archiving, which is also in the article's claim.
    - ``revision``: None for the first version.

    The same arguments always give the same bytes.
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
    """Return the fields that come between ``feed`` and ``wording``. Fields without a value are left out."""
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
    # If a name contains a comma, such as "Doe, Jane", the names are separated by semicolons.
    separator = "; " if len(article.authors) > 1 and any("," in name for name in article.authors) else ", "
    author = {"author": separator.join(article.authors)} if article.authors else {}
    return {**author, **{name: value for name, value in values.items() if value}}
