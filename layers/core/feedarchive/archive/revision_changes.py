"""What a revision's front matter says about its changes."""

from __future__ import annotations

from feedarchive.article.article import Article
from feedarchive.article.front_matter import Changes


def changes_since(before: bytes, article: Article) -> Changes | None:
    """Count the words that changed between the previous version and this article.

    ``before`` are the bytes of the previous version's file. Returns None if they are missing or truncated, or if one of
    the texts is too long.
    """
    if not before.endswith(b"\n"):
        return None
    # Imported here: most runs write no revision, and each cold start on Lambda would wait for the Markdown parser.
    from feedarchive.changes.text_changes import Version, can_compare, compare, version_in

    old, new = version_in(before), Version(article.title, article.body)
    if not can_compare(old, new):
        return None
    changes = compare(old, new)
    return Changes(changes.words_added, changes.words_removed, old.title if old.title != new.title else "")
