"""Jobs, which fetch more of an archived article, such as the text of its page; and the results of jobs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedarchive.kinds import Kind


class JobKind(Kind):
    """What a job gets. ``value`` is part of the format of job lists."""

    PAGE = "page", "the text of the article's page"
    MEDIA = "media", "the article's pictures and enclosures"


@dataclass(frozen=True, slots=True)
class Job:
    """Something to get of an article.

    ``id``: the id of the article.
    ``version``: the key of the article's newest version.
    ``link``: the URL of the article's page.
    ``feed``: the id of the article's feed.
    ``since``: when the job was noted.
    ``not_before``: the time of the next attempt.
    ``attempts``: how many attempts have failed.
    ``larger_images``: see Article.
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
        """The kind of the job and the id of the article, which has at most one job of each kind."""
        return self.kind.value, self.id


class DoneKind(Kind):
    """How a job ended that did not fail."""

    STORED = "stored", "it was fetched and stored"
    UNCHANGED = "unchanged", "the page has the same words as before the edit"
    ALREADY_STORED = "already-stored", "it was stored before"
    NOT_WANTED = "not-wanted", "the feed's options do not ask for it, or the article was removed"


@dataclass(frozen=True)
class Done:
    """The job has ended.

    ``requested``: something was requested from a server.
    ``files``, ``bytes``: the number and the size of the pictures and enclosures that were stored.
    ``has_pictures``: the text of the page may have pictures that the feed asks for: another job must fetch them.
    ``larger_images``: those of the page, for that other job.
    """

    kind: DoneKind
    requested: bool = False
    files: int = 0
    bytes: int = 0
    has_pictures: bool = False
    larger_images: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NotDone:
    """The job failed.

    ``reason``: a value of one of the enums of problems (reasons.py).
    ``detail``: a message for people.
    ``final``: another attempt would fail for the same reason.
    ``until``: the job is only postponed to this time, which does not count as an attempt; None if the attempt failed.
    ``run_ends``: no other job of the same host is started in this run.
    """

    reason: str
    detail: str
    final: bool = False
    until: datetime | None = None
    run_ends: bool = False


JobResult = Done | NotDone
