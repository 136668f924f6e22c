"""Convert a document to article files, without network and store."""

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
    """The article files of a document, or the problem with the document.

    ``warnings`` are damage, and how many entries were rejected for each reason.
    """

    files: tuple[bytes, ...] = ()
    problem: str = ""
    warnings: tuple[str, ...] = ()

    def outcome(self) -> str:
        """One line, for tables."""
        return "; ".join((self.problem or f"{len(self.files)} archived", *self.warnings))


def files_of(body: bytes, content_type: str = "", html_body: bool = False) -> Result:
    """The file of every article of a document."""
    parsed = parse_and_convert(ParseRequest(body, URL, content_type, Feed(URL, "example", html_body=html_body)))
    if isinstance(parsed, NotAFeed):
        return Result(problem=parsed.reason)
    files = tuple(render(each.article, ARCHIVED) for each in parsed.candidates)
    rejected = Counter(each.kind for each in parsed.rejected)
    return Result(files, warnings=(*parsed.damage, *(f"{count} {kind}" for kind, count in sorted(rejected.items()))))
