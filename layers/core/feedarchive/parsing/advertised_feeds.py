"""The feeds that a web page names in its head, for somebody who subscribed to the page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree

from feedarchive.urls import without_credentials

_LOOKED_AT = 512 * 1024  # bytes of the page
_TAG = re.compile(rb"<(?:link|base)\s[^<>]{1,2000}>", re.IGNORECASE)
_MAX_TAGS = 200
_MAX_FEEDS = 3
_MAX_URL_LENGTH = 300  # characters of an address: it is shown to people
_TYPES = {
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
    "text/xml", "application/xml",
}  # fmt: skip


def advertised_feeds(page: bytes, url: str) -> list[str]:
    """The http(s) addresses, at most three, of ``<link rel="alternate">`` with a feed's type; ``url`` is the page's.

    Only these tags are parsed, so that no page, however large or broken, costs more than reading over it.
    """
    tags = [match.group() for _, match in zip(range(_MAX_TAGS), _TAG.finditer(page[:_LOOKED_AT]), strict=False)]
    if not tags:
        return []
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, recover=True)
    try:
        tree = etree.fromstring(b"<html><head>" + b"\n".join(tags), parser)
    except (etree.LxmlError, ValueError):
        return []
    if tree is None:
        return []
    found: dict[str, None] = {}
    for address in _addresses(tree, url):
        if address != url and len(found) < _MAX_FEEDS:
            found[address] = None
    return list(found)


def naming_feeds(page: bytes, url: str) -> str:
    """Words to go behind "the server sent an HTML page": what to subscribe to instead; "" if the page names nothing."""
    found = advertised_feeds(page, url)
    return f"; it names {'a feed' if len(found) == 1 else 'feeds'}: {', '.join(found)}" if found else ""


def _addresses(tree: etree._Element, url: str) -> Iterator[str]:
    base = url
    for element in tree.iter("base", "link"):
        href = (element.get("href") or "").strip()
        rel = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        try:
            address = urljoin(base, href)
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme not in ("http", "https") or not parts.hostname or not href:
            continue
        if element.tag == "base":
            base = address
        elif "alternate" in rel and "stylesheet" not in rel and kind in _TYPES and _can_be_shown(address):
            yield without_credentials(address)


def _can_be_shown(address: str) -> bool:
    return len(address) <= _MAX_URL_LENGTH and address.isprintable() and " " not in address
