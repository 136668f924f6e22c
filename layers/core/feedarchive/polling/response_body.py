"""Read the body of a response and decompress it while it arrives. Reading stops when there are too many bytes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from feedarchive.polling.content_encoding import CorruptData, Decoder, TooLarge, decode, decoders_for
from feedarchive.polling.dialer import TooManyBytes, TotalTimeout

MAX_BODY_BYTES = 10 * 1024 * 1024
"""How large a document may be after decompression."""
CHUNK_OVERHEAD_BYTES = 2 * 1024 * 1024
"""How many bytes chunked transfer encoding may add to a body: it writes the size of each chunk before the chunk."""
_READ_BYTES = 64 * 1024
# A body that arrives in more pieces than this is refused. A large body in chunks of one byte would take too much CPU.
_MAX_READS = 200_000


class CannotWrite(Exception):
    """The body cannot be written to the file. ``__cause__`` is the OSError."""


@dataclass(frozen=True)
class Body:
    """The body of a response.

    - ``data``: its bytes after decompression.
    - ``incomplete``: a message that says how the transfer ended too early; "" if the body is complete.
    """

    data: bytes
    incomplete: str = ""


def read_body(response: BaseHTTPResponse, max_bytes: int = MAX_BODY_BYTES, into: BinaryIO | None = None) -> Body:
    """Read and decompress a body.

    - ``max_bytes``: how large the body may be after decompression.
    - ``into``: a file into which the body is written. ``data`` of the result is then b"".

    Raises TooLarge if the body is larger than ``max_bytes``, TotalTimeout if the time limit of the fetch is reached,
    and CannotWrite if the file cannot be written.
    """
    body, broken = _Received(into), False
    try:
        decoders = decoders_for(response.headers.get("content-encoding", ""), max_bytes)
        _read(response, decoders, body, max_bytes)
    except CorruptData:
        return Body(bytes(body.data), f"the compressed data is corrupt after {body.size} bytes")
    except (HTTPError, OSError) as error:
        if isinstance(error.__cause__, TotalTimeout):
            raise error.__cause__ from None
        if isinstance(error.__cause__, TooManyBytes):
            raise TooLarge from None
        broken = True
    for number, decoder in enumerate(decoders):
        body.add(b"".join(decode(decoders[number + 1 :], decoder.rest())))
    compressed = [decoder for decoder in decoders if not decoder.plain]
    # Some servers send the size before compression as Content-Length, so the connection seems to break. Nothing is
    # missing if the compressed data is complete.
    complete = all(decoder.done for decoder in compressed)
    if broken and not (compressed and complete):
        return Body(bytes(body.data), f"the connection broke after {body.size} bytes")
    return Body(bytes(body.data), "" if complete else "the compressed data is truncated")


def read_start(response: BaseHTTPResponse, max_bytes: int) -> bytes:
    """Read at most ``max_bytes`` of a body, and ignore all errors.

    If the whole body has been read, the connection can be used for another request.
    """
    body = _Received(None)
    with suppress(CorruptData, TooLarge, HTTPError, OSError):
        _read(response, decoders_for(response.headers.get("content-encoding", ""), MAX_BODY_BYTES), body, max_bytes)
    return bytes(body.data[:max_bytes])


class _Received:
    """Collects the bytes of a body in ``data``, or writes them into a file."""

    def __init__(self, into: BinaryIO | None) -> None:
        self.data, self.size, self._into = bytearray(), 0, into

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self._into is None:
            self.data += piece
            return
        try:
            self._into.write(piece)
        except OSError as error:  # callers take an OSError for a broken connection
            raise CannotWrite from error


def _read(response: BaseHTTPResponse, decoders: Sequence[Decoder], body: _Received, max_bytes: int) -> None:
    for _ in range(_MAX_READS):
        # ``read1`` returns what has arrived. ``read`` would wait for more, and lose the data if the connection breaks.
        data = response.read1(_READ_BYTES, decode_content=False)
        if not data:
            return
        for piece in decode(decoders, data):
            body.add(piece)
            if body.size > max_bytes:
                raise TooLarge
    raise TooLarge
