"""What the claim of a file must say according to the digest that lists the file."""

from __future__ import annotations

import sys
from collections.abc import Callable
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
    """What a digest says about a file. The claim of the file must say the same.

    The file is a version of an article, or a companion (a full text or a list of media).

    - ``source``, ``title``, ``wording``, ``guid``: set for a version. ``title`` and ``wording`` are fingerprints.
    - ``sha256``, ``article_id``: set for a companion. They are the hash of the companion and the id of the article.
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

    def __reduce__(self) -> tuple[Callable[..., ListedClaim], tuple[str | int, ...]]:
        """Save memory: unpickled objects with the same ``source`` share one string."""
        return _received, tuple(getattr(self, name) for name in self.__slots__)

    def is_time(self, moment: datetime) -> bool:
        """Check whether ``moment`` is the time of archiving in the digest. Microseconds are ignored."""
        return int(moment.timestamp() // 1) == self.archived


def _received(key: str, archived: int, source: str, *others: str) -> ListedClaim:
    return ListedClaim(key, archived, sys.intern(source), *others)


def listed_claim(file: ListedFile) -> ListedClaim:
    """Make the ListedClaim of a file that a digest lists."""
    archived = int(parse_rfc3339(file.archived).timestamp())
    if isinstance(file, Companion):
        return ListedClaim(file.key, archived, sha256=file.sha256, article_id=file.id)
    assert isinstance(file, DigestEntry)
    guid = "" if file.is_revision else canonical_guid(" ".join(file.guid.split()))
    return ListedClaim(file.key, archived, sys.intern(file.source), fingerprint(file.title), file.wording, guid)
