"""Revisions: a publisher edits what it has published, and the archive keeps each version.

docs/archive-format.md, "Revisions", has the rules; :func:`decide` is them, pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial
from zoneinfo import ZoneInfo

from feedarchive.archive.claim import ArticleClaim
from feedarchive.archive.claim_protocol import ClaimProtocol, Outcome
from feedarchive.article.article import Article
from feedarchive.article.file_names import revision_key
from feedarchive.article.front_matter import Revision, render
from feedarchive.article.yaml_format import body_of
from feedarchive.identity.fingerprint import letters_and_digits

# From this version on, one a day: a ticker is edited all day long.
_FREE_VERSIONS = 3
_FULLER = 2.0


class Verdict(Enum):
    """What to do about an article that is shown in some wording."""

    SAME = "the archive has this wording"
    REVISE = "write it as the next version"
    IF_FULLER = "write it if its text is at least twice as long as the last version's"
    BACK_TODAY = "it is back to an earlier wording within a day"
    ENOUGH_TODAY = "it was revised on this day already, and has three versions or more"


@dataclass(frozen=True)
class Version:
    """One version of an article: the feed it came from ("" if unknown), its wording and its day."""

    feed: str
    wording: str
    day: date


def decide(versions: Sequence[Version], feed: str, wording: str, today: date) -> Verdict:
    """Judge a wording by the versions so far (the first one first)."""
    mine = [v for v in versions if v.feed in (feed, "")]
    if not mine:
        strangers = any(v.feed not in (versions[0].feed, "") for v in versions)
        return Verdict.SAME if strangers or _same(versions[-1].wording, wording) else Verdict.IF_FULLER
    if _same(mine[-1].wording, wording) or versions[0].feed not in (feed, ""):
        return Verdict.SAME
    if versions[-1].day >= today:
        if any(v.wording == wording for v in versions):
            return Verdict.BACK_TODAY
        if len(versions) >= _FREE_VERSIONS:
            return Verdict.ENOUGH_TODAY
    return Verdict.REVISE


def _same(one: str, other: str) -> bool:
    """Fingerprints of different versions cannot be compared: then nothing is said to have changed."""
    return one == other or one.partition(":")[0] != other.partition(":")[0]


@dataclass(frozen=True)
class Revised:
    """``key`` of the revision that was written, or ``held_back`` saying why none was; both "" if none was due."""

    key: str = ""
    held_back: str = ""


@dataclass(frozen=True)
class Revisions:
    """Keeps the versions of articles in one archive."""

    files: ClaimProtocol
    time_zone: ZoneInfo

    def consider(self, article: Article, feed: str, title: str, first: ArticleClaim) -> Revised:
        """Write the next version of a known article if it is one. ``title`` is the title's fingerprint."""
        claims = [first, *self._later_versions(article.id)]
        if len(claims) > 1 and self.files.stands(claims[-1]) is None:
            del claims[-1]  # claimed by a run that was interrupted: its number is free to be taken over
        versions = [Version(c.feed, c.wording, self._day(c.time)) for c in claims]
        verdict = decide(versions, feed, article.wording, self._day(self.files.clock()))
        if verdict is Verdict.SAME:
            return Revised()
        if verdict in (Verdict.BACK_TODAY, Verdict.ENOUGH_TODAY):
            return Revised(held_back=verdict.value)
        if verdict is Verdict.IF_FULLER and not self._is_fuller(article, claims[-1]):
            return Revised()
        return self._write(article, feed, title, claims)

    def _later_versions(self, article_id: str) -> list[ArticleClaim]:
        """Without gaps, since each is claimed only when the one before is: so they end where one is missing."""
        found: list[ArticleClaim] = []
        while isinstance(claim := self.files.read(f"{article_id}.r{len(found) + 2}"), ArticleClaim):
            found.append(claim)
        return found

    def _write(self, article: Article, feed: str, title: str, claims: Sequence[ArticleClaim]) -> Revised:
        """Another run's next version, of these words or others, stands: the next poll compares with it."""
        number, first, previous = len(claims) + 1, claims[0], claims[-1].key
        revision = Revision(number, previous)
        placed = self.files.place(
            f"{article.id}.r{number}",
            partial(self._claim, first, feed, title, article.wording, number),
            lambda claim: render(article, claim.time, revision),
        )
        return Revised(placed.claim.key) if placed and placed.outcome is Outcome.NEW else Revised()

    def _claim(
        self, first: ArticleClaim, feed: str, title: str, wording: str, number: int, now: datetime
    ) -> ArticleClaim:  # fmt: skip
        return ArticleClaim(
            revision_key(first.key, number, now, self.time_zone), now, feed, first.guid, title, wording
        )  # fmt: skip

    def _is_fuller(self, article: Article, than: ArticleClaim) -> bool:
        stored = self.files.store.read(than.key)
        text = body_of(stored.data.decode("utf-8", "replace")) if stored else ""
        return len(letters_and_digits(article.body)) >= _FULLER * len(letters_and_digits(text))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.time_zone).date()
