"""Archiving a whole document: every entry of it is archived, known, or named with the reason."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from functools import partial

from feedarchive.archive.claimed_file import Outcome
from feedarchive.archive.once import Archiver
from feedarchive.archive.same_article import Candidate
from feedarchive.article.compose import Source, compose, entry_text, wording_of
from feedarchive.document.model import Document, Entry
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.values import without_credentials
from feedarchive.identity.identify import FeedSite, Identity, entry_mark, identify
from feedarchive.identity.site import site_folder
from feedarchive.markdown.plain_text import plain_line, shortened
from feedarchive.report import Problem

MOST_ENTRIES = 5_000


@dataclass(frozen=True)
class Shown:
    """An entry as one document shows it: its title as a line, who it is, and a mark to know it again."""

    entry: Entry
    title: str
    identity: Identity
    mark: str


@dataclass
class Tally:
    """Counts of one document, and the marks of all its entries for the next poll to pass over."""

    feed_id: str
    new: int = 0
    known: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    marks: frozenset[str] = frozenset()

    def name(self, kind: str, detail: str) -> None:
        self.problems.append(Problem(self.feed_id, kind, detail))

    def reject(self, entry: Entry, kind: str, reason: str) -> None:
        self.rejected += 1
        name = shortened(plain_line(entry.title) or entry.link or entry.guid or "untitled", 100)
        self.name(kind, f"not archived: {name!r}: {reason}")


def archive_document(document: Document, feed: Feed, url: str, seen: Set[str], archiver: Archiver) -> Tally:
    """Archive what a document shows. ``url`` is where it was; ``seen`` are marks of entries known already.

    Entries are archived from the document's end: feeds show the newest first, files come in the order
    the articles came.
    """
    tally = Tally(feed.id)
    _name_damage(tally, document)
    shown = _shown(document, feed)
    source = _source(document, feed, url)
    folder = site_folder(feed.site, feed.url, document.home_page)
    for each in reversed(_first_of_each(shown, tally)):
        if each.mark in seen:
            tally.known += 1
        elif reason := _reason_against(each, feed):
            tally.reject(each.entry, *reason)
        else:
            article = partial(compose, each.entry, each.title, each.identity.link, source)
            candidate = Candidate(each.identity, feed.id, each.title, folder, article)
            is_new = archiver.archive(candidate).outcome is Outcome.NEW
            tally.new += is_new
            tally.known += not is_new
    tally.marks = frozenset(each.mark for each in shown)
    return tally


def _name_damage(tally: Tally, document: Document) -> None:
    if document.damage:
        tally.name("damaged", f"the document was damaged ({'; '.join(document.damage)}); read all the same")
    if document.cut_off:
        reason = "the document ends in or right after it, so it may be half an entry; the next whole document has it"
        tally.reject(document.cut_off, "cut-off", reason)
    for entry in document.entries[MOST_ENTRIES:]:
        tally.reject(entry, "too-many", f"the document has more than {MOST_ENTRIES} entries")


def _shown(document: Document, feed: Feed) -> list[Shown]:
    entries = document.entries[:MOST_ENTRIES]
    titles = [plain_line(entry.title) for entry in entries]
    identities = identify(entries, titles, FeedSite(feed.id, feed.url, document.home_page), entry_text)
    return [
        Shown(entry, title, identity, entry_mark(entry))
        for entry, title, identity in zip(entries, titles, identities, strict=True)
    ]


def _source(document: Document, feed: Feed, url: str) -> Source:
    return Source(
        url=without_credentials(feed.url),
        base=url,
        title=feed.title or plain_line(document.title),
        language=document.language,
        tags=feed.tags,
        html_body=feed.html_body,
    )


def _first_of_each(shown: list[Shown], tally: Tally) -> list[Shown]:
    """Of identical copies one; of two wordings under one id the first, and the other is named."""
    firsts: dict[str, Shown] = {}
    for each in shown:
        first = firsts.setdefault(each.identity.id, each)
        if first is each or first.mark == each.mark:
            continue
        if wording_of(first.title, first.entry) != wording_of(each.title, each.entry):
            tally.reject(each.entry, "second-wording", "the same document has this article in other words before it")
    return list(firsts.values())


def _reason_against(shown: Shown, feed: Feed) -> tuple[str, str] | None:
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
