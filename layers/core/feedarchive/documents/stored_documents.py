"""Find and read the documents of an archive, in the order in which they were fetched."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from feedarchive.documents.document_keys import DOCUMENTS, DocumentKey, parse_key
from feedarchive.documents.gzip_members import Member, members
from feedarchive.documents.read_records import StoredRecord, read_record
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, StoreError


@dataclass(frozen=True, order=True)
class Location:
    """Where a document of a feed is stored: it starts at byte ``start`` of the file or object ``key``.

    Locations are sorted by ``time``, which is when the document was fetched.
    """

    time: datetime
    key: str
    start: int
    feed: str


@dataclass
class StoredDocuments:
    """Finds and reads the documents below ``prefix``. Use it as a context manager.

    ``damaged``: the keys of files and objects in which damaged records were found so far.
    """

    store: Store
    prefix: str = DOCUMENTS
    damaged: list[str] = field(default_factory=list)
    _copies: dict[str, Path] = field(default_factory=dict)
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder:
            self._folder.cleanup()

    def months(self) -> Mapping[str, Sequence[DocumentKey]]:
        """Returns all keys, grouped by month; the oldest month comes first."""
        found: defaultdict[str, list[DocumentKey]] = defaultdict(list)
        for key in self.store.list(self.prefix):
            if parsed := parse_key(key, self.prefix):
                found[parsed.month].append(parsed)
        return dict(sorted(found.items()))

    def documents_of(self, keys: Sequence[DocumentKey]) -> list[Location]:
        """Returns where the documents of a month are, the oldest document first. ``keys``: all keys of this month."""
        locations: list[Location] = []
        for each in keys:
            if each.time:
                # The object contains only one document.
                locations.append(Location(each.time, each.key, 0, each.feed))
            else:
                locations += (
                    Location(record.time, each.key, start, each.feed)
                    for start, record in self._records(each.key, 0)
                    if record.is_document
                )
        return sorted(locations)

    def read(self, location: Location) -> StoredRecord | None:
        """Returns the first document at or after a location; None if there is none."""
        return next((record for _, record in self._records(location.key, location.start) if record.is_document), None)

    def _records(self, key: str, start: int) -> Iterator[tuple[int, StoredRecord]]:
        """Yields pairs ``(first_byte, record)``: all undamaged records from byte ``start`` on."""
        with self._open(key) as file:
            for member in members(file, file.seek(0, 2), start):
                record = read_record(member.data) if isinstance(member, Member) else None
                if record:
                    yield member.start, record
                elif key not in self.damaged:
                    self.damaged.append(key)

    def _open(self, key: str) -> BinaryIO:
        if isinstance(self.store, FolderStore):
            path = Path(self.store.location) / key
        elif (parsed := parse_key(key, self.prefix)) and parsed.time:
            return BytesIO(self._data(key))
        else:
            path = self._copy(key)
        try:
            return path.open("rb")
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror or error}") from error

    def _copy(self, key: str) -> Path:
        """Copy a file from S3 to the disk, so that its documents can be read one by one. Returns its path."""
        self._folder = self._folder or tempfile.TemporaryDirectory()
        if key not in self._copies:
            path = Path(self._folder.name) / str(len(self._copies))
            path.write_bytes(self._data(key))
            self._copies[key] = path
        return self._copies[key]

    def _data(self, key: str) -> bytes:
        stored = self.store.read(key)
        return stored.data if stored else b""
