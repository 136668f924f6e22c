"""Check the feed documents that an archive keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from feedarchive.concurrency import in_parallel
from feedarchive.copying.transfer import Pair
from feedarchive.documents.document_keys import DOCUMENTS, parse_key
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault, Finding, Note

_INTERRUPTED = "its last document is incomplete, because a run was interrupted: the next document replaces it"


@dataclass
class DocumentsCheck:
    """The number and the total size of the documents, and what is wrong with them."""

    documents: int = 0
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def verify_documents(store: Store) -> DocumentsCheck:
    """Check the length and the hash of every stored feed document. Raises StoreError."""
    result = DocumentsCheck()
    keys = [key for key in store.list(DOCUMENTS) if parse_key(key)]
    if not keys:
        return result
    # Imported here to save time: most archives keep no documents.
    from feedarchive.documents.check_documents import check_documents

    for checked in in_parallel(partial(check_documents, store), keys, Pair(store, store).threads):
        result.documents += checked.documents
        result.bytes += checked.bytes
        if checked.damaged_at is not None:
            detail = f"at byte {checked.damaged_at}"
            result.findings.append(Finding(checked.key, Fault.DOCUMENT_DAMAGED, detail=detail))
        if checked.is_interrupted:
            result.notes.append(Note(checked.key, _INTERRUPTED))
    result.findings.sort(key=lambda each: each.key)
    return result
