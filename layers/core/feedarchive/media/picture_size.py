"""Read the width and height of a picture from its header. No pixel is decoded, so a decompression bomb does no harm."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

import imagesize

MAX_PIXELS = 100_000_000
"""The maximum number of pixels of a picture. A browser needs 400 MB of memory to show so many."""
# How much of a file is searched for the size. In a JPEG, a large preview or color profile may come before it. In an
# AVIF, long lists would take much time.
_HEADER_BYTES, _AVIF_HEADER_BYTES = 1024 * 1024, 256 * 1024
_WEBP_BITS = 0x3FFF  # width and height have 14 bits in a lossy WebP; two more bits are a scale


@dataclass(frozen=True)
class PictureSize:
    """Width and height in pixels as displayed, that is, after the rotation that the header asks for."""

    width: int
    height: int

    @property
    def is_too_large(self) -> bool:
        return self.width * self.height > MAX_PIXELS


def picture_size(source: BinaryIO, mime: str) -> PictureSize | None:
    """The size of a picture whose MIME type is known; None if the header does not have it."""
    source.seek(0)
    header = io.BytesIO(source.read(_AVIF_HEADER_BYTES if mime == "image/avif" else _HEADER_BYTES))
    width, height = imagesize.get(header)
    if (width, height) == (-1, -1) and mime == "image/avif":  # the rotation may be after the bytes that were read
        width, height = imagesize.get(header, exif_rotation=False)
    if (width, height) == (-1, -1):  # the header is damaged or cut off
        return None
    source.seek(0)
    if mime == "image/webp" and source.read(16)[12:] == b"VP8 ":
        width, height = width & _WEBP_BITS, height & _WEBP_BITS
    elif mime == "image/gif":
        width, height = width & 0xFFFF, height & 0xFFFF
    return PictureSize(width, height) if width > 0 and height > 0 else None
