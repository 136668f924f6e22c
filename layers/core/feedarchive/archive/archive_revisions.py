"""Archive the edits of a document's known entries, but not the noise that noisy_feeds.py recognizes."""

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

# A title is assumed to stay in the feed for this share of the time until the next poll. The share is below 1: with a
# share of 1 and hourly polls, a title that was seen only once would be counted as two hours old. Titles of that age are
# always kept (revision_rules.py).
_NEXT_POLL = 0.9


@dataclass(frozen=True)
class KnownEntry:
    """An entry whose article was archived before. The entry may be an edit of the article."""

    candidate: Candidate
    archived: ArchivedEntry


@dataclass(frozen=True)
class _Considered:
    """A known entry, what the rules say about it, and whether only numbers differ from the article's last version."""

    entry: KnownEntry
    edit: Edit
    only_numbers: bool


def archive_revisions(
    result: DocumentResult, known: Sequence[KnownEntry], previous: PreviousPoll, archiver: Archiver
) -> None:
    """Write revisions of the known entries that have changed.

    Entries whose edit is held back are not noted as known, so that the next poll does not skip them.
    """
    changed = {each.archived.id for each in known if _has_changed(each, previous)}
    # Entries that the feed's keep and drop rules excluded at the last poll have no wording to compare with.
    compared = len(result.wordings) - sum(each.archived.id not in previous.wordings for each in known)
    if judge(previous.changes) is Noise.WORDS:  # judge first, so that claims of all entries are not read at each poll
        noise = _judge(result, previous, Changes.of((), len(changed), compared))
        if noise is Noise.WORDS:
            return
    revisions = Revisions(archiver.claims, archiver.time_zone)
    considered = list(_consider(result, known, changed, previous, archiver, revisions))
    changed &= {each.entry.archived.id for each in considered}
    # If state has no wording for an article, its difference from the archive may be new.
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
            result.known_entries[each.entry.candidate.entry_hash] = each.entry.archived.id  # a counter, not an edit
        elif not each.only_numbers or noise is Noise.NONE:
            _archive(result, each, previous, revisions)


def _has_changed(entry: KnownEntry, previous: PreviousPoll) -> bool:
    """Does an entry have other words than at the previous poll?

    False if there is no wording of the previous poll, or if it has another format and cannot be compared.
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
    # If the time of the last poll is in the future, a clock was wrong.
    last_poll = min(previous.time or result.time, result.time)
    for each in known:
        if archiver.is_out_of_time():
            return
        article = replace(each.candidate.article, id=each.archived.id)
        title, held = each.candidate.identity.title_fingerprint, previous.held_back.get(article.id)
        since = min(held.since, last_poll) if held and held.title == title else last_poll
        if held:
            result.held_back[article.id] = HeldBack(title, since)
        # At the next poll the feed may have another title, so most of the time until then is counted already.
        title_age = result.time - since + _NEXT_POLL * (result.time - last_poll)
        former = each.candidate.former_feed_id
        edit = revisions.consider(KnownArticle(article, result.feed_id, title, each.archived.claim, title_age, former))
        _note_version(result, article.id, edit.claims[-1].key)
        # The last version is read for a comparison only when an edit is found first, not each time it is held back.
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
    """Note the key of an article's newest version in ``result.seen``, which does not contain deleted articles."""
    if seen := result.seen.get(article_id):
        result.seen[article_id] = replace(seen, version=key)
