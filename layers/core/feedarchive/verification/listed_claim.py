"""What the claim of a file must say according to the digest that lists the file."""

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
    """The facts that a digest lists about one file: a version or a companion. A check keeps those of all files.

    - ``source``, ``title``, ``wording``, ``guid``: of a version; "" for a companion. ``title`` is a fingerprint.
    - ``sha256``: the hash of a companion's file; "" for a version.
    - ``article_id``: the id of a companion's article; "" for a version.
    """

    key: str
    archived: int
    """The time of archiving, in seconds since 1970."""
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
        """Check whether the time of a claim, without its microseconds, is the one in the digest."""
        return int(moment.timestamp() // 1) == self.archived


def listed_claim(file: ListedFile) -> ListedClaim:
    """The facts of a file that a digest lists."""
    archived = int(parse_rfc3339(file.archived).timestamp())
    if isinstance(file, Companion):
        return ListedClaim(file.key, archived, sha256=file.sha256, article_id=file.id)
    assert isinstance(file, DigestEntry)
    guid = "" if file.is_revision else canonical_guid(" ".join(file.guid.split()))
    return ListedClaim(file.key, archived, sys.intern(file.source), fingerprint(file.title), file.wording, guid)
