"""The versions of an article, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.article.file_names import short_id_of_key, version_of
from feedarchive.changes.text_changes import TextChanges, compare, version_in
from feedarchive.concurrency import in_parallel
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class ArchivedVersion:
    """A version: its number, the key of its file, and what is in the file; None if that was removed or is truncated.

    The entry has the numbers of words added and removed also for versions of release 0.1, which did not write them.
    """

    number: int
    key: str
    entry: DigestEntry | None
    data: bytes


def find_versions(store: Store, short_id: str) -> list[ArchivedVersion]:
    """All versions of the articles with these first digits of the id, which is one article, the oldest first."""
    keys = set(_claimed_keys(store, short_id)) or _listed_keys(store, short_id)
    ordered = sorted(keys, key=lambda key: (version_of(key), key))
    found: list[ArchivedVersion] = []
    for key, stored in zip(ordered, in_parallel(store.read, ordered, store.threads), strict=True):
        data = stored.data if stored else b""
        version = ArchivedVersion(version_of(key), key, parse_article_file(key, data), data)
        found.append(_with_counts(version, found[-1] if found else None))
    return found


def changes_between(before: ArchivedVersion, after: ArchivedVersion) -> TextChanges:
    """What changed between two versions whose files are there."""
    return compare(version_in(before.data), version_in(after.data))


def _claimed_keys(store: Store, short_id: str) -> Iterator[str]:
    for key in store.list(claim_key(short_id)):
        stored = store.read(key)
        claim = parse_claim(stored.data) if stored else None
        if isinstance(claim, ArticleClaim) and not claim.deleted and version_of(claim.key):
            yield claim.key


def _listed_keys(store: Store, short_id: str) -> set[str]:
    """The files of an article whose claims are lost. Lists the whole archive."""
    return {key for key in store.list("archive/") if version_of(key) and short_id_of_key(key) == short_id}


def _with_counts(version: ArchivedVersion, before: ArchivedVersion | None) -> ArchivedVersion:
    entry = version.entry
    if entry is None or before is None or before.entry is None or entry.words_added is not None:
        return version
    changes, title = changes_between(before, version), before.entry.title
    counted = replace(
        entry,
        words_added=changes.words_added,
        words_removed=changes.words_removed,
        previous_title=title if title != entry.title else "",
    )
    return replace(version, entry=counted)
