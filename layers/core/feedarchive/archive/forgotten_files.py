"""Delete files of forgotten articles.

While ``feedarchive forget`` deletes an article, another process may write a file of this article.
"""

from __future__ import annotations

from contextlib import suppress

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.article.file_names import CompanionKind, claim_name
from feedarchive.store.interface import Presence, Store, StoreError


def is_tombstone(store: Store, name: str) -> bool:
    """Is the claim with this name a tombstone, the claim of a forgotten article?"""
    claim = _article_claim(store, name)
    return claim is not None and claim.deleted is not None


def delete_forgotten(store: Store, key: str) -> None:
    """Delete a file of a forgotten article.

    Raises StoreError if the file cannot be deleted. The message says what to do.
    """
    try:
        store.delete(key)
    except StoreError as error:  # On AWS, for example, the Lambda functions have no permission to delete.
        reason = f"belongs to a forgotten article, but cannot be deleted ({error})"
        raise StoreError(f"{store.location}/{key} {reason}: run feedarchive forget again") from error


def delete_files_of_tombstones(store: Store, first_version: str) -> None:
    """Delete the files of a forgotten article that are still in the archive.

    ``first_version`` is the name of the claim of the article's first version.
    """
    for kind in (None, *CompanionKind):
        number = 1
        while claim := _article_claim(store, claim_name(first_version, number, kind)):
            if claim.deleted and store.presence(claim.key) in (Presence.COMPLETE, Presence.TRUNCATED):
                # Ignore errors. Otherwise a file that cannot be deleted would end every run.
                with suppress(StoreError):
                    store.delete(claim.key)
            number += 1


def _article_claim(store: Store, name: str) -> ArticleClaim | None:
    stored = store.read(claim_key(name))
    claim = parse_claim(stored.data) if stored else None
    return claim if isinstance(claim, ArticleClaim) else None
