"""Keep documents in a folder: one file for each feed and month, to which records are appended.

Each record is a gzip member. If a process is killed while it appends a record, the file ends with a truncated member.
The next process that appends to the file removes this member.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from feedarchive.documents.document_keys import DOCUMENTS, month_key, parse_key
from feedarchive.documents.gzip_members import BadMember, last_member, members
from feedarchive.documents.kept_document import KeptDocument, Original
from feedarchive.documents.read_records import read_record
from feedarchive.documents.write_records import packed_records
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError

_MAX_ATTEMPTS = 1000  # an attempt fails if another process appends to the file at the same time


@dataclass(frozen=True)
class FileEnd:
    """The end of a file.

    ``size``: the size of the file.
    ``end``: the byte at which the last complete document ends; 0 if there is none.
    ``newest``: the record that contains the body of the last complete document; None if there is no document. If the
    last document was unchanged, this is an earlier record.
    """

    size: int
    end: int
    newest: Original | None


def append_document(store: FolderStore, document: KeptDocument) -> None:
    """Append a document to the file of its month. Raises StoreError."""
    for number in count(1):
        key = month_key(document.feed, document.month, number)
        if _append_to(store, key, document):
            return


def _append_to(store: FolderStore, key: str, document: KeptDocument) -> bool:
    """Append a document to a file. If the end of the file is damaged, append nothing and return False."""
    for _ in range(_MAX_ATTEMPTS):
        found = file_end(Path(store.location) / key)
        if found is None:
            return False
        if document.is_recorded_in(found.newest):
            return True
        if found.end == 0:
            _heal_month_before(store, document)
        data = packed_records(document, found.newest, is_first=found.end == 0)
        if store.append(key, data, found.end, found.size):
            return True
    raise StoreError(f"cannot write {store.location}/{key}: other processes keep writing to it; run again")


def _heal_month_before(store: FolderStore, document: KeptDocument) -> None:
    """Remove truncated records from the ends of the files of the feed's previous month."""
    keys = [found for key in store.files(f"{DOCUMENTS}{document.feed}/") if (found := parse_key(key))]
    last = max((each.month for each in keys if each.month < document.month), default="")
    for key in (each.key for each in keys if each.month == last):
        before = file_end(Path(store.location) / key)
        if before and before.end < before.size:
            store.append(key, b"", before.end, before.size)


def file_end(path: Path) -> FileEnd | None:
    """Returns the end of a file; None if the end is damaged.

    A truncated document is not damage: an interrupted process left it, and the next append removes it.
    """
    try:
        with path.open("rb") as file:
            return end_of(file, file.seek(0, 2))
    except FileNotFoundError:
        return FileEnd(0, 0, None)
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from error


def end_of(file: BinaryIO, size: int) -> FileEnd | None:
    """Returns the end of an open file of ``size`` bytes; None if the end is damaged. See ``file_end``."""
    if size == 0:
        return FileEnd(0, 0, None)
    last = last_member(file, size)
    record = read_record(last.data) if last else None
    if record and record.is_document:
        return FileEnd(size, size, record.with_body)
    # The file does not end with a document: perhaps a process was killed while it appended. Find the last complete
    # document by reading from the start.
    end, newest, is_truncated = 0, None, False
    for member in members(file, size):
        if is_truncated or (isinstance(member, BadMember) and not member.truncated):
            return None
        if isinstance(member, BadMember):
            is_truncated = True
        elif (record := read_record(member.data)) and record.is_document:
            end, newest = member.end, record.with_body
    return FileEnd(size, end, newest)
