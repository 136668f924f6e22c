"""Small pictures for the tests. Each has a few pixels and the bytes from which its type is recognized."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 2, height: int = 1, color: int = 0) -> bytes:
    """A PNG in one color. From a million pixels on, the data of the pixels is left out."""
    rows = (b"\0" + bytes([color, 90, 160]) * width) * height if width * height < 10**6 else b""
    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def jpeg(width: int, height: int, orientation: int = 1) -> bytes:
    """The header of a JPEG. ``orientation`` is the value of this field in its Exif data."""
    tiff = struct.pack(">2sHLHHHLHHL", b"MM", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    exif = b"Exif\0\0" + tiff
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + _segment(0xE1, exif) + _segment(0xC0, frame) + b"\xff\xd9"


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + b";"


def webp(width: int, height: int) -> bytes:
    """A lossy WebP. Its width field also contains a scaling hint, which does not belong to the width."""
    frame = b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width | 0x4000, height)
    return b"RIFF" + struct.pack("<L", len(frame) + 12) + b"WEBPVP8 " + struct.pack("<L", len(frame)) + frame


def avif(width: int, height: int) -> bytes:
    """The boxes that say the size of an AVIF."""
    ispe = box(b"ispe", bytes(4) + struct.pack(">LL", width, height))
    properties = box(b"ipco", ispe) + box(b"ipma", bytes(4) + struct.pack(">LHBB", 1, 1, 1, 1))
    infe = box(b"infe", b"\x02\0\0\0" + struct.pack(">HH4s", 1, 0, b"av01") + b"\0")
    meta = box(b"pitm", bytes(4) + struct.pack(">H", 1)) + box(b"iinf", bytes(4) + struct.pack(">H", 1) + infe)
    return box(b"ftyp", b"avif\0\0\0\0mif1avif") + box(b"meta", bytes(4) + meta + box(b"iprp", properties))


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L4s", len(data) + 8, kind) + data


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect width="4" height="2" fill="#05a"/></svg>'
MP3 = b"ID3\x04" + bytes(200)
PDF = b"%PDF-1.7\n" + bytes(200)
