"""A file to archive, as ``ClaimProtocol`` needs it (PendingFile), and the result of archiving it (ClaimResult)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from feedarchive.archive.claim import ArticleClaim


class ClaimOutcome(StrEnum):
    """Whether a file was written. If not, the reason."""

    CREATED = "created"
    ALREADY_ARCHIVED = "already archived"
    DELETED = "deleted"
    OTHER_ARTICLE = "other article"
    """Another article has the claim, so nothing was written."""


@dataclass(frozen=True)
class ClaimResult:
    """Whether a file was written, and its stored claim.

    - ``name``: the name of the claim. It differs from ``PendingFile.name`` if the article was already archived under
      another id.
    """

    outcome: ClaimOutcome
    claim: ArticleClaim
    name: str


class PendingFile(Protocol):
    """A file that is written if the archive does not have it yet."""

    @property
    def name(self) -> str:
        """The name of the file's claim, for example ``<id>.r2``: see ``claim_name`` in article/file_names.py."""

    @property
    def first_version(self) -> str:
        """The name of the claim of the article's first version; "" if this file is the first version."""

    def new_claim(self, now: datetime) -> ArticleClaim:
        """Return a claim of the file with the time ``now``."""

    def render(self, claim: ArticleClaim) -> bytes:
        """Return the bytes of the file. The field ``archived`` of the file is the time of the claim."""

    def belongs_to(self, claim: ArticleClaim) -> bool:
        """Check whether an existing claim of this name belongs to the same article as this file."""

    def follow_guid_claim(self, article_id: str) -> PendingFile | None:
        """Return the file to write if the claim with this file's name is the claim of a GUID; None if this is an error.

        ``article_id``: the id of the article in the GUID's claim.
        """
