"""Count the waiting and the given-up jobs of each feed, for ``feedarchive status``. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from feedarchive.completion.job_list import JobList
from feedarchive.completion.reasons import advice_for, meaning_of


@dataclass
class JobCounts:
    """How many jobs a feed has. Each job fetches the page or the pictures of an article.

    - ``feed``: the id of the feed.
    - ``waiting``: how many jobs were not done yet.
    - ``given_up``: how many jobs were given up in the last 90 days, by reason.
    """

    feed: str
    waiting: int = 0
    given_up: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        return {"id": self.feed, "waiting": self.waiting, "given_up": dict(sorted(self.given_up.items()))}

    @property
    def line(self) -> str:
        """The counts as a text, such as "12 pages or lists of pictures still to fetch"; "" if there are no jobs."""
        kinds = "page or list of pictures" if self.waiting == 1 else "pages or lists of pictures"
        parts = [f"{self.waiting:,} {kinds} still to fetch"] if self.waiting else []
        parts += [f"{number:,} given up: {meaning_of(reason)}" for reason, number in self.given_up.most_common()]
        return "; ".join(parts)

    @property
    def advice(self) -> str:
        """What to do about the most frequent reason for giving up jobs; "" if no job was given up."""
        ((reason, _),) = self.given_up.most_common(1) or (("", 0),)
        return advice_for(reason)


def count_jobs(lists: Iterable[JobList], feeds: Collection[str]) -> list[JobCounts]:
    """Count the jobs of the feeds with these ids. Feeds without jobs are left out."""
    counts = {feed: JobCounts(feed) for feed in feeds}
    for jobs in lists:
        for job in jobs.jobs.values():
            if job.feed in counts:
                counts[job.feed].waiting += 1
        for ended in jobs.given_up.values():
            if ended.feed in counts:
                counts[ended.feed].given_up[ended.reason] += 1
    return [each for each in counts.values() if each.waiting or each.given_up]
