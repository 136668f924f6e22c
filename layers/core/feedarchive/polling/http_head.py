"""Read the head of an HTTP response (status line and headers), and correct it before http.client parses it.

http.client drops all lines after a header line that it cannot parse, even important ones such as Content-Encoding. This
module drops only the line that cannot be parsed, as browsers do.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import BinaryIO

_MAX_LINE_BYTES = 64 * 1024  # http.client raises LineTooLong for a longer line
_MAX_HEADERS = 95  # less than the limit of http.client, which is 100 header lines
_INTERIM = re.compile(rb"HTTP/1\.\d +1\d\d\b")
_SWITCHING_PROTOCOLS = str(int(HTTPStatus.SWITCHING_PROTOCOLS)).encode()
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*)", re.DOTALL)
# Matches the headers that decide where the body ends and how it is encoded. If such a line cannot be parsed, the
# response is an error (InvalidHead). Other lines that cannot be parsed are ignored.
_FRAMING = re.compile(rb"[\W_]*(?:transfer[\W_]*encoding|content[\W_]*(?:length|encoding))", re.IGNORECASE)
# A line that starts like this is the start of the document: the server forgot the blank line after the headers.
_DOCUMENT_START = (b"<", b"{", b"\xef\xbb\xbf")
# The headers that this program needs. If a response has too many headers, only these are kept.
_NEEDED = {
    b"age", b"cache-control", b"connection", b"content-encoding", b"content-length", b"content-type", b"date", b"etag",
    b"expires", b"last-modified", b"location", b"retry-after", b"transfer-encoding", b"www-authenticate",
}  # fmt: skip


class InvalidHead(http.client.HTTPException):
    """The head of a response is not valid HTTP, or it is not clear where the body starts and ends."""


def read_head(stream: BinaryIO) -> bytes:
    """Read the head of a response. Returns it in a form that http.client can parse completely. Raises InvalidHead.

    - If the status line is not HTTP, returns only this line. http.client then raises an error for it.
    - If the server closed the connection without a response, returns b"".
    - Interim responses (status 1xx) before the response are skipped (RFC 9110 section 15.2).
    """
    status = stream.readline(_MAX_LINE_BYTES + 1)
    while _INTERIM.match(status) and status.split(None, 2)[1] != _SWITCHING_PROTOCOLS:
        for _ in _lines(stream):
            pass
        status = stream.readline(_MAX_LINE_BYTES + 1)
    if not status.startswith(b"HTTP/") or not status.endswith(b"\n"):
        return status
    return b"\r\n".join([status.rstrip(b"\r\n"), *_few(_framed(_headers(stream))), b"", b""])


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while (line := stream.readline(_MAX_LINE_BYTES + 1)) not in (b"\r\n", b"\n"):
        if len(line) > _MAX_LINE_BYTES:
            raise http.client.LineTooLong("header line")
        if not line.endswith(b"\n"):
            raise InvalidHead("the connection was closed before the headers were complete")
        # Python's parser would end the line at a CR without LF. In HTTP, such a CR does not end the line.
        yield line.removesuffix(b"\n").removesuffix(b"\r").replace(b"\r", b" ")


def _headers(stream: BinaryIO) -> list[tuple[bytes, bytes]]:
    """Read the header lines. Returns the names and values of the valid headers.

    A line that begins with a space continues the line before it, so the two are joined.
    """
    headers: list[tuple[bytes, bytes]] = []
    continuable = False
    for line in _lines(stream):
        is_continuation = line[:1] in (b" ", b"\t")
        match = None if is_continuation else _HEADER.fullmatch(line)
        if match:
            headers.append((match.group(1), match.group(2).strip()))
        elif _FRAMING.match(line) or line.startswith(_DOCUMENT_START):
            raise InvalidHead("a header line cannot be parsed")
        elif is_continuation and continuable:
            name, value = headers[-1]
            headers[-1] = name, (value + b" " + line.strip()).strip()
        continuable = bool(match) or (is_continuation and continuable)
    return headers


def _framed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """If the body is chunked, write Transfer-Encoding as "chunked", and remove Content-Length.

    http.client does not understand other values that mean the same, such as "identity, chunked".
    """
    codings = [value for name, value in headers if name.lower() == b"transfer-encoding"]
    if not any(coding.strip().lower() == b"chunked" for value in codings for coding in value.split(b",")):
        return headers
    others = [header for header in headers if header[0].lower() not in (b"transfer-encoding", b"content-length")]
    return [*others, (b"Transfer-Encoding", b"chunked")]


def _few(headers: list[tuple[bytes, bytes]]) -> list[bytes]:
    """Write the headers as lines. If there are too many for http.client, keep only those that this program needs."""
    if len(headers) > _MAX_HEADERS:
        headers = [header for header in headers if header[0].lower() in _NEEDED][:_MAX_HEADERS]
    return [name + b": " + value for name, value in headers]
