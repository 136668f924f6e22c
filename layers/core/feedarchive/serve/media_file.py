"""Serve a stored picture or enclosure in parts, so that a large file is never completely in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedarchive.media.object_key import sha256_of_key, type_of_key
from feedarchive.serve.http import Response
from feedarchive.store.interface import Store

# If the browser shows the file as a page of its own, the page runs no scripts and loads no other files. Styles inside
# an SVG are applied.
POLICY = "default-src 'none'; img-src data:; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


def media_file(store: Store, key: str, byte_range: str) -> Response | None:
    """Serve a stored media file, or the part of it that the Range header asks for. Returns None if it does not exist.

    - ``key``: the key of the file.
    - ``byte_range``: the Range header of the request; "" if there is none.
    """
    media = type_of_key(key)
    size = store.sizes(key).get(key) if media else None
    if media is None or size is None:
        return None
    # A PDF is downloaded, not shown. Some browsers would run scripts in the PDF, and some cannot show a PDF in the
    # sandbox.
    name = f"{sha256_of_key(key)[:12]}.{media.extension}"
    own = (("Content-Disposition", f"attachment; filename={name}"),) if media.mime == "application/pdf" else ()
    headers = (*own, ("Accept-Ranges", "bytes"))
    asked = _RANGE.fullmatch(byte_range)
    if not asked:
        return _response(store, key, (0, size), Response("200 OK", b"", media.mime, headers))
    start, end = int(asked[1]), min(int(asked[2] or size), size - 1) + 1
    if start >= end:
        unsatisfied = (("Content-Range", f"bytes */{size}"),)
        return Response("416 Range Not Satisfiable", b"", media.mime, unsatisfied)
    headers = (*headers, ("Content-Range", f"bytes {start}-{end - 1}/{size}"))
    return _response(store, key, (start, end), Response("206 Partial Content", b"", media.mime, headers))


def _response(store: Store, key: str, span: tuple[int, int], head: Response) -> Response | None:
    start, end = span
    parts = store.stream(key, start)
    if parts is None:
        return None
    return Response(
        head.status, b"", head.content_type, head.headers, POLICY, _until(parts, end - start), end - start
    )  # fmt: skip


def _until(parts: Iterator[bytes], length: int) -> Iterator[bytes]:
    left = length
    for part in parts:
        yield part[:left]
        left -= len(part)
        if left <= 0:
            return
