"""Store the feed documents that a run fetches, in a folder or in S3."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from feedarchive.documents.kept_document import KeptDocument, kept_document
from feedarchive.documents.month_files import append_document
from feedarchive.documents.single_objects import create_object
from feedarchive.feeds.feed import Feed
from feedarchive.polling.document_source import KeepDocument
from feedarchive.polling.results import Fetched
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store


def document_keeper(store: Store) -> KeepDocument:
    """Returns a function that stores documents in an archive. Any number of threads and processes may call it."""
    return partial(_keep, store)


def _keep(store: Store, feed: Feed, fetched: Fetched, time: datetime, previous_poll: datetime | None) -> None:
    if document := kept_document(feed, fetched, time, previous_poll):
        store_document(store, document)


def store_document(store: Store, document: KeptDocument) -> None:
    """Store a document. If it is stored already, do nothing. Raises StoreError."""
    if isinstance(store, FolderStore):
        append_document(store, document)
    else:
        create_object(store, document)
