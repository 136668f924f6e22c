"""Remove the pictures and enclosures of an article that is being forgotten, unless another article uses them.

This happens after the article's claims became tombstones, and before its files are deleted: the lists of media are the
only files that name the objects. So after an interruption, forgetting again finishes the work.
"""

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
    """A function that removes the objects of the article with a short id, to be called once or again later.

    A later call also puts back what another article has begun to use meanwhile.
    """

    def forget(short_id: str) -> None:
        progress = [*store.list(f"{PROGRESS}{short_id}")]
        lists = [*_list_keys(store, short_id), *progress]
        removed.put_back_used(store, lists)
        objects = objects_of_lists(store, lists)
        for key in sorted(objects.keys() - used_objects(store, lists)) if objects else ():
            removed.remove(store, key)
        for key in progress:
            store.delete(key)

    return forget


def _list_keys(store: Store, short_id: str) -> list[str]:
    """The keys of the lists of media of an article, by its claims."""
    found = []
    for key in store.list(claim_key(short_id)):
        stored = store.read(key) if ".media" in key else None
        claim = parse_claim(stored.data) if stored else None
        if isinstance(claim, ArticleClaim) and companion_kind(claim.key) is CompanionKind.MEDIA:
            found.append(claim.key)
    return found
