"""Every article once: from an entry's identity, through claims, to a file that is written or known.

The order of writes is the guarantee. Guid claim, article's claim, article; all create-only. Whoever
finds a claim without its file finishes the work: two runs at once, a crash at any point and lost
state all end in the same one file. docs/archive-format.md, "Claims", tells the whole story.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from feedarchive.archive.claim import ArticleClaim, Claim, GuidClaim, claim_key, from_bytes, to_bytes
from feedarchive.archive.moved import is_moved
from feedarchive.archive.torn import claim_from_file
from feedarchive.article.compose import Article
from feedarchive.article.keys import article_key
from feedarchive.article.render import render
from feedarchive.identity.identify import Identity
from feedarchive.store.interface import Presence, Store, StoreError

# An interrupted run's claim keeps its key and time this long; an older one would change a day
# that readers have long copied, so its article joins today.
_CLAIM_HOLDS = timedelta(days=7)
# A writer that slept this long between claim and file looks again before it writes.
_STALLED = timedelta(hours=1)
_ROUNDS = 10


class Outcome(Enum):
    """What became of an entry."""

    NEW = "new"
    KNOWN = "known"
    DELETED = "deleted"


@dataclass(frozen=True)
class Candidate:
    """An entry on its way into the archive: its identity, and its article, made when it is needed."""

    identity: Identity
    feed_id: str
    title: str
    folder: str
    article: Callable[[str], Article]
    """The article under a given id; composing is the expensive part, so it is asked for late."""


@dataclass(frozen=True)
class Written:
    """The outcome, and the id of the article the entry turned out to be."""

    outcome: Outcome
    id: str


@dataclass(frozen=True)
class Archiver:
    """Writes articles into one archive. ``retention`` is how long files are kept, None for ever."""

    store: Store
    time_zone: ZoneInfo
    clock: Callable[[], datetime]
    retention: timedelta | None = None

    def archive(self, candidate: Candidate) -> Written:
        """Write a candidate's article unless the archive has it, or had it and it was removed.

        Raises :class:`StoreError` when storage fails; everything written until then stays valid.
        """
        article_id, settled = self._settle(candidate)
        written = self._claim_and_write(candidate, article_id, may_be_reused=not settled)
        if written:
            return written
        # The address is used for the second time: another article, under a name of its own.
        reused_id = candidate.identity.reused_id
        self._point_guid_at(candidate, reused_id)
        again = self._claim_and_write(candidate, reused_id, may_be_reused=False)
        assert again is not None
        return again

    def _settle(self, candidate: Candidate) -> tuple[str, bool]:
        """The article's id after asking the claims; True when a claim, not a rule, decided it."""
        identity = candidate.identity
        for distrusted in identity.distrusted:
            claimed_id, claim = self._follow(distrusted)
            if claim and claim.title == identity.title_fingerprint:
                return claimed_id, True
        if not identity.guid_id:
            return identity.id, False
        if identity.guid_id == identity.id:
            return self._settle_by_guid_alone(candidate)
        return self._settle_by_guid_and_link(candidate)

    def _settle_by_guid_alone(self, candidate: Candidate) -> tuple[str, bool]:
        """The id is made of the guid; perhaps the guid names an article that was known by its link."""
        identity = candidate.identity
        named_id, named = self._follow(identity.id)
        if named_id == identity.id:
            return identity.id, False
        if named is None or self._is_moved(named, candidate):
            return named_id, True
        return identity.reused_id, True

    def _settle_by_guid_and_link(self, candidate: Candidate) -> tuple[str, bool]:
        """Claim the guid for the article, or find the article that the guid names already."""
        identity = candidate.identity
        named_id, named = self._follow(identity.guid_id)
        claimed = named is not None
        if not claimed and identity.guid_address_id:
            # Perhaps the article lived at its guid's own address when it came.
            named_id, named = self._follow(identity.guid_address_id)
        if named and named_id != identity.id and self._is_moved(named, candidate):
            if not claimed:
                self._claim_guid(candidate, named_id)
            return named_id, True
        if not claimed:
            self._claim_guid(candidate, identity.id)
        return identity.id, False

    def _is_moved(self, named: ArticleClaim, candidate: Candidate) -> bool:
        return is_moved(self.store, named, candidate.identity, candidate.title, candidate.article)

    def _claim_guid(self, candidate: Candidate, article_id: str) -> None:
        """Bind the guid to an article. A claim that is torn or names nothing is taken over."""
        key = claim_key(candidate.identity.guid_id)
        claim = GuidClaim(article_id, self.clock(), candidate.feed_id, candidate.identity.guid)
        if self.store.create(key, to_bytes(claim)):
            return
        stored = self.store.read(key)
        held = from_bytes(stored.data) if stored else None
        names_nothing = isinstance(held, GuidClaim) and held.names != article_id and self._read(held.names) is None
        if stored and (held is None or names_nothing):
            self.store.replace(key, to_bytes(claim), stored.version)

    def _point_guid_at(self, candidate: Candidate, article_id: str) -> None:
        """A guid claimed in the belief that the address was new now names the new article."""
        guid_id = candidate.identity.guid_id
        stored = self.store.read(claim_key(guid_id)) if guid_id else None
        claim = from_bytes(stored.data) if stored else None
        if stored and isinstance(claim, GuidClaim) and claim.names == candidate.identity.id:
            self.store.replace(claim_key(guid_id), to_bytes(replace(claim, names=article_id)), stored.version)

    def _follow(self, claimed_id: str) -> tuple[str, ArticleClaim | None]:
        """The id a claim leads to, and the article's claim there (None: not claimed, or torn)."""
        claim = self._read(claimed_id)
        if isinstance(claim, GuidClaim):
            named = self._read(claim.names)
            return claim.names, named if isinstance(named, ArticleClaim) else None
        return claimed_id, claim

    def _read(self, claimed_id: str) -> Claim | None:
        stored = self.store.read(claim_key(claimed_id))
        return from_bytes(stored.data) if stored else None

    def _claim_and_write(self, candidate: Candidate, article_id: str, may_be_reused: bool) -> Written | None:
        """None if the claim shows that the address belongs to another article."""
        article = candidate.article(article_id)
        key = claim_key(article_id)
        for _ in range(_ROUNDS):
            fresh = self._fresh_claim(candidate, article)
            if self.store.create(key, to_bytes(fresh)):
                claim = fresh
            else:
                stored = self.store.read(key)
                if stored is None:
                    continue
                held = from_bytes(stored.data)
                if held is None and (found := claim_from_file(self.store, article_id)):
                    self.store.replace(key, to_bytes(found), stored.version)
                    continue
                if isinstance(held, GuidClaim):  # cannot be: ids of guids are followed before
                    raise StoreError(f"{key} is the claim of a guid, not of article {article_id}")
                if held and may_be_reused and _is_reused(held, candidate.identity):
                    return None
                if outcome := self._what_stands(held):
                    return Written(outcome, article_id)
                claim = self._taken_over(held, fresh)
                if not self.store.replace(key, to_bytes(claim), stored.version):
                    continue
            if (outcome := self._write(claim, article)) is not None:
                return Written(outcome, article_id)
        raise StoreError(f"cannot claim {key}: other writers were in the way {_ROUNDS} times")

    def _fresh_claim(self, candidate: Candidate, article: Article) -> ArticleClaim:
        now = self.clock()
        identity = candidate.identity
        key = article_key(now, self.time_zone, candidate.folder, article.title, article.id)
        return ArticleClaim(
            key, now, candidate.feed_id, identity.guid, identity.title_fingerprint, article.wording
        )  # fmt: skip

    def _what_stands(self, claim: ArticleClaim | None) -> Outcome | None:
        """KNOWN or DELETED; None when the claim's file is still to be written."""
        if claim is None:
            return None
        if claim.deleted:
            return Outcome.DELETED
        presence = self.store.presence(claim.key)
        if presence is Presence.WHOLE:
            return Outcome.KNOWN
        expired = self.retention is not None and self.clock() - claim.time > self.retention
        return Outcome.DELETED if expired or presence is Presence.DELETED else None

    def _taken_over(self, held: ArticleClaim | None, fresh: ArticleClaim) -> ArticleClaim:
        """What an interrupted run claimed, with what is seen now."""
        if held is None:
            return fresh
        # A torn file is in its day already, whatever day that was.
        if fresh.time - held.time <= _CLAIM_HOLDS or self.store.presence(held.key) is Presence.TORN:
            return replace(fresh, key=held.key, time=held.time)
        return fresh

    def _write(self, claim: ArticleClaim, article: Article) -> Outcome | None:
        """Create the file; None if this writer slept so long that it must look again."""
        if claim.time <= self.clock() - _STALLED and not self._still_holds(claim, article.id):
            return None
        data = render(article, claim.time)
        if self.store.create(claim.key, data):
            return Outcome.NEW
        torn = self.store.read(claim.key)
        if torn and not torn.is_whole and self.store.replace(claim.key, data, torn.version):
            return Outcome.NEW
        return Outcome.KNOWN

    def _still_holds(self, claim: ArticleClaim, article_id: str) -> bool:
        return self._read(article_id) == claim


def _is_reused(claim: ArticleClaim, identity: Identity) -> bool:
    """Another trusted guid and another title: the address was given to another article."""
    return bool(
        claim.guid and identity.guid and claim.guid != identity.guid and claim.title != identity.title_fingerprint
    )
