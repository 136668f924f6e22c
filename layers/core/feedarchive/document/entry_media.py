"""Find the images, files and related pages of an RSS or Atom entry.

``raw`` is always feedparser's dictionary of the entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from feedarchive.document.model import Enclosure

_IMAGE_EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
_IMAGE_URL_ELEMENTS = ("fullimage", "storyimage", "thumbimage", "image_url", "imageurl")
_ENCLOSURE = "enclosure"
_RELATED = ("related", "via")
_LISTED = frozenset((_ENCLOSURE, *_RELATED))
# Assumed widths in pixels, for images whose width is unknown.
_WIDTH_OF_CONTENT, _WIDTH_OF_IMAGE, _WIDTH_OF_THUMBNAIL = 1000, 500, 300


def image_urls(raw: dict[str, Any]) -> tuple[str, ...]:
    """Return the URLs of an entry's images, the widest first."""
    found: list[tuple[int, str]] = []
    for media in _details(raw, "media_content"):
        if _is_image(media):
            found.append((_width(media, _WIDTH_OF_CONTENT), _string(media.get("url"))))
    for media in _details(raw, "media_thumbnail"):
        found.append((_width(media, _WIDTH_OF_THUMBNAIL), _string(media.get("url"))))
    image = dict.get(raw, "image")
    if isinstance(image, dict):
        found.append((_WIDTH_OF_IMAGE, _string(image.get("href"))))
    found += [
        (_WIDTH_OF_IMAGE, url)
        for name in _IMAGE_URL_ELEMENTS
        if (url := _string(dict.get(raw, name))).startswith("http")
    ]
    return tuple(dict.fromkeys(url for _, url in sorted(found, key=lambda image: -image[0]) if url))


def enclosures(raw: dict[str, Any], links: Sequence[dict[str, Any]]) -> tuple[Enclosure, ...]:
    """Return the enclosures of an entry, each URL once. Links to related pages count as enclosures.

    ``links``: the links of the entry that have a URL.
    """
    relations = {dict.get(link, "rel") for link in links}
    if relations.isdisjoint(_LISTED) and not (dict.get(raw, "media_content") or _has_linked_content(raw)):
        return ()  # saves time, because most entries have no enclosures
    found: dict[str, Enclosure] = {}
    for enclosure in (*_linked(links, (_ENCLOSURE,)), *_media(raw), *_content(raw), *_linked(links, _RELATED)):
        found.setdefault(enclosure.url, enclosure)
    return tuple(found.values())


def _linked(links: Sequence[dict[str, Any]], relations: Sequence[str]) -> Iterator[Enclosure]:
    for link in links:
        relation, title = _string(dict.get(link, "rel")), _string(dict.get(link, "title"))
        if relation not in relations:
            continue
        media_type = _string(dict.get(link, "type"))
        if relation in _RELATED:
            title, media_type = f"{relation}: {title}" if title else relation, media_type.replace("text/html", "")
        yield Enclosure(_string(link["href"]), media_type, _length(dict.get(link, "length")), title)


def _media(raw: dict[str, Any]) -> Iterator[Enclosure]:
    """Yield each ``media:content``. If there are several sizes of an image, yield only the widest."""
    widest: dict[str, int] = {}
    media_contents = [media for media in _details(raw, "media_content") if media.get("url")]
    caption = _caption_of_entry(raw, media_contents)
    for media in media_contents:
        if _is_image(media):
            picture = _picture(media)
            widest[picture] = max(widest.get(picture, -1), _width(media, 0))
    for media in media_contents:
        url, media_type = _string(media["url"]), _string(media.get("type") or media.get("medium"))
        if _is_image(media) and widest[_picture(media)] > _width(media, 0):
            continue
        if not media_type and _is_image(media):
            media_type = "image"
        title = _caption(media)
        if caption and not title and _is_image(media):
            title, caption = caption, ""
        yield Enclosure(url, media_type, _length(media.get("filesize")), title)


def _caption(media: dict[str, Any]) -> str:
    """Return the caption of a media element with its credit: "A bridge (Ann Smith)"; "" if it has no caption."""
    caption, credit = _string(media.get("caption")), _string(media.get("credit"))
    return f"{caption} ({credit})" if caption and credit else caption


def _caption_of_entry(raw: dict[str, Any], media_contents: Sequence[dict[str, Any]]) -> str:
    """Return the ``media:description`` of the entry; "" if it is not the caption of an image."""
    # In an entry without other text, the ``media:description`` is the text of the entry.
    has_text = dict.get(raw, "summary_detail") or dict.get(raw, "content")
    if not has_text or any(_caption(media) for media in media_contents):
        return ""
    return _string(dict.get(raw, "media_description"))


def _content(raw: dict[str, Any]) -> Iterator[Enclosure]:
    """Yield the file or page that <content src="…"> of an Atom entry refers to."""
    for content in _details(raw, "content"):
        if url := _string(dict.get(content, "src")):
            media_type = _string(content.get("type"))
            is_page = media_type.endswith("html") or "xhtml" in media_type
            yield Enclosure(url, "" if is_page else media_type, title="full text" if is_page else "")


def _has_linked_content(raw: dict[str, Any]) -> bool:
    return any(dict.get(content, "src") for content in _details(raw, "content"))


def _is_image(media: dict[str, Any]) -> bool:
    kind = _string(media.get("type") or media.get("medium")).lower()
    if kind:
        return kind.startswith("image")
    path = _string(media.get("url")).partition("?")[0]
    return bool(_IMAGE_EXTENSION.search(path)) or (bool(media.get("width")) and not media.get("duration"))


def _picture(media: dict[str, Any]) -> str:
    """Return a text that is the same for all sizes of an image: its URL without digits and query."""
    return re.sub(r"\d+", "", _string(media.get("url")).partition("?")[0])


def _width(media: dict[str, Any], default: int) -> int:
    width = _string(media.get("width"))
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else default


def _details(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = dict.get(raw, key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _length(value: Any) -> int | None:
    text = _string(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
