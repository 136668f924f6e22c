"""Find the article of an entry: a new one, or one that was archived before, perhaps with another URL.

This module reads and writes claims. The rules that decide what is the same article are in identity/same_article.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from feedarchive.archive.claim import ArticleClaim, GuidClaim, claim_key, claim_to_json, parse_claim
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.pending_file import ClaimOutcome
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.identity.same_article import is_moved_by_names, is_moved_by_words
from feedarchive.parsing.model import Candidate
from feedarchive.store.interface import Stored
from feedarchive.store.update import update

# A run first creates the claim of an entry's GUID and, a few seconds later, the claim of the article. If the article
# has no claim after this time, the run was interrupted.
_MAX_CLAIMING_TIME = timedelta(hours=1)


class FoundArticle(NamedTuple):
    """The id of an entry's article.

    ``is_decided``: True if claims prove that the entry is this article. If False, the id may belong to an older article
    that had the same URL. ``Archiver`` checks this.
    """

    id: str
    is_decided: bool


class _KnownArticle(NamedTuple):
    """The id of an article, and the claim that is stored under this id.

    ``claim`` is None if that claim is missing or truncated.
    """

    id: str
    claim: ArticleClaim | None


@dataclass(frozen=True)
class ArticleLookup:
    """Looks up the articles of entries in the claims of an archive, and creates the claims of GUIDs."""

    claims: ClaimProtocol

    def with_archived_identity(self, candidate: Candidate) -> Candidate:
        """If the archive has a claim under a former id of the candidate, return the candidate with its former ids.

        Release 0.1.0 used other ids for some feeds (``Feed.former_id``), and so other ids for their articles.
        """
        former = candidate.identity.former
        if former is None:
            return candidate
        changed = {former.id, former.guid_id, *former.distrusted}
        changed -= {candidate.identity.id, candidate.identity.guid_id, *candidate.identity.distrusted, ""}
        if not any(self.claims.read(each) for each in sorted(changed)):
            return candidate
        # Only the ids come from the former identity, not the GUID and the link.
        former = replace(former, guid=candidate.identity.guid, link=candidate.identity.link)
        article = replace(candidate.article, id=former.id)
        return replace(candidate, identity=former, article=article)

    def find(self, candidate: Candidate) -> FoundArticle:
        identity = candidate.identity
        for distrusted_id in identity.distrusted:
            found = self._follow(distrusted_id)
            if found.claim and found.claim.title == identity.title_fingerprint:
                return FoundArticle(found.id, is_decided=True)
        if not identity.guid_id:
            return FoundArticle(identity.id, is_decided=False)
        if identity.guid_id == identity.id:
            return self._find_by_guid_alone(candidate)
        return self._find_by_guid_and_link(candidate)

    def move(self, candidate: Candidate, article_id: str) -> bool:
        """Assign the candidate's URL and GUID to the article with the id ``article_id``. Return whether this succeeded.

        Nothing is changed if the URL already belongs to another article, or if the candidate and the article differ in
        feed, title, words or date.
        """
        identity = candidate.identity
        known = self.claims.read(article_id)
        if not isinstance(known, ArticleClaim) or not self._is_same_entry(known, candidate):
            return False
        claim = GuidClaim(article_id, self.claims.clock(), candidate.feed_id, identity.guid)
        # If the entry's id is made from its GUID, one claim is enough. Otherwise URL and GUID each need a claim.
        if identity.guid_id != identity.id:
            if not self.claims.store.create(claim_key(identity.id), claim_to_json(claim)):
                existing = self.claims.read(identity.id)
                if not isinstance(existing, GuidClaim) or existing.article_id != article_id:
                    return False
            self.rebind_guid(candidate, article_id)
            return True
        return self.claims.store.create(claim_key(identity.id), claim_to_json(claim))

    def _is_same_entry(self, known: ArticleClaim, candidate: Candidate) -> bool:
        article = candidate.article
        if known.feed not in (candidate.feed_id, candidate.former_feed_id):
            return False
        if (known.title, known.wording) != (candidate.identity.title_fingerprint, article.wording):
            return False
        if self.claims.status(known) is ClaimOutcome.DELETED:
            return True
        stored = self.claims.store.read(known.key)
        fields = parse_front_matter(stored.data.decode("utf-8", "replace")) if stored else {}
        published = str(fields.get("published_claimed") or fields.get("published", ""))
        try:
            return article.published is not None and datetime.fromisoformat(published) == article.published
        except ValueError:
            return False

    def rebind_guid(self, candidate: Candidate, article_id: str) -> None:
        """Change the claim of the candidate's GUID: it leads to ``article_id`` instead of ``candidate.identity.id``.

        Call this if the candidate's article turns out to have the id ``article_id``. A claim that leads to a third
        article is not changed.
        """
        identity = candidate.identity

        def rebind(stored: Stored | None) -> bytes | None:
            claim = parse_claim(stored.data) if stored else None
            if isinstance(claim, GuidClaim) and claim.article_id == identity.id:
                return claim_to_json(replace(claim, article_id=article_id))
            return None

        if identity.guid_id:
            update(self.claims.store, claim_key(identity.guid_id), rebind)

    def _find_by_guid_alone(self, candidate: Candidate) -> FoundArticle:
        """Find the article of an entry that has no link. The id of such an entry is made from its GUID.

        If the entry had a link at an earlier poll, the article's id was made from the link, and the claim of the GUID
        contains this id.
        """
        identity = candidate.identity
        known = self._follow(identity.id)
        if known.id == identity.id:
            return FoundArticle(identity.id, is_decided=False)
        if known.claim is None or self._is_moved(known.claim, candidate):
            return FoundArticle(known.id, is_decided=True)
        return FoundArticle(identity.reused_id, is_decided=True)

    def _find_by_guid_and_link(self, candidate: Candidate) -> FoundArticle:
        """Find the article of an entry that has a GUID and a link. If the GUID has no claim yet, create it."""
        identity = candidate.identity
        known = self._follow(identity.guid_id)
        is_guid_claimed = known.claim is not None
        if not is_guid_claimed and identity.guid_url_id:
            # The GUID is a URL. Look for an article with this URL.
            known = self._follow(identity.guid_url_id)
        is_moved = known.claim is not None and known.id != identity.id and self._is_moved(known.claim, candidate)
        article_id = known.id if is_moved else identity.id
        if is_guid_claimed:
            return FoundArticle(article_id, is_decided=is_moved)
        winner = self._claim_guid(candidate, article_id)
        if winner != article_id and self._is_named_by_other_run(winner, candidate):
            return FoundArticle(winner, is_decided=True)
        return FoundArticle(article_id, is_decided=is_moved)

    def _is_moved(self, known: ArticleClaim, candidate: Candidate) -> bool:
        """Check whether a candidate with the GUID of a known article is this article at a new URL.

        The title in the claim is compared first. If this does not decide, the file of the known article is read.
        """
        if is_moved_by_names(known.title, candidate.identity):
            return True
        stored = None if known.deleted else self.claims.store.read(known.key)
        if stored is None:
            is_deleted = self.claims.status(known) is ClaimOutcome.DELETED
            return is_deleted and self._is_removed(known, candidate)
        text = stored.data.decode("utf-8", "replace")
        title = str(parse_front_matter(text).get("title", ""))
        return is_moved_by_words(title, body_of(text), candidate.title, candidate.article.body)

    def _is_removed(self, known: ArticleClaim, candidate: Candidate) -> bool:
        """Check whether a candidate with the GUID of a removed article is this article.

        The candidate is another article in two cases:

        - It was published after the removed article was archived: the publisher has used the GUID twice. If the removed
          article was forgotten, the date is ignored, because a forgotten article must never return.
        - The candidate's URL has a claim of its own.
        """
        published = candidate.article.published
        if not known.deleted and published and published > known.time:
            return False
        return candidate.identity.guid_id == candidate.identity.id or self.claims.read(candidate.identity.id) is None

    def _claim_guid(self, candidate: Candidate, article_id: str) -> str:
        """Create the claim of a candidate's GUID, unless it exists. Return the article id in the stored claim.

        An existing claim is replaced only if it is truncated, or if an interrupted run created it.
        """
        key = claim_key(candidate.identity.guid_id)
        claim = GuidClaim(article_id, self.claims.clock(), candidate.feed_id, candidate.identity.guid)
        winner = article_id

        def take_over(stored: Stored | None) -> bytes | None:
            nonlocal winner
            existing = parse_claim(stored.data) if stored else None
            if existing is None or self._is_abandoned(existing, article_id):
                winner = article_id
                return claim_to_json(claim)
            winner = existing.article_id if isinstance(existing, GuidClaim) else article_id
            return None

        # Create the claim without reading it first: the GUID seldom has a claim, so this saves a request to S3.
        if not self.claims.store.create(key, claim_to_json(claim)):
            update(self.claims.store, key, take_over)
        return winner

    def _is_abandoned(self, existing: ArticleClaim | GuidClaim, article_id: str) -> bool:
        """Check whether an interrupted run created the claim of a GUID, but not the claim of the article."""
        if not isinstance(existing, GuidClaim) or existing.article_id == article_id:
            return False
        is_recent = abs(self.claims.clock() - existing.time) <= _MAX_CLAIMING_TIME
        return not is_recent and self.claims.read(existing.article_id) is None

    def _is_named_by_other_run(self, winner: str, candidate: Candidate) -> bool:
        """Check whether a candidate is the article ``winner``, to which another run has assigned the candidate's GUID.

        Some servers change the link of an entry at each request, so that two runs use different ids for the entry.
        """
        known = self.claims.read(winner)
        return known is None or (isinstance(known, ArticleClaim) and self._is_moved(known, candidate))

    def _follow(self, claimed_id: str) -> _KnownArticle:
        """Find the article to which a claim leads. It may be the claim of the article or the claim of its GUID."""
        claim = self.claims.read(claimed_id)
        if isinstance(claim, GuidClaim):
            named = self.claims.read(claim.article_id)
            return _KnownArticle(claim.article_id, named if isinstance(named, ArticleClaim) else None)
        return _KnownArticle(claimed_id, claim)
