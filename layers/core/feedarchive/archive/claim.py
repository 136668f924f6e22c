"""Claims: small JSON objects that say which articles are archived, and in which files.

There are two kinds, and both have keys such as ``claims/3f/3f9a…``, made from an id:

- The claim of an article is stored under the article's id. It contains the key of the article's file.
- The claim of a GUID is stored under an id made from the feed's id and the GUID. It contains the id of the article.

If an entry has a GUID but no link, both ids are the same, so there is only the claim of the article.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from feedarchive.json_values import DamagedJSON, parse_json


@dataclass(frozen=True)
class ArticleClaim:
    """The claim of one file: a version of an article, or a companion such as its full text.

    - ``key``: the key of the file.
    - ``time``: when the file was archived.
    - ``feed``: the id of the feed.
    - ``guid``: the GUID of the entry; "" if it is missing or not unique.
    - ``title``: a fingerprint of the title.
    - ``wording``: a fingerprint of title and text.
    - ``deleted``: when the article was forgotten, or None. A claim with this time is a tombstone: the article is never
      archived again.
    """

    key: str
    time: datetime
    feed: str
    guid: str
    title: str
    wording: str
    deleted: datetime | None = None


@dataclass(frozen=True)
class GuidClaim:
    """The claim of a GUID: it says to which article the GUID belongs. ``time`` is when it was created."""

    article_id: str
    time: datetime
    feed: str
    guid: str


Claim = ArticleClaim | GuidClaim
_KEYS_IN_JSON = {"article_id": "names"}


def claim_key(name: str) -> str:
    """Return the key of a claim. ``name`` is an id, perhaps with a suffix: "3f9a….r2" -> "claims/3f/3f9a….r2"."""
    return f"claims/{name[:2]}/{name}"


def claim_to_json(claim: Claim) -> bytes:
    """Return a claim as one line of JSON, which ends with a newline."""
    fields = {_KEYS_IN_JSON.get(name, name): value for name, value in vars(claim).items() if value is not None}
    return (json.dumps(fields, ensure_ascii=False, default=_format_time) + "\n").encode("utf-8", "replace")


def parse_claim(data: bytes) -> Claim | None:
    """Parse a claim. Returns None if ``data`` is truncated (after a power cut), or if this program did not write it."""
    if not data.endswith(b"\n"):
        return None
    try:
        fields = parse_json(data)
        if "names" in fields:
            fields.allow_only("names", "time", "feed", "guid")
            return GuidClaim(fields.text("names"), fields.time("time"), fields.text("feed"), fields.text("guid"))
        fields.allow_only("key", "time", "feed", "guid", "title", "wording", "deleted")
        return ArticleClaim(
            key=fields.text("key"),
            time=fields.time("time"),
            feed=fields.text("feed"),
            guid=fields.text("guid"),
            title=fields.text("title"),
            wording=fields.text("wording"),
            deleted=fields.time("deleted") if "deleted" in fields else None,
        )
    except DamagedJSON:
        return None


def make_tombstone(data: bytes, deleted: datetime) -> bytes | None:
    """Return the tombstone for an article's claim. ``deleted``: when the article was forgotten.

    Returns None if ``data`` is a tombstone already, or not the claim of an article.
    """
    claim = parse_claim(data)
    if not isinstance(claim, ArticleClaim) or claim.deleted:
        return None
    return claim_to_json(replace(claim, deleted=deleted))


def _format_time(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat().replace("+00:00", "Z")
