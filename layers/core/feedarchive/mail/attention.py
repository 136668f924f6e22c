"""The lines of a mail about feeds that need attention: which feed, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedarchive.health.feed_health import FeedHealth, Health

# The user can solve these problems in feeds.toml.
_NAMED = {Health.MOVED, Health.GAP, Health.UNTRUE_304}


@dataclass(frozen=True)
class Attention:
    """Something that needs attention.

    - ``subject`` is the title or the id of a feed, the path of feeds.toml, or the subject of a notice.
    - ``problem`` is what is wrong.
    - ``advice`` is what to do, "" if there is none.
    - ``is_feed`` is True if ``subject`` is a feed.
    """

    subject: str
    problem: str
    advice: str
    is_feed: bool = True

    @property
    def line(self) -> str:
        return f"{self.subject}: {self.problem}; {self.advice}" if self.advice else f"{self.subject}: {self.problem}"


def attention_for(
    health: Iterable[FeedHealth], feeds_file_error: str = "", notices: Iterable[str] = ()
) -> tuple[Attention, ...]:
    """What needs attention: first the notices, then feeds.toml, then feeds in the order of ``health``.

    - ``feeds_file_error`` is the error in feeds.toml, "" if there is none.
    - ``notices`` are problems outside the archive, each as "subject: problem".
    """
    file, _, problem = feeds_file_error.partition(": ")
    first = (
        (Attention(file, problem, "the last good feeds.toml stays in use", is_feed=False),) if feeds_file_error else ()
    )
    feeds = (
        Attention(h.title or h.feed, h.problem, h.advice) for h in health if h.needs_a_person or h.health in _NAMED
    )
    others = (
        Attention(subject, problem, "", is_feed=False)
        for subject, _, problem in (each.partition(": ") for each in notices)
    )
    return (*others, *first, *feeds)
