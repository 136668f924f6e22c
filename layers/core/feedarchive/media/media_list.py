"""Read and write lists of media (``<slug>-<id12>.media.json``). Pure functions.

A list says for each picture and enclosure of an article where it is stored, or why it is not stored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feedarchive.json_values import DamagedJSON, JSONObject, parse_json
from feedarchive.media.article_media import Role
from feedarchive.media.object_key import object_key, sha256_of_key, type_of_key
from feedarchive.media.picture_size import PictureSize
from feedarchive.rfc3339 import format_rfc3339

VERSION = 1


@dataclass(frozen=True)
class StoredFile:
    """An object below ``media/``.

    - ``bytes``: the size of the object in bytes.
    - ``size``: the width and height of a picture in pixels; None if unknown.
    - ``is_new``: the object did not exist before it was stored for this article.
    """

    key: str
    bytes: int
    size: PictureSize | None = None
    is_new: bool = field(default=False, compare=False)

    @property
    def sha256(self) -> str:
        return sha256_of_key(self.key)


@dataclass(frozen=True)
class MediaItem:
    """A picture or an enclosure in a list of media.

    - ``url``: the URL in the article.
    - ``fetched``: the time of the request.
    - ``stored``: the stored object; None if nothing was stored.
    - ``problem``: why nothing was stored.
    - ``larger``: the URL of the picture in a larger size (from a srcset), if this size was fetched; otherwise "".
    """

    url: str
    role: Role
    fetched: datetime
    stored: StoredFile | None = None
    problem: str = ""
    larger: str = ""


@dataclass(frozen=True)
class MediaList:
    """A list of the pictures and enclosures of an article.

    - ``id`` is the article's id.
    - ``of`` is the key of the file (an article or a revision) that the list belongs to.
    """

    id: str
    of: str
    archived: datetime
    items: tuple[MediaItem, ...]

    @property
    def objects(self) -> dict[str, int]:
        """Maps the key of each stored object in the list to its size in bytes."""
        return {item.stored.key: item.stored.bytes for item in self.items if item.stored}

    @property
    def stored_keys(self) -> dict[str, str]:
        """Maps URLs in the article to the keys of their stored objects."""
        return {item.url: item.stored.key for item in self.items if item.stored}


def media_list_to_json(found: MediaList) -> bytes:
    """The contents of a list's file. The same list always gives the same bytes."""
    document = {
        "version": VERSION,
        "id": found.id,
        "of": found.of,
        "archived": format_rfc3339(found.archived),
        "media": [_item_to_json(item) for item in found.items],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def parse_media_list(data: bytes) -> MediaList:
    """Parse the contents of a list's file. Raises DamagedJSON."""
    document = parse_json(data)
    document.allow_only("version", "id", "of", "archived", "media")
    if document.integer("version") != VERSION:
        raise DamagedJSON(f"its version is not {VERSION}")
    return MediaList(
        document.text("id"), document.text("of"), document.time("archived"),
        tuple(_parse_item(item) for item in document.objects("media")),
    )  # fmt: skip


def _item_to_json(item: MediaItem) -> dict[str, Any]:
    written: dict[str, Any] = {"url": item.url, "role": item.role.value}
    if item.larger:
        written["larger"] = item.larger
    if stored := item.stored:
        media = type_of_key(stored.key)
        written |= {"key": stored.key, "sha256": stored.sha256, "type": media.mime if media else ""}
        written |= {"bytes": stored.bytes}
        written |= {"width": stored.size.width, "height": stored.size.height} if stored.size else {}
    else:
        written["problem"] = item.problem
    return {**written, "fetched": format_rfc3339(item.fetched)}


def _parse_item(written: JSONObject) -> MediaItem:
    try:
        role = Role(written.text("role"))
    except ValueError:
        raise DamagedJSON(f"unknown role: {written.text('role')!r:.80}") from None
    return MediaItem(
        url=written.text("url"),
        role=role,
        fetched=written.time("fetched"),
        stored=_parse_stored(written) if "key" in written else None,
        problem=written.text("problem") if "problem" in written else "",
        larger=written.text("larger") if "larger" in written else "",
    )


def _parse_stored(written: JSONObject) -> StoredFile:
    key = written.text("key")
    media = type_of_key(key)
    if media is None or object_key(written.text("sha256"), media) != key or written.text("type") != media.mime:
        raise DamagedJSON(f"the key does not fit the sha256 and the type: {key!r:.100}")
    size = PictureSize(written.integer("width"), written.integer("height")) if "width" in written else None
    return StoredFile(key, written.integer("bytes"), size)
