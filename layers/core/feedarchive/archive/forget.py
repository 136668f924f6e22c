"""Take an article out for good: the claim is marked first, so that nothing brings it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from feedarchive.archive.claim import ArticleClaim, claim_key, from_bytes, to_bytes
from feedarchive.archive.recovery import claim_from_file
from feedarchive.article.file_names import short_id_of_key, short_id_of_name
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.identity.article_id import id_of_address
from feedarchive.identity.canonical_url import canonical_url
from feedarchive.store.interface import Store, StoreError

_ROUNDS = 10


@dataclass(frozen=True)
class ForgetResult:
    """What one file or link led to: all files the article ever had, those of them that were removed now, and whether
    it was forgotten before.
    """

    files: tuple[str, ...]
    removed: tuple[str, ...]
    before: bool

    @property
    def found(self) -> bool:
        return bool(self.files)


def forget(store: Store, asked: str, now: datetime, wait: Callable[[], None] = lambda: None) -> ForgetResult:
    """Remove the article with a key (or a path that ends in one), or all articles with a link.

    The claim is marked ``deleted``, then the article's file and its revisions go. Done again after
    an interruption, it finishes; done twice, it finds the mark and removes nothing. A run that had read the claim
    before may be writing a file of it: ``wait`` lets it finish, and then all is looked at once more.
    """
    key = _key_in(store, asked)
    if key:
        short_ids = {short_id_of_key(key)}
        _claim_again_if_lost(store, key)
    else:
        short_ids = {short_id_of_key(key) for key in _keys_with_link(store, asked)}
        if canonical_url(asked):  # forgotten before, it has no file any more, but a claim
            short_ids.add(id_of_address(asked)[:12])
    files: list[str] = []
    removed: list[str] = []
    before = True
    for short_id in sorted(short_ids):
        claimed, anew = _mark(store, short_id, now)
        gone = _remove_files(store, short_id) if claimed else []
        if anew:
            wait()
            claimed += _mark(store, short_id, now)[0]
            gone += _remove_files(store, short_id)
        files, removed, before = files + claimed, removed + gone, before and not anew
    store.sync()
    return ForgetResult(tuple({*files, *removed}), tuple(removed), before)


def _remove_files(store: Store, short_id: str) -> list[str]:
    left = [key for key in store.list("archive/") if short_id_of_key(key) == short_id]
    for key in left:
        store.delete(key)
    return left


def _key_in(store: Store, asked: str) -> str:
    """A key as it is, inside a path such as ``my-archive/archive/2025/…``, or of a file by its name; "" for a link."""
    if "://" in asked:
        return ""
    path = asked.replace("\\", "/")
    key, name = path[max(path.rfind("archive/20"), 0) :], path.rpartition("/")[2]
    end = f"/{key}" if short_id_of_key(key) else f"/{name}"
    if not (short_id := short_id_of_name(name)):
        return ""
    # Of what was removed there are only claims; where a claim is lost, there is only the file.
    claimed = (claim.key for _, _, claim in _claims(store, short_id))
    return next((known for known in chain(claimed, store.list("archive/")) if f"/{known}".endswith(end)), "")


def _claims(store: Store, short_id: str) -> Iterator[tuple[str, str, ArticleClaim]]:
    """The claims of an article and its revisions: where each lies, its version, and what it says."""
    for key in store.list(claim_key(short_id)):
        stored = store.read(key)
        claim = from_bytes(stored.data) if stored else None
        if stored and isinstance(claim, ArticleClaim):
            yield key, stored.version, claim


def _claim_again_if_lost(store: Store, key: str) -> None:
    """A file whose claim is gone gets one, to be marked: else the article would come back."""
    stored = store.read(key)
    fields = parse_front_matter(stored.data.decode("utf-8", "replace")) if stored else {}
    article_id = str(fields.get("id", ""))
    if article_id[:12] == short_id_of_key(key) and (claim := claim_from_file(store, article_id)):
        store.create(claim_key(article_id), to_bytes(claim))


def _keys_with_link(store: Store, link: str) -> Iterator[str]:
    """Reads every article: links of link blogs are in no claim, and forgetting half is no forgetting."""
    wanted = canonical_url(link)
    if not wanted:
        return
    for key in store.list("archive/"):
        if short_id_of_key(key) and (stored := store.read(key)):
            fields = parse_front_matter(stored.data.decode("utf-8", "replace"))
            if canonical_url(str(fields.get("link", ""))) == wanted:
                yield key


def _mark(store: Store, short_id: str, now: datetime) -> tuple[list[str], bool]:
    """Mark the claims of an article and its revisions: their files, and whether one was not marked yet."""
    anew = False
    for _ in range(_ROUNDS):
        files, left = [], False
        for key, version, claim in _claims(store, short_id):
            files.append(claim.key)
            if not claim.deleted:
                left, anew = True, True
                store.replace(key, to_bytes(replace(claim, deleted=now)), version)
        if not left:
            return files, anew
    raise StoreError(f"cannot mark {claim_key(short_id)}: other writers were in the way {_ROUNDS} times")
