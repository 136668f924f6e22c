"""Read the width and height of a picture from its header. No pixel is decoded, so no bomb can go off."""

from __future__ import annotations

import io
from dataclasses import dataclass

import imagesize

MAX_PIXELS = 100_000_000
"""A browser that shows a picture decodes all its pixels: these take 400 MB."""
# The header of a JPEG may follow a large preview or color profile. In an AVIF, positions count from the file's start.
_HEADER_BYTES = 1024 * 1024
_WEBP_BITS = 0x3FFF  # the other two bits of a lossy WebP's width and height are a scale


@dataclass(frozen=True)
class PictureSize:
    """Width and height in pixels, as a reader sees them: after the rotation that the header asks for."""

    width: int
    height: int

    @property
    def is_too_large(self) -> bool:
        return self.width * self.height > MAX_PIXELS


def picture_size(data: bytes, mime: str) -> PictureSize | None:
    """The size of a picture whose MIME type is known; None if the header does not have it."""
    header = data if mime == "image/avif" else data[:_HEADER_BYTES]
    width, height = imagesize.get(io.BytesIO(header))
    if (width, height) == (-1, -1):  # the header is damaged or cut off
        return None
    if mime == "image/webp" and data[12:16] == b"VP8 ":
        width, height = width & _WEBP_BITS, height & _WEBP_BITS
    elif mime == "image/gif":
        width, height = width & 0xFFFF, height & 0xFFFF
    return PictureSize(width, height) if width > 0 and height > 0 else None
