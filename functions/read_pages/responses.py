"""Responses in the form that a Lambda function URL expects."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from files import File

# Lambda sends at most 6 MB. The file is sent as base64, which makes it larger by a third.
_MAX_BYTES = 4_300_000
# These types are compressed already, so gzip saves nothing.
_COMPRESSED = (
    "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "audio/", "video/", "application/pdf",
)  # fmt: skip
_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class Response:
    """A response. ``headers`` are sent in addition to ``_HEADERS``."""

    status: int
    data: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def as_event(self) -> dict[str, Any]:
        return {
            "statusCode": self.status,
            "headers": {**_HEADERS, "Cache-Control": "private, no-cache", **self.headers},
            "body": base64.b64encode(self.data).decode(),
            "isBase64Encoded": True,
        }


def plain(status: int, text: str) -> Response:
    """A response with one line of text."""
    return Response(status, f"{text}\n".encode(), {"Content-Type": "text/plain; charset=utf-8"})


def denied() -> Response:
    """The response that asks for the password. Browsers ask once, and then send the password with every request."""
    challenge = {"WWW-Authenticate": 'Basic realm="Feedarchive", charset="UTF-8"'}
    response = plain(401, "the password is required")
    return Response(response.status, response.data, {**response.headers, **challenge})


def robots() -> Response:
    """The response for robots.txt: it tells search engines to stay away."""
    return plain(200, "User-agent: *\nDisallow: /")


def file_response(file: File, headers: Mapping[str, str], has_body: bool) -> Response:
    """The response with a file. The status is 304 if the browser has the file, or 413 if it is too large for Lambda.

    ``headers`` are the headers of the request, with names in lower case. ``has_body`` is False for a HEAD request.
    """
    known_etag, sent = headers.get("if-none-match", ""), _file_headers(file)
    if known_etag and known_etag.removeprefix("W/") == file.etag:
        return Response(304, headers=sent)
    data = file.data
    if "gzip" in headers.get("accept-encoding", "") and not file.content_type.startswith(_COMPRESSED):
        data, sent = gzip.compress(data, 6, mtime=0), {**sent, "Content-Encoding": "gzip"}
    if file.is_too_large or len(data) > _MAX_BYTES:
        return plain(413, "this file is too large for a Lambda function: download it with aws s3 cp")
    return Response(200, data if has_body else b"", sent)


def _file_headers(file: File) -> dict[str, str]:
    headers = {"Content-Type": file.content_type, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if not file.content_type.startswith("text/html"):
        # HTML pages contain their own policy. Styles are allowed because SVGs contain them.
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    if file.content_type == "application/pdf":  # browsers do not show a PDF in a sandbox
        headers["Content-Disposition"] = "attachment"
    return headers
