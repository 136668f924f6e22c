"""Do the jobs of one host, one after another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedarchive.completion.due_jobs import DueJob
from feedarchive.completion.job import Done, DoneKind, Job, JobKind, JobResult, NotDone
from feedarchive.completion.tools import JobHandler
from feedarchive.completion.wanted_jobs import kinds_for
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.model import bug_report
from feedarchive.problems import FeedError
from feedarchive.store.interface import StoreError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HostJobs:
    """Does the jobs of a host, one after another. No job is started after ``deadline``.

    - ``handlers``: for each kind of job, the function that does it.
    - ``feeds``: the feeds by id.
    """

    clock: Callable[[], datetime]
    handlers: Mapping[JobKind, JobHandler]
    feeds: Mapping[str, Feed]
    deadline: datetime

    def do(self, jobs: Sequence[DueJob]) -> Iterator[tuple[DueJob, JobResult | None]]:
        """Do the jobs of one host in order. Yield each job and its result.

        The result is None if there was no time to start the job. Raises StoreError.
        """
        ended = False
        for due in jobs:
            ended = ended or self.clock() >= self.deadline
            result = None if ended else self._do(due.job)
            ended = ended or (isinstance(result, NotDone) and result.run_ends)
            yield due, result

    def _do(self, job: Job) -> JobResult:
        feed = self.feeds.get(job.feed)
        if feed is None or job.kind not in kinds_for(feed):
            return Done(DoneKind.NOT_WANTED)
        try:
            return self.handlers[job.kind](job, feed)
        except StoreError:
            raise
        except Exception as bug:  # noqa: BLE001 - an article must never stop the run, even by a bug in this program
            _log.debug("%s: failed because of a bug in this program", job.version, exc_info=True)
            return NotDone(FeedError.BUG, bug_report(bug))
