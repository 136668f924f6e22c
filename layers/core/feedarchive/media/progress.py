"""What was fetched of an article whose other pictures are tried again later: ``state/media/<id>``, a cache."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from feedarchive.media.media_list import MediaItem, MediaList, media_list_to_json
from feedarchive.store.interface import Store, StoreError
from feedarchive.store.update import update

PROGRESS = "state/media/"


def progress_key(article_id: str) -> str:
    """The key of the file for an article."""
    return f"{PROGRESS}{article_id}"


def save_progress(store: Store, article_id: str, version: str, items: Sequence[MediaItem], now: datetime) -> None:
    """Keep items for the next try; their objects are stored already."""
    data = media_list_to_json(MediaList(article_id, version, now, tuple(items)))
    update(store, progress_key(article_id), lambda stored: data)


def delete_progress(store: Store, key: str) -> None:
    """Remove the file, if there is one. One that cannot be deleted does no harm."""
    if store.read(key):
        with suppress(StoreError):
            store.delete(key)
