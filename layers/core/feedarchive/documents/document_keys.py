"""Where the documents of a feed are stored. Pure functions."""

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
    """The key of a feed's stored documents.

    In a folder, one file contains all documents of a feed from one month. In S3, each document is an object.

    ``time``: when the document was fetched; None for the file of a month.
    ``digest``: the digest of the document's body; "" for the file of a month.
    ``is_revisit``: True if the object contains no body, because an earlier document has the same body.
    """

    key: str
    feed: str
    month: str
    time: datetime | None = None
    digest: str = ""
    is_revisit: bool = False


def month_key(feed: str, month: str, number: int = 1) -> str:
    """Returns the key of the file with a feed's documents of a month.

    If the end of this file is damaged, nothing can be appended to it: the next documents go to a file with the next
    ``number``.
    """
    return f"{DOCUMENTS}{feed}/{month}{f'-{number}' if number > 1 else ''}{_SUFFIX}"


def object_key(document: KeptDocument, is_revisit: bool) -> str:
    """Returns the key of a document in S3. It depends only on the document, so that no document is stored twice."""
    time, again = document.time.astimezone(UTC), "-again" if is_revisit else ""
    return f"{DOCUMENTS}{document.feed}/{time:{_OBJECT_TIME}}-{document.digest}{again}{_SUFFIX}"


def parse_key(key: str, prefix: str = DOCUMENTS) -> DocumentKey | None:
    """Parse the key of a feed's documents; None for any other key. ``prefix`` is the part before the feed's id."""
    path = key.removeprefix(prefix)
    if match := _MONTH_FILE.fullmatch(path):
        return DocumentKey(key, match["feed"], match["month"])
    if match := _OBJECT.fullmatch(path):
        time = datetime.strptime(match["time"], _OBJECT_TIME).replace(tzinfo=UTC)
        return DocumentKey(key, match["feed"], match["month"], time, match["digest"], bool(match["again"]))
    return None
