"""Archiving a whole document: every entry of it is archived, known, revised, or named with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from feedarchive.archive.archiver import ArchivedEntry, Archiver
from feedarchive.archive.article_lookup import Candidate
from feedarchive.archive.claim_protocol import Outcome
from feedarchive.archive.revisions import Revisions
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.model import ParsedDocument, ParsedEntry, RejectedEntry, bug_report
from feedarchive.report import Problem
from feedarchive.store.interface import StoreError

# With fewer entries to compare, a single edit could be most of them.
_MIN_NOISY_ENTRIES = 4


@dataclass(frozen=True)
class PreviousPoll:
    """What earlier polls saw: entries to pass over (mark to article id), and wordings by article id."""

    known: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)


@dataclass
class DocumentResult:
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

    def seen(self) -> PreviousPoll:
        return PreviousPoll(self.marks, self.wordings)

    def name(self, kind: str, detail: str) -> None:
        self.problems.append(Problem(self.feed_id, kind, detail))

    def reject(self, refused: RejectedEntry) -> None:
        self.rejected += 1
        self.name(refused.kind, f"not archived: {refused.called}: {refused.reason}")
        self.unsettled = self.unsettled or refused.again
        if refused.mark and not refused.again:
            self.marks[refused.mark] = ""


@dataclass(frozen=True)
class _Known:
    """An entry whose article was archived before: it may be a revision."""

    shown: ParsedEntry
    candidate: Candidate
    written: ArchivedEntry


def archive_document(reading: ParsedDocument, feed: Feed, seen: PreviousPoll, archiver: Archiver) -> DocumentResult:
    """Archive what a document shows, in the order of ``reading``."""
    tally = DocumentResult(feed.id)
    if reading.damage:
        tally.name("damaged", f"the document was damaged ({'; '.join(reading.damage)}); read all the same")
    for refused in reading.refused:
        tally.reject(refused)
    _count_known(tally, reading, seen)
    known = _archive_first_versions(tally, reading, feed, archiver)
    # Kept out at the poll before, by rules that were changed: nobody knows whether these change all the time.
    unheard = sum(each.written.id not in seen.wordings for each in known)
    tally.noisy = _is_noisy(tally.wordings, seen.wordings, unheard)
    if not feed.revisions:
        tally.marks |= {each.shown.mark: each.written.id for each in known}
    elif reading.intact:  # else they get no mark: the next whole document is compared
        _archive_revisions(tally, known, feed, archiver)
    tally.unsettled = tally.unsettled or any(each.mark not in tally.marks for each in reading.articles)
    return tally


def _count_known(tally: DocumentResult, reading: ParsedDocument, seen: PreviousPoll) -> None:
    """Entries that need no look: what is known of them stays known. What was refused was named when it was."""
    for mark in reading.known:
        article_id = seen.known[mark]
        tally.known += bool(article_id)
        tally.marks[mark] = article_id
        if article_id in seen.wordings:
            tally.wordings[article_id] = seen.wordings[article_id]


def _archive_first_versions(
    tally: DocumentResult, reading: ParsedDocument, feed: Feed, archiver: Archiver
) -> list[_Known]:
    """Everything that is not in the archive yet. What is in it is returned."""
    known = []
    for number, each in enumerate(reading.articles):
        if archiver.is_out_of_time():
            left = len(reading.articles) - number
            tally.name("out-of-time", f"{left} entries are left to the next poll: this run has no time for more")
            tally.rejected += left
            break
        candidate = Candidate(each.identity, feed.id, each.title, reading.folder, each.article)
        try:
            written = archiver.archive(candidate)
        except StoreError:
            raise
        except Exception as bug:  # noqa: BLE001 - a bad entry never stops its feed, whatever is bad in it
            tally.reject(RejectedEntry(each.called, "bug", bug_report(bug), each.mark, again=True))
            continue
        tally.wordings[written.id] = each.article.wording
        if written.outcome is Outcome.KNOWN:
            known.append(_Known(each, candidate, written))
        else:
            tally.marks[each.mark] = written.id
        tally.new += written.outcome is Outcome.NEW
        tally.known += written.outcome is not Outcome.NEW
    return known


def _is_noisy(wordings: Mapping[str, str], before: Mapping[str, str], unheard: int) -> bool:
    """Have most of the entries other words than at the last poll? A clock in the text does that."""
    changed = sum(wording != before.get(article_id, wording) for article_id, wording in wordings.items())
    return changed >= _MIN_NOISY_ENTRIES and changed * 2 > len(wordings) - unheard


def _archive_revisions(tally: DocumentResult, known: list[_Known], feed: Feed, archiver: Archiver) -> None:
    """What is not settled (held back, or of a noisy feed) gets no mark: the next poll looks again."""
    if tally.noisy:
        tally.name("noisy", "most entries change at every poll: no revisions are kept until it is quiet")
        return
    revisions = Revisions(archiver.files, archiver.time_zone)
    for each in known:
        if archiver.is_out_of_time():
            break
        article = replace(each.candidate.article, id=each.written.id)
        title = each.candidate.identity.title_fingerprint
        revised = revisions.consider(article, feed.id, title, each.written.claim)
        if revised.held_back:
            tally.name("held-back", f"no revision of {each.shown.called}: {revised.held_back}")
        else:
            tally.marks[each.shown.mark] = each.written.id
        if revised.key:
            tally.revised += 1
            tally.known -= 1
