"""What becomes of a document: the way of the program from bytes to files, without network and store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from feedarchive.archive.shown import first_of_each, reason_against, shown_by, source_of
from feedarchive.article.render import render
from feedarchive.document.model import NotAFeed
from feedarchive.document.parse import parse_document
from feedarchive.feeds.feed import Feed

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
    document = parse_document(body, URL, content_type)
    if isinstance(document, NotAFeed):
        return Result(problem=document.reason)
    feed = Feed(URL, "example", html_body=html_body)
    firsts, others = first_of_each(shown_by(document, feed))
    source = source_of(document, feed, URL)
    files, empty = [], 0
    for each in firsts:
        if reason_against(each, feed):
            empty += 1
        else:
            files.append(render(each.article(source)(each.identity.id), ARCHIVED))
    named = [*document.damage]
    if document.cut_off:
        named.append("its last entry may be half an entry")
    named += [f"{len(others)} in other words"] if others else []
    named += [f"{empty} empty"] if empty else []
    return Result(tuple(files), named=tuple(named))
