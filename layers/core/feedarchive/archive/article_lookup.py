"""Which article an entry is, after asking the claims: its own, one that moved, one known by its guid."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedarchive.archive.claim import ArticleClaim, GuidClaim, claim_key, from_bytes, to_bytes
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.moved_article import is_moved
from feedarchive.article.article import Article
from feedarchive.identity.article_id import Identity


@dataclass(frozen=True)
class Candidate:
    """An entry on its way into the archive."""

    identity: Identity
    feed_id: str
    title: str
    folder: str
    article: Article
    """The article, under the id by its document; the claims may know it under another."""


@dataclass(frozen=True)
class ArticleLookup:
    """Asks the claims of one archive, and claims guids on the way."""

    files: ClaimProtocol

    def settle(self, candidate: Candidate) -> tuple[str, bool]:
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
        return is_moved(self.files.store, named, candidate.identity, candidate.title, candidate.article)

    def _claim_guid(self, candidate: Candidate, article_id: str) -> None:
        """Bind the guid to an article. A claim that is torn or names nothing is taken over."""
        key = claim_key(candidate.identity.guid_id)
        claim = GuidClaim(article_id, self.files.clock(), candidate.feed_id, candidate.identity.guid)
        if self.files.store.create(key, to_bytes(claim)):
            return
        stored = self.files.store.read(key)
        held = from_bytes(stored.data) if stored else None
        names_nothing = isinstance(held, GuidClaim) and held.names != article_id and self.files.read(held.names) is None
        if stored and (held is None or names_nothing):
            self.files.store.replace(key, to_bytes(claim), stored.version)

    def point_guid_at(self, candidate: Candidate, article_id: str) -> None:
        """A guid claimed in the belief that the address was new now names the new article."""
        guid_id = candidate.identity.guid_id
        stored = self.files.store.read(claim_key(guid_id)) if guid_id else None
        claim = from_bytes(stored.data) if stored else None
        if stored and isinstance(claim, GuidClaim) and claim.names == candidate.identity.id:
            self.files.store.replace(claim_key(guid_id), to_bytes(replace(claim, names=article_id)), stored.version)

    def _follow(self, claimed_id: str) -> tuple[str, ArticleClaim | None]:
        """The id a claim leads to, and the article's claim there (None: not claimed, or torn)."""
        claim = self.files.read(claimed_id)
        if isinstance(claim, GuidClaim):
            named = self.files.read(claim.names)
            return claim.names, named if isinstance(named, ArticleClaim) else None
        return claimed_id, claim
