"""Small RSS documents from a few words."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

HOME = "https://example.org/"
FEED = "https://example.org/feed.xml"


@dataclass(frozen=True)
class Item:
    """An RSS item. None omits the element."""

    title: str | None = "A title"
    link: str | None = None
    guid: str | None = None
    text: str | None = "Some words that tell what happened."
    date: str | None = "Wed, 24 Dec 2025 08:00:00 GMT"
    permalink: bool = False

    def xml(self) -> str:
        guid = f"<guid isPermaLink={quoteattr(str(self.permalink).lower())}>{escape(self.guid or '')}</guid>"
        parts = [
            f"<{name}>{escape(value)}</{name}>"
            for name, value in (
                ("title", self.title),
                ("link", self.link),
                ("description", self.text),
                ("pubDate", self.date),
            )
            if value is not None
        ]
        return f"<item>{''.join(parts)}{guid if self.guid is not None else ''}</item>"


def rss(*items: Item, home: str = HOME, title: str = "The Example") -> bytes:
    """An RSS 2.0 document."""
    head = f"<title>{escape(title)}</title><link>{escape(home)}</link><description/>"
    return f'<rss version="2.0"><channel>{head}{"".join(i.xml() for i in items)}</channel></rss>'.encode()


def news(*numbers: int) -> bytes:
    """A document with the articles of these numbers, the newest first."""
    items = [
        Item(f"Article {n}", link=f"https://example.org/{n}", guid=f"tag:{n}", text=f"The story number {n}.")
        for n in sorted(numbers, reverse=True)
    ]
    return rss(*items)
