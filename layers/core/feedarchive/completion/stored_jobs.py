"""Read and change the job lists of an archive, ``state/jobs/<shard>.json``. They are changed by compare-and-swap."""

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
    """Adds jobs for the articles that a run has seen. This is a FollowUp (see polling/follow_up.py)."""

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
    """Return the key of the job list of a shard."""
    return f"{FOLDER}{shard.bits or 'all'}.json"


def read_jobs(store: Store) -> dict[str, JobList]:
    """Return all job lists by key, including those of former shards."""
    keys = [key for key in store.list(FOLDER) if key not in (LEASE, HOSTS) and key.endswith(".json")]
    return {key: from_bytes(stored.data) for key in keys if (stored := store.read(key))}


def change_jobs(store: Store, key: str, change: Callable[[JobList], JobList]) -> None:
    """Replace a job list by ``change(list)``. If another process changes it meanwhile, start again."""

    def make(stored: Stored | None) -> bytes | None:
        before = from_bytes(stored.data) if stored else JobList()
        after = change(before)
        return None if after == before else to_bytes(after)

    update(store, key, make)
