"""Recover a claim that a power cut truncated or a person deleted, from the article's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedarchive.archive.claim import ArticleClaim
from feedarchive.article.file_names import short_id_of_key, version_of
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.identity.canonical_url import canonical_guid
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class FoundFiles:
    """The files of one claim. ``claim`` is recovered from the complete file, None if no file is complete.

    ``truncated`` are the keys of the truncated files. No claim is recovered from them, since only the lost claim
    contained their ``archived`` time.
    """

    claim: ArticleClaim | None
    truncated: tuple[str, ...]


def find_files(store: Store, name: str) -> FoundFiles:
    """Find the files that belong to a claim.

    ``name`` is an article id, followed by ``.r2``, ``.r3`` … for a revision. Lists the whole archive: only needed if a
    claim is truncated or deleted, which is rare.
    """
    article_id, _, revision = name.partition(".r")
    claim, truncated = None, []
    for key in store.list("archive/"):
        if short_id_of_key(key) != article_id[:12] or version_of(key) != int(revision or 1):
            continue
        stored = store.read(key)
        if stored and not stored.is_complete:
            truncated.append(key)
        elif stored and claim is None:
            claim = _recover_claim(key, stored.data, article_id)
    return FoundFiles(claim, tuple(truncated))


def _recover_claim(key: str, data: bytes, article_id: str) -> ArticleClaim | None:
    """The claim that a complete file must have had; None for the file of another article."""
    fields = parse_front_matter(data.decode("utf-8", "replace"))
    if fields.get("id") != article_id:
        return None
    return ArticleClaim(
        key=key,
        time=datetime.fromisoformat(str(fields["archived"])),
        feed="",
        guid=canonical_guid(str(fields.get("guid", ""))),
        title=fingerprint(str(fields["title"])),
        wording=str(fields.get("wording", "")),
    )
