"""Remember which media of an article are done, so that a retry requests only the rest.

The file ``state/media/<id>`` is a list of media. It is a cache: if it is lost, the files are fetched again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from feedarchive.media.media_list import MediaItem, MediaList, media_list_to_json
from feedarchive.store.interface import Store, StoreError
from feedarchive.store.update import update

PROGRESS = "state/media/"


def progress_key(article_id: str) -> str:
    return f"{PROGRESS}{article_id}"


def save_progress(store: Store, article_id: str, version: str, items: Sequence[MediaItem], now: datetime) -> None:
    """Save the media that are done: stored, or not available. Call this after the files of the media are stored."""
    data = media_list_to_json(MediaList(article_id, version, now, tuple(items)))
    update(store, progress_key(article_id), lambda stored: data)


def delete_progress(store: Store, key: str) -> None:
    """Delete the file with this key if it exists. Errors are ignored, because the file does no harm if it stays."""
    if store.read(key):
        with suppress(StoreError):
            store.delete(key)
