"""Add the main picture of a page (``og:image``) to its article, if the page shows it outside the text.

Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from feedarchive.full_text.article_media import is_about_something_else, links_elsewhere

_URL_ATTRIBUTES = ("src", "srcset", "data-src", "data-srcset", "data-original", "data-lazy-src")
# The size in a file name: "bridge-800x600.jpg" and "bridge-400x300.jpg" are the same picture in two sizes.
_SIZE = re.compile(r"[-_](?:\d+x\d+|\d+w|scaled)(?=\.|$)|^\d+px-")
_MAX_CHECKED_ANCESTORS = 6


def add_lead_picture(article: HtmlElement, page: HtmlElement, kept: set[HtmlElement]) -> None:
    """Put the page's main picture before the article's text, if the article does not contain it yet.

    This changes ``article``. ``kept`` are the elements of the page whose texts are in the article.
    """
    name = file_name(str(page.xpath("string(//meta[@property='og:image']/@content)")))
    if not name or any(name in _names(picture) for picture in article.iter("img", "source")):
        return
    found = next((each for each in page.iter("img") if name in _names(each) and _may_lead(each)), None)
    if found is None:
        return
    shown = next(found.iterancestors("figure"), None)
    if shown is None or any(element in kept for element in shown.iter()):
        shown = next(found.iterancestors("picture"), found)
    copy = deepcopy(shown)
    copy.tail, article.text = article.text, None
    article.insert(0, copy)


def file_name(url: str) -> str:
    """The file name in a picture's URL, in lower case and without the size; "" if the URL has none.

    Example: ``"https://a.org/Bridge-800x600.jpg" -> "bridge.jpg"``
    """
    try:
        path = urlsplit(url.strip()).path
    except ValueError:  # an invalid URL such as "http://["
        return ""
    return _SIZE.sub("", unquote(path).lower().rpartition("/")[2])


def _names(picture: HtmlElement) -> set[str]:
    return {file_name(url) for attribute in _URL_ATTRIBUTES for url in _urls(picture.get(attribute, ""))} - {""}


def _urls(value: str) -> Iterator[str]:
    for candidate in value.split(", "):
        yield from islice(candidate.split(), 1)


def _may_lead(picture: HtmlElement) -> bool:
    around = [picture, *islice(picture.iterancestors(), _MAX_CHECKED_ANCESTORS)]
    is_figure = any(element.tag == "figure" for element in around)
    return not is_about_something_else(around) and (is_figure or not links_elsewhere(around))
