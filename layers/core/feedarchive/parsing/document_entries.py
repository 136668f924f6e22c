"""Identify the entries of a feed document, and decide which of them are archived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from feedarchive.article.choose_text import ChosenText, choose_text
from feedarchive.article.compose import EntrySource
from feedarchive.article.version_1_text import entry_text
from feedarchive.document.model import Document, Entry
from feedarchive.feeds.feed import Feed
from feedarchive.identity.article_id import FeedSite, Identity, entry_hash, identify
from feedarchive.markdown.visible_text import plain_line
from feedarchive.problems import EntryRejection
from feedarchive.text import shorten

MAX_ENTRIES = 5_000
MAX_LABEL = 100  # in characters; reports shorten longer titles


@dataclass(frozen=True)
class DocumentEntry:
    """An entry before it is converted to a Candidate. ``title`` is plain text on one line."""

    entry: Entry
    title: str
    identity: Identity

    @cached_property
    def text(self) -> ChosenText:
        return choose_text(self.entry)

    @cached_property
    def entry_hash(self) -> str:
        """The hash of the entry. A poll skips entries whose hash has not changed."""
        # The first releases chose another text for some entries. These entries get another hash than in the first
        # releases, so that a poll after an update does not skip them.
        return entry_hash(self.entry, text_version=2 if self.text.differs_from_version_1 else 1)

    @cached_property
    def wording(self) -> str:
        return self.text.wording(self.title)

    @property
    def label(self) -> str:
        return label_of(self.entry, self.title)


def document_entries(document: Document, feed: Feed) -> list[DocumentEntry]:
    """Return the first 5,000 entries of a document with their identities."""
    entries = document.entries[:MAX_ENTRIES]
    titles = [plain_line(entry.title) for entry in entries]
    site = FeedSite(feed.id, feed.url, document.home_page)
    identities = identify(entries, titles, site, entry_text)
    if feed.former_id:
        former = identify(entries, titles, replace(site, feed_id=feed.former_id), entry_text)
        identities = [replace(now, former=before) for now, before in zip(identities, former, strict=True)]
    return [
        DocumentEntry(entry, title, identity)
        for entry, title, identity in zip(entries, titles, identities, strict=True)
    ]


def label_of(entry: Entry, title: str) -> str:
    """Return the name of an entry in reports: its title, or else its link, or else its GUID."""
    return repr(shorten(title or entry.link or entry.guid or "untitled", MAX_LABEL))


def entry_source(document: Document, feed: Feed, url: str) -> EntrySource:
    """Return the values that all entries of a document have in common.

    ``url``: the URL of the document after redirects.
    """
    return EntrySource(
        url=feed.public_url,
        base=url,
        title=feed.title or plain_line(document.title),
        language=document.language,
        tags=feed.tags,
        html_body=feed.html_body,
        home_page=document.home_page,
        slug_tags=feed.slug_tags,
    )


@dataclass(frozen=True)
class OtherVersion:
    """An entry that differs from the first entry of the same article in the document.

    ``difference`` says what differs, such as "another link".
    """

    entry: DocumentEntry
    difference: str


def unique_entries(entries: Sequence[DocumentEntry]) -> tuple[list[DocumentEntry], list[OtherVersion]]:
    """Return the first entry of each article, and the other versions of these articles."""
    firsts: dict[str, DocumentEntry] = {}
    others = []
    for each in entries:
        first = firsts.setdefault(each.identity.id, each)
        if first.entry_hash != each.entry_hash and (difference := _difference(first, each)):
            others.append(OtherVersion(each, difference))
    return list(firsts.values()), others


def _difference(first: DocumentEntry, other: DocumentEntry) -> str:
    """Describe how two entries of the same article differ; "" if they do not."""
    one, two = first.entry, other.entry
    if first.wording != other.wording:
        return "another wording"
    if (one.enclosures, one.images) != (two.enclosures, two.images):
        return "another file or picture"
    if first.identity.link != other.identity.link:
        return "another link"
    dates = (one.published, one.updated) != (two.published, two.updated)
    if dates or (one.authors, one.tags) != (two.authors, two.tags):
        return "other dates, authors or tags"
    return ""


def rejection_for(entry: DocumentEntry, feed: Feed) -> tuple[EntryRejection, str] | None:
    """Return why an entry is not archived, as a kind and a message; None if it may be archived."""
    if entry.entry.is_empty():
        return EntryRejection.EMPTY, "it has no title, link, GUID or text"
    fields = {
        "title": entry.title,
        "link": entry.identity.link,
        "author": ", ".join(entry.entry.authors),
        "tags": "\n".join(entry.entry.tags),
        "text": entry.text.words if feed.keep or feed.drop else "",
    }
    if reason := feed.reason_to_drop(fields):
        return EntryRejection.DROPPED, f"your rules exclude it ({reason})"
    return None
