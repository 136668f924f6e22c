"""Remove an article for good, so that no later run archives it again.

The article's claims are marked as forgotten (tombstones) before its files are deleted. So an interruption cannot bring
the article back.
"""

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
    """What ``forget`` found and deleted.

    - ``files``: the keys of all files of the articles, even if an earlier call deleted them. Empty if no article was
      found.
    - ``removed``: the keys of the files that this call deleted.
    - ``was_forgotten``: all the articles had been forgotten before this call.
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
    """Remove one article for good, or all articles that have a given link.

    After an interruption, call this again with the same target.

    - ``target``: the key of an article's file, a path that ends in a key, a file name, or a link.
    - ``wait``: waits until concurrent runs have written their files. A run that read a claim before it became a
      tombstone may still write files of the article. These are deleted after ``wait``.
    - ``before_files``: called with an article's short id (12 digits) before its files are deleted.
    """
    key = _find_key(store, target)
    if key:
        short_ids = {short_id_of_key(key)}
        _recover_lost_claim(store, key)
    else:
        short_ids = {short_id_of_key(key) for key in _keys_with_link(store, target)}
        if canonical_url(target):
            # An article that was forgotten earlier has no file, but its claim is found by the id made from the link.
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
    """Return the short id of an article that was archived with another link and later got ``link``.

    Its file has only the old link. Returns an empty set if there is no such article.
    """
    stored = store.read(claim_key(id_of_url(link)))
    claim = parse_claim(stored.data) if stored else None
    return {claim.article_id[:12]} if isinstance(claim, GuidClaim) else set()


def _write_tombstones(store: Store, short_id: str, now: datetime) -> tuple[list[str], bool]:
    """Turn the claims of all versions and companions of an article into tombstones.

    Return the keys of the claimed files, and whether this call wrote a tombstone.
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
    """Find the file that a target names, and return its key; "" if there is none.

    The target may be a key, a path that ends in a key (``my-archive/archive/2025/…``), or a file name.
    """
    if "://" in target:
        return ""
    path = target.replace("\\", "/")
    key, name = path[max(path.rfind("archive/20"), 0) :], path.rpartition("/")[2]
    end = f"/{key}" if short_id_of_key(key) else f"/{name}"
    if not (short_id := short_id_of_name(name)):
        return ""
    # A forgotten article has claims but no files. In a damaged archive, a file may have no claim.
    claimed = (claim.key for _, claim in _claims(store, short_id))
    return next((known for known in chain(claimed, store.list("archive/")) if f"/{known}".endswith(end)), "")


def _claims(store: Store, short_id: str) -> Iterator[tuple[str, ArticleClaim]]:
    """Yield pairs ``(key of the claim, claim)`` for all versions and companions of an article."""
    for key in store.list(claim_key(short_id)):
        stored = store.read(key)
        claim = parse_claim(stored.data) if stored else None
        if isinstance(claim, ArticleClaim):
            yield key, claim


def _recover_lost_claim(store: Store, key: str) -> None:
    """If the claim of an article's file is missing, create it from the file, so that it can become a tombstone.

    Truncated files of the article are deleted: no claim can be made from them.
    """
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
    """Yield the keys of the articles with this link. This reads every article, because claims do not contain links."""
    wanted = canonical_url(link)
    if not wanted:
        return
    for key in store.list("archive/"):
        if short_id_of_key(key) and (stored := store.read(key)):
            fields = parse_front_matter(stored.data.decode("utf-8", "replace"))
            if canonical_url(str(fields.get("link", ""))) == wanted:
                yield key
