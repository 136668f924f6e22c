"""Keep documents in S3: an object for each, because objects cannot be appended to."""

from __future__ import annotations

from feedarchive.documents.document_keys import DOCUMENTS, DocumentKey, object_key, parse_key
from feedarchive.documents.kept_document import KeptDocument, Original
from feedarchive.documents.write_records import packed_records
from feedarchive.store.interface import Store


def create_object(store: Store, document: KeptDocument) -> None:
    """Write a document. Raises StoreError.

    One listing finds the newest document of the month. The first document of a month always has its body, so that
    earlier months may be deleted. Two runs at the same time may both write the same document; a replay takes it once.
    """
    original = _newest(store, document)
    if document.is_recorded_in(original):
        return
    is_revisit = original is not None and original.digest == document.digest
    # If the key exists, another run has just written the same document.
    store.create(object_key(document, is_revisit), packed_records(document, original, is_first=True))


def _newest(store: Store, document: KeptDocument) -> Original | None:
    """This month's newest document with a body. Its key does not contain its URL, so that of ``document`` is taken."""
    found: DocumentKey | None = None
    for key in store.list(f"{DOCUMENTS}{document.feed}/{document.month}/"):
        if (each := parse_key(key)) and not each.is_revisit:
            found = each
    return Original(found.digest, found.time, document.url) if found and found.time else None
