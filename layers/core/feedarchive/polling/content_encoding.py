"""Content-Encoding undone piece by piece: gzip, deflate (both kinds), brotli and zstd, in several layers.

urllib3's own decoders take a stream that is cut off for a whole one, and a wrong Content-Encoding for an error.
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

_PIECE = 64 * 1024  # bytes, of what comes out at a time
_MAX_CODINGS = 3
_MAX_PARTS = 1000  # members of a gzip, frames of a zstd stream
_MAX_WINDOW_LOG = 23  # 8 MiB, as RFC 9659 has it
# What a document starts with, and no compressed data does: some servers name a coding and do not use it.
_PLAIN = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<[?!a-zA-Z]|\{\s*[\"}])")
_SNIFFED = 8  # bytes


class TooLarge(Exception):
    """More comes out than is allowed."""


class Damaged(Exception):
    """It is no compressed data, or too odd."""


class Decoder:
    """One coding of a stream. ``done``: its end has come, or it has none to wait for."""

    def __init__(self, coding: str, largest: int) -> None:
        self.done = False
        self._coding, self._left = coding, largest
        self._head = b""
        self._pieces: Callable[[bytes], Iterator[bytes]] | None = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What comes out when this goes in. Raises Damaged, or TooLarge for more than ``largest`` in all."""
        if self._pieces is None:
            self._head += data
            if len(self._head) < _SNIFFED:
                return
            data, self._head = self._head, b""
            self._pieces = self._decoder(data)
        try:
            for piece in self._pieces(data):
                self._left -= len(piece)
                if self._left < 0:
                    raise TooLarge
                yield piece
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
            raise Damaged(str(error)) from None

    def undecided(self) -> bytes:
        """What was too short to look at: at the end of the stream, it is taken as it is."""
        self.done = self.done or self._pieces is None
        return self._head

    def _decoder(self, start: bytes) -> Callable[[bytes], Iterator[bytes]]:
        if _PLAIN.match(start):
            self.done = True
            return lambda data: iter((data,))
        if self._coding == "br":
            return self._brotli(brotli.Decompressor())
        if self._coding == "zstd":
            return self._zstd()
        if start.startswith(b"\x1f\x8b"):
            return self._gzip()
        return self._zlib(_deflate_of(start))

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
                # Behind the end comes another member, or what other programs pass over too.
                if not self.done or not data.startswith(b"\x1f\x8b"):
                    return
                parts += 1
                if parts > _MAX_PARTS:
                    raise Damaged("too many members")
                stream = zlib.decompressobj(16 + zlib.MAX_WBITS)

        return pieces

    def _brotli(self, stream: brotli.Decompressor) -> Callable[[bytes], Iterator[bytes]]:
        def pieces(data: bytes) -> Iterator[bytes]:
            while not self.done:
                yield (out := stream.process(data, output_buffer_limit=_PIECE))
                data, self.done = b"", stream.is_finished()
                # It accepts more while it still has something to give, too.
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
                        raise Damaged("too many frames")
                    stream = zstd.ZstdDecompressor(options=options)
                yield stream.decompress(data, _PIECE)
                data, self.done = stream.unused_data if stream.eof else b"", stream.eof
                if stream.eof and not data:
                    return

        return pieces


def decoders_for(content_encoding: str, largest: int) -> list[Decoder]:
    """The layers to undo, in the order to undo them; names of no coding we asked for are passed over.

    Raises Damaged if there are too many.
    """
    named = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name for name in named if name in ("gzip", "x-gzip", "deflate", "br", "zstd")]
    if len(codings) > _MAX_CODINGS:
        raise Damaged(f"it is compressed {len(codings)} times")
    return [Decoder(coding, largest) for coding in reversed(codings)]


def through(layers: Sequence[Decoder], data: bytes) -> Iterator[bytes]:
    """What comes out of the last layer when this goes into the first."""
    if not data:
        return
    if not layers:
        yield data
        return
    for piece in layers[0].pieces(data):
        yield from through(layers[1:], piece)


def _deflate_of(start: bytes) -> zlib._Decompress:
    """RFC 9110 means zlib by "deflate"; some servers send the bare stream."""
    is_zlib = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
