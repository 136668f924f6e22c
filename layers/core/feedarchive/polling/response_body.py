"""The body of an answer: read as it comes, decompressed as it comes, and never more of it than is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from feedarchive.polling.content_encoding import Damaged, Decoder, TooLarge, decoders_for, through
from feedarchive.polling.dialer import TooManyBytes, TotalTimeout

MAX_BODY_BYTES = 10 * 1024 * 1024  # bytes, after decompression
CHUNKS_ON_THE_WIRE = 2 * 1024 * 1024  # bytes that chunked transfer may add
_READ = 64 * 1024  # bytes
_MAX_READS = 200_000  # a document in chunks of one byte costs more CPU than it is worth


@dataclass(frozen=True)
class Body:
    """What came. ``incomplete`` says what is missing, or ""."""

    data: bytes
    incomplete: str = ""


def read_body(response: BaseHTTPResponse, most: int = MAX_BODY_BYTES) -> Body:
    """Read and decompress. Raises TooLarge for more than ``most`` bytes, OutOfTime when the total time is over."""
    body, broken = bytearray(), ""
    try:
        layers = decoders_for(response.headers.get("content-encoding", ""), most)
        _pour(response, layers, body, most)
    except Damaged:
        return Body(bytes(body), f"its compression is damaged after {len(body)} bytes")
    except (HTTPError, OSError) as error:
        if isinstance(error.__cause__, TotalTimeout):
            raise error.__cause__ from None
        if isinstance(error.__cause__, TooManyBytes):
            raise TooLarge from None
        broken = f"the connection broke after {len(body)} bytes"
    for number, layer in enumerate(layers):
        body += b"".join(through(layers[number + 1 :], layer.undecided()))
    if layers:
        # Compressed data knows its own end better than a Content-Length counted before compression.
        broken = "" if all(layer.done for layer in layers) else broken or "its compression is cut off"
    return Body(bytes(body), broken)


def read_start(response: BaseHTTPResponse, most: int) -> bytes:
    """The first bytes, as many as come without trouble. A connection whose answer is read to its end is used again."""
    body = bytearray()
    with suppress(Damaged, TooLarge, HTTPError, OSError):
        _pour(response, decoders_for(response.headers.get("content-encoding", ""), MAX_BODY_BYTES), body, most)
    return bytes(body[:most])


def _pour(response: BaseHTTPResponse, layers: Sequence[Decoder], body: bytearray, most: int) -> None:
    for _ in range(_MAX_READS):
        # read1 gives what has come: read() would lose up to a chunk of it when the connection breaks.
        data = response.read1(_READ, decode_content=False)
        if not data:
            return
        for piece in through(layers, data):
            body += piece
            if len(body) > most:
                raise TooLarge
    raise TooLarge
