"""Find the absolute URL of each image, even if it is loaded lazily or has only a srcset. Remove tracking pixels."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedarchive.identity.canonical_url import clean_url
from feedarchive.markdown.emoji_images import emoji_text
from feedarchive.markdown.tracking_pixels import is_hidden_or_small, is_tracking_pixel
from feedarchive.markdown.tree import UNWRAPPED, drop_tree

# A value of these attributes counts only if it contains a slash, because some publishers write "true" instead of a URL.
_LESS_CERTAIN = (
    "data-lazy",
    "data-lazyload",
    "data-actualsrc",
    "data-cfsrc",
    "data-ezsrc",
    "data-image-src",
    "data-hi-res-src",
)
# With lazy loading, one of these attributes has the URL of the image, and "src" has a placeholder.
LAZY_ATTRIBUTES = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-original-src",
    "data-full-src",
    "data-orig-file",
    "data-url",
    *_LESS_CERTAIN,
)
SRCSET_ATTRIBUTES = ("srcset", "data-srcset", "data-lazy-srcset")
UNFIT = "data-unfit"
"""An attribute that ``clean_image`` adds to an image that is hidden or as small as an icon."""
LARGER = "data-larger"
"""An attribute that ``clean_image`` adds to an image: the URL of a larger version to store."""
_TOO_WIDE = 2000  # pixels: images of this width or more are never chosen as the larger version
# Matches a candidate of a srcset: its URL and its descriptor, such as "a.jpg 800w". A comma at the end of the URL ends
# the candidate.
_CANDIDATE = re.compile(r"([^\s,]\S*)(?:(?<=,)|\s*([^,]*))")
_WIDTH = re.compile(r"(\d{1,6})w")
# Matches placeholders that pages show until the image is loaded: an empty GIF, or a short SVG.
_EMPTY_DATA = re.compile(r"data:image/(?:gif;base64,R0lGODlhAQAB|svg\+xml.{0,400}$)", re.IGNORECASE | re.DOTALL)


def clean_image(image: HtmlElement, base: str) -> None:
    """Reduce an ``<img>`` to an absolute ``src``, ``alt`` and ``title``. If needed, add the attribute UNFIT or LARGER.

    A tracking pixel is removed. An emoji becomes text. If an image has no usable URL, its description becomes text.
    """
    url = _image_url(image, base)
    alt = " ".join((image.get("alt") or "").split())
    if is_tracking_pixel(image, url):
        tail = image.tail
        image.clear()
        image.tag, image.tail = UNWRAPPED, tail
        return
    title = " ".join((image.get("title") or "").split())
    if emoji := emoji_text(image, url, alt):
        image.attrib.clear()
        image.tag, image.text = "span", emoji
        return
    larger = _larger_url(image, base, url) if url else ""
    unfit, is_data = is_hidden_or_small(image), (image.get("src") or "").lstrip()[:11].lower() == "data:image/"
    is_placeholder = bool(_EMPTY_DATA.match((image.get("src") or "").lstrip()))
    image.attrib.clear()
    if not url:  # keep only the description of the image, as text
        image.tag, image.text = "span", alt
        if is_data and not is_placeholder:
            image.text = f"[image: {alt}]" if alt else "[image]"
        return
    image.set("src", url)
    image.set("alt", alt)
    if title and title != alt:
        image.set("title", title)
    if unfit:
        image.set(UNFIT, "")
    elif larger:
        image.set(LARGER, larger)


def larger_images(root: HtmlElement) -> tuple[tuple[str, str], ...]:
    """For each image with a larger version, return its URL and the URL of the larger version."""
    found = {str(image.get("src")): str(image.get(LARGER)) for image in root.iter("img") if image.get(LARGER)}
    return tuple(found.items())


def drop_noscript_images(root: HtmlElement) -> None:
    """Drop each image in ``<noscript>`` that only repeats the image before it."""
    previous: HtmlElement | None = None
    for image in list(root.iter("img")):
        if previous is not None and _is_in_noscript(image) and _without_size(previous) == _without_size(image):
            drop_tree(image)
        else:
            previous = image
    for element in root.iter("span"):
        element.attrib.pop("data-noscript", None)


def _is_in_noscript(element: HtmlElement) -> bool:
    return any(ancestor.get("data-noscript") is not None for ancestor in element.iterancestors("span"))


def _without_size(image: HtmlElement) -> str:
    """Return an image's URL without its query and without a size such as "-300x200" in the file name."""
    path = re.sub(r"[?#].*", "", image.get("src") or "")
    return re.sub(r"-\d+x\d+(?=\.\w+$)", "", path)


def _image_url(image: HtmlElement, base: str) -> str:
    """Return the first usable URL of an image; "" if there is none.

    The order is: the attributes for lazy loading, ``src``, the largest URL of each srcset.
    """
    lazy = [image.get(name) for name in LAZY_ATTRIBUTES if name not in _LESS_CERTAIN or "/" in (image.get(name) or "")]
    candidates = [*lazy, image.get("src"), *map(_largest, _srcsets(image))]
    return next((url for candidate in candidates if candidate and (url := clean_url(candidate, base))), "")


def _larger_url(image: HtmlElement, base: str, chosen: str) -> str:
    """Return the URL of the widest image in the srcsets; "" if ``chosen`` has the same width."""
    widths: dict[str, int] = {}
    for srcset in _srcsets(image):
        for written, descriptor in _CANDIDATE.findall(srcset):
            if (size := _WIDTH.match(descriptor)) and (url := clean_url(written.rstrip(","), base)):
                widths[url] = int(size[1])
    fit = {url: width for url, width in widths.items() if width < _TOO_WIDE}
    best = max(fit, key=lambda url: fit[url], default="")
    is_chosen_as_good = chosen in fit and fit[chosen] >= fit[best]
    return "" if is_chosen_as_good else best


def _srcsets(image: HtmlElement) -> list[str]:
    srcsets = [image.get(name) for name in SRCSET_ATTRIBUTES]
    # Search all ancestors, because the HTML parser may put the <img> into a <source> of the <picture>.
    picture = next(image.iterancestors("picture"), None)
    if picture is not None:
        srcsets += [source.get(name) for source in picture.iter("source") for name in SRCSET_ATTRIBUTES]
    return [srcset for srcset in srcsets if srcset]


def _largest(srcset: str) -> str:
    """Return the URL of a srcset with the largest width or density (HTML Living Standard, 4.8.4.2.1)."""
    largest, largest_size = "", -1.0
    for url, descriptor in _CANDIDATE.findall(srcset):
        size = re.match(r"(\d+(?:\.\d+)?)[wx]", descriptor)
        number = float(size.group(1)) if size else 1.0
        if number > largest_size:
            largest, largest_size = url.rstrip(","), number
    return largest
