"""The result of archiving a feed document: what was done, and the facts that the next poll of the feed needs."""

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
    """An edit of an article that waits: it is not archived now, but a later poll may archive it.

    - ``title``: the fingerprint of the article's title in the last document.
    - ``since``: the time of the last poll before this title appeared.
    """

    title: str
    since: datetime

    def pack(self) -> str:
        """Return the edit as one string, for a state file."""
        return f"{self.title} {self.since.isoformat()}"

    @classmethod
    def unpack(cls, packed: str) -> HeldBack:
        """Reverse ``pack``. Raises ValueError for a string that ``pack`` cannot have returned."""
        title, since = packed.split()
        time = datetime.fromisoformat(since)
        if time.tzinfo is None:
            raise ValueError(f"no time zone in {since}")
        return cls(title, time)


@dataclass(frozen=True)
class PreviousPoll:
    """What earlier polls stored about a feed.

    - ``known_entries``: the entries that are skipped if they are unchanged. Maps the hash of an entry to the id of its
      article, or to "" if the entry was rejected.
    - ``wordings``: maps the id of each article in the last document to its wording (fingerprint of title and text).
    - ``held_back``: the edits that are not archived yet, by article id.
    - ``noisy``: whether most entries change at every poll (noisy_feeds.py).
    - ``changes``: how many entries changed at the last polls, oldest poll first (noisy_feeds.py).
    - ``time``: the time of the last successful poll; None if there was none.
    """

    known_entries: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    held_back: Mapping[str, HeldBack] = field(default_factory=dict)
    noisy: bool = False
    changes: tuple[Changes, ...] = ()
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenArticle:
    """An article that a poll archived or compared with its archived versions.

    - ``version``: the key of its newest version.
    - ``link``: the URL of its page, without secrets.
    - ``larger_images``: pairs of URLs: the URL of an image in the entry, and the URL of a larger version to store.
    """

    id: str
    version: str
    link: str
    larger_images: tuple[tuple[str, str], ...] = ()


@dataclass
class DocumentResult:
    """The result of archiving one feed document.

    - ``new``, ``known``, ``revised``, ``rejected``: numbers of entries.
    - ``known_entries``, ``wordings``, ``held_back``, ``noisy``, ``changes``, ``time``: facts for the next poll (see
      PreviousPoll).
    - ``unfinished``: some entries are not archived yet, so the next poll must parse the document even if it has not
      changed.
    - ``seen``: the articles that this poll archived or compared with their archived versions, by article id.
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
