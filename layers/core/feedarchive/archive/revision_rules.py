"""Decide whether an edit of an archived article is kept as a new version. Pure functions.

docs/archive-format.md, "Revisions", describes the rules. The limits were chosen with the program
``python -m benchmarks.corpus.edits``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

# The first three versions are kept, however soon they follow each other. The fourth is kept if it comes at least two
# hours after the third. For each further version this distance grows by 12%, up to a day.
_UNLIMITED_VERSIONS = 3
_FIRST_DISTANCE, _GROWTH, _MAX_DISTANCE = timedelta(hours=2), 1.12, timedelta(days=1)
# A version with a new title is kept if the feed has had this title for two hours, even if the last version is recent.
_KEPT_TITLE_AGE = timedelta(hours=2)
_WEEK, _MAX_VERSIONS_IN_FIRST_WEEK = timedelta(days=7), 24


class Verdict(Enum):
    """What to do with the current wording of an archived article."""

    SAME = "the archive has this wording"
    REVISE = "archive the wording as the next version"
    IF_FULLER = "archive the wording if it is at least twice as long as the last version"
    BACK_TOO_SOON = "the publisher restored an earlier wording within a day"
    TOO_SOON = "the last version is too recent; a later poll archives the newest wording"
    ENOUGH = "the article already has 24 versions in its first week"

    @property
    def is_held_back(self) -> bool:
        """Check whether the wording has changed but is not archived yet. The verdict's value tells users why."""
        return self in (Verdict.BACK_TOO_SOON, Verdict.TOO_SOON, Verdict.ENOUGH)


@dataclass(frozen=True)
class Version:
    """One archived version of an article.

    - ``feed``: the id of the feed from which it was archived; "" if unknown.
    - ``wording``: the fingerprint of title and text.
    - ``time``: when it was archived.
    """

    feed: str
    wording: str
    time: datetime


def decide(
    versions: Sequence[Version],
    feed: str,
    wording: str,
    now: datetime,
    wording_1: str = "",
    new_title_age: timedelta = timedelta(0),
) -> Verdict:
    """Decide what to do with the wording that an article has in the document of ``feed`` now.

    - ``versions``: the archived versions, oldest first.
    - ``wording_1``: the wording in format 1, which older releases used; "" if ``wording`` has this format.
    - ``new_title_age``: about how long the feed has had a new title; 0 if the title has not changed.
    """
    from_feed = [v for v in versions if v.feed in (feed, "")]
    if not from_feed:
        is_revised_by_others = any(v.feed not in (versions[0].feed, "") for v in versions)
        is_same = is_revised_by_others or _is_same_wording(versions[-1].wording, wording, wording_1)
        return Verdict.SAME if is_same else Verdict.IF_FULLER
    if _is_same_wording(from_feed[-1].wording, wording, wording_1) or versions[0].feed not in (feed, ""):
        return Verdict.SAME
    # If the clock was wrong, the time of a version may be in the future.
    since_last = abs(now - versions[-1].time)
    if since_last < _MAX_DISTANCE and any(v.wording == wording for v in versions):
        return Verdict.BACK_TOO_SOON
    if len(versions) < _UNLIMITED_VERSIONS:
        return Verdict.REVISE
    if len(versions) >= _MAX_VERSIONS_IN_FIRST_WEEK and abs(now - versions[0].time) < _WEEK:
        return Verdict.ENOUGH
    is_far = since_last >= distance_after(len(versions))
    return Verdict.REVISE if is_far or new_title_age >= _KEPT_TITLE_AGE else Verdict.TOO_SOON


def distance_after(versions: int) -> timedelta:
    """Return the time that must pass between the last version and the next one, if the title has not changed.

    ``versions`` is the number of versions that the article has, at least three.
    """
    growth = min(versions - _UNLIMITED_VERSIONS, 100)  # A power with a larger exponent could overflow.
    return min(_FIRST_DISTANCE * _GROWTH**growth, _MAX_DISTANCE)


def _is_same_wording(known: str, wording: str, wording_1: str) -> bool:
    """Check whether an archived version has the current wording.

    A wording is ``"<format>:<hash>"``. If a format is unknown, the answer is True, so that no revision is written.

    - ``known``: the wording of the archived version.
    - ``wording``: the current wording.
    - ``wording_1``: the current wording in format 1; "" if ``wording`` has this format.
    """
    known_format, _, known_hash = known.partition(":")
    new_format, _, new_hash = wording.partition(":")
    if known_hash == new_hash or not {known_format, new_format} <= {"1", "2"}:
        return True
    return known_format < new_format and wording_1 in ("", known)
