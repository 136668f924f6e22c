"""Find the feeds that a web page links to, for people who subscribed to the page instead of its feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from lxml import etree

from feedarchive.urls import without_credentials

_MAX_BYTES = 512 * 1024
_TAG = re.compile(rb"<(?:link|base)\s[^<>]{1,2000}>", re.IGNORECASE)
_MAX_TAGS = 200
_MAX_FEEDS = 3
_MAX_URL_CHARS = 300  # longer URLs are left out, because they would make messages too long
_FEED_TYPES = {
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
    "text/xml", "application/xml",
}  # fmt: skip


def advertised_feeds(page: bytes, url: str) -> tuple[str, ...]:
    """Return the http(s) URLs of the feeds that a page names in ``<link rel="alternate">``; at most three.

    A link counts if its ``type`` is the MIME type of a feed. ``url`` is the URL of the page. Only ``link`` and ``base``
    tags are parsed, so a large or broken page takes little time.
    """
    tags = [match.group() for _, match in zip(range(_MAX_TAGS), _TAG.finditer(page[:_MAX_BYTES]), strict=False)]
    if not tags:
        return ()
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, recover=True)
    try:
        tree = etree.fromstring(b"<html><head>" + b"\n".join(tags), parser)
    except (etree.LxmlError, ValueError):
        return ()
    if tree is None:
        return ()
    distinct = dict.fromkeys(feed for feed in _feed_urls(tree, url) if feed != url)
    return tuple(distinct)[:_MAX_FEEDS]


def _feed_urls(tree: etree._Element, url: str) -> Iterator[str]:
    base = url
    for element in tree.iter("base", "link"):
        href = (element.get("href") or "").strip()
        rel = (element.get("rel") or "").lower().split()
        media_type = (element.get("type") or "").partition(";")[0].strip().lower()
        try:
            target = urljoin(base, href)
            parts = urlsplit(target)
        except ValueError:
            continue
        if parts.scheme not in ("http", "https") or not parts.hostname or not href:
            continue
        if element.tag == "base":
            base = target
        elif "alternate" in rel and "stylesheet" not in rel and media_type in _FEED_TYPES and _is_printable(target):
            yield without_credentials(target)


def _is_printable(url: str) -> bool:
    return len(url) <= _MAX_URL_CHARS and url.isprintable() and " " not in url
