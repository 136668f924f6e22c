"""What archiving a document did, and what the next poll of its feed must know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedarchive.archive.noisy_feeds import Changes
from feedarchive.parsing.model import RejectedEntry
from feedarchive.problems import ProblemKind
from feedarchive.report import Problem


@dataclass(frozen=True)
class HeldBack:
    """An article of which an edit was held back (see Verdict.is_held_back) and reported.

    - ``title``: the fingerprint of the title at the last poll.
    - ``since``: the time of the last poll at which the article had another title.
    """

    title: str
    since: datetime

    def pack(self) -> str:
        """Both values as one string, for the state file."""
        return f"{self.title} {self.since.isoformat()}"

    @classmethod
    def unpack(cls, packed: str) -> HeldBack:
        """The reverse of ``pack``. Raises ValueError for other strings."""
        title, since = packed.split()
        time = datetime.fromisoformat(since)
        if time.tzinfo is None:
            raise ValueError(f"no time zone in {since}")
        return cls(title, time)


@dataclass(frozen=True)
class PreviousPoll:
    """Facts from earlier polls.

    - ``known_entries``: article ids ("" for a rejected entry), by the hash of the entry. These entries are skipped.
    - ``wordings``: the fingerprints of articles, by article id.
    - ``held_back``: articles of which an edit was held back, by id.
    - ``noisy``, ``changes``: see noisy_feeds.py.
    - ``time``: the time of the last poll that succeeded.
    """

    known_entries: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    held_back: Mapping[str, HeldBack] = field(default_factory=dict)
    noisy: bool = False
    changes: tuple[Changes, ...] = ()
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenArticle:
    """An article that a document contains and that was not skipped: it was archived, or compared with its versions.

    - ``version``: the key of its newest version.
    - ``link``: the URL of its page, without secrets.
    - ``larger_images``: see Article.
    """

    id: str
    version: str
    link: str
    larger_images: tuple[tuple[str, str], ...] = ()


@dataclass
class DocumentResult:
    """The number of entries of each kind, problems, and facts for the next poll.

    - ``known_entries``, ``wordings``, ``held_back``, ``noisy``, ``changes``, ``time``: see PreviousPoll.
    - ``unfinished``: some entries still have to be archived, so the next poll must parse the document even if it has
      not changed.
    - ``seen``: the articles that were not skipped, by id.
    """

    feed_id: str
    time: datetime
    new: int = 0
    known: int = 0
    revised: int = 0
    rejected: int = 0
    noisy: bool = False
    problems: list[Problem] = field(default_factory=list)
    known_entries: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, str] = field(default_factory=dict)
    held_back: dict[str, HeldBack] = field(default_factory=dict)
    changes: tuple[Changes, ...] = ()
    unfinished: bool = False
    seen: dict[str, SeenArticle] = field(default_factory=dict)

    def for_next_poll(self) -> PreviousPoll:
        return PreviousPoll(self.known_entries, self.wordings, self.held_back, self.noisy, self.changes, self.time)

    def add_problem(self, kind: ProblemKind, detail: str) -> None:
        self.problems.append(Problem(self.feed_id, kind, detail))

    def reject(self, entry: RejectedEntry) -> None:
        self.rejected += 1
        self.add_problem(entry.kind, f"not archived: {entry.label}: {entry.reason}")
        self.unfinished = self.unfinished or entry.retry
        if entry.entry_hash and not entry.retry:
            self.known_entries[entry.entry_hash] = ""
