"""Every article once: from an entry's identity, through claims, to a file that is written or known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from feedarchive.archive.article_lookup import ArticleLookup, Candidate
from feedarchive.archive.claim import ArticleClaim
from feedarchive.archive.claim_protocol import ClaimProtocol, Outcome
from feedarchive.article.file_names import article_key
from feedarchive.article.front_matter import render
from feedarchive.identity.article_id import Identity
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class ArchivedEntry:
    """What became of an entry: the outcome, the id of the article it is, and that article's claim."""

    outcome: Outcome
    id: str
    claim: ArticleClaim


@dataclass(frozen=True)
class Archiver:
    """Writes articles into one archive. ``retention`` is how long files are kept, None for ever; after ``deadline``
    nothing more is to be begun.
    """

    store: Store
    time_zone: ZoneInfo
    clock: Callable[[], datetime]
    retention: timedelta | None = None
    deadline: datetime | None = None

    def is_out_of_time(self) -> bool:
        return self.deadline is not None and self.clock() > self.deadline

    @cached_property
    def files(self) -> ClaimProtocol:
        return ClaimProtocol(self.store, self.clock, self.retention)

    def archive(self, candidate: Candidate) -> ArchivedEntry:
        """Write a candidate's article unless the archive has it, or had it and it was removed.

        Raises StoreError when storage fails; everything written until then stays valid.
        """
        same = ArticleLookup(self.files)
        article_id, settled = same.settle(candidate)
        if written := self._write(candidate, article_id, may_be_reused=not settled):
            return written
        # The address is used for the second time: another article, under a name of its own.
        reused_id = candidate.identity.reused_id
        same.point_guid_at(candidate, reused_id)
        again = self._write(candidate, reused_id, may_be_reused=False)
        assert again is not None
        return again

    def _write(self, candidate: Candidate, article_id: str, may_be_reused: bool) -> ArchivedEntry | None:
        """None if the claim shows that the address belongs to another article."""
        article, identity = replace(candidate.article, id=article_id), candidate.identity

        def fresh(now: datetime) -> ArticleClaim:
            key = article_key(now, self.time_zone, candidate.folder, article.title, article_id)
            return ArticleClaim(
                key, now, candidate.feed_id, identity.guid, identity.title_fingerprint, article.wording
            )  # fmt: skip

        placed = self.files.place(
            article_id,
            fresh,
            lambda claim: render(article, claim.time),
            lambda held: not (may_be_reused and _is_reused(held, identity)),
        )
        return ArchivedEntry(placed.outcome, article_id, placed.claim) if placed else None


def _is_reused(claim: ArticleClaim, identity: Identity) -> bool:
    """Another trusted guid and another title: the address was given to another article."""
    return bool(
        claim.guid and identity.guid and claim.guid != identity.guid and claim.title != identity.title_fingerprint
    )
