"""The Content-Type with which an object is stored in S3."""

from __future__ import annotations

_CONTENT_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "xml": "application/atom+xml; charset=utf-8",
    "toml": "application/toml",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "webm": "video/webm",
    "mkv": "video/matroska",
    "mov": "video/quicktime",
    "pdf": "application/pdf",
}


def content_type_of(key: str) -> str:
    """The Content-Type of an object, from the extension of its key. Unknown extensions count as JSON."""
    return _CONTENT_TYPES.get(key.rpartition(".")[2], "application/json")
