"""The report of a copy: what was copied, and which files could not be copied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from feedarchive.kinds import Kind


class CopyProblem(Kind):
    """Why a file was not copied."""

    MISSING = "missing", "the source lists the file but does not have it"
    DAMAGED = "damaged", "the file at the source is damaged: it does not have the expected hash"
    DIFFERENT = "different", "the destination has another file of this name, which is never overwritten"
    UNREADABLE = "unreadable", "the digest at the source is damaged, or its hash is not the one in the index"
    FORGOTTEN = (
        "forgotten",
        "its article was forgotten at the source: delete the file, or copy with --everything to have it deleted",
    )


@dataclass(frozen=True)
class FileProblem:
    """A file that could not be copied, and the reason."""

    key: str
    problem: CopyProblem

    @property
    def line(self) -> str:
        return f"{self.key}: {self.problem.meaning}"


class Progress(Protocol):
    """Shows the progress of a copy or a check."""

    def expect(self, size: int) -> None:
        """Add ``size`` bytes to the work to do."""

    def advance(self, size: int) -> None:
        """Add ``size`` bytes to the work that is done."""


class NoProgress:
    def expect(self, size: int) -> None:
        pass

    def advance(self, size: int) -> None:
        pass


@dataclass
class CopyReport:
    """The result of a copy.

    - ``days``: the number of days that were copied.
    - ``files``, ``bytes``: the number and the total size of the files that were copied.
    - ``removed``: the keys of files that were deleted at the destination, because their articles were forgotten.
    - ``problems``: the files that could not be copied.
    """

    days: int = 0
    files: int = 0
    bytes: int = 0
    removed: list[str] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)

    def add(self, size: int) -> None:
        self.files += 1
        self.bytes += size

    def as_json(self) -> dict[str, Any]:
        problems = [{"key": each.key, "problem": each.problem.value} for each in self.problems]
        return {
            "days": self.days, "files": self.files, "bytes": self.bytes, "removed": self.removed, "problems": problems,
        }  # fmt: skip
