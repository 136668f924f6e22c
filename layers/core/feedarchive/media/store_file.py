"""Store a downloaded picture or enclosure if its type is allowed (media_type.py). Its key is the hash of its bytes."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from typing import BinaryIO

from feedarchive.media.article_media import Role
from feedarchive.media.media_list import StoredFile
from feedarchive.media.media_type import HEAD_BYTES, SVG, MediaType, media_type
from feedarchive.media.object_key import object_key
from feedarchive.media.picture_size import PictureSize, picture_size
from feedarchive.media.problem import MediaProblem
from feedarchive.media.safe_svg import MAX_SVG_BYTES, safe_svg
from feedarchive.store.interface import PART_BYTES, Presence, Store


@dataclass(frozen=True)
class _Checked:
    """A file that may be stored. ``size`` is the size of a picture in pixels, None if it is unknown."""

    source: BinaryIO
    media: MediaType
    size: PictureSize | None = None


def store_file(store: Store, source: BinaryIO, role: Role, renew: bool) -> StoredFile | MediaProblem:
    """Store the bytes of a file if they are not stored yet. Raises StoreError.

    ``renew``: whether to call ``Store.renew`` if the bytes are stored already.
    """
    source.seek(0)
    media = media_type(source.read(HEAD_BYTES))
    if media is None or (role is Role.IMAGE and not media.is_picture):
        return MediaProblem.OTHER_TYPE
    checked = _checked_picture(source, media) if media.is_picture else _Checked(source, media)
    if isinstance(checked, MediaProblem):
        return checked
    sha256, length = _hash(checked.source)
    stored = StoredFile(object_key(sha256, media), length, checked.size)
    was_stored = is_stored(store, stored.key)
    # ``store.renew`` returns False if the object was deleted after ``is_stored``. Then it is created again.
    if was_stored and (not renew or store.renew(stored.key, checked.source)):
        return stored
    return replace(stored, is_new=store.create_from(stored.key, checked.source))


def is_stored(store: Store, key: str) -> bool:
    """Check whether an object exists. A complete picture may be TRUNCATED, because it has no newline at its end."""
    return store.presence(key) not in (Presence.ABSENT, Presence.DELETED)


def _checked_picture(source: BinaryIO, media: MediaType) -> _Checked | MediaProblem:
    if media.mime == SVG:
        source.seek(0)
        data = source.read(MAX_SVG_BYTES + 1)
        safe = safe_svg(data) if len(data) <= MAX_SVG_BYTES else None
        return _Checked(io.BytesIO(safe), media) if isinstance(safe, bytes) else MediaProblem.UNSAFE_SVG
    size = picture_size(source, media.mime)
    if size and size.is_too_large:
        return MediaProblem.TOO_MANY_PIXELS
    return _Checked(source, media, size)


def _hash(source: BinaryIO) -> tuple[str, int]:
    source.seek(0)
    digest, length = hashlib.sha256(), 0
    while part := source.read(PART_BYTES):
        digest.update(part)
        length += len(part)
    return digest.hexdigest(), length
