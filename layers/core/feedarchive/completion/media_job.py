"""Do the jobs that fetch the pictures and enclosures of an article."""

from __future__ import annotations

from collections import Counter

from feedarchive.completion.job import Done, DoneKind, Job, JobResult, NotDone
from feedarchive.completion.job_list import is_last_attempt
from feedarchive.completion.tools import JobTools
from feedarchive.feeds.feed import Feed
from feedarchive.fetching.problems import FetchProblem
from feedarchive.media.complete_media import MediaOfArticle, MediaOutcome, MediaResult, complete_media
from feedarchive.media.fetch_files import TEMPORARY, FileFetcher
from feedarchive.text import count_of

_RESULTS = {
    MediaOutcome.WRITTEN: DoneKind.STORED,
    MediaOutcome.NOTHING_NEW: DoneKind.ALREADY_STORED,
    MediaOutcome.DELETED: DoneKind.NOT_WANTED,
}


class MediaJobs:
    """Fetches pictures and enclosures. Implements JobHandler (tools.py).

    A URL that several articles use is requested only once in a run.
    """

    def __init__(self, tools: JobTools) -> None:
        self._tools = tools
        # If the archive has a retention, old objects are deleted unless they are renewed.
        renew = tools.claims.retention is not None
        self._files = FileFetcher(tools.store, tools.fetcher, tools.clock, renew)

    def __call__(self, job: Job, feed: Feed) -> JobResult:
        """Fetch the article's pictures and enclosures that are not stored yet, and write the article's list of media.

        If a file has a temporary problem, the job is tried again later, and the list is not written until the last
        attempt.
        """
        tools = self._tools
        larger = dict((*job.larger_images, *tools.larger_images.pop(job.id, ())))
        article = MediaOfArticle(job.id, job.version, feed, larger, is_last_attempt(job))
        result = complete_media(tools.claims, tools.time_zone, self._files, article)
        if result.outcome is MediaOutcome.LATER:
            return self._later(result)
        requested = result.outcome is MediaOutcome.WRITTEN
        sizes = [each.bytes for each in result.new]
        return Done(_RESULTS[result.outcome], requested, files=len(sizes), bytes=sum(sizes))

    def _later(self, result: MediaResult) -> NotDone:
        problems = Counter(item.problem for item in result.items if item.problem in TEMPORARY)
        detail = f"{problems.total()} of {count_of(len(result.items), 'file')} could not be fetched"
        if FetchProblem.OUT_OF_TIME in problems:
            return NotDone(FetchProblem.OUT_OF_TIME, detail, until=self._tools.clock(), run_ends=True)
        (reason, _), *_ = problems.most_common()
        return NotDone(reason, f"{detail}: {reason}")
