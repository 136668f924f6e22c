"""Data classes: jobs and their results. A job fetches more of an archived article, such as the text of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedarchive.kinds import Kind


class JobKind(Kind):
    """What a job fetches. Stored job lists contain these values, so never change a value."""

    PAGE = "page", "the text of the article's page"
    MEDIA = "media", "the article's pictures and enclosures"


@dataclass(frozen=True, slots=True)
class Job:
    """A task for one article: fetch its page, or its pictures and enclosures.

    - ``id``: the id of the article.
    - ``version``: the key of the article's newest version.
    - ``link``: the URL of the article's page.
    - ``feed``: the id of the article's feed.
    - ``since``: when the job was added to the list.
    - ``not_before``: the time of the next attempt.
    - ``attempts``: how many attempts have failed.
    - ``larger_images``: pairs of URLs: a picture, and a larger version that is fetched instead.
    """

    kind: JobKind
    id: str
    version: str
    link: str
    feed: str
    since: datetime
    not_before: datetime
    attempts: int = 0
    larger_images: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """The kind of the job and the id of the article. An article has at most one job of each kind."""
        return self.kind.value, self.id


class DoneKind(Kind):
    """How a job ended, if it did not fail."""

    STORED = "stored", "it was fetched and stored"
    UNCHANGED = "unchanged", "the page has the same words as before the edit"
    ALREADY_STORED = "already-stored", "it was stored before"
    NOT_WANTED = "not-wanted", "the feed's options do not ask for it, or the article was removed"


@dataclass(frozen=True)
class Done:
    """The result of a job that did not fail.

    - ``requested``: whether at least one request was sent.
    - ``files``, ``bytes``: the number and the total size of the pictures and enclosures that were stored.
    - ``has_pictures``: whether the text of the page may contain pictures. If so, a job for the pictures must follow.
    - ``larger_images``: pairs of URLs: a picture in the page, and a larger version of the picture.
    """

    kind: DoneKind
    requested: bool = False
    files: int = 0
    bytes: int = 0
    has_pictures: bool = False
    larger_images: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NotDone:
    """The result of a job that failed or was postponed.

    - ``reason``: a value from reasons.py.
    - ``detail``: a message for people.
    - ``final``: whether the job is given up, because another attempt would fail for the same reason.
    - ``until``: the time of the next attempt, if the job was postponed; None if it failed.
    - ``run_ends``: whether the other jobs of the host must wait for the next run.
    """

    reason: str
    detail: str
    final: bool = False
    until: datetime | None = None
    run_ends: bool = False


JobResult = Done | NotDone
