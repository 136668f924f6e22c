"""The findings of a check: which file is wrong, what is wrong with it, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from feedarchive.kinds import Kind

_COPY = "put it back from a copy with feedarchive repair"
_BUILD = "run feedarchive digest --day DAY"


class Fault(Kind):
    """What is wrong with a file."""

    MISSING = "missing", "a digest lists the file, but the file is missing", _COPY
    CHANGED = "changed", "the file was changed: its hash is not the one in the digest", _COPY
    TRUNCATED = "truncated", "the file is empty or cut off", _COPY
    UNLISTED = "unlisted", "no digest lists the article, and no claim names it", f"delete it, or {_BUILD}"
    FOREIGN = "foreign", "the file does not belong to an archive", "move it away"
    DOUBLED = "doubled", "two files contain the same version of an article", "delete the file that no claim names"
    DIGEST_MISSING = "digest-missing", "the index lists the day, but the digest of the day is missing", _COPY
    DIGEST_CHANGED = (
        "digest-changed", "the digest was changed: its hash is not the one in the index", f"{_COPY}, or {_BUILD}",
    )  # fmt: skip
    DIGEST_UNLISTED = "digest-unlisted", "the index does not list the day", "run feedarchive digest --all"
    INDEX_MISSING = "index-missing", "there is no index of the days", "run feedarchive digest --all"
    INDEX_CHANGED = "index-changed", "the index is damaged", "run feedarchive digest --all"
    CLAIM_MISSING = "claim-missing", "an article has no claim, so it could be archived twice", "run feedarchive repair"
    CLAIMS_LOST = "claims-lost", "there are articles, but no claims", "run feedarchive repair"
    CLAIM_DAMAGED = "claim-damaged", "the claim cannot be read", "run feedarchive repair"
    CLAIM_DIFFERS = "claim-differs", "the claim does not fit the article that it names", "run feedarchive repair"
    TOMBSTONE_MISSING = (
        "tombstone-missing", "the claim of a forgotten article is missing",
        "copy the claim back from a backup of claims/, or run feedarchive forget for the article again",
    )  # fmt: skip
    FILE_OF_CLAIM_MISSING = (
        "file-of-claim-missing", "the claim names an article file that is missing", "run feedarchive fetch",
    )  # fmt: skip
    MEDIA_MISSING = (
        "media-missing", "a list of media contains the picture or enclosure, but its file is missing", _COPY,
    )  # fmt: skip
    MEDIA_CHANGED = (
        "media-changed", "the bytes of the picture or enclosure do not match the hash in its name", _COPY,
    )  # fmt: skip
    RECORD_MISSING = "record-missing", "the record is missing, but another record of the chain names it", _COPY
    RECORD_CHANGED = (
        "record-changed", "the record was changed: its hash is not the one in the chain", _COPY,
    )  # fmt: skip
    NOT_AS_RECORDED = (
        "not-as-recorded", "the day's files differ from the day record, and no change record explains it", _COPY,
    )  # fmt: skip
    DOCUMENT_DAMAGED = (
        "document-damaged", "a feed document in the file is damaged", "put the file back from a copy of documents/",
    )  # fmt: skip
    STAMP_WRONG = "stamp-wrong", "the time stamp does not fit the record that it names", _COPY


@dataclass(frozen=True)
class Finding:
    """A file and what is wrong with it.

    - ``day``: the day to which the file belongs, such as ``2025-12-25``; "" if it belongs to no day.
    - ``detail``: more about what is wrong; "" if there is nothing to add.
    """

    key: str
    fault: Fault
    day: str = ""
    detail: str = ""

    @property
    def advice(self) -> str:
        return self.fault.advice.replace("DAY", self.day) if self.day else self.fault.advice.replace(" --day DAY", "")

    @property
    def line(self) -> str:
        """The file, what is wrong and what to do, on one line."""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.key}: {self.fault.meaning}{detail}; {self.advice}"

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "fault": self.fault.value, "day": self.day, "detail": self.detail}


@dataclass(frozen=True)
class Note:
    """Something to report that is not a fault, for example a picture that no article uses."""

    key: str
    text: str
