"""A job: get something else of an archived article. And the results that a job can have. Pure."""

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

    ``version`` is the key of the article's newest version, ``link`` the URL of its page, ``feed`` the id of its feed.
    ``since`` is when the job was noted. It was tried ``attempts`` times, and is tried again at ``not_before``.
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
        """An article has one job of each kind."""
        return self.kind.value, self.id


class DoneKind(Kind):
    """How a job ended that needs no further attempt."""

    STORED = "stored", "it was fetched and stored"
    UNCHANGED = "unchanged", "the page has the same words as before the edit"
    ALREADY_STORED = "already-stored", "it was stored before"
    NOT_WANTED = "not-wanted", "the feed's options do not ask for it, or the article was removed"


@dataclass(frozen=True)
class Done:
    """The job has ended. ``requested``: something was requested from a server. ``files`` and ``bytes`` count the
    pictures and enclosures that were stored. ``has_pictures``: the page's text may have pictures, which are wanted,
    with these ``larger_images``.
    """

    kind: DoneKind
    requested: bool = False
    files: int = 0
    bytes: int = 0
    has_pictures: bool = False
    larger_images: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NotDone:
    """The job failed. ``reason`` is a value of one of the enums of problems, ``detail`` a message for people.

    A ``final`` reason would be the same the next time. With ``until``, the job is only postponed to that time: that is
    no attempt. With ``run_ends``, no other job of the same host is started in this run.
    """

    reason: str
    detail: str
    final: bool = False
    until: datetime | None = None
    run_ends: bool = False


JobResult = Done | NotDone
