"""What a page says about itself: title, language, canonical URL, JSON-LD. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from feedarchive.identity.canonical_url import clean_url
from feedarchive.text import one_line, shorten

_MAX_TITLE_CHARS = 1000
_MAX_LANGUAGE_CHARS = 35
_MAX_DEPTH = 20
_MAX_OBJECTS = 1000
_MAX_DIGITS = 10
_NOT_FREE = {"false", "0", "no"}


def page_title(page: HtmlElement) -> str:
    """The title in ``og:title``; if there is none, the ``<title>``; if there is neither, ""."""
    shared = page.xpath("string(//meta[@property='og:title']/@content)")
    return shorten(one_line(str(shared) or str(page.xpath("string(//title)"))), _MAX_TITLE_CHARS)


def page_language(page: HtmlElement) -> str:
    """The language that the page declares; "" if it declares none."""
    return one_line(str(page.xpath("string(/html/@lang)")))[:_MAX_LANGUAGE_CHARS]


def canonical_of(page: HtmlElement, url: str) -> str:
    """The canonical URL that the page names, absolute and clean; "" if it names none. ``url`` is the page's URL."""
    written = page.xpath("string(//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href)")
    return clean_url(str(written), url)


def base_of(page: HtmlElement, url: str) -> str:
    """The URL that relative links of the page refer to: the URL in its ``<base>``; if it has none, ``url``."""
    return clean_url(str(page.xpath("string(//base[@href][1]/@href)")), url) or url


def is_free(page: HtmlElement) -> bool:
    """Return False if the page's JSON-LD says that the article is not free, otherwise True."""
    return not any(str(found.get("isAccessibleForFree", "")).lower() in _NOT_FREE for found in json_ld_objects(page))


def declared_words(page: HtmlElement) -> int:
    """The number of words in the article: the largest ``wordCount`` in the page's JSON-LD; 0 if there is none."""
    counts = [str(found.get("wordCount", "")) for found in json_ld_objects(page)]
    return max((int(count) for count in counts if count.isdecimal() and len(count) < _MAX_DIGITS), default=0)


def json_ld_objects(page: HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects in the page, and the objects inside them; at most _MAX_OBJECTS.

    Scripts with invalid JSON are ignored.
    """
    left = _MAX_OBJECTS
    for script in page.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            parsed = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for found in _objects(parsed, 0):
            yield found
            left -= 1
            if not left:
                return


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        if isinstance(child, dict | list):
            yield from _objects(child, depth + 1)
