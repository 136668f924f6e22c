"""Delete files that were written while ``feedarchive forget`` was deleting their article."""

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
    """Delete a file that was written while ``feedarchive forget`` was deleting its article.

    Raises StoreError if the file cannot be deleted. The message says what to do.
    """
    try:
        store.delete(key)
    except StoreError as error:  # On AWS, for example, the Lambda functions have no permission to delete.
        reason = f"belongs to a forgotten article, but cannot be deleted ({error})"
        raise StoreError(f"{store.location}/{key} {reason}: run feedarchive forget again") from error


def delete_files_of_tombstones(store: Store, first_version: str) -> None:
    """Delete the remaining files of a forgotten article.

    Another process may have written a file after ``forget`` had finished, and may have been killed before it could
    delete the file (``delete_forgotten``).

    ``first_version`` is the name of the claim of the article's first version.
    """
    for kind in (None, *CompanionKind):
        number = 1
        while claim := _article_claim(store, claim_name(first_version, number, kind)):
            if claim.deleted and store.presence(claim.key) in (Presence.COMPLETE, Presence.TRUNCATED):
                # Ignore a failure: otherwise every later run would end with the same error.
                with suppress(StoreError):
                    store.delete(claim.key)
            number += 1


def _article_claim(store: Store, name: str) -> ArticleClaim | None:
    stored = store.read(claim_key(name))
    claim = parse_claim(stored.data) if stored else None
    return claim if isinstance(claim, ArticleClaim) else None
