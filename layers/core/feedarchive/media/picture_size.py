"""Read the width and height of a picture from its header. No pixel is decoded, so a decompression bomb does no harm."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

import imagesize

MAX_PIXELS = 100_000_000
"""The maximum number of pixels of a picture. A browser needs 400 MB of memory to show so many."""
# How many bytes of a file are read. In a JPEG, a large preview may come before the size. Of an AVIF fewer bytes are
# read, because parsing long lists in its header takes much time.
_HEADER_BYTES, _AVIF_HEADER_BYTES = 1024 * 1024, 256 * 1024
# The width and the height in a lossy WebP have 14 bits each. The two bits above them are a scale.
_WEBP_SIZE_BITS = 0x3FFF


@dataclass(frozen=True)
class PictureSize:
    """Width and height in pixels as a browser displays the picture: after the rotation that its header asks for."""

    width: int
    height: int

    @property
    def is_too_large(self) -> bool:
        return self.width * self.height > MAX_PIXELS


def picture_size(source: BinaryIO, mime: str) -> PictureSize | None:
    """Return the size of a picture with the MIME type ``mime``; None if it cannot be read from the header."""
    source.seek(0)
    header = io.BytesIO(source.read(_AVIF_HEADER_BYTES if mime == "image/avif" else _HEADER_BYTES))
    width, height = imagesize.get(header)
    # imagesize fails if the rotation of an AVIF is beyond the bytes that were read. Try again without the rotation.
    if (width, height) == (-1, -1) and mime == "image/avif":
        width, height = imagesize.get(header, exif_rotation=False)
    if (width, height) == (-1, -1):  # the header is damaged or is longer than the bytes that were read
        return None
    source.seek(0)
    if mime == "image/webp" and source.read(16)[12:] == b"VP8 ":
        width, height = width & _WEBP_SIZE_BITS, height & _WEBP_SIZE_BITS
    elif mime == "image/gif":
        width, height = width & 0xFFFF, height & 0xFFFF
    return PictureSize(width, height) if width > 0 and height > 0 else None
