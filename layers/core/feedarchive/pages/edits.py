"""Group the edits of a day by article. The day's page and the page of the day's edits show them."""

from __future__ import annotations

from dataclasses import dataclass

from feedarchive.digest.digest import Digest
from feedarchive.digest.digest_entry import DigestEntry


@dataclass(frozen=True)
class EditedArticle:
    """An article that was edited on a day. ``versions``: the revisions that were archived on this day, oldest first."""

    versions: tuple[DigestEntry, ...]

    @property
    def last(self) -> DigestEntry:
        return self.versions[-1]

    @property
    def words_added(self) -> int:
        return sum(version.words_added or 0 for version in self.versions)

    @property
    def words_removed(self) -> int:
        return sum(version.words_removed or 0 for version in self.versions)

    @property
    def size(self) -> int:
        """The number of words that were added or removed; -1 if it is unknown."""
        sizes = [version.edit_size for version in self.versions if version.edit_size >= 0]
        return sum(sizes) if sizes else -1

    @property
    def title_before(self) -> str:
        """The title before the edits of the day; "" if it is the same or unknown."""
        before = next((version.previous_title for version in self.versions if version.previous_title), "")
        return before if before != self.last.title else ""


def edited_articles(digest: Digest) -> list[EditedArticle]:
    """The articles that were edited on the day of the digest, the one with the largest edits first."""
    by_id: dict[str, list[DigestEntry]] = {}
    for entry in digest.updated():
        by_id.setdefault(entry.id, []).append(entry)
    articles = [EditedArticle(tuple(sorted(each, key=lambda e: (e.revision, e.key)))) for each in by_id.values()]
    return sorted(articles, key=lambda article: (-article.size, article.last.site, article.last.key))
