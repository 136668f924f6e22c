"""Count the changes between an article's previous version and a revision, for the revision's front matter."""

from __future__ import annotations

from feedarchive.article.article import Article
from feedarchive.article.front_matter import Changes


def changes_since(before: bytes, article: Article) -> Changes | None:
    """Count the words that were added and removed between the previous version and this article.

    ``before`` is the content of the previous version's file. Returns None if it is empty or truncated, or if one of the
    two texts is too long to compare.
    """
    if not before.endswith(b"\n"):
        return None
    # Imported only when it is needed: it loads the Markdown parser, which makes a cold start on Lambda slower.
    from feedarchive.changes.text_changes import Version, can_compare, compare, version_in

    old, new = version_in(before), Version(article.title, article.body)
    if not can_compare(old, new):
        return None
    changes = compare(old, new)
    return Changes(changes.words_added, changes.words_removed, old.title if old.title != new.title else "")
