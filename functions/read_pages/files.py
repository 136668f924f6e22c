"""Which file of the archive a URL means. Claims, state, feeds.toml and everything else but two folders is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from feedarchive.store.interface import Store, checked_key

_TYPES = {
    "html": "text/html; charset=utf-8",
    "md": "text/plain; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml; charset=utf-8",
}
_FOLDERS = ("pages/", "archive/")


@dataclass(frozen=True)
class File:
    """A file with its content type and ETag."""

    data: bytes
    content_type: str
    etag: str


def find_file(store: Store, path: str) -> File | None:
    """The file at the path of a URL; a folder means its index.html. None if there is none. Raises StoreError."""
    name = unquote(path).removeprefix("/")
    name += "index.html" if name.endswith("/") else ""
    kind = _TYPES.get(name.rpartition(".")[2])
    try:
        key = checked_key(name)
    except ValueError:
        return None
    if kind is None or not key.startswith(_FOLDERS):
        return None
    stored = store.read(key)
    return File(stored.data, kind, stored.version) if stored else None
