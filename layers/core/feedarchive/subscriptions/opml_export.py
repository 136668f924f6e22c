"""Write a list of feeds as OPML 2.0 (http://opml.org/spec2.opml). Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from feedarchive.subscriptions.opml_outlines import ID_ATTRIBUTE, OpmlFeed
from feedarchive.text import safe_text
from feedarchive.url_secrets import public_url

_NAMESPACE = "urn:feedarchive"
# In attributes, XML parsers replace these characters with spaces. So they are written as character references.
_WHITE_SPACE = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", "\x85": "&#133;"}


@dataclass
class _Folder:
    feeds: list[OpmlFeed] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)


def render_opml(feeds: Iterable[OpmlFeed], title: str, now: datetime) -> bytes:
    """Write feeds as an OPML document. The tags of a feed become folders; the first tag is the outermost folder.

    Logins in URLs are left out and other secrets are masked, because people share OPML files.
    """
    root = _Folder()
    for feed in feeds:
        folder = root
        for tag in feed.tags:
            folder = folder.folders.setdefault(tag, _Folder())
        folder.feeds.append(feed)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:feedarchive="{_NAMESPACE}">',
        "  <head>",
        f"    <title>{_text(title)}</title>",
        f"    <dateCreated>{format_datetime(now)}</dateCreated>",
        "  </head>",
        "  <body>",
        *_lines(root, "    "),
        "  </body>",
        "</opml>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _lines(folder: _Folder, indent: str) -> Iterator[str]:
    for feed in folder.feeds:
        yield f"{indent}<outline {_attributes(feed)}/>"
    for name, inner in folder.folders.items():
        yield f"{indent}<outline text={_value(name)} title={_value(name)}>"
        yield from _lines(inner, indent + "  ")
        yield f"{indent}</outline>"


def _attributes(feed: OpmlFeed) -> str:
    url = public_url(feed.url)
    # OPML requires ``text``, so a feed without a title gets its URL. ``feedarchive import`` does not use a URL as
    # the title.
    title = feed.title or url
    values = {
        "type": "rss", "text": title, "title": title, "xmlUrl": url, "htmlUrl": feed.home_page, ID_ATTRIBUTE: feed.id,
    }  # fmt: skip
    return " ".join(f"{name}={_value(value)}" for name, value in values.items() if value)


def _value(text: str) -> str:
    return quoteattr(safe_text(text), _WHITE_SPACE)


def _text(text: str) -> str:
    return safe_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
