"""Read the body of a response, decompress it while it arrives, and never read more bytes than allowed."""

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
"""Limit of a document after decompression."""
CHUNK_OVERHEAD_BYTES = 2 * 1024 * 1024
"""How many bytes chunked transfer encoding may add to a body."""
_READ_BYTES = 64 * 1024
_MAX_READS = 200_000  # a document sent in chunks of one byte would cost too much CPU


class CannotWrite(Exception):
    """The file for a body cannot be written. ``__cause__`` is the OSError."""


@dataclass(frozen=True)
class Body:
    """The decompressed bytes of a body. ``incomplete`` says how the transfer broke off; it is "" if all arrived."""

    data: bytes
    incomplete: str = ""


def read_body(response: BaseHTTPResponse, max_bytes: int = MAX_BODY_BYTES, into: BinaryIO | None = None) -> Body:
    """Read and decompress a body. With ``into``, its bytes are written to that file, and ``data`` of the result is b"".

    Raises TooLarge if there are more than ``max_bytes`` bytes, TotalTimeout when the time limit of the fetch is
    reached, and CannotWrite.
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
    # The end of compressed data is more reliable than Content-Length: some servers send the length before compression.
    complete = all(decoder.done for decoder in compressed)
    if broken and not (compressed and complete):
        return Body(bytes(body.data), f"the connection broke after {body.size} bytes")
    return Body(bytes(body.data), "" if complete else "the compressed data is truncated")


def read_start(response: BaseHTTPResponse, max_bytes: int) -> bytes:
    """Read the first bytes of a body, ignoring all errors. If the body ends there, the connection can be reused."""
    body = _Received(None)
    with suppress(CorruptData, TooLarge, HTTPError, OSError):
        _read(response, decoders_for(response.headers.get("content-encoding", ""), MAX_BODY_BYTES), body, max_bytes)
    return bytes(body.data[:max_bytes])


class _Received:
    """Collects a body in memory, or in a file."""

    def __init__(self, into: BinaryIO | None) -> None:
        self.data, self.size, self._into = bytearray(), 0, into

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self._into is None:
            self.data += piece
            return
        try:
            self._into.write(piece)
        except OSError as error:  # as an OSError, it would be taken for an error of the connection
            raise CannotWrite from error


def _read(response: BaseHTTPResponse, decoders: Sequence[Decoder], body: _Received, max_bytes: int) -> None:
    for _ in range(_MAX_READS):
        # read1 returns what has arrived. read waits for more, which would be lost if the connection breaks.
        data = response.read1(_READ_BYTES, decode_content=False)
        if not data:
            return
        for piece in decode(decoders, data):
            body.add(piece)
            if body.size > max_bytes:
                raise TooLarge
    raise TooLarge
