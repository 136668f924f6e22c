"""Entries as one document shows them, and which of them are to be archived. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from feedarchive.article.compose import EntrySource, entry_text, wording_of
from feedarchive.document.model import Document, Entry
from feedarchive.feeds.feed import Feed
from feedarchive.identity.article_id import FeedSite, Identity, entry_hash, identify
from feedarchive.markdown.plain_text import plain_line
from feedarchive.urls import without_credentials

MAX_ENTRIES = 5_000


@dataclass(frozen=True)
class DocumentEntry:
    """An entry of one document: its title as a line, who it is, and a mark to know it again."""

    entry: Entry
    title: str
    identity: Identity
    mark: str

    @cached_property
    def wording(self) -> str:
        return wording_of(self.title, self.entry)


def document_entries(document: Document, feed: Feed) -> list[DocumentEntry]:
    """The entries of a document, the first 5,000 of them."""
    entries = document.entries[:MAX_ENTRIES]
    titles = [plain_line(entry.title) for entry in entries]
    identities = identify(entries, titles, FeedSite(feed.id, feed.url, document.home_page), entry_text)
    return [
        DocumentEntry(entry, title, identity, entry_hash(entry))
        for entry, title, identity in zip(entries, titles, identities, strict=True)
    ]


def entry_source(document: Document, feed: Feed, url: str) -> EntrySource:
    """What all entries of a document have in common. ``url`` is where the document was in the end."""
    return EntrySource(
        url=without_credentials(feed.url),
        base=url,
        title=feed.title or plain_line(document.title),
        language=document.language,
        tags=feed.tags,
        html_body=feed.html_body,
        home_page=document.home_page,
    )


def unique_entries(shown: Sequence[DocumentEntry]) -> tuple[list[DocumentEntry], list[DocumentEntry]]:
    """Of identical copies one; of two wordings under one id the first. The other wordings are second."""
    firsts: dict[str, DocumentEntry] = {}
    others = []
    for each in shown:
        first = firsts.setdefault(each.identity.id, each)
        if first.mark != each.mark and first.wording != each.wording:
            others.append(each)
    return list(firsts.values()), others


def rejection_for(shown: DocumentEntry, feed: Feed) -> tuple[str, str] | None:
    """Why an entry is not archived, as a kind and a reason; None if it is."""
    entry = shown.entry
    if entry.is_empty():
        return "empty", "it has neither title, link, guid nor text"
    fields = {
        "title": shown.title,
        "link": shown.identity.link,
        "author": ", ".join(entry.authors),
        "tags": "\n".join(entry.tags),
        "text": entry_text(entry) if feed.keep or feed.drop else "",
    }
    if reason := feed.reason_to_drop(fields):
        return "dropped", f"your rules keep it out ({reason})"
    return None
