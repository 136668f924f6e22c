"""The keys of stored pictures and enclosures: ``media/3f/3f….jpg``. Here ``3f…`` is the SHA-256 of the bytes in hex."""

from __future__ import annotations

import re

from feedarchive.media.media_type import TYPE_OF_EXTENSION, MediaType

MEDIA = "media/"
_KEY = re.compile(rf"media/([0-9a-f]{{2}})/(?P<sha256>\1[0-9a-f]{{62}})\.(?P<extension>{'|'.join(TYPE_OF_EXTENSION)})")


def object_key(sha256: str, media: MediaType) -> str:
    """The key of a picture or enclosure, made from the SHA-256 (hex) of its bytes and its type."""
    return f"{MEDIA}{sha256[:2]}/{sha256}.{media.extension}"


def sha256_of_key(key: str) -> str:
    """The SHA-256 (hex) in the key of a picture or enclosure; "" for any other key."""
    found = _KEY.fullmatch(key)
    return found["sha256"] if found else ""


def type_of_key(key: str) -> MediaType | None:
    """The type of a picture or enclosure by the extension in its key; None for any other key."""
    found = _KEY.fullmatch(key)
    return TYPE_OF_EXTENSION[found["extension"]] if found else None
