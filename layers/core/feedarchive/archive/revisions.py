"""Revisions: publishers edit articles after publication, and the archive keeps each version.

docs/archive-format.md, "Revisions", describes the rules; :func:`decide` implements them without side effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from feedarchive.archive.claim import ArticleClaim, claim_key, claim_to_json, parse_claim
from feedarchive.archive.claim_protocol import ClaimOutcome, ClaimProtocol
from feedarchive.archive.revision_changes import changes_since
from feedarchive.article.article import Article
from feedarchive.article.file_names import revision_key
from feedarchive.article.front_matter import Revision, render
from feedarchive.article.yaml_format import body_of
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.store.interface import Stored
from feedarchive.store.update import update

# If an article has this many versions, at most one a day is added: some articles are edited all day long.
_UNLIMITED_VERSIONS = 3
_MIN_GROWTH = 2.0


class Verdict(Enum):
    """What to do about the current wording of an archived article. The values are messages for people."""

    SAME = "the archive has this wording"
    REVISE = "write it as the next version"
    IF_FULLER = "write it if its text is at least twice as long as that of the last version"
    BACK_TODAY = "it has an earlier wording again on the same day"
    ENOUGH_TODAY = "it was revised on this day already and has three versions or more"


@dataclass(frozen=True)
class Version:
    """One version of an article: its feed ("" if unknown), its wording (a fingerprint) and its day."""

    feed: str
    wording: str
    day: date


def decide(versions: Sequence[Version], feed: str, wording: str, today: date, wording_1: str = "") -> Verdict:
    """Decide what to do about a wording, given the versions so far (oldest first).

    ``wording_1`` is the same article's fingerprint in the older format 1, if ``wording`` has format 2.
    """
    from_feed = [v for v in versions if v.feed in (feed, "")]
    if not from_feed:
        is_revised_by_others = any(v.feed not in (versions[0].feed, "") for v in versions)
        is_same = is_revised_by_others or _is_same_wording(versions[-1].wording, wording, wording_1)
        return Verdict.SAME if is_same else Verdict.IF_FULLER
    if _is_same_wording(from_feed[-1].wording, wording, wording_1) or versions[0].feed not in (feed, ""):
        return Verdict.SAME
    if versions[-1].day >= today:
        if any(v.wording == wording for v in versions):
            return Verdict.BACK_TODAY
        if len(versions) >= _UNLIMITED_VERSIONS:
            return Verdict.ENOUGH_TODAY
    return Verdict.REVISE


def _is_same_wording(known: str, wording: str, wording_1: str) -> bool:
    """Compare two fingerprints, in format 1 if ``known`` has it. A fingerprint in an unknown format equals any other.

    Where both formats choose the same text, the fingerprint has format 1. So the same hash means the same text.
    """
    known_format, _, known_hash = known.partition(":")
    new_format, _, new_hash = wording.partition(":")
    if known_hash == new_hash or not {known_format, new_format} <= {"1", "2"}:
        return True
    return known_format < new_format and wording_1 in ("", known)


@dataclass(frozen=True)
class RevisionResult:
    """The ``key`` of the revision that was written, or why it was ``held_back``; both are "" without a revision."""

    key: str = ""
    held_back: str = ""


@dataclass(frozen=True)
class Revisions:
    """Writes new versions of articles into one archive."""

    claims: ClaimProtocol
    time_zone: ZoneInfo

    def consider(self, article: Article, feed: str, title: str, first: ArticleClaim) -> RevisionResult:
        """Write an archived article as its next version if the rules say so.

        ``title`` is the fingerprint of its title, ``first`` the claim of its first version.
        """
        claims = [first, *self._later_versions(article.id)]
        if len(claims) > 1 and self.claims.status(claims[-1]) is None:
            del claims[-1]  # claimed by an interrupted run: the claim can be taken over
        versions = [Version(c.feed, c.wording, self._day(c.time)) for c in claims]
        verdict = decide(versions, feed, article.wording, self._day(self.claims.clock()), article.wording_1)
        if verdict is Verdict.SAME and article.wording_1:
            self._adopt(article, feed, claims)
        if verdict in (Verdict.BACK_TODAY, Verdict.ENOUGH_TODAY):
            return RevisionResult(held_back=verdict.value)
        if verdict not in (Verdict.REVISE, Verdict.IF_FULLER):
            return RevisionResult()
        stored = self.claims.store.read(claims[-1].key)
        before = stored.data if stored else b""
        if verdict is Verdict.IF_FULLER and not _is_fuller(article, before):
            return RevisionResult()
        revision = Revision(len(claims) + 1, claims[-1].key, changes_since(before, article))
        return self._write(article, feed, title, claims[0], revision)

    def _adopt(self, article: Article, feed: str, claims: Sequence[ArticleClaim]) -> None:
        """Put the wording of format 2 into the claim of the last version, so that the next edit is noticed.

        The claim has the wording that an older release gave to the same entry.
        """
        number, known = next(((n, c) for n, c in reversed([*enumerate(claims, 1)]) if c.feed in (feed, "")), (0, None))
        if known is None or known.wording != article.wording_1 or claims[0].feed not in (feed, ""):
            return
        name = article.id if number == 1 else f"{article.id}.r{number}"

        def adopt(stored: Stored | None) -> bytes | None:
            # Do not overwrite a claim that has changed meanwhile, for example to a tombstone.
            is_unchanged = stored is not None and parse_claim(stored.data) == known
            return claim_to_json(replace(known, wording=article.wording)) if is_unchanged else None

        update(self.claims.store, claim_key(name), adopt)

    def _later_versions(self, article_id: str) -> list[ArticleClaim]:
        """The claims of the second and later versions. There are no gaps: each follows the one before it."""
        found: list[ArticleClaim] = []
        while isinstance(claim := self.claims.read(f"{article_id}.r{len(found) + 2}"), ArticleClaim):
            found.append(claim)
        return found

    def _write(
        self, article: Article, feed: str, title: str, first: ArticleClaim, revision: Revision
    ) -> RevisionResult:
        """Write the next version. If another run has written one meanwhile, the next poll compares with that."""
        result = self.claims.write_once(_NextVersion(article, feed, title, first, revision, self.time_zone))
        return RevisionResult(result.claim.key) if result.outcome is ClaimOutcome.CREATED else RevisionResult()

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.time_zone).date()


def _is_fuller(article: Article, before: bytes) -> bool:
    text = body_of(before.decode("utf-8", "replace"))
    return len(letters_and_digits(article.body)) >= _MIN_GROWTH * len(letters_and_digits(text))


@dataclass(frozen=True)
class _NextVersion:
    """A later file of an article."""

    article: Article
    feed: str
    title: str
    first: ArticleClaim
    revision: Revision
    time_zone: ZoneInfo

    @property
    def name(self) -> str:
        return f"{self.article.id}.r{self.revision.number}"

    @property
    def first_version(self) -> str:
        return self.article.id

    def new_claim(self, now: datetime) -> ArticleClaim:
        return ArticleClaim(
            key=revision_key(self.first.key, self.revision.number, now, self.time_zone),
            time=now,
            feed=self.feed,
            guid=self.first.guid,
            title=self.title,
            wording=self.article.wording,
        )

    def render(self, claim: ArticleClaim) -> bytes:
        return render(self.article, claim.time, self.revision)

    def belongs_to(self, claim: ArticleClaim) -> bool:
        return True

    def of_article(self, name: str) -> None:
        """Only the claim of a first version may name another article."""
