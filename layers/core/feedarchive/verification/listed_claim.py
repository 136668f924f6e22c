"""What the claim of a listed file must say: the few facts of a digest that are kept to check all claims."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime

from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import ListedFile
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.identity.canonical_url import canonical_guid
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.rfc3339 import parse_rfc3339


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """The facts of one file. Small, because a check keeps those of all files.

    ``source``, ``title``, ``wording`` and ``guid`` are "" for a companion, whose ``sha256`` is that of its file and
    ``article_id`` that of its article; these are "" for a version.
    """

    key: str
    archived: int
    """Seconds since the epoch."""
    source: str = ""
    title: str = ""
    wording: str = ""
    guid: str = ""
    sha256: str = ""
    article_id: str = ""

    @property
    def is_companion(self) -> bool:
        return bool(self.article_id)

    def is_time(self, moment: datetime) -> bool:
        """Check a claim's time, which also has microseconds."""
        return int(moment.timestamp() // 1) == self.archived


def listed_claim(file: ListedFile) -> ListedClaim:
    """The facts of a file that a digest lists."""
    archived = int(parse_rfc3339(file.archived).timestamp())
    if isinstance(file, Companion):
        return ListedClaim(file.key, archived, sha256=file.sha256, article_id=file.id)
    assert isinstance(file, DigestEntry)
    guid = "" if file.is_revision else canonical_guid(" ".join(file.guid.split()))
    return ListedClaim(file.key, archived, sys.intern(file.source), fingerprint(file.title), file.wording, guid)
