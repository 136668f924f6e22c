"""Find the feeds that a web page links to. Pure functions.

Only the tags of links are parsed, because parsing a whole hostile page could take very long. How pages declare feeds:
https://html.spec.whatwg.org/multipage/links.html#rel-alternate
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from feedarchive.document.charset_detection import decode
from feedarchive.subscriptions.feed_urls import spelling_key
from feedarchive.text import one_line, shorten
from feedarchive.urls import resolve_url, split_http_url, without_credentials

_FEED_TYPES = {
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
    "application/x.atom+xml", "application/x-atom+xml", "application/rss", "application/atom",
}  # fmt: skip
# These media types are used for feeds, but also for other documents, such as the JSON of an API.
_VAGUE_TYPES = {"application/json", "text/xml", "application/xml"}
_API = re.compile(r"/wp-json/|oembed|/api/|opensearch|manifest", re.IGNORECASE)
_TAG_NAME = re.compile(r"<(link|a|base)(?=[\s/>])", re.IGNORECASE)
# Matches the start of comments, and of elements such as <script> in which tags have no meaning.
_SKIPPED = re.compile(r"<(?:(!--)|(script|style|template|textarea|title|noembed)(?=[\s/>]))", re.IGNORECASE)
_NEXT = re.compile(f"{_TAG_NAME.pattern}|{_SKIPPED.pattern}", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"(?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*>?")
_MAX_TAG_CHARS = 4_000
_MAX_TAGS = 20_000
_MAX_LINKS = 500
_MAX_TITLE = 200
_FEED_PATH = re.compile(
    r"(?:^|/)(?:feed|feeds|rss|atom)/?$|\.(?:rss|atom|rdf)$|(?:^|/)(?:rss|atom|feed|index|feeds?/\w+)\.(?:xml|json)$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario|replies", re.IGNORECASE)


@dataclass(frozen=True)
class FeedLink:
    """A link to something that may be a feed.

    ``title``: the title of the link; "" if the page gives no title.
    """

    url: str
    title: str = ""

    @property
    def is_for_comments(self) -> bool:
        """Whether the link probably leads to a feed of comments, which few people want to archive."""
        return bool(_COMMENTS.search(self.title) or _COMMENTS.search(self.url))


def advertised_links(page: bytes, url: str, content_type: str) -> list[FeedLink]:
    """Return the feeds that a page declares with ``<link rel="alternate">``. Feeds of comments come last."""
    links = [
        FeedLink(target, _title(attributes))
        for name, attributes, target in _linked(page, url, content_type)
        if name == "link" and _is_feed_link(attributes, target)
    ]
    return _in_order(links)


def linked_feeds(page: bytes, url: str, content_type: str) -> list[FeedLink]:
    """Find links to feeds in a page that declares no feeds.

    A link is returned if it leads to the page's own host and its path is typical of feeds, such as ``/feed.xml``.
    """
    host = split_http_url(url)
    links = []
    for name, _, target in _linked(page, url, content_type):
        parts = split_http_url(target)
        if name == "a" and parts and host and parts[1] == host[1] and _FEED_PATH.search(parts[0].path):
            links.append(FeedLink(target))
    return _in_order(links)


def asks_for_login(page: bytes) -> bool:
    """Check whether a page has a password field."""
    return bool(re.search(rb"<input\s[^<>]{0,500}type\s*=\s*[\"']?password", page[: 2**20], re.IGNORECASE))


def _in_order(links: list[FeedLink]) -> list[FeedLink]:
    unique: dict[str, FeedLink] = {}
    for link in links:
        unique.setdefault(spelling_key(link.url), link)
    return sorted(unique.values(), key=lambda link: link.is_for_comments)[:_MAX_LINKS]


def _is_feed_link(attributes: dict[str, str], url: str) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    if ("alternate" not in relations and "feed" not in relations) or "stylesheet" in relations:
        return False
    if kind in _FEED_TYPES or ("feed" in relations and kind in ("", *_VAGUE_TYPES)):
        return True
    return kind in _VAGUE_TYPES and not _API.search(url)


def _linked(page: bytes, url: str, content_type: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the tag name, the attributes and the absolute URL of each link of a page."""
    base = url
    has_base = False
    for name, attributes in _tags(decode(page, content_type).text):
        href = attributes.get("href", "").strip()
        target = resolve_url(base, href) if href else ""
        if not split_http_url(target):
            continue
        if name != "base":
            yield name, attributes, without_credentials(target)
        elif not has_base:  # browsers use only the first base tag
            base, has_base = target, True


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    position, count = 0, 0
    lower = text.lower()
    # Some letters become two characters in lower case. Then a position in ``lower`` would be wrong in ``text``.
    if len(lower) != len(text):
        lower = text
    while count < _MAX_TAGS and (found := _NEXT.search(text, position)):
        name, comment, skipped = found.groups()
        if comment or skipped:
            end = lower.find("-->" if comment else f"</{skipped.lower()}", found.end())
            if end < 0:
                return
            position = end + 2
            continue
        count += 1
        tag = _ATTRIBUTES.match(text, found.end(), found.end() + _MAX_TAG_CHARS)
        position = tag.end() if tag else found.end()
        if tag and (attributes := _attributes(f"<a{tag.group().removesuffix('>')}>")):
            yield name.lower(), attributes


def _attributes(tag: str) -> dict[str, str]:
    """Parse the attributes of a tag. The names in the result are in lower case."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    try:
        element = etree.fromstring(f"<p>{tag}</a></p>".encode(), parser)
    except (etree.LxmlError, ValueError):
        return {}
    anchor = None if element is None else next(element.iter("a"), None)
    return {} if anchor is None else {str(name).lower(): str(value) for name, value in anchor.attrib.items()}


def _title(attributes: dict[str, str]) -> str:
    return shorten(one_line(attributes.get("title", "")), _MAX_TITLE)
