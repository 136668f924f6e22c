"""Where the documents of a feed are stored. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from feedarchive.documents.kept_document import KeptDocument

DOCUMENTS = "documents/"
_SUFFIX = ".warc.gz"
_OBJECT_TIME = "%Y-%m/%dT%H%M%SZ"
_MONTH_FILE = re.compile(r"(?P<feed>[^/]+)/(?P<month>\d{4}-\d{2})(?:-(?P<number>\d+))?\.warc\.gz")
_OBJECT = re.compile(
    r"(?P<feed>[^/]+)/(?P<time>(?P<month>\d{4}-\d{2})/\d{2}T\d{6}Z)-(?P<digest>[A-Z2-7]{32})(?P<again>-again)?\.warc\.gz"
)


@dataclass(frozen=True)
class DocumentKey:
    """A key of documents: a feed's month on a folder, or one document in S3.

    ``time`` and ``digest`` are those of one document, else None and "". ``is_revisit``: another key has its body.
    """

    key: str
    feed: str
    month: str
    time: datetime | None = None
    digest: str = ""
    is_revisit: bool = False


def month_key(feed: str, month: str, number: int = 1) -> str:
    """The file of a month. A further one is started only if the end of the one before is damaged."""
    return f"{DOCUMENTS}{feed}/{month}{f'-{number}' if number > 1 else ''}{_SUFFIX}"


def object_key(document: KeptDocument, is_revisit: bool) -> str:
    """The key of a document in S3: the same for the same document, so that it is created once."""
    time, again = document.time.astimezone(UTC), "-again" if is_revisit else ""
    return f"{DOCUMENTS}{document.feed}/{time:{_OBJECT_TIME}}-{document.digest}{again}{_SUFFIX}"


def parse_key(key: str, prefix: str = DOCUMENTS) -> DocumentKey | None:
    """What a key says; None if it is not one of documents. ``prefix`` is before the folders of the feeds."""
    path = key.removeprefix(prefix)
    if match := _MONTH_FILE.fullmatch(path):
        return DocumentKey(key, match["feed"], match["month"])
    if match := _OBJECT.fullmatch(path):
        time = datetime.strptime(match["time"], _OBJECT_TIME).replace(tzinfo=UTC)
        return DocumentKey(key, match["feed"], match["month"], time, match["digest"], bool(match["again"]))
    return None
