"""Archive the edits of a document's known entries, unless its feed is noisy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from feedarchive.archive.archiver import ArchivedEntry, Archiver
from feedarchive.archive.document_result import DocumentResult, HeldBack, PreviousPoll
from feedarchive.archive.noisy_feeds import Changes, Noise, are_numbers_counters, is_counter, judge, latest
from feedarchive.archive.revision_rules import Verdict
from feedarchive.archive.revisions import Edit, KnownArticle, Revisions
from feedarchive.parsing.model import Candidate
from feedarchive.problems import FeedWarning

_NEXT_POLL = 0.9  # less than 1, so that polls of exactly an hour do not count each headline at once


@dataclass(frozen=True)
class KnownEntry:
    """An entry whose article was archived before. It may be a revision."""

    candidate: Candidate
    archived: ArchivedEntry


@dataclass(frozen=True)
class _Considered:
    """A known entry, what the rules say about it, and whether only numbers differ from its last version."""

    entry: KnownEntry
    edit: Edit
    only_numbers: bool


def archive_revisions(
    result: DocumentResult, known: Sequence[KnownEntry], previous: PreviousPoll, archiver: Archiver
) -> None:
    """Write revisions of known entries that have changed. The next poll does not skip one that is held back."""
    changed = {each.archived.id for each in known if _has_changed(each, previous)}
    # Entries that the feed's rules excluded before have no wording to compare with.
    compared = len(result.wordings) - sum(each.archived.id not in previous.wordings for each in known)
    if judge(previous.changes) is Noise.WORDS:  # do not read the claims of all entries at each poll
        noise = _judge(result, previous, Changes.of((), len(changed), compared))
        if noise is Noise.WORDS:
            return
    revisions = Revisions(archiver.claims, archiver.time_zone)
    considered = list(_consider(result, known, changed, previous, archiver, revisions))
    changed &= {each.entry.archived.id for each in considered}
    # Without state, every difference may be a new one.
    new = changed | {each.archived.id for each in known if each.archived.id not in previous.wordings}
    numbers = {each.entry.archived.id for each in considered if each.only_numbers} & new
    noise = _judge(result, previous, Changes.of(numbers, len(changed - numbers), compared))
    if result.noisy and not previous.noisy:
        message = f"{noise.value} in most entries change at every poll: revisions are not kept until that stops"
        result.add_problem(FeedWarning.NOISY, message)
    if noise is Noise.WORDS:
        return
    are_counters = noise is Noise.NUMBERS and are_numbers_counters(result.changes)
    for each in considered:
        if each.only_numbers and (are_counters or is_counter(result.changes, each.entry.archived.id)):
            result.known_entries[each.entry.candidate.entry_hash] = each.entry.archived.id  # no edit
        elif not each.only_numbers or noise is Noise.NONE:
            _archive(result, each, previous, revisions)


def _has_changed(entry: KnownEntry, previous: PreviousPoll) -> bool:
    """Does an entry have other words than at the poll before? A fingerprint in another format is not a change."""
    wording = entry.candidate.article.wording
    before = previous.wordings.get(entry.archived.id, wording)
    return before != wording and before[:2] == wording[:2]


def _judge(result: DocumentResult, previous: PreviousPoll, changes: Changes) -> Noise:
    result.changes = latest((*previous.changes, changes))
    noise = judge(result.changes, changes)
    result.noisy = noise is not Noise.NONE
    return noise


def _consider(
    result: DocumentResult,
    known: Sequence[KnownEntry],
    changed: Collection[str],
    previous: PreviousPoll,
    archiver: Archiver,
    revisions: Revisions,
) -> Iterator[_Considered]:
    # Later times are from a wrong clock.
    last_poll = min(previous.time or result.time, result.time)
    for each in known:
        if archiver.is_out_of_time():
            return
        article = replace(each.candidate.article, id=each.archived.id)
        title, held = each.candidate.identity.title_fingerprint, previous.held_back.get(article.id)
        since = min(held.since, last_poll) if held and held.title == title else last_poll
        if held:
            result.held_back[article.id] = HeldBack(title, since)
        # The next poll may come too late, so count most of the time until then too.
        stood = result.time - since + _NEXT_POLL * (result.time - last_poll)
        former = each.candidate.former_feed_id
        edit = revisions.consider(KnownArticle(article, result.feed_id, title, each.archived.claim, stood, former))
        _note_version(result, article.id, edit.claims[-1].key)
        # An edit that is held back is compared once.
        is_new = article.id in changed or edit.verdict is Verdict.REVISE
        is_unknown = edit.verdict.is_held_back and article.id not in previous.wordings
        yield _Considered(each, edit, (is_new or is_unknown) and revisions.differs_only_in_numbers(edit))


def _archive(result: DocumentResult, each: _Considered, previous: PreviousPoll, revisions: Revisions) -> None:
    article_id, verdict = each.entry.archived.id, each.edit.verdict
    if verdict.is_held_back:
        if article_id not in previous.held_back:
            message = f"revision of {each.entry.candidate.label} not archived: {verdict.value}"
            result.add_problem(FeedWarning.HELD_BACK, message)
            result.held_back[article_id] = HeldBack(each.edit.known.title, previous.time or result.time)
        return
    result.known_entries[each.entry.candidate.entry_hash] = article_id
    if key := revisions.write(each.edit):
        _note_version(result, article_id, key)
        result.revised += 1
        result.known -= 1


def _note_version(result: DocumentResult, article_id: str, key: str) -> None:
    """Note the newest version of an article; one that was deleted is not among those that were seen."""
    if seen := result.seen.get(article_id):
        result.seen[article_id] = replace(seen, version=key)
