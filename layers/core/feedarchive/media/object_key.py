"""The keys of stored pictures and enclosures, such as ``media/3f/<sha256>.jpg``, with the SHA-256 of the bytes."""

from __future__ import annotations

import re

from feedarchive.media.media_type import TYPE_OF_EXTENSION, MediaType

MEDIA = "media/"
_KEY = re.compile(rf"media/([0-9a-f]{{2}})/(?P<sha256>\1[0-9a-f]{{62}})\.(?P<extension>{'|'.join(TYPE_OF_EXTENSION)})")


def object_key(sha256: str, media: MediaType) -> str:
    """The key of the object whose bytes have this SHA-256 (hex)."""
    return f"{MEDIA}{sha256[:2]}/{sha256}.{media.extension}"


def sha256_of_key(key: str) -> str:
    """The SHA-256 (hex) in the key of an object; "" for other keys."""
    found = _KEY.fullmatch(key)
    return found["sha256"] if found else ""


def type_of_key(key: str) -> MediaType | None:
    """The type in the key of an object; None for other keys."""
    found = _KEY.fullmatch(key)
    return TYPE_OF_EXTENSION[found["extension"]] if found else None
