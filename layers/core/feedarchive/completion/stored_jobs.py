"""The job lists of an archive, ``state/jobs/<shard>.json``: read them, and change them by compare-and-swap."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedarchive.archive.document_result import SeenArticle
from feedarchive.completion.job_list import JobList
from feedarchive.completion.job_list_json import from_bytes, to_bytes
from feedarchive.feeds.feed import Feed
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update

FOLDER = "state/jobs/"
LEASE = f"{FOLDER}lease.json"
HOSTS = f"{FOLDER}hosts.json"


@dataclass(frozen=True)
class NoteJobs:
    """Adds jobs for the articles that a run archived or compared. It implements FollowUp (polling/follow_up.py)."""

    clock: Callable[[], datetime]

    def wants(self, feed: Feed) -> bool:
        return feed.fetches_more

    def note(self, store: Store, shard: Shard, seen: Sequence[tuple[Feed, Collection[SeenArticle]]]) -> None:
        now = self.clock()

        def add(jobs: JobList) -> JobList:
            for feed, articles in seen:
                jobs = jobs.with_seen(feed, articles, now)
            return jobs

        change_jobs(store, list_key(shard), add)


def list_key(shard: Shard) -> str:
    """The key of the job list of a shard."""
    return f"{FOLDER}{shard.bits or 'all'}.json"


def read_jobs(store: Store) -> dict[str, JobList]:
    """All job lists by key, including those of shards that no longer exist."""
    keys = [key for key in store.list(FOLDER) if key not in (LEASE, HOSTS) and key.endswith(".json")]
    return {key: from_bytes(stored.data) for key in keys if (stored := store.read(key))}


def change_jobs(store: Store, key: str, change: Callable[[JobList], JobList]) -> None:
    """Change a list. If another process changes the list at the same time, ``change`` is called again."""

    def make(stored: Stored | None) -> bytes | None:
        before = from_bytes(stored.data) if stored else JobList()
        after = change(before)
        return None if after == before else to_bytes(after)

    update(store, key, make)
