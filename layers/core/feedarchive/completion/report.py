"""What the jobs of a run did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedarchive.completion.job import Done, DoneKind, Job, JobKind, JobResult, NotDone


@dataclass(frozen=True)
class FinishedJob:
    """A job, its result, and whether it was given up with this result."""

    job: Job
    result: JobResult
    given_up: bool = False


@dataclass(frozen=True)
class CompletionReport:
    """What a run of jobs did.

    ``finished``: the jobs that were done or failed.
    ``left``: the number of jobs that are left for the next run.
    ``busy_until``: another process does the jobs of this archive, so this run did nothing. If that process was killed,
    another one can start at this time. None if this run did the jobs.
    ``problems``: which libraries are missing on this machine, and what to do about it.
    """

    finished: Sequence[FinishedJob] = ()
    left: int = 0
    busy_until: datetime | None = None
    problems: tuple[str, ...] = ()

    def count(self, kind: DoneKind, of: JobKind) -> int:
        """How many jobs of the kind ``of`` ended as ``kind`` says."""
        return sum(isinstance(e.result, Done) and e.result.kind is kind and e.job.kind is of for e in self.finished)

    def media(self) -> tuple[int, int]:
        """How many pictures and enclosures were stored, and how many bytes they have."""
        done = [each.result for each in self.finished if isinstance(each.result, Done)]
        return sum(each.files for each in done), sum(each.bytes for each in done)

    def failures(self) -> dict[str, int]:
        """How many jobs failed in this run, by reason."""
        reasons = (each.result.reason for each in self.finished if isinstance(each.result, NotDone))
        return dict(sorted(Counter(map(str, reasons)).items()))

    def as_json(self) -> dict[str, Any]:
        """The report that ``--json`` prints."""
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
