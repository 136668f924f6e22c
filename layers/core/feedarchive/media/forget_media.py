"""Remove the pictures and enclosures of an article that is being forgotten, if no other article uses them."""

from __future__ import annotations

from collections.abc import Callable

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.media.progress import PROGRESS
from feedarchive.media.remove_unused import RemovedObjects
from feedarchive.media.uses import objects_of_lists, used_objects
from feedarchive.store.interface import Store

ForgetMedia = Callable[[str], None]


def forget_media(store: Store, removed: RemovedObjects) -> ForgetMedia:
    """Return a function that removes the pictures and enclosures of an article. Its argument is the article's short id.

    Each call first puts back objects that an earlier call has removed, if another article uses them now.
    """

    def forget(short_id: str) -> None:
        progress = [*store.list(f"{PROGRESS}{short_id}")]
        lists = [*_list_keys(store, short_id), *progress]
        removed.put_back_used(store, lists)
        objects = objects_of_lists(store, lists)
        if objects:
            used = used_objects(store, lists)
            for key in used.unused(objects):
                removed.remove(store, key)
            removed.damaged_lists.update(used.damaged)
        for key in progress:
            store.delete(key)

    return forget


def _list_keys(store: Store, short_id: str) -> list[str]:
    """Return the keys of the article's lists of media."""
    found = []
    for key in store.list(claim_key(short_id)):
        stored = store.read(key) if ".media" in key else None
        claim = parse_claim(stored.data) if stored else None
        if isinstance(claim, ArticleClaim) and companion_kind(claim.key) is CompanionKind.MEDIA:
            found.append(claim.key)
    return found
