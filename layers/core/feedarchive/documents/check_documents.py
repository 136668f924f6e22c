"""Check stored feed documents: each record contains its length and its hash, which must be right."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from feedarchive.documents.gzip_members import BadMember, members
from feedarchive.documents.read_records import read_record
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, StoreError


@dataclass(frozen=True)
class CheckedDocuments:
    """The result of checking one file of feed documents.

    ``documents``: the number of undamaged documents.
    ``bytes``: the size of the file.
    ``damaged_at``: the byte at which the first damaged record starts; None if no record is damaged.
    ``is_interrupted``: True if the last record is incomplete because a process was killed while it wrote the record. An
    incomplete last record does not count as damage.
    """

    key: str
    documents: int
    bytes: int
    damaged_at: int | None
    is_interrupted: bool


def check_documents(store: Store, key: str) -> CheckedDocuments:
    """Check all records of a file of feed documents. Raises StoreError."""
    if not isinstance(store, FolderStore):
        stored = store.read(key)
        return _check(key, BytesIO(stored.data if stored else b""))
    path = Path(store.location) / key
    try:
        with path.open("rb") as file:
            return _check(key, file)
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from error


def _check(key: str, file: BinaryIO) -> CheckedDocuments:
    size, documents = file.seek(0, 2), 0
    bad: list[BadMember] = []
    for member in members(file, size):
        if bad and bad[-1].truncated:
            # More follows the last bad record. So no interrupted write cut it off: it is damaged.
            bad[-1] = BadMember(bad[-1].start, truncated=False)
        if isinstance(member, BadMember):
            bad.append(member)
        elif record := read_record(member.data):
            documents += record.is_document
        else:
            bad.append(BadMember(member.start, truncated=False))
    is_interrupted = bool(bad) and bad[-1].truncated
    damaged = bad[:-1] if is_interrupted else bad
    return CheckedDocuments(key, documents, size, damaged[0].start if damaged else None, is_interrupted)
