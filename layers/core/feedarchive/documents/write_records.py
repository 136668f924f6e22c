"""Write a kept document as WARC 1.1 records: its request and its response.

If the body is the same as in the previous document, a revisit record is written instead of the response. It has no
body, but refers to the record that has the body.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from io import BytesIO
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from feedarchive import __version__
from feedarchive.documents.gzip_members import pack
from feedarchive.documents.kept_document import KeptDocument, Original, response_headers
from feedarchive.rfc3339 import format_rfc3339

PREVIOUS_POLL = "Feedarchive-Previous-Poll"
"""This WARC field contains the time of the previous successful poll."""
MASKED = "Feedarchive-Masked"
"""A record has this WARC field if secrets in the body were masked."""
TRUNCATED = "WARC-Truncated"
_DISCONNECT = "disconnect"
_MAX_HEADER_CHARS = 16_000  # longer values are cut, because tools refuse to read them
_CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


def packed_records(document: KeptDocument, original: Original | None, is_first: bool) -> bytes:
    """Returns the WARC records of a document, each compressed.

    The last record is the response. If ``original`` has the same body as the document, a revisit record is returned
    instead of the response.

    ``original``: the feed's newest record with a body; None if there is none.
    ``is_first``: True if the records start a file. Then the first record describes the file.
    """
    revisited = original if original and original.digest == document.digest else None
    records = [_information(document)] if is_first else []
    records += [_request(document), _revisit(document, revisited) if revisited else _response(document)]
    return b"".join(map(pack, records))


def _information(document: KeptDocument) -> bytes:
    fields = {
        "software": f"Feedarchive/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": _CONFORMS_TO,
        "isPartOf": document.feed,
    }
    text = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    writer = _Writer()
    headers = _record_headers(document, "warcinfo")
    record = writer.create_warc_record("", "warcinfo", BytesIO(text), len(text), warc_headers_dict=headers)
    return writer.bytes_of(record)


def _request(document: KeptDocument) -> bytes:
    line = f"GET {_ascii(document.exchange.target)} HTTP/1.1"
    http = StatusAndHeaders(line, _ascii_headers(document.exchange.request_headers), is_http_request=True)
    writer = _Writer()
    headers = _record_headers(document, "request") | {"WARC-Concurrent-To": _record_id(document, "response")}
    return writer.bytes_of(
        writer.create_warc_record(document.url, "request", http_headers=http, warc_headers_dict=headers)
    )


def _response(document: KeptDocument) -> bytes:
    writer = _Writer()
    headers = _record_headers(document, "response") | _own_fields(document)
    return writer.bytes_of(
        writer.create_warc_record(
            document.url, "response", BytesIO(document.body), len(document.body),
            http_headers=_head(document), warc_headers_dict=headers,
        )
    )  # fmt: skip


def _revisit(document: KeptDocument, original: Original) -> bytes:
    writer = _Writer()
    headers = _record_headers(document, "response") | _own_fields(document)
    record = writer.create_revisit_record(
        document.url, f"sha1:{document.digest}", original.url, format_rfc3339(original.time),
        http_headers=_head(document), warc_headers_dict=headers,
    )  # fmt: skip
    return writer.bytes_of(record)


def _head(document: KeptDocument) -> StatusAndHeaders:
    exchange = document.exchange
    status = f"{exchange.status} {_ascii(exchange.reason)}".strip()
    headers = _ascii_headers(response_headers(exchange.response_headers, len(document.body)))
    return StatusAndHeaders(status, headers, protocol=exchange.http_version)


def _ascii_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, _ascii(value)[:_MAX_HEADER_CHARS]) for name, value in headers]


def _ascii(text: str) -> str:
    """Returns the text with control and non-ASCII characters percent-encoded."""
    return "".join(character if " " <= character <= "~" else quote(character, safe="") for character in text)


def _record_headers(document: KeptDocument, kind: str) -> dict[str, str]:
    return {"WARC-Record-ID": _record_id(document, kind), "WARC-Date": format_rfc3339(document.time)}


def _own_fields(document: KeptDocument) -> dict[str, str]:
    fields = {}
    if document.previous_poll:
        fields[PREVIOUS_POLL] = format_rfc3339(document.previous_poll)
    if document.incomplete:
        fields[TRUNCATED] = _DISCONNECT
    if document.masked:
        fields[MASKED] = "body"
    return fields


def _record_id(document: KeptDocument, kind: str) -> str:
    """Returns the id of a record.

    The id depends only on the document and ``kind``, so every process writes the same record for the same document.
    """
    name = f"{document.feed} {document.time.isoformat()} {document.digest} {kind}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    def __init__(self) -> None:
        super().__init__(BytesIO(), gzip=False, warc_version="1.1")

    def bytes_of(self, record: object) -> bytes:
        self.write_record(record)
        return bytes(self.out.getvalue())
