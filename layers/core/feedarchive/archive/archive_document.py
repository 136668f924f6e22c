"""Archive the entries of a feed document. Each entry is new, known, revised, or rejected with a reason."""

from __future__ import annotations

from collections import Counter

from feedarchive.archive.archive_revisions import KnownEntry, archive_revisions
from feedarchive.archive.archiver import Archiver
from feedarchive.archive.document_result import DocumentResult, PreviousPoll, SeenArticle
from feedarchive.archive.pending_file import ClaimOutcome
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.model import ParsedDocument, RejectedEntry, bug_report
from feedarchive.problems import EntryRejection, FeedWarning
from feedarchive.store.interface import StoreError


def archive_document(
    document: ParsedDocument, feed: Feed, previous: PreviousPoll, archiver: Archiver
) -> DocumentResult:
    """Archive the new articles of a feed document, then the edits of archived articles. Return what was done.

    Articles are archived in the order of ``document.candidates``. ``previous`` is what earlier polls stored about the
    feed. Raises StoreError if the archive cannot be read or written.
    """
    result = DocumentResult(feed.id, archiver.clock())
    if document.damage:
        result.add_problem(FeedWarning.DAMAGED, f"the document had to be repaired: {'; '.join(document.damage)}")
    for rejected in document.rejected:
        result.reject(rejected)
    _count_skipped(result, document, previous)
    known = _archive_first_versions(result, document, archiver, _vanished_by_wording(document, previous))
    result.held_back = {each: held for each, held in previous.held_back.items() if each in result.wordings}
    if not feed.revisions:
        result.known_entries |= {each.candidate.entry_hash: each.archived.id for each in known}
    elif document.intact:
        archive_revisions(result, known, previous, archiver)
    else:
        # The repair may have changed texts, so do not look for edits. The next poll compares the entries again.
        result.noisy, result.changes = previous.noisy, previous.changes
    is_finished = all(each.entry_hash in result.known_entries for each in document.candidates)
    result.unfinished = result.unfinished or not is_finished
    return result


def _count_skipped(result: DocumentResult, document: ParsedDocument, previous: PreviousPoll) -> None:
    """Add the unchanged entries, which the parser skipped, to the known entries. Count those that have an article.

    An entry that an earlier poll rejected has no article: its article id is "".
    """
    for entry_hash in document.known:
        article_id = previous.known_entries[entry_hash]
        result.known += bool(article_id)
        result.known_entries[entry_hash] = article_id
        if article_id in previous.wordings:
            result.wordings[article_id] = previous.wordings[article_id]


def _vanished_by_wording(document: ParsedDocument, previous: PreviousPoll) -> dict[str, str]:
    """Map wordings to the ids of the articles that have vanished from the document since the previous poll.

    A wording is a fingerprint of title and text. A new entry with the wording of a vanished article is probably that
    article, with a new link and GUID. A wording that several articles share is left out.
    """
    wordings = Counter(previous.wordings.values())
    present = {previous.known_entries.get(entry_hash) for entry_hash in document.known}
    present |= {each.identity.id for each in document.candidates}
    present |= {former.id for each in document.candidates if (former := each.identity.former)}
    return {
        wording: article_id
        for article_id, wording in previous.wordings.items()
        if wordings[wording] == 1 and article_id not in present
    }


def _archive_first_versions(
    result: DocumentResult, document: ParsedDocument, archiver: Archiver, vanished: dict[str, str]
) -> list[KnownEntry]:
    """Archive the entries whose articles are new. Return the entries whose articles were already archived.

    ``vanished``: the ids of vanished articles, by wording. If an entry turns out to be one of these articles, the
    article is deleted from this mapping.
    """
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
        if archived.outcome is not ClaimOutcome.DELETED:
            article = candidate.article
            result.seen[archived.id] = SeenArticle(
                archived.id, archived.claim.key, article.link, article.larger_images
            )  # fmt: skip
        if archived.outcome is ClaimOutcome.ALREADY_ARCHIVED:
            known.append(KnownEntry(candidate, archived))
        else:
            result.known_entries[candidate.entry_hash] = archived.id
        result.new += archived.outcome is ClaimOutcome.CREATED
        result.known += archived.outcome is not ClaimOutcome.CREATED
    return known
