"""What becomes of a document: the way of the program from bytes to files, without network and store."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from feedarchive.article.front_matter import render
from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParseRequest

URL = "https://example.org/feed.xml"
ARCHIVED = datetime(2025, 12, 25, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    """The files, or why there are none; what was named on the way."""

    files: tuple[bytes, ...] = ()
    problem: str = ""
    named: tuple[str, ...] = ()

    def outcome(self) -> str:
        """For a table: what a person would be told."""
        told = self.problem or f"{len(self.files)} archived"
        return "; ".join((told, *self.named))


def files_of(body: bytes, content_type: str = "", html_body: bool = False) -> Result:
    """Every article of a document as the bytes of its file."""
    reading = parse_and_convert(ParseRequest(body, URL, content_type, Feed(URL, "example", html_body=html_body)))
    if isinstance(reading, NotAFeed):
        return Result(problem=reading.reason)
    files = tuple(render(each.article, ARCHIVED) for each in reading.articles)
    refused = Counter(each.kind for each in reading.refused)
    return Result(files, named=(*reading.damage, *(f"{count} {kind}" for kind, count in sorted(refused.items()))))
