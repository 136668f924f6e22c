"""Parse a document that has a single entry."""

from __future__ import annotations

from feedarchive.document.model import Entry, NotAFeed
from feedarchive.document.parse_document import parse_document

URL = "https://town.example/feed.xml"
_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
)


def parse_entry(item: str, root: str = "rss") -> Entry:
    """Parse a document with one entry. ``item`` is the content of the entry; ``root`` is "rss", "atom" or "json"."""
    if root == "json":
        text = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{item}]}}'
    elif root == "atom":
        text = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{item}</entry></feed>'
    else:
        text = f'<rss version="2.0" {_NAMESPACES}><channel><item>{item}</item></channel></rss>'
    document = parse_document(text.encode(), URL)
    assert not isinstance(document, NotAFeed)
    (entry,) = document.entries
    return entry
