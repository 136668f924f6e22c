"""Reconstruct a claim from its file, if a power cut truncated the claim or somebody deleted it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedarchive.archive.claim import ArticleClaim
from feedarchive.article.file_fields import fields_of_file
from feedarchive.article.file_names import CompanionKind, companion_kind, file_name_of, parse_claim_name
from feedarchive.identity.canonical_url import canonical_guid
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.rfc3339 import parse_rfc3339
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class FoundFiles:
    """The files that belong to one claim.

    - ``claim``: the claim reconstructed from the complete file; None if no file is complete.
    - ``truncated``: the keys of truncated files. No claim is made from them, because fields may be cut off.
    """

    claim: ArticleClaim | None
    truncated: tuple[str, ...]


def find_files(store: Store, name: str) -> FoundFiles:
    """Find the files that belong to the claim with this name.

    This is slow, because it lists all files below ``archive/``.
    """
    claim, truncated = None, []
    claimed = parse_claim_name(name)
    for key in store.list("archive/") if claimed else ():
        file = file_name_of(key)
        if not (claimed and file and file.matches(claimed)):
            continue
        stored = store.read(key)
        if stored and not stored.is_complete:
            truncated.append(key)
        elif stored and claim is None:
            claim = _recover_claim(key, stored.data, claimed.id)
    return FoundFiles(claim, tuple(truncated))


def _recover_claim(key: str, data: bytes, article_id: str) -> ArticleClaim | None:
    """Reconstruct the claim of a file.

    Returns None if the file belongs to another article than ``article_id``, or has no valid ``archived`` time.
    """
    fields = fields_of_file(key, data)
    if fields.get("id") != article_id or not (archived := _time(fields.get("archived"))):
        return None
    facts = claimed_facts(key, data)
    return ArticleClaim(
        key=key,
        time=archived,
        feed="",
        guid="" if companion_kind(key) else canonical_guid(str(fields.get("guid", ""))),
        title=facts.title,
        wording=facts.wording,
    )


def _time(written: object) -> datetime | None:
    try:
        return parse_rfc3339(str(written))
    except ValueError:
        return None


@dataclass(frozen=True)
class ClaimedFacts:
    """The fingerprints of title and text in a claim. Both are "" for a list of media, which has no front matter."""

    title: str
    wording: str


def claimed_facts(key: str, data: bytes) -> ClaimedFacts:
    """Compute the fingerprints for the claim of a file. ``data`` is the content of the file, which must be complete."""
    if companion_kind(key) is CompanionKind.MEDIA:
        return ClaimedFacts("", "")
    fields = fields_of_file(key, data)
    return ClaimedFacts(fingerprint(str(fields.get("title", ""))), str(fields.get("wording", "")))
