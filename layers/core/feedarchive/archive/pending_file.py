"""A file that is to be written once, and the result of the attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from feedarchive.archive.claim import ArticleClaim


class ClaimOutcome(StrEnum):
    """How an attempt to write a file ended."""

    CREATED = "created"
    ALREADY_ARCHIVED = "already archived"
    DELETED = "deleted"
    OTHER_ARTICLE = "other article"
    """The claim with this name belongs to another article, so nothing was written."""


@dataclass(frozen=True)
class ClaimResult:
    """How an attempt to write a file ended, and the claim of that file.

    - ``claim``: the claim that is stored now.
    - ``name``: the name of that claim. It differs from ``PendingFile.name`` if the entry turned out to be an article
      that was archived under another id.
    """

    outcome: ClaimOutcome
    claim: ArticleClaim
    name: str


class PendingFile(Protocol):
    """A file to be written once, and the claim to make for it."""

    @property
    def name(self) -> str:
        """The name of the file's claim, for example ``<id>.r2``: see ``claim_name`` in article/file_names.py."""

    @property
    def first_version(self) -> str:
        """The name of the claim of the article's first version; "" if this file is the first version."""

    def new_claim(self, now: datetime) -> ArticleClaim:
        """Return the claim to create for the file if it is archived at the time ``now``."""

    def render(self, claim: ArticleClaim) -> bytes:
        """Return the bytes of the file. They contain the time of the claim."""

    def belongs_to(self, claim: ArticleClaim) -> bool:
        """Is the stored claim with this file's ``name`` a claim of the same article?"""

    def of_article(self, name: str) -> PendingFile | None:
        """Return the same file with another article id, ``name``, because the article was archived under that id.

        Returns None for later versions and companions: their claims never name another article.
        """
