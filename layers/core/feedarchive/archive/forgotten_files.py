"""Delete files of articles that were forgotten while a process was writing them."""

from __future__ import annotations

from contextlib import suppress

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.article.file_names import CompanionKind, claim_name
from feedarchive.store.interface import Presence, Store, StoreError


def is_tombstone(store: Store, name: str) -> bool:
    """Is the claim with this name a tombstone?"""
    claim = _article_claim(store, name)
    return claim is not None and claim.deleted is not None


def delete_forgotten(store: Store, key: str) -> None:
    """Delete a file whose article was forgotten while the file was written.

    Raises StoreError if that fails; the message says what to do.
    """
    try:
        store.delete(key)
    except StoreError as error:  # the functions on AWS have no permission to delete
        reason = f"was forgotten while it was written, and cannot be deleted ({error})"
        raise StoreError(f"{store.location}/{key} {reason}: run feedarchive forget again") from error


def delete_files_of_tombstones(store: Store, first_version: str) -> None:
    """Delete versions and companions that a process wrote after their article was forgotten, before it was killed.

    ``first_version`` is the name of the article's claim.
    """
    for kind in (None, *CompanionKind):
        number = 1
        while claim := _article_claim(store, claim_name(first_version, number, kind)):
            if claim.deleted and store.presence(claim.key) in (Presence.COMPLETE, Presence.TRUNCATED):
                # The process that wrote the file has reported the failure. It must not end every later run too.
                with suppress(StoreError):
                    store.delete(claim.key)
            number += 1


def _article_claim(store: Store, name: str) -> ArticleClaim | None:
    stored = store.read(claim_key(name))
    claim = parse_claim(stored.data) if stored else None
    return claim if isinstance(claim, ArticleClaim) else None
