"""Keep documents in S3. Each document is an object of its own, because nothing can be appended to an object."""

from __future__ import annotations

from feedarchive.documents.document_keys import DOCUMENTS, DocumentKey, object_key, parse_key
from feedarchive.documents.kept_document import KeptDocument, Original
from feedarchive.documents.write_records import packed_records
from feedarchive.store.interface import Store


def create_object(store: Store, document: KeptDocument) -> None:
    """Write a document. Raises StoreError.

    The body is left out if it is the same as the last body stored in this month. Bodies of earlier months are not
    compared, because they may be deleted.
    """
    original = _newest(store, document)
    if document.is_recorded_in(original):
        return
    is_revisit = original is not None and original.digest == document.digest
    # If the key exists, another run has just written the same document.
    store.create(object_key(document, is_revisit), packed_records(document, original, is_first=True))


def _newest(store: Store, document: KeptDocument) -> Original | None:
    """Return the newest document that was stored with its body; None if there is none.

    Only documents of the same feed and month as ``document`` count. They are recognized by their keys.
    """
    found: DocumentKey | None = None
    for key in store.list(f"{DOCUMENTS}{document.feed}/{document.month}/"):
        if (each := parse_key(key)) and not each.is_revisit:
            found = each
    return Original(found.digest, found.time, document.url) if found and found.time else None
