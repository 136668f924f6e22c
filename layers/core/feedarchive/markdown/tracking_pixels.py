"""Recognize images that only count readers, that are hidden, or that are only icons."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

# Matches the URLs of known trackers, because not all of them declare their images as 1x1.
_TRACKERS = re.compile(
    r"//(?:pixel\.wp\.com/|stats\.wordpress\.com/|feeds\.feedburner\.com/~r/|feedads\.|[^/]*doubleclick\.net/"
    r"|www\.google-analytics\.com/|b\.scorecardresearch\.com/|pi\.feedsportal\.com/|rss\.buysellads\.com/"
    r"|medium\.com/_/stat|[^/]*\.list-manage\.com/track/)"
)
_PIXEL_STYLE = re.compile(r"(?<![-\w])(?:width|height)\s*:\s*[01](?:px)?\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE)

_HIDDEN = re.compile(r"(?<![-\w])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_ICON_CLASSES = frozenset("avatar emoji smiley icon gravatar latex favicon author-avatar share-icon".split())
_MAX_ICON_PIXELS = 48


def is_tracking_pixel(image: HtmlElement, url: str) -> bool:
    """Check whether an ``<img>`` is declared as 1x1 or 0x0, or its URL belongs to a known tracker."""
    sizes = [(image.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    if all(size in ("0", "1") for size in sizes) or len(_PIXEL_STYLE.findall(image.get("style") or "")) == 2:
        return True
    return bool(url and _TRACKERS.search(url))


def is_hidden_or_small(image: HtmlElement) -> bool:
    """Check whether an image is hidden or as small as an icon. Such an image cannot be an article's picture."""
    if image.get("hidden") is not None or _HIDDEN.search(image.get("style") or ""):
        return True
    if _ICON_CLASSES & set((image.get("class") or "").lower().split()):
        return True
    sizes = [(image.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return any(sizes) and all(not size or (size.isdigit() and int(size) <= _MAX_ICON_PIXELS) for size in sizes)
