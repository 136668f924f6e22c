"""Archive the entries of a document: each is archived, known, revised, or rejected with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from feedarchive.archive.archiver import ArchivedEntry, Archiver
from feedarchive.archive.claim_protocol import ClaimOutcome
from feedarchive.archive.revisions import Revisions
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.model import Candidate, ParsedDocument, RejectedEntry, bug_report
from feedarchive.problems import EntryRejection, FeedWarning, ProblemKind
from feedarchive.report import Problem
from feedarchive.store.interface import StoreError

# With fewer changed entries, ordinary edits could be most of a short document.
_MIN_NOISY_ENTRIES = 4


@dataclass(frozen=True)
class PreviousPoll:
    """Facts from earlier polls: ``known_entries`` maps the hashes of entries to skip to article ids ("" for a
    rejected entry), ``wordings`` maps article ids to wordings.
    """

    known_entries: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)


@dataclass
class DocumentResult:
    """The number of entries of each kind, problems, and facts for the next poll.

    ``known_entries`` and ``wordings``: see PreviousPoll. ``unfinished``: some entries still have to be archived, so the
    next poll must parse the document even if it has not changed.
    """

    feed_id: str
    new: int = 0
    known: int = 0
    revised: int = 0
    rejected: int = 0
    noisy: bool = False
    problems: list[Problem] = field(default_factory=list)
    known_entries: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, str] = field(default_factory=dict)
    unfinished: bool = False

    def for_next_poll(self) -> PreviousPoll:
        return PreviousPoll(self.known_entries, self.wordings)

    def add_problem(self, kind: ProblemKind, detail: str) -> None:
        self.problems.append(Problem(self.feed_id, kind, detail))

    def reject(self, entry: RejectedEntry) -> None:
        self.rejected += 1
        self.add_problem(entry.kind, f"not archived: {entry.label}: {entry.reason}")
        self.unfinished = self.unfinished or entry.retry
        if entry.entry_hash and not entry.retry:
            self.known_entries[entry.entry_hash] = ""


@dataclass(frozen=True)
class _KnownEntry:
    """An entry whose article was archived before. It may be a revision."""

    candidate: Candidate
    archived: ArchivedEntry


def archive_document(
    document: ParsedDocument, feed: Feed, previous: PreviousPoll, archiver: Archiver
) -> DocumentResult:
    """Archive a document's candidates, in their order. Raises StoreError if storage fails."""
    result = DocumentResult(feed.id)
    if document.damage:
        result.add_problem(FeedWarning.DAMAGED, f"the document had to be repaired: {'; '.join(document.damage)}")
    for rejected in document.rejected:
        result.reject(rejected)
    _count_skipped(result, document, previous)
    known = _archive_first_versions(result, document, archiver, _vanished_by_wording(document, previous))
    # Entries that the feed's rules excluded before have no wording to compare with.
    without_wording = sum(each.archived.id not in previous.wordings for each in known)
    result.noisy = _is_noisy(result.wordings, previous.wordings, without_wording)
    if not feed.revisions:
        result.known_entries |= {each.candidate.entry_hash: each.archived.id for each in known}
    elif document.intact:  # revisions wait for an intact document: until then, do not skip these entries
        _archive_revisions(result, known, feed, archiver)
    is_finished = all(each.entry_hash in result.known_entries for each in document.candidates)
    result.unfinished = result.unfinished or not is_finished
    return result


def _count_skipped(result: DocumentResult, document: ParsedDocument, previous: PreviousPoll) -> None:
    """Count the entries that were skipped, and keep what is known about them. Do not report rejected ones again."""
    for entry_hash in document.known:
        article_id = previous.known_entries[entry_hash]
        result.known += bool(article_id)
        result.known_entries[entry_hash] = article_id
        if article_id in previous.wordings:
            result.wordings[article_id] = previous.wordings[article_id]


def _vanished_by_wording(document: ParsedDocument, previous: PreviousPoll) -> dict[str, str]:
    """The ids, by wording, of the articles that the previous poll's document contained and this one does not.

    A publisher may have given them other links and GUIDs. Two articles with the same wording are both left out.
    """
    wordings = Counter(previous.wordings.values())
    present = {previous.known_entries.get(entry_hash) for entry_hash in document.known}
    present |= {each.identity.id for each in document.candidates}
    return {
        wording: article_id
        for article_id, wording in previous.wordings.items()
        if wordings[wording] == 1 and article_id not in present
    }


def _archive_first_versions(
    result: DocumentResult, document: ParsedDocument, archiver: Archiver, vanished: dict[str, str]
) -> list[_KnownEntry]:
    """Archive every entry whose article is not in the archive yet. Return the others."""
    known = []
    for number, candidate in enumerate(document.candidates):
        if archiver.is_out_of_time():
            left = len(document.candidates) - number
            result.add_problem(
                FeedWarning.OUT_OF_TIME, f"the run is out of time: the next poll archives {left} entries"
            )
            result.rejected += left
            break
        try:
            archived = archiver.archive(candidate, vanished.get(candidate.article.wording, ""))
        except StoreError:
            raise
        except Exception as bug:  # noqa: BLE001 - one bad entry must not stop its feed
            kind = EntryRejection.BUG
            result.reject(RejectedEntry(candidate.label, kind, bug_report(bug), candidate.entry_hash, retry=True))
            continue
        if vanished.get(candidate.article.wording) == archived.id:
            del vanished[candidate.article.wording]
        result.wordings[archived.id] = candidate.article.wording
        if archived.outcome is ClaimOutcome.ALREADY_ARCHIVED:
            known.append(_KnownEntry(candidate, archived))
        else:
            result.known_entries[candidate.entry_hash] = archived.id
        result.new += archived.outcome is ClaimOutcome.CREATED
        result.known += archived.outcome is not ClaimOutcome.CREATED
    return known


def _is_noisy(wordings: Mapping[str, str], previous: Mapping[str, str], without_wording: int) -> bool:
    """Have most entries changed since the last poll? This happens in feeds with a clock or counter in the text."""
    # A fingerprint in another format is not a change.
    changed = sum(
        (before := previous.get(article_id, wording)) != wording and before[:2] == wording[:2]
        for article_id, wording in wordings.items()
    )
    return changed >= _MIN_NOISY_ENTRIES and changed * 2 > len(wordings) - without_wording


def _archive_revisions(result: DocumentResult, known: list[_KnownEntry], feed: Feed, archiver: Archiver) -> None:
    """Write revisions of known entries that have changed. The next poll does not skip one that is held back."""
    if result.noisy:
        message = "most entries change at every poll: revisions are not kept until they stop changing"
        result.add_problem(FeedWarning.NOISY, message)
        return
    revisions = Revisions(archiver.claims, archiver.time_zone)
    for each in known:
        if archiver.is_out_of_time():
            break
        article = replace(each.candidate.article, id=each.archived.id)
        title = each.candidate.identity.title_fingerprint
        revised = revisions.consider(article, feed.id, title, each.archived.claim)
        if revised.held_back:
            message = f"revision of {each.candidate.label} not archived: {revised.held_back}"
            result.add_problem(FeedWarning.HELD_BACK, message)
        else:
            result.known_entries[each.candidate.entry_hash] = each.archived.id
        if revised.key:
            result.revised += 1
            result.known -= 1
