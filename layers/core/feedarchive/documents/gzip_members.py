"""Write and read gzip members (RFC 1952). A WARC file has one member for each record.

The header of a member contains the length of the member, so that a truncated member is noticed. The length is in an
extra field of the header, as in the format BGZF. Other programs ignore this field.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# Every member that this program writes starts with these bytes. The next four bytes are the length of the member.
_START = (
    b"\x1f\x8b\x08"  # gzip, method "deflate"
    b"\x04"  # there is an extra field
    b"\x00\x00\x00\x00\x00\xff"  # no time, no flags of the method, unknown system
    b"\x08\x00"  # the length of the extra field
    b"FA\x04\x00"  # the name of the extra field, and the length of its value
)
_HEADER = len(_START) + 4
_TRAILER = 8
_ZEROS = bytes(16)  # a complete member has fewer zeros at its end
_GZIP = 16 + zlib.MAX_WBITS
_MAX_BYTES = 64 * 2**20
"""The maximum size of a decompressed record. A larger record counts as damaged."""
_TAILS = (1 << 16, 1 << 20, 1 << 25)
"""How many bytes at the end of a file are searched for the last member: first 64 KiB, then 1 MiB, then 32 MiB."""


@dataclass(frozen=True)
class Member:
    """A member of a file, from byte ``start`` up to byte ``end``. ``data`` is the decompressed record."""

    start: int
    end: int
    data: bytes


@dataclass(frozen=True)
class BadMember:
    """A damaged part of a file: no complete member starts at byte ``start``.

    ``truncated``: True if the file ends within the member, or ends in zeros. Some file systems leave zeros after a
    power cut.
    """

    start: int
    truncated: bool


def pack(record: bytes) -> bytes:
    """Compress a record into a member."""
    deflate = zlib.compressobj(level=6, wbits=-zlib.MAX_WBITS)
    data = deflate.compress(record) + deflate.flush()
    size = _HEADER + len(data) + _TRAILER
    return _START + struct.pack("<I", size) + data + struct.pack("<II", zlib.crc32(record), len(record) % 2**32)


def last_member(file: BinaryIO, size: int) -> Member | None:
    """Return the last member of a file of ``size`` bytes; None if this program did not write the end of the file."""
    for length in _TAILS:
        start = max(0, size - length)
        file.seek(start)
        tail = file.read(size - start)
        found = tail.rfind(_START)
        while found >= 0:
            if found + _size_at(tail, found) == len(tail) and (data := _unpack(tail[found:])) is not None:
                return Member(start + found, size, data)
            found = tail.rfind(_START, 0, found)
        if start == 0:
            break
    return None


def members(file: BinaryIO, size: int, start: int = 0) -> Iterator[Member | BadMember]:
    """Yield all members of a file of ``size`` bytes from byte ``start`` on, and a BadMember for each damaged part."""
    while start < size:
        found = _member_at(file, start, size)
        yield found
        if isinstance(found, Member):
            start = found.end
        elif (following := _following(file, start + 1, size)) is None:
            return
        else:
            start = following


def _member_at(file: BinaryIO, start: int, size: int) -> Member | BadMember:
    file.seek(start)
    header = file.read(_HEADER)
    if not header.startswith(_START[: len(header)]):
        return _foreign_member(file, start) or _bad_member(file, start, size)
    length = _size_at(header, 0) if len(header) == _HEADER else _HEADER
    if len(header) < _HEADER or start + length > size:
        return BadMember(start, truncated=True)
    if length < _HEADER + _TRAILER or (data := _unpack(header + file.read(length - _HEADER))) is None:
        return _bad_member(file, start, size)
    return Member(start, start + length, data)


def _foreign_member(file: BinaryIO, start: int) -> Member | None:
    """Return the member at ``start`` that another program wrote; None if it is damaged or incomplete.

    Its header has no length, so the member is decompressed to find its end.
    """
    file.seek(start)
    stream, parts, length, rest = zlib.decompressobj(_GZIP), [], 0, b""
    try:
        while not stream.eof and length < _MAX_BYTES and (piece := rest or file.read(1 << 16)):
            parts.append(stream.decompress(piece, _MAX_BYTES))
            length, rest = length + len(parts[-1]), stream.unconsumed_tail
    except zlib.error:
        return None
    return Member(start, file.tell() - len(stream.unused_data), b"".join(parts)) if stream.eof else None


def _bad_member(file: BinaryIO, start: int, size: int) -> BadMember:
    file.seek(max(start, size - len(_ZEROS)))
    return BadMember(start, truncated=file.read() == _ZEROS)


def _following(file: BinaryIO, start: int, size: int) -> int | None:
    """Find the next undamaged member that this program wrote. Return its start; None if there is none.

    ``start``: where the search starts.
    """
    file.seek(start)
    rest = file.read()
    found = rest.find(_START)
    while found >= 0:
        if isinstance(_member_at(file, start + found, size), Member):
            return start + found
        found = rest.find(_START, found + 1)
    return None


def _size_at(data: bytes, start: int) -> int:
    field = data[start + len(_START) : start + _HEADER]
    return int.from_bytes(field, "little") if len(field) == _HEADER - len(_START) else 0


def _unpack(member: bytes) -> bytes | None:
    """Return the decompressed data if the bytes are exactly one complete member; otherwise None."""
    stream = zlib.decompressobj(_GZIP)
    try:
        data = stream.decompress(member, _MAX_BYTES)
    except zlib.error:
        return None
    return data if stream.eof and not stream.unused_data else None
