"""Take an article out for good: the claim is marked first, so that nothing brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from feedarchive.archive.claim import ArticleClaim, claim_key, from_bytes, to_bytes
from feedarchive.archive.torn import claim_from_file
from feedarchive.article.front_matter import read_front_matter
from feedarchive.article.keys import short_id_of
from feedarchive.identity.addresses import canonical
from feedarchive.identity.identify import id_of_address
from feedarchive.store.interface import Store, StoreError


@dataclass(frozen=True)
class Forgotten:
    """What was asked for (its ``key``, "" for a link), whether there is such an article, and the files that were
    removed.
    """

    key: str
    found: bool
    removed: tuple[str, ...] = ()


def forget(store: Store, asked: str, now: datetime) -> Forgotten:
    """Remove the article with a key (or a path that ends in one), or all articles with a link.

    The claim is marked ``deleted``, then the article's file and its revisions go. Done again after
    an interruption, it finishes; done twice, it finds the mark and removes nothing.
    """
    key = _key_in(asked)
    if short_id_of(key):
        short_ids = {short_id_of(key)}
        _claim_again_if_lost(store, key)
    else:
        short_ids = {short_id_of(key) for key in _keys_with_link(store, asked)}
        if canonical(asked):  # forgotten before, it has no file any more, but a claim
            short_ids.add(id_of_address(asked)[:12])
    removed: list[str] = []
    found = False
    for short_id in sorted(short_ids):
        marked = _mark(store, short_id, now)
        files = [each for each in store.list("archive/") if short_id_of(each) == short_id] if marked else []
        for each in files:
            store.delete(each)
        removed += files
        found = found or marked
    store.sync()
    return Forgotten(key if short_id_of(key) else "", found, tuple(removed))


def _key_in(asked: str) -> str:
    """A key as it is, or inside a path such as ``my-archive/archive/2025/…``."""
    start = asked.replace("\\", "/").rfind("archive/20")
    return asked.replace("\\", "/")[start:] if start >= 0 else asked


def _claim_again_if_lost(store: Store, key: str) -> None:
    """A file whose claim is gone gets one, to be marked: else the article would come back."""
    stored = store.read(key)
    fields = read_front_matter(stored.data.decode("utf-8", "replace")) if stored else {}
    article_id = str(fields.get("id", ""))
    if article_id[:12] == short_id_of(key) and (claim := claim_from_file(store, article_id)):
        store.create(claim_key(article_id), to_bytes(claim))


def _keys_with_link(store: Store, link: str) -> Iterator[str]:
    """Reads every article: links of link blogs are in no claim, and forgetting half is no forgetting."""
    wanted = canonical(link)
    if not wanted:
        return
    for key in store.list("archive/"):
        if short_id_of(key) and (stored := store.read(key)):
            fields = read_front_matter(stored.data.decode("utf-8", "replace"))
            if canonical(str(fields.get("link", ""))) == wanted:
                yield key


def _mark(store: Store, short_id: str, now: datetime) -> bool:
    """Mark the claims of an article; False if there is none."""
    found = False
    for key in store.list(f"claims/{short_id[:2]}/{short_id}"):
        for _ in range(10):
            stored = store.read(key)
            claim = from_bytes(stored.data) if stored else None
            if not stored or not isinstance(claim, ArticleClaim):
                break
            found = True
            if claim.deleted or store.replace(key, to_bytes(replace(claim, deleted=now)), stored.version):
                break
        else:
            raise StoreError(f"cannot mark {key}: other writers were in the way")
    return found
