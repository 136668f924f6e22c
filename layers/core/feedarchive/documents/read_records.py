"""Read one record of a WARC file, and check its digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from feedarchive.documents.kept_document import Original
from feedarchive.documents.write_records import PREVIOUS_POLL, TRUNCATED
from feedarchive.rfc3339 import parse_rfc3339

_RESPONSE, _REVISIT = "response", "revisit"


@dataclass(frozen=True)
class StoredRecord:
    """A record. A value that the record does not have is "" or None.

    ``kind``: its WARC-Type, such as "response".
    ``content_type``: the Content-Type of the document.
    ``previous_poll``: the time of the previous successful poll.
    ``is_incomplete``: True if the transfer broke off.
    ``original``: for a revisit record, the earlier record that has the body.
    """

    kind: str
    url: str
    time: datetime
    digest: str
    body: bytes
    content_type: str
    previous_poll: datetime | None
    is_incomplete: bool
    original: Original | None

    @property
    def is_document(self) -> bool:
        return self.kind in (_RESPONSE, _REVISIT)

    @property
    def is_revisit(self) -> bool:
        return self.kind == _REVISIT

    @property
    def with_body(self) -> Original:
        """The record with the body: this record, or the earlier record to which a revisit record refers."""
        return self.original or Original(self.digest, self.time, self.url)


def read_record(data: bytes) -> StoredRecord | None:
    """Returns the record in these bytes; None if they are not a complete record, or if a digest is wrong."""
    try:
        record = next(ArchiveIterator(BytesIO(data), check_digests="raise"), None)
        if record is None or not _is_complete(record.rec_headers, data):
            return None
        return _stored(record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read())
    except (ArchiveLoadFailed, ValueError, EOFError):
        return None


def _is_complete(headers: Any, data: bytes) -> bool:
    """Whether the record has the length that its header Content-Length says."""
    length = headers.get_header("Content-Length", "")
    start = data.find(b"\r\n\r\n") + 4
    return length.isdecimal() and len(data) == start + int(length) + 4


def _stored(kind: str, headers: Any, http: Any, body: bytes) -> StoredRecord:
    previous = headers.get_header(PREVIOUS_POLL)
    refers_to = headers.get_header("WARC-Refers-To-Date")
    digest = headers.get_header("WARC-Payload-Digest", "").removeprefix("sha1:")
    return StoredRecord(
        kind=kind,
        url=headers.get_header("WARC-Target-URI", ""),
        time=parse_rfc3339(headers.get_header("WARC-Date", "")),
        digest=digest,
        body=body,
        content_type=_content_type(http),
        previous_poll=parse_rfc3339(previous) if previous else None,
        is_incomplete=headers.get_header(TRUNCATED) is not None,
        original=Original(digest, parse_rfc3339(refers_to), headers.get_header("WARC-Refers-To-Target-URI", ""))
        if refers_to
        else None,
    )


def _content_type(http: Any) -> str:
    """Returns the header Content-Type. If it occurs several times, the values are joined with commas."""
    fields = http.headers if http else ()
    return ", ".join(value for name, value in fields if name.lower() == "content-type")
