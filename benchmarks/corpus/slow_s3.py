"""A small S3 API in memory, which answers each request after a fixed time. It uses less CPU time than ministack.

It has only the requests that an archive needs: GET, HEAD and PUT of objects with conditions, and ListObjectsV2 with
prefix, delimiter and continuation.
"""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_KEYS_PER_PAGE = 1_000


class SlowS3(ThreadingHTTPServer):
    """A server for one bucket.

    - ``objects`` maps the keys of the bucket to the bytes of the objects.
    - ``seconds`` is the time before each response.
    - ``counts`` are the numbers of requests by their kind.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, objects: dict[str, bytes], seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects, self.seconds = objects, seconds
        self.counts: Counter[str] = Counter()
        self._keys: list[str] | None = None

    def keys(self) -> list[str]:
        if self._keys is None:
            self._keys = sorted(self.objects)
        return self._keys

    def forget_keys(self) -> None:
        """Call this after ``objects`` was changed without a request. The next listing then sorts the keys again."""
        self._keys = None

    def put(self, key: str, data: bytes) -> None:
        if key not in self.objects:
            self._keys = None
        self.objects[key] = data

    def page(self, prefix: str, delimiter: str, after: str) -> tuple[list[str], list[str], str]:
        """One page of a listing: its keys, its common prefixes, and the key after which the next page begins.

        The last value is "" if this is the last page.
        """
        keys, found, folders = self.keys(), list[str](), list[str]()
        position = bisect_left(keys, after + "\0" if after else prefix)
        while position < len(keys) and keys[position].startswith(prefix):
            if len(found) + len(folders) == _KEYS_PER_PAGE:
                return found, folders, keys[position - 1]
            key = keys[position]
            inner = key[len(prefix) :].partition(delimiter)[0] if delimiter else ""
            if delimiter and delimiter in key[len(prefix) :]:
                folders.append(prefix + inner + delimiter)
                position = bisect_left(keys, prefix + inner + chr(ord(delimiter) + 1))
            else:
                found.append(key)
                position += 1
        return found, folders, ""


def etag(data: bytes) -> str:
    return f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SlowS3

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def _handle(self, method: Callable[[str], None]) -> None:
        time.sleep(self.server.seconds)
        method(unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2])

    def do_GET(self) -> None:
        self._handle(self._get)

    def do_HEAD(self) -> None:
        self._handle(self._get)

    def do_PUT(self) -> None:
        self._handle(self._put)

    def _get(self, key: str) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            self._list({name: values[0] for name, values in query.items()})
            return
        self.server.counts[self.command] += 1
        data = self.server.objects.get(key)
        if data is None:
            self._respond(HTTPStatus.NOT_FOUND, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._respond(HTTPStatus.OK, data, etag(data))

    def _list(self, query: dict[str, str]) -> None:
        self.server.counts["LIST"] += 1
        prefix = query.get("prefix", "")
        found, folders, last = self.server.page(
            prefix, query.get("delimiter", ""), query.get("continuation-token", "")
        )  # fmt: skip
        objects = self.server.objects
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>{escape(etag(objects[key]))}</ETag><Size>{len(objects[key])}</Size></Contents>"
            for key in found
        ) + "".join(f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in folders)
        more = f"<NextContinuationToken>{escape(last)}</NextContinuationToken>" if last else ""
        text = f"<ListBucketResult><IsTruncated>{str(bool(last)).lower()}</IsTruncated>{more}{rows}</ListBucketResult>"
        self._respond(HTTPStatus.OK, text.encode())

    def _put(self, key: str) -> None:
        self.server.counts["PUT"] += 1
        data = self.rfile.read(int(self.headers["Content-Length"]))
        before = self.server.objects.get(key)
        expected = self.headers.get("If-Match")
        if (self.headers.get("If-None-Match") and before is not None) or (
            expected and (before is None or etag(before).strip('"') != expected.strip('"'))
        ):
            self._respond(HTTPStatus.PRECONDITION_FAILED, b"<Error><Code>PreconditionFailed</Code></Error>")
            return
        self.server.put(key, data)
        self._respond(HTTPStatus.OK, b"", etag(data))

    def _respond(self, status: HTTPStatus, data: bytes, tag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
