"""Decide which media of a page belong to its article. Pure functions.

A medium is a picture, a video, a frame or a drawing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from urllib.parse import urlsplit

from lxml.html import HtmlElement

MEDIA = frozenset("img picture video audio iframe embed object svg math".split())
_OTHER_TAGS = frozenset("nav aside footer form button dialog select".split())
# Matches the classes and ids of elements that lead to other pages, or that are about the author or the site.
_OTHER_ELEMENT = re.compile(
    r"related|recommend|promo|newsletter|subscri|social-|share-?(?:bar|button|icon|link|list|tool)|sharing|sharedaddy|"
    r"author|avatar|byline|sponsor|advert|(?:^|[\s_-])ads?(?:[\s_]|$)|comments?(?:$|[\s_-])|side-?bar|teaser|textwidget|"
    r"recirc|read-?(?:more|next|also)|more-from|most-(?:read|popular)|trending|breadcrumb|toolbar|taboola|outbrain",
    re.IGNORECASE,
)
# Matches the classes and ids of pictures that do not belong to the article. Do not use it for the elements around a
# picture: they are often called "gallery-icon".
_OTHER_PICTURE = re.compile(r"avatar|author|logo|emoji|(?:^|[\s_-])icons?(?:$|\s)|promo|spinner|pixel", re.IGNORECASE)
# The maximum number of words beside a medium that belongs to the article. Captions do not count.
_MAX_WORDS_AMONG = 40  # within the article's text
_MAX_WORDS_BEFORE_OR_AFTER = 5  # before or after the article's text
_MAX_WORDS_LINKED = 3  # in a link within the article's text
_MIN_SIZE_PIXELS = 50
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)$", re.IGNORECASE)


class Place(Enum):
    """The place of a medium: before the article's text, within it, or after it."""

    BEFORE = auto()
    AMONG = auto()
    AFTER = auto()


class MediaCheck:
    """Checks which media of one page belong to the article: those with few words beside them.

    The words beside a medium are the words in its branch. The branch is the largest element that contains the medium
    but no text of the article. If it contains several media, its words are divided equally among them.
    """

    def __init__(self) -> None:
        self._words: dict[HtmlElement, float] = {}

    def is_of_the_article(self, medium: HtmlElement, branch: HtmlElement, place: Place) -> bool:
        """Check whether a medium belongs to the article. ``branch`` is the medium itself or an element around it."""
        around = list(_up_to(medium, branch))
        if is_about_something_else(around):
            return False
        if place is Place.BEFORE:
            # Before the text, large elements often contain the headline and the author's name. Do not count them.
            branch = around[min(1, len(around) - 1)]
        if branch not in self._words:
            count = sum(1 for _ in branch.iter("img", "video", "iframe")) or 1
            self._words[branch] = _words_beside(branch) / count
        return self._words[branch] <= _max_words(around, place)


def is_about_something_else(around: Sequence[HtmlElement]) -> bool:
    """Check whether a medium is an icon, or is in a menu, an advertisement or a list of other articles.

    ``around`` has the medium first, then the elements around it.
    """
    if _is_small(around[0]) or _is_named(around[0], _OTHER_PICTURE):
        return True
    return any(each.tag in _OTHER_TAGS or (each.tag != "figure" and _is_named(each, _OTHER_ELEMENT)) for each in around)


def links_elsewhere(around: Sequence[HtmlElement]) -> bool:
    """Check whether a medium is in a link that does not lead to a picture file.

    ``around`` has the medium and the elements around it.
    """
    links = [element.get("href", "") for element in around if element.tag == "a"]
    return any(not _PICTURE_FILE.search(_path(link)) for link in links)


def _max_words(around: list[HtmlElement], place: Place) -> int:
    if place is not Place.AMONG:
        return _MAX_WORDS_BEFORE_OR_AFTER
    return _MAX_WORDS_LINKED if links_elsewhere(around) else _MAX_WORDS_AMONG


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # an invalid URL such as "http://["
        return ""


def _up_to(medium: HtmlElement, branch: HtmlElement) -> Iterator[HtmlElement]:
    element: HtmlElement | None = medium
    while element is not None:
        yield element
        if element is branch:
            return
        element = element.getparent()


def _is_named(element: HtmlElement, name: re.Pattern[str]) -> bool:
    return bool(name.search(f"{element.get('class', '')} {element.get('id', '')}"))


def _words_beside(branch: HtmlElement) -> int:
    if branch.tag in MEDIA:
        return 0
    captions = sum(len(caption.text_content().split()) for caption in branch.iter("figcaption"))
    scripts = sum(len((each.text or "").split()) for each in branch.iter("script", "style", "noscript"))
    return len(branch.text_content().split()) - captions - scripts


def _is_small(medium: HtmlElement) -> bool:
    sizes = (medium.get(name, "").strip().removesuffix("px") for name in ("width", "height"))
    return any(size.isdigit() and 0 < int(size) < _MIN_SIZE_PIXELS for size in sizes)
