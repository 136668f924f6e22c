"""Decode a body with a Content-Encoding, piece by piece.

The codings are gzip, deflate (with or without zlib header), Brotli and Zstandard; a body may have several.
urllib3's own decoders are not used: they report a truncated stream as complete, and fail if a server names a coding
that it did not use.
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

_PIECE = 64 * 1024  # bytes of output at a time, so that a decompression bomb never fills the memory
_MAX_CODINGS = 3
_MAX_PARTS = 1000  # gzip members or Zstandard frames in one stream
_MAX_WINDOW_LOG = 23  # 8 MiB, the limit of RFC 9659
# Matches the start of a document that is not compressed. Some servers name a coding but do not use it.
_PLAIN = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<[?!a-zA-Z]|\{\s*[\"}])")
_SNIFFED_BYTES = 8
_IDENTITY = "identity"


class TooLarge(Exception):
    """The decompressed data is larger than allowed."""


class CorruptData(Exception):
    """The data is not valid compressed data, has too many parts, or was compressed too many times."""


class Decoder:
    """Decodes one content coding.

    - ``done``: the end of the compressed data was reached.
    - ``plain``: the data turned out not to be compressed.
    """

    def __init__(self, coding: str, max_bytes: int) -> None:
        self.done = self.plain = False
        self._coding, self._bytes_left = coding, max_bytes
        self._head = b""
        self._pieces: Callable[[bytes], Iterator[bytes]] | None = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Decode the next bytes. Raises CorruptData, or TooLarge if the output exceeds ``max_bytes`` in total."""
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
        """Finish decoding; call this at the end of the data.

        If the data was too short to detect its coding, returns all of it unchanged; otherwise b"".
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
                yield (out := stream.decompress(data, _PIECE))
                data = stream.unconsumed_tail
                if not data and len(out) < _PIECE:
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
                # Another gzip member may follow. Any other bytes are ignored, as by the gzip command.
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
                yield (out := stream.process(data, output_buffer_limit=_PIECE))
                data, self.done = b"", stream.is_finished()
                # Stop only when there is no output: the decompressor may accept input while it still has output.
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
                yield stream.decompress(data, _PIECE)
                data, self.done = stream.unused_data if stream.eof else b"", stream.eof
                if stream.eof and not data:
                    return

        return pieces


def decoders_for(content_encoding: str, max_bytes: int) -> list[Decoder]:
    """The decoders for a Content-Encoding header, in the order to apply them. Unknown codings are ignored.

    The last decoder unpacks a file such as ``feed.xml.gz``, whose compression no header names.
    Raises CorruptData if the header names too many codings.
    """
    named = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name for name in named if name in ("gzip", "x-gzip", "deflate", "br", "zstd")]
    if len(codings) > _MAX_CODINGS:
        raise CorruptData(f"compressed {len(codings)} times")
    return [Decoder(coding, max_bytes) for coding in [*reversed(codings), _IDENTITY]]


def decode(decoders: Sequence[Decoder], data: bytes) -> Iterator[bytes]:
    """Decode bytes with each of the decoders in turn."""
    if not data:
        return
    if not decoders:
        yield data
        return
    for piece in decoders[0].pieces(data):
        yield from decode(decoders[1:], piece)


def _deflate_decompressor(start: bytes) -> zlib._Decompress:
    """A decompressor for "deflate": RFC 9110 defines it as a zlib stream, but some servers send raw deflate."""
    is_zlib = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
