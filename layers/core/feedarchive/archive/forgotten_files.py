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
    """Delete a file that was just written. Raises StoreError with what to do."""
    try:
        store.delete(key)
    except StoreError as error:  # the functions on AWS may not delete
        reason = f"was forgotten while it was written, and cannot be deleted ({error})"
        raise StoreError(f"{store.location}/{key} {reason}: run feedarchive forget again") from error


def delete_files_of_tombstones(store: Store, first_version: str) -> None:
    """Delete what a killed process wrote after its article, with the claim ``first_version``, was forgotten.

    These are its versions and its companions.
    """
    for kind in (None, *CompanionKind):
        number = 1
        while claim := _article_claim(store, claim_name(first_version, number, kind)):
            if claim.deleted and store.presence(claim.key) in (Presence.COMPLETE, Presence.TRUNCATED):
                with suppress(StoreError):  # the process that wrote the file has reported it; must not end every run
                    store.delete(claim.key)
            number += 1


def _article_claim(store: Store, name: str) -> ArticleClaim | None:
    stored = store.read(claim_key(name))
    claim = parse_claim(stored.data) if stored else None
    return claim if isinstance(claim, ArticleClaim) else None
