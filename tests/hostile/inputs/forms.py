"""Feed documents into which hostile content is inserted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Input:
    """``make(size)`` makes a document of about ``size`` bytes."""

    make: Callable[[int], bytes]
    content_type: str = ""
    html_body: bool = False


def filled(piece: str, size: int) -> str:
    """A piece repeated until it has ``size`` bytes."""
    return piece * (size // len(piece.encode("utf-8", "surrogatepass")) + 1)


def numbered(piece: str, size: int) -> str:
    """A piece repeated until it has about ``size`` bytes. ``{}`` becomes the number of the repetition."""
    count = size // (len(piece.encode()) + 4) + 1
    return "".join(piece.replace("{}", str(number)) for number in range(count))


def rss(inside: str, root: str = "") -> bytes:
    """An RSS document with ``inside``, followed by a good item."""
    good = "<item><title>good</title><link>https://example.org/good</link></item>"
    home = "<title>The feed</title><link>https://example.org/</link>"
    text = f'<rss version="2.0"{root}><channel>{home}{inside}{good}</channel></rss>'
    return text.encode("utf-8", "surrogatepass")


def item(inside: str) -> str:
    return f"<item><title>bad</title><link>https://example.org/bad</link>{inside}</item>"


def atom(inside: str) -> bytes:
    """An Atom document with one entry."""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>The feed</title><id>urn:x</id>'
        f"<entry><id>urn:y</id><title>bad</title>{inside}</entry></feed>"
    ).encode()


def body(html: str) -> bytes:
    """A document with HTML as the text of an entry."""
    return rss(item(f"<description><![CDATA[{html}]]></description>"))


def json_feed(inside: str) -> bytes:
    return f'{{"version": "https://jsonfeed.org/version/1.1", "title": "The feed", {inside}}}'.encode()


def json_item(inside: str) -> bytes:
    return json_feed(f'"items": [{{"id": "bad", "title": "bad", {inside}}}, {{"id": "good", "title": "good"}}]')
