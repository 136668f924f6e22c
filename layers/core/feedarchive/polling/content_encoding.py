"""Decompress the body of a response piece by piece, as its Content-Encoding header says.

The supported codings are gzip, deflate (with or without zlib header), Brotli and Zstandard. A body may have been
compressed several times.

The decoders of urllib3 are not used. They report a truncated stream as complete, and they fail if the header names a
coding but the body is not compressed.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Data is decompressed in small pieces, so that a decompression bomb never fills the memory.
_MAX_PIECE_BYTES = 64 * 1024
_MAX_CODINGS = 3
_MAX_PARTS = 1000  # how many gzip members or Zstandard frames one stream may have
_MAX_WINDOW_LOG = 23  # a Zstandard window may have 2**23 bytes (8 MiB), the limit of RFC 9659
# Matches the start of a document that is not compressed. Some servers send Content-Encoding but do not compress.
_PLAIN = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<[?!a-zA-Z]|\{\s*[\"}])")
_SNIFFED_BYTES = 8
_IDENTITY = "identity"


class TooLarge(Exception):
    """The decompressed data is larger than allowed."""


class CorruptData(Exception):
    """The data is not valid compressed data, was compressed too many times, or has too many members or frames."""


class Decoder:
    """Decodes one content coding.

    - ``done``: whether the end of the compressed data has been reached.
    - ``plain``: whether the data is not compressed. Such data is returned unchanged.
    """

    def __init__(self, coding: str, max_bytes: int) -> None:
        self.done = self.plain = False
        self._coding, self._bytes_left = coding, max_bytes
        self._head = b""
        self._pieces: Callable[[bytes], Iterator[bytes]] | None = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Decode the next bytes. Raises CorruptData, or TooLarge if all output together exceeds ``max_bytes``."""
        if self._pieces is None:
            self._head += data
            if len(self._head) < _SNIFFED_BYTES:
                return
            data, self._head = self._head, b""
            self._pieces = self._decoder(data)
        try:
            for piece in self._pieces(data):
                self._bytes_left -= len(piece)
                if self._bytes_left < 0:
                    raise TooLarge
                yield piece
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            raise CorruptData(str(error)) from None

    def rest(self) -> bytes:
        """Return the bytes that ``pieces`` has kept back. Call this at the end of the data.

        ``pieces`` keeps the first bytes until there are enough to see whether the data is compressed.
        """
        self.plain = self.plain or self._pieces is None
        return self._head

    def _decoder(self, start: bytes) -> Callable[[bytes], Iterator[bytes]]:
        is_gzip = start.startswith(b"\x1f\x8b")
        if _PLAIN.match(start) or (self._coding == _IDENTITY and not is_gzip):
            self.plain = True
            return lambda data: iter((data,))
        if self._coding == "br":
            return self._brotli(brotli.Decompressor())
        if self._coding == "zstd":
            return self._zstd()
        if is_gzip:
            return self._gzip()
        return self._zlib(_deflate_decompressor(start))

    def _zlib(self, stream: zlib._Decompress) -> Callable[[bytes], Iterator[bytes]]:
        def pieces(data: bytes) -> Iterator[bytes]:
            while not stream.eof:
                yield (out := stream.decompress(data, _MAX_PIECE_BYTES))
                data = stream.unconsumed_tail
                if not data and len(out) < _MAX_PIECE_BYTES:
                    break
            self.done = stream.eof

        return pieces

    def _gzip(self) -> Callable[[bytes], Iterator[bytes]]:
        parts = 0
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)

        def pieces(data: bytes) -> Iterator[bytes]:
            nonlocal stream, parts
            while True:
                yield from self._zlib(stream)(data)
                data = stream.unused_data
                # If another gzip member follows, decompress it too. Ignore other data.
                if not self.done or not data.startswith(b"\x1f\x8b"):
                    return
                parts += 1
                if parts > _MAX_PARTS:
                    raise CorruptData("too many members")
                stream = zlib.decompressobj(16 + zlib.MAX_WBITS)

        return pieces

    def _brotli(self, stream: brotli.Decompressor) -> Callable[[bytes], Iterator[bytes]]:
        def pieces(data: bytes) -> Iterator[bytes]:
            while not self.done:
                yield (out := stream.process(data, output_buffer_limit=_MAX_PIECE_BYTES))
                data, self.done = b"", stream.is_finished()
                # Sometimes the decompressor accepts data although it still has output. So continue until it has no
                # output.
                if not out and stream.can_accept_more_data():
                    break

        return pieces

    def _zstd(self) -> Callable[[bytes], Iterator[bytes]]:
        parts = 0
        options = {int(zstd.DecompressionParameter.window_log_max): _MAX_WINDOW_LOG}
        stream = zstd.ZstdDecompressor(options=options)

        def pieces(data: bytes) -> Iterator[bytes]:
            nonlocal stream, parts
            while data or not stream.needs_input:
                if stream.eof:
                    parts += 1
                    if parts > _MAX_PARTS:
                        raise CorruptData("too many frames")
                    stream = zstd.ZstdDecompressor(options=options)
                yield stream.decompress(data, _MAX_PIECE_BYTES)
                data, self.done = stream.unused_data if stream.eof else b"", stream.eof
                if stream.eof and not data:
                    return

        return pieces


def decoders_for(content_encoding: str, max_bytes: int) -> list[Decoder]:
    """Make the decoders for a Content-Encoding header, in the order in which to apply them.

    Unknown codings are ignored. One more decoder is added at the end, for files that are compressed on the server, such
    as ``feed.xml.gz``.

    Raises CorruptData if the header names more than _MAX_CODINGS codings.
    """
    named = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name for name in named if name in ("gzip", "x-gzip", "deflate", "br", "zstd")]
    if len(codings) > _MAX_CODINGS:
        raise CorruptData(f"compressed {len(codings)} times")
    return [Decoder(coding, max_bytes) for coding in [*reversed(codings), _IDENTITY]]


def decode(decoders: Sequence[Decoder], data: bytes) -> Iterator[bytes]:
    """Decode bytes with the first decoder, decode the result with the second decoder, and so on."""
    if not data:
        return
    if not decoders:
        yield data
        return
    for piece in decoders[0].pieces(data):
        yield from decode(decoders[1:], piece)


def _deflate_decompressor(start: bytes) -> zlib._Decompress:
    """Make a decompressor for the coding "deflate". Some servers leave out the zlib header that RFC 9110 requires."""
    is_zlib = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
