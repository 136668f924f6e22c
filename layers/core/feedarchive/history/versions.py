"""Find the versions and the companions of an article. Companions are full texts and lists of media."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.article.file_names import companion_kind, is_full_text, short_id_of_key, version_of
from feedarchive.changes.text_changes import TextChanges, compare, version_in
from feedarchive.concurrency import in_parallel
from feedarchive.digest.companion import Companion, parse_companion_file
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class ArchivedVersion:
    """One version of an article.

    - ``number``: 1 for the first version.
    - ``key``: the key of its file.
    - ``entry``: the parsed file; None if the file was removed or is truncated.
    - ``data``: the bytes of the file; b"" if it was removed.
    """

    number: int
    key: str
    entry: DigestEntry | None
    data: bytes


@dataclass(frozen=True)
class ArchivedCompanion:
    """A full text or a list of media of an article, with the bytes of its file."""

    companion: Companion
    data: bytes


def find_versions(store: Store, short_id: str) -> list[ArchivedVersion]:
    """Return all versions of the article with this short id (the first 12 digits of its id), the oldest first."""
    keys = _claimed_keys(store, short_id) or _listed_keys(store, short_id)
    ordered = sorted(filter(version_of, keys), key=lambda key: (version_of(key), key))
    found: list[ArchivedVersion] = []
    for key, stored in zip(ordered, in_parallel(store.read, ordered, store.threads), strict=True):
        data = stored.data if stored else b""
        version = ArchivedVersion(version_of(key), key, parse_article_file(key, data), data)
        found.append(_with_counts(version, found[-1] if found else None))
    return found


def find_companions(store: Store, short_id: str) -> list[ArchivedCompanion]:
    """Return the full texts and lists of media of an article, sorted by their number (1, or 2 for ``.r2``)."""
    keys = [key for key in _claimed_keys(store, short_id) or _listed_keys(store, short_id) if companion_kind(key)]
    found = [
        ArchivedCompanion(companion, stored.data)
        for key, stored in zip(keys, in_parallel(store.read, keys, store.threads), strict=True)
        if stored and (companion := parse_companion_file(key, stored.data))
    ]
    return sorted(found, key=lambda each: (each.companion.number, each.companion.key))


def full_text_at(companions: Sequence[ArchivedCompanion], version: int) -> ArchivedCompanion | None:
    """Return the newest full text that belongs to this version (a number) or an earlier one; None if there is none."""
    full_texts = [each for each in companions if is_full_text(each.companion.key)]
    return next((each for each in reversed(full_texts) if version_of(each.companion.of) <= version), None)


def changes_between(before: ArchivedVersion, after: ArchivedVersion) -> TextChanges:
    """Compare two versions. The files of both must exist."""
    return compare(version_in(before.data), version_in(after.data))


def _claimed_keys(store: Store, short_id: str) -> set[str]:
    stored = (store.read(key) for key in store.list(claim_key(short_id)))
    claims = [parse_claim(each.data) for each in stored if each]
    return {claim.key for claim in claims if isinstance(claim, ArticleClaim) and not claim.deleted}


def _listed_keys(store: Store, short_id: str) -> set[str]:
    """List the whole archive to find the files of an article. This is slow, but needs no claims."""
    return {key for key in store.list("archive/") if short_id_of_key(key) == short_id}


def _with_counts(version: ArchivedVersion, before: ArchivedVersion | None) -> ArchivedVersion:
    """Compute the numbers of changed words if the file has none (release 0.1)."""
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
