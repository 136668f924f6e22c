"""Find the file of the archive that a URL names: in pages/ or archive/, or a media file. All other files are hidden."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from feedarchive.media.object_key import type_of_key
from feedarchive.store.interface import Store, checked_key

_TYPES = {
    "html": "text/html; charset=utf-8",
    "md": "text/plain; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml; charset=utf-8",
}
_FOLDERS = ("pages/", "archive/")
# Lambda could not send a larger file: see _MAX_BYTES in responses.py.
_MAX_MEDIA_BYTES = 4_300_000


@dataclass(frozen=True)
class File:
    """A file with its content type and ETag. If ``is_too_large``, the file was not read, and ``data`` is empty."""

    data: bytes
    content_type: str
    etag: str
    is_too_large: bool = False


def find_file(store: Store, path: str) -> File | None:
    """The file that the path of a URL names; for a folder, its index.html.

    None if there is no such file, or if it is hidden. Raises StoreError if storage fails.
    """
    name = unquote(path).removeprefix("/")
    name += "index.html" if name.endswith("/") else ""
    media = type_of_key(name)
    kind = media.mime if media else _TYPES.get(name.rpartition(".")[2])
    try:
        key = checked_key(name)
    except ValueError:
        return None
    if kind is None or not (media or key.startswith(_FOLDERS)):
        return None
    if media and store.sizes(key).get(key, 0) > _MAX_MEDIA_BYTES:
        return File(b"", kind, "", is_too_large=True)  # not read, because it may not fit into the memory
    stored = store.read(key)
    return File(stored.data, kind, stored.version) if stored else None
