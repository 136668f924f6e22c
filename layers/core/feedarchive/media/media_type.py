"""Recognize the type of a picture or an enclosure only by its first bytes.

The patterns are from the MIME Sniffing standard (WHATWG, section 6). MP4, AVIF and similar files (ISO/IEC 14496-12) are
recognized by their brands: names of four letters at the start of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD_BYTES = 4096
"""``media_type`` needs this number of bytes from the start of a file."""
SVG = "image/svg+xml"
_AVIF = (b"avif", b"avis")  # pictures, animations
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
_OTHER_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1")
# Matches the start of an SVG: the element <svg>, after an optional XML declaration, comments and a document type.
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:(?:<!--(?:(?!-->).)*-->|<!DOCTYPE\s+svg[^>\[]*(?:\[[^\]]*\]\s*)?>)\s*)*"
    rb"<(?:svg:)?svg[\s>]",
    re.DOTALL,
)
_MAX_SVG_PROLOG_BYTES = 4096
_MPEG_AUDIO = re.compile(rb"\xff(?:[\xfa\xfb\xf2\xf3\xe2\xe3]).{2}", re.DOTALL)
_AAC = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")


@dataclass(frozen=True)
class MediaType:
    """A MIME type and its file extension, such as ``image/jpeg`` and ``jpg``."""

    mime: str
    extension: str

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")


_JPEG, _PNG, _GIF = MediaType("image/jpeg", "jpg"), MediaType("image/png", "png"), MediaType("image/gif", "gif")
_WEBP, _AVIF_TYPE, _SVG_TYPE = MediaType("image/webp", "webp"), MediaType("image/avif", "avif"), MediaType(SVG, "svg")
_MP3, _M4A, _AAC_TYPE = MediaType("audio/mpeg", "mp3"), MediaType("audio/mp4", "m4a"), MediaType("audio/aac", "aac")
_OGG, _FLAC, _WAV = MediaType("audio/ogg", "ogg"), MediaType("audio/flac", "flac"), MediaType("audio/wav", "wav")
_MP4, _OGV = MediaType("video/mp4", "mp4"), MediaType("video/ogg", "ogv")
_WEBM, _MATROSKA = MediaType("video/webm", "webm"), MediaType("video/matroska", "mkv")
_QUICKTIME, _PDF = MediaType("video/quicktime", "mov"), MediaType("application/pdf", "pdf")
MEDIA_TYPES = (
    _JPEG, _PNG, _GIF, _WEBP, _AVIF_TYPE, _SVG_TYPE, _MP3, _M4A, _AAC_TYPE, _OGG, _FLAC, _WAV, _MP4, _OGV, _WEBM,
    _MATROSKA, _QUICKTIME, _PDF,
)  # fmt: skip
TYPE_OF_EXTENSION = {each.extension: each for each in MEDIA_TYPES}
_SIGNATURES = (
    (b"\xff\xd8\xff", _JPEG), (b"\x89PNG\r\n\x1a\n", _PNG), (b"GIF87a", _GIF), (b"GIF89a", _GIF), (b"%PDF-", _PDF),
    (b"ID3", _MP3), (b"fLaC", _FLAC),
)  # fmt: skip


def media_type(head: bytes) -> MediaType | None:
    """The type of a file that begins with the bytes ``head``; None if files of its type are not stored.

    HTML, programs and zip files are never stored. An SVG is sanitized (``safe_svg``) before it is stored.
    """
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": _WEBP, b"WAVE": _WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:4] == b"OggS":
        return _OGV if b"\x80theora" in head[:64] else _OGG
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return _WEBM if b"webm" in head[:64] else _MATROSKA if b"matroska" in head[:64] else None
    if _MPEG_AUDIO.match(head):
        return _MP3
    if _AAC.match(head):
        return _AAC_TYPE
    return _SVG_TYPE if _SVG.match(head[:_MAX_SVG_PROLOG_BYTES]) else None


def _by_brand(head: bytes) -> MediaType | None:
    """The type of a file with brands, such as an MP4 or an AVIF. None for pictures in HEIC and similar formats."""
    size = int.from_bytes(head[:4])
    brands = [head[8:12], *(head[start : start + 4] for start in range(16, min(size, len(head)) - 3, 4))]
    if any(brand in _AVIF for brand in brands):
        return _AVIF_TYPE
    if any(brand in _OTHER_PICTURE_BRANDS for brand in brands):
        return None
    if brands[0] == b"qt  ":
        return _QUICKTIME
    return _M4A if brands[0] in _AUDIO_BRANDS else _MP4
