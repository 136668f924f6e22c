"""Choose the image that represents an article: ``image`` in its front matter."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedarchive.document.model import Enclosure, Entry
from feedarchive.identity.canonical_url import clean_url
from feedarchive.markdown.emoji_images import is_emoji_url
from feedarchive.markdown.formulas import is_formula_image
from feedarchive.markdown.image_urls import UNFIT

_EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$", re.IGNORECASE)
# URLs of images that cannot represent an article: portraits of authors, buttons, counters and icons.
_UNFIT = re.compile(
    r"//[^/]*gravatar\.com/|//avatars\d*\.githubusercontent\.com/|[/_.-]avatars?[/_.-]|//feeds\.feedburner\.com/~"
    r"|/~ff/|//feedads\.|//[^/]*(?:sharethis|addthis|addtoany|shareaholic)\.com/|share[_-]?(?:button|icon)|favicon|\.ico(?:\?|$)"
    r"|/(?:spacer|blank|pixel|transparent|1x1)\.(?:gif|png)|//[^/]*s\.w\.org/images/core/emoji/",
    re.IGNORECASE,
)


def choose_image(entry: Entry, tree: HtmlElement | None, base: str) -> str:
    """Return the URL of the first image that can represent an article; "" if there is none.

    The order is: images that the feed declares for the entry, enclosures, images in the body. Avatars, icons, buttons
    and formulas are skipped. ``tree`` is the sanitized body; None if there is no body.
    """
    declared = (*entry.images, *(e.url for e in entry.enclosures if is_image(e)))
    for candidate in declared:
        if (url := clean_url(candidate, base)) and is_fit(url):
            return url
    for image in tree.iter("img") if tree is not None else ():
        url = str(image.get("src") or "")
        if image.get(UNFIT) is None and is_fit(url):
            return url
    return ""


def is_image(enclosure: Enclosure) -> bool:
    """Check whether an enclosure is an image, by its type. If it has no type, the extension of its URL decides."""
    kind = enclosure.type.strip().lower()
    return kind.startswith("image") or (not kind and bool(_EXTENSION.search(enclosure.url.partition("?")[0])))


def is_fit(url: str) -> bool:
    """Check whether an image can represent an article, by its URL. Avatars, icons, emoji and formulas cannot."""
    return not (_UNFIT.search(url) or is_emoji_url(url) or is_formula_image(url))
