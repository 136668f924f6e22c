"""Remove an article for good. Its tombstone is written first: even after an interruption no run archives it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain

from feedarchive.archive.claim import ArticleClaim, GuidClaim, claim_key, claim_to_json, make_tombstone, parse_claim
from feedarchive.archive.recovery import find_files
from feedarchive.article.file_names import short_id_of_key, short_id_of_name
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.identity.article_id import id_of_url
from feedarchive.identity.canonical_url import canonical_url
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update


@dataclass(frozen=True)
class ForgetResult:
    """What was done about the articles of a file or link.

    - ``files``: the keys of all files that these articles ever had.
    - ``removed``: the keys of the files that were removed now.
    - ``was_forgotten``: all these articles had been forgotten before.
    """

    files: tuple[str, ...]
    removed: tuple[str, ...]
    was_forgotten: bool

    @property
    def found(self) -> bool:
        return bool(self.files)


def forget(
    store: Store,
    target: str,
    now: datetime,
    wait: Callable[[], None] = lambda: None,
    before_files: Callable[[str], None] = lambda short_id: None,
) -> ForgetResult:
    """Remove the article with a key (or a path that ends in one), or all articles with a link.

    The claims of an article become tombstones, then all its files are deleted. After an interruption, forgetting again
    finishes the work; after success, it changes nothing.

    - ``wait``: gives concurrent runs time to finish, then everything is checked again. Such a run may have read a claim
      before it became a tombstone, and may still write the file.
    - ``before_files``: called with the short id of each article before its files are deleted, and again after ``wait``.
    """
    key = _find_key(store, target)
    if key:
        short_ids = {short_id_of_key(key)}
        _recover_lost_claim(store, key)
    else:
        short_ids = {short_id_of_key(key) for key in _keys_with_link(store, target)}
        if canonical_url(target):  # an article forgotten before has no file, but a claim
            short_ids.add(id_of_url(target)[:12])
            short_ids |= _moved_to(store, target)
    files: list[str] = []
    removed: list[str] = []
    was_forgotten = True
    for short_id in sorted(short_ids):
        claimed, is_new = _write_tombstones(store, short_id, now)
        before_files(short_id)
        deleted = _delete_files(store, short_id) if claimed else []
        if is_new:
            wait()
            claimed += _write_tombstones(store, short_id, now)[0]
            before_files(short_id)
            deleted += _delete_files(store, short_id)
        files, removed, was_forgotten = files + claimed, removed + deleted, was_forgotten and not is_new
    store.sync()
    return ForgetResult(tuple({*files, *removed}), tuple(removed), was_forgotten)


def _moved_to(store: Store, link: str) -> set[str]:
    """The short id of the article that moved to a URL, if there is one. Its file still contains the old link."""
    stored = store.read(claim_key(id_of_url(link)))
    claim = parse_claim(stored.data) if stored else None
    return {claim.article_id[:12]} if isinstance(claim, GuidClaim) else set()


def _write_tombstones(store: Store, short_id: str, now: datetime) -> tuple[list[str], bool]:
    """Turn all claims of an article into tombstones: those of its versions and companions.

    Return the keys of their files, and whether one of the claims was not a tombstone before.
    """
    claims = list(_claims(store, short_id))
    written = [update(store, key, partial(_tombstone, now)) for key, _ in claims]
    return [claim.key for _, claim in claims], any(written)


def _tombstone(now: datetime, stored: Stored | None) -> bytes | None:
    return make_tombstone(stored.data, now) if stored else None


def _delete_files(store: Store, short_id: str) -> list[str]:
    keys = [key for key in store.list("archive/") if short_id_of_key(key) == short_id]
    for key in keys:
        store.delete(key)
    return keys


def _find_key(store: Store, target: str) -> str:
    """The key of the article that a target names: by its key, by a path that ends in the key
    (``my-archive/archive/2025/…``), or by its file name; "" for anything else.
    """
    if "://" in target:
        return ""
    path = target.replace("\\", "/")
    key, name = path[max(path.rfind("archive/20"), 0) :], path.rpartition("/")[2]
    end = f"/{key}" if short_id_of_key(key) else f"/{name}"
    if not (short_id := short_id_of_name(name)):
        return ""
    # A forgotten article has only its claims; an article whose claim was lost has only its file.
    claimed = (claim.key for _, claim in _claims(store, short_id))
    return next((known for known in chain(claimed, store.list("archive/")) if f"/{known}".endswith(end)), "")


def _claims(store: Store, short_id: str) -> Iterator[tuple[str, ArticleClaim]]:
    """All claims of an article (of its versions and companions), each with the claim's key."""
    for key in store.list(claim_key(short_id)):
        stored = store.read(key)
        claim = parse_claim(stored.data) if stored else None
        if isinstance(claim, ArticleClaim):
            yield key, claim


def _recover_lost_claim(store: Store, key: str) -> None:
    """Create the missing claim of a file, so that it can be turned into a tombstone. Delete truncated files."""
    stored = store.read(key)
    fields = parse_front_matter(stored.data.decode("utf-8", "replace")) if stored else {}
    article_id = str(fields.get("id", ""))
    if article_id[:12] != short_id_of_key(key):
        return
    found = find_files(store, article_id)
    for truncated in found.truncated:
        store.delete(truncated)
    if found.claim:
        store.create(claim_key(article_id), claim_to_json(found.claim))


def _keys_with_link(store: Store, link: str) -> Iterator[str]:
    """The keys of all articles with a link. Reads every article, since claims do not contain links."""
    wanted = canonical_url(link)
    if not wanted:
        return
    for key in store.list("archive/"):
        if short_id_of_key(key) and (stored := store.read(key)):
            fields = parse_front_matter(stored.data.decode("utf-8", "replace"))
            if canonical_url(str(fields.get("link", ""))) == wanted:
                yield key
