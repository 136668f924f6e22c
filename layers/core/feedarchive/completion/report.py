"""The report of a run of jobs: which were done, which failed and which are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedarchive.completion.job import Done, DoneKind, Job, JobKind, JobResult, NotDone


@dataclass(frozen=True)
class FinishedJob:
    """A job that was started, and its result. ``given_up``: it failed and is not tried again."""

    job: Job
    result: JobResult
    given_up: bool = False


@dataclass(frozen=True)
class CompletionReport:
    """The report of a run.

    - ``finished``: the jobs that were done or failed.
    - ``left``: the number of jobs that are left for the next run.
    - ``busy_until``: None if this run did the jobs. Otherwise another process is doing them, and this is the time when
      its lease ends.
    - ``problems``: messages about missing libraries: which one is missing, and what to do.
    """

    finished: Sequence[FinishedJob] = ()
    left: int = 0
    busy_until: datetime | None = None
    problems: tuple[str, ...] = ()

    def count(self, result: DoneKind, job: JobKind) -> int:
        """Count the jobs of one kind that ended with this result."""
        return sum(isinstance(e.result, Done) and e.result.kind is result and e.job.kind is job for e in self.finished)

    def media(self) -> tuple[int, int]:
        """Return how many pictures and enclosures were stored, and their total size in bytes."""
        done = [each.result for each in self.finished if isinstance(each.result, Done)]
        return sum(each.files for each in done), sum(each.bytes for each in done)

    def failures(self) -> dict[str, int]:
        """Return how many jobs failed in this run, by reason."""
        reasons = (each.result.reason for each in self.finished if isinstance(each.result, NotDone))
        return dict(sorted(Counter(map(str, reasons)).items()))

    def as_json(self) -> dict[str, Any]:
        """Return the report in the form that ``--json`` prints."""
        return {
            **{kind.value: {each.value: self.count(each, kind) for each in DoneKind} for kind in JobKind},
            "media_files": self.media()[0],
            "media_bytes": self.media()[1],
            "failed": self.failures(),
            "left": self.left,
            "busy": self.busy_until is not None,
            "missing": list(self.problems),
            "problems": [
                {
                    "kind": each.job.kind.value,
                    "article": each.job.version,
                    "feed": each.job.feed,
                    "reason": str(each.result.reason),
                    "detail": each.result.detail,
                    "given_up": each.given_up,
                }
                for each in self.finished
                if isinstance(each.result, NotDone)
            ],
        }
