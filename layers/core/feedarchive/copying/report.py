"""What a copy did, and what it could not do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from feedarchive.kinds import Kind


class CopyProblem(Kind):
    """Why a file was not copied."""

    MISSING = "missing", "the source lists the file but does not have it"
    DAMAGED = "damaged", "the file at the source is not the one that its digest lists"
    DIFFERENT = "different", "the destination has another file of this name, which is never overwritten"
    UNREADABLE = "unreadable", "the digest at the source is damaged, or is not the one that its index lists"
    FORGOTTEN = "forgotten", "the article was forgotten at the source: delete the copy, or use --everything"


@dataclass(frozen=True)
class FileProblem:
    """A file that was not copied, and why."""

    key: str
    problem: CopyProblem

    @property
    def line(self) -> str:
        return f"{self.key}: {self.problem.meaning}"


class Progress(Protocol):
    """Shows how far a copy is."""

    def expect(self, size: int) -> None:
        """``size`` more bytes are to be copied."""

    def advance(self, size: int) -> None:
        """``size`` more bytes are copied, or need no copy."""


class NoProgress:
    """Shows nothing."""

    def expect(self, size: int) -> None:
        pass

    def advance(self, size: int) -> None:
        pass


@dataclass
class CopyReport:
    """What a copy did.

    ``days``: the number of days that were copied.
    ``files``, ``bytes``: the number and the size of the files that were copied.
    ``removed``: the keys of files of forgotten articles that were deleted at the destination.
    ``problems``: the files that were not copied.
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
