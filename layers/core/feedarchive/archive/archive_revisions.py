"""Write a revision if the publisher edits an article after it was archived.

Some feeds are noisy: their entries change at every poll, for example because they count comments. See noisy_feeds.py.
"""

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

# A new title is archived when it is two hours old (revision_rules.py). The next poll may come much later than that, so
# this share of the time until the next poll is added to the title's age. With 1.0, hourly polls would archive each new
# title at once.
_PART_UNTIL_NEXT_POLL = 0.9


@dataclass(frozen=True)
class KnownEntry:
    """An entry whose article was already in the archive. Its text may have been edited since."""

    candidate: Candidate
    archived: ArchivedEntry


@dataclass(frozen=True)
class _Considered:
    """A known entry, compared with the last archived version of its article.

    - ``edit``: the entry's wording, and what to do with it.
    - ``only_numbers``: True if the edit is new in this poll and changes only numbers.
    """

    entry: KnownEntry
    edit: Edit
    only_numbers: bool


def archive_revisions(
    result: DocumentResult, known: Sequence[KnownEntry], previous: PreviousPoll, archiver: Archiver
) -> None:
    """Write a revision for each known entry whose words have changed, unless the revision must wait.

    An entry whose revision must wait is not added to ``result.known_entries``, so the next poll does not skip it.
    """
    changed = {each.archived.id for each in known if _has_changed(each, previous)}
    # A known entry cannot be compared if the previous poll stored no wording of its article.
    compared = len(result.wordings) - sum(each.archived.id not in previous.wordings for each in known)
    if judge(previous.changes) is Noise.WORDS:
        # If the feed is still noisy, it gets no revisions. Skip the slow comparison with the archived versions.
        noise = _judge(result, previous, Changes.of((), len(changed), compared))
        if noise is Noise.WORDS:
            return
    revisions = Revisions(archiver.claims, archiver.time_zone)
    considered = list(_consider(result, known, changed, previous, archiver, revisions))
    changed &= {each.entry.archived.id for each in considered}
    # If the previous poll stored no wording of an article, assume that the article has changed since then.
    new = changed | {each.archived.id for each in known if each.archived.id not in previous.wordings}
    numbers = {each.entry.archived.id for each in considered if each.only_numbers} & new
    noise = _judge(result, previous, Changes.of(numbers, len(changed - numbers), compared))
    if result.noisy and not previous.noisy:
        message = f"{noise.value} of most entries change at every poll: such changes are not archived as revisions"
        result.add_problem(FeedWarning.NOISY, message)
    if noise is Noise.WORDS:
        return
    are_counters = noise is Noise.NUMBERS and are_numbers_counters(result.changes)
    for each in considered:
        if each.only_numbers and (are_counters or is_counter(result.changes, each.entry.archived.id)):
            # Only a counter has changed. This is not an edit, so the next poll may skip the entry.
            result.known_entries[each.entry.candidate.entry_hash] = each.entry.archived.id
        elif not each.only_numbers or noise is Noise.NONE:
            _archive(result, each, previous, revisions)


def _has_changed(entry: KnownEntry, previous: PreviousPoll) -> bool:
    """Check whether the words of an entry have changed since the previous poll.

    Returns False if the previous poll stored no wording, or a wording in another format.
    """
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
    # If the clock was wrong at the last poll, its time may be in the future.
    last_poll = min(previous.time or result.time, result.time)
    for each in known:
        if archiver.is_out_of_time():
            return
        article = replace(each.candidate.article, id=each.archived.id)
        title, held = each.candidate.identity.title_fingerprint, previous.held_back.get(article.id)
        since = min(held.since, last_poll) if held and held.title == title else last_poll
        if held:
            result.held_back[article.id] = HeldBack(title, since)
        # The time until the next poll is probably as long as the time since the last poll.
        until_next_poll = result.time - last_poll
        title_age = result.time - since + _PART_UNTIL_NEXT_POLL * until_next_poll
        former = each.candidate.former_feed_id
        edit = revisions.consider(KnownArticle(article, result.feed_id, title, each.archived.claim, title_age, former))
        _note_version(result, article.id, edit.claims[-1].key)
        # ``differs_only_in_numbers`` reads a file. Call it only for a new edit, not at each poll while an edit waits.
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
    result.seen[article_id] = replace(result.seen[article_id], version=key)
