"""What the jobs of a run did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
    """The jobs of a run. ``left`` counts those that are due and were not started, because the time was over.

    ``busy``: another process completes this archive, so nothing was done. ``problems``: what is missing on this
    machine, with what to do about it.
    """

    finished: Sequence[FinishedJob] = ()
    left: int = 0
    busy: bool = False
    problems: tuple[str, ...] = ()

    def count(self, kind: DoneKind, of: JobKind) -> int:
        """How many jobs of a kind ended in this way."""
        return sum(isinstance(e.result, Done) and e.result.kind is kind and e.job.kind is of for e in self.finished)

    def media(self) -> tuple[int, int]:
        """How many pictures and enclosures were stored, and how many bytes they have."""
        done = [each.result for each in self.finished if isinstance(each.result, Done)]
        return sum(each.files for each in done), sum(each.bytes for each in done)

    def failures(self) -> dict[str, int]:
        """How many attempts failed, by reason."""
        reasons = (each.result.reason for each in self.finished if isinstance(each.result, NotDone))
        return dict(sorted(Counter(map(str, reasons)).items()))

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            **{kind.value: {each.value: self.count(each, kind) for each in DoneKind} for kind in JobKind},
            "media_files": self.media()[0],
            "media_bytes": self.media()[1],
            "failed": self.failures(),
            "left": self.left,
            "busy": self.busy,
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
