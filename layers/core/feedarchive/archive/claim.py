"""Claims: small JSON objects, created once, that bind an article's identity to the key of its file.

The claim of an article has the key ``claims/3f/<id>``. The claim of a GUID has the key of the id made from feed and
GUID, and names the article's id. Both kinds share one namespace. So an entry that first has only a GUID, and later also
a link, leads to the same claim.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from feedarchive.json_values import DamagedJSON, parse_json


@dataclass(frozen=True)
class ArticleClaim:
    """The key of an article's file, and facts about the article when it was claimed.

    - ``time``: the article's ``archived`` time.
    - ``title``, ``wording``: fingerprints.
    - ``deleted``: when the article was deleted. A claim with this time is a tombstone: the article is never archived
      again.
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
    """Binds a feed's GUID to an article."""

    article_id: str
    time: datetime
    feed: str
    guid: str


Claim = ArticleClaim | GuidClaim
_KEYS = {"article_id": "names"}  # the names in JSON of attributes that have another name there


def claim_key(name: str) -> str:
    """The key of a claim: ``claims/3f/3f9a2c1b0d…``. ``name`` is an id, or an id with a suffix such as ``.r2``."""
    return f"claims/{name[:2]}/{name}"


def claim_to_json(claim: Claim) -> bytes:
    """The claim as one line of JSON."""
    fields = {_KEYS.get(name, name): value for name, value in vars(claim).items() if value is not None}
    return (json.dumps(fields, ensure_ascii=False, default=_format_time) + "\n").encode("utf-8", "replace")


def parse_claim(data: bytes) -> Claim | None:
    """The claim in a file; None if a power cut truncated the file, or this program did not write it."""
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
    """The tombstone that replaces an article's claim; None if ``data`` is no such claim, or already a tombstone."""
    claim = parse_claim(data)
    if not isinstance(claim, ArticleClaim) or claim.deleted:
        return None
    return claim_to_json(replace(claim, deleted=deleted))


def _format_time(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat().replace("+00:00", "Z")
