"""Archiving a whole document: every entry of it is archived, known, revised, or named with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedarchive.archive.claimed_file import Outcome
from feedarchive.archive.once import Archiver, Written
from feedarchive.archive.revisions import Revisions
from feedarchive.archive.same_article import Candidate
from feedarchive.archive.shown import MOST_ENTRIES, Shown, first_of_each, reason_against, shown_by, source_of
from feedarchive.document.model import Document, Entry
from feedarchive.feeds.feed import Feed
from feedarchive.identity.site import site_folder
from feedarchive.markdown.plain_text import plain_line, shortened
from feedarchive.report import Problem
from feedarchive.store.interface import StoreError

# With fewer entries to compare, a single edit could be most of them.
_FEWEST_TO_BE_NOISY = 4


@dataclass(frozen=True)
class Seen:
    """What earlier polls saw: entries to pass over (mark to article id), and wordings by article id."""

    known: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Tally:
    """Counts of one document, and what the next poll is to know of it.

    ``unsettled`` tells that something of the document is still to be done: the next poll must see it whole.
    """

    feed_id: str
    new: int = 0
    known: int = 0
    revised: int = 0
    rejected: int = 0
    noisy: bool = False
    problems: list[Problem] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, str] = field(default_factory=dict)
    unsettled: bool = False

    def seen(self) -> Seen:
        return Seen(self.marks, self.wordings)

    def name(self, kind: str, detail: str) -> None:
        self.problems.append(Problem(self.feed_id, kind, detail))

    def reject(self, entry: Entry, kind: str, reason: str) -> None:
        self.rejected += 1
        self.name(kind, f"not archived: {_called(entry)}: {reason}")


@dataclass(frozen=True)
class _Known:
    """An entry whose article was archived before: it may be a revision."""

    shown: Shown
    candidate: Candidate
    written: Written


def archive_document(document: Document, feed: Feed, url: str, seen: Seen, archiver: Archiver) -> Tally:
    """Archive what a document shows. ``url`` is where it was in the end.

    Entries are archived from the document's end: feeds show the newest first, files come in the order
    the articles came.
    """
    tally = Tally(feed.id)
    _name_damage(tally, document)
    firsts, others = first_of_each(shown_by(document, feed))
    for other in others:
        tally.reject(other.entry, "second-wording", "the same document has this article in other words before it")
        tally.marks[other.mark] = ""
    known = _archive_first_versions(tally, firsts, document, _Feed(feed, url, seen, archiver))
    tally.noisy = _is_noisy(tally.wordings, seen.wordings)
    if not feed.revisions:
        tally.marks |= {each.shown.mark: each.written.id for each in known}
    elif document.intact:  # else they get no mark: the next whole document is compared
        _archive_revisions(tally, known, feed, archiver)
    tally.unsettled = bool(document.cut_off) or any(each.mark not in tally.marks for each in firsts)
    return tally


@dataclass(frozen=True)
class _Feed:
    feed: Feed
    url: str
    seen: Seen
    archiver: Archiver


def _archive_first_versions(tally: Tally, firsts: list[Shown], document: Document, by: _Feed) -> list[_Known]:
    """Everything that is not in the archive yet. The rest is returned, but for entries that need no look."""
    source = source_of(document, by.feed, by.url)
    folder = site_folder(by.feed.site, by.feed.url, document.home_page)
    known = []
    for each in reversed(firsts):
        if (seen_id := by.seen.known.get(each.mark)) is not None:
            tally.known += 1
            tally.marks[each.mark] = seen_id
            if seen_id in by.seen.wordings:
                tally.wordings[seen_id] = by.seen.wordings[seen_id]
            continue
        if reason := reason_against(each, by.feed):
            tally.reject(each.entry, *reason)
            tally.marks[each.mark] = ""
            continue
        candidate = Candidate(each.identity, by.feed.id, each.title, folder, each.article(source))
        try:
            written = by.archiver.archive(candidate)
        except StoreError:
            raise
        except Exception as bug:  # noqa: BLE001 - a bad entry never stops its feed, whatever is bad in it
            tally.reject(each.entry, "bug", f"this program failed on it, please report it: {bug!r:.200}")
            continue
        tally.wordings[written.id] = each.wording
        if written.outcome is Outcome.KNOWN:
            known.append(_Known(each, candidate, written))
        else:
            tally.marks[each.mark] = written.id
        tally.new += written.outcome is Outcome.NEW
        tally.known += written.outcome is not Outcome.NEW
    return known


def _is_noisy(wordings: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Have most of the entries other words than at the last poll? A clock in the text does that."""
    changed = sum(wording != before.get(article_id, wording) for article_id, wording in wordings.items())
    return changed >= _FEWEST_TO_BE_NOISY and changed * 2 > len(wordings)


def _archive_revisions(tally: Tally, known: list[_Known], feed: Feed, archiver: Archiver) -> None:
    """What is not settled (held back, or of a noisy feed) gets no mark: the next poll looks again."""
    if tally.noisy:
        tally.name("noisy", "most entries change at every poll: no revisions are kept until it is quiet")
        return
    revisions = Revisions(archiver.files, archiver.time_zone)
    for each in known:
        article = each.candidate.article(each.written.id)
        title = each.candidate.identity.title_fingerprint
        revised = revisions.consider(article, feed.id, title, each.written.claim)
        if revised.held_back:
            tally.name("held-back", f"no revision of {_called(each.shown.entry)}: {revised.held_back}")
        else:
            tally.marks[each.shown.mark] = each.written.id
        if revised.key:
            tally.revised += 1
            tally.known -= 1


def _name_damage(tally: Tally, document: Document) -> None:
    if document.damage:
        tally.name("damaged", f"the document was damaged ({'; '.join(document.damage)}); read all the same")
    if document.cut_off:
        reason = "the document ends in or right after it, so it may be half an entry; the next whole document has it"
        tally.reject(document.cut_off, "cut-off", reason)
    for entry in document.entries[MOST_ENTRIES:]:
        tally.reject(entry, "too-many", f"the document has more than {MOST_ENTRIES} entries")


def _called(entry: Entry) -> str:
    return repr(shortened(plain_line(entry.title) or entry.link or entry.guid or "untitled", 100))
