"""Replace images of emoji with the emoji characters."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_CLASSES = frozenset("emoji wp-smiley smiley smilie emojione twemoji joypixels custom-emoji g-emoji".split())
_URL = re.compile(
    r"//s\.w\.org/images/core/emoji/|/twemoji/|/emojione/|emoji\.discourse-cdn\.com/|/images/emoji/|/emoji(?:cons)?/"
    r"|/smil(?:ies|eys|ey)/|static\.xx\.fbcdn\.net/images/emoji",
    re.IGNORECASE,
)
_CODE_POINTS = re.compile(r"/([0-9a-f]{4,6}(?:-[0-9a-f]{4,6})*)\.(?:png|svg|gif|webp)(?:[?#]|$)", re.IGNORECASE)
_MAX_ALT_CHARS = 40


def emoji_text(image: HtmlElement, url: str, alt: str) -> str:
    """Return the emoji that an ``<img>`` shows, or its name such as ":smile:"; "" if the image is no emoji."""
    if not (_CLASSES & set((image.get("class") or "").lower().split()) or (url and _URL.search(url))):
        return ""
    if alt and len(alt) <= _MAX_ALT_CHARS:
        return alt
    points = _CODE_POINTS.search(url)
    characters = [int(point, 16) for point in points.group(1).split("-")] if points and not alt else []
    return "".join(map(chr, characters)) if all(0x200D <= point < 0xF0000 for point in characters) else ""


def is_emoji_url(url: str) -> bool:
    """Check whether a URL leads to an image of a known set of emoji."""
    return bool(_URL.search(url))
