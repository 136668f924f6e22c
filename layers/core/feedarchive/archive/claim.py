"""Claims: tiny objects, created once, that bind an identity to a file's key.

An article's claim lies at ``claims/3f/<id>``. A guid's claim lies at the id made of feed and guid
and names the article's id. The two share one name space: an entry known by its guid alone and the
same entry later known by its link meet there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from feedarchive.rfc3339 import parse_rfc3339
from feedarchive.store.interface import DAMAGED


@dataclass(frozen=True)
class ArticleClaim:
    """Which file an article has, and what was seen when it was claimed.

    ``time`` is the article's ``archived``; ``title`` and ``wording`` are fingerprints; ``deleted``
    is when somebody took the article out for good, None while it is in.
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
    """Which article (by id) a feed's guid belongs to."""

    names: str
    time: datetime
    feed: str
    guid: str


Claim = ArticleClaim | GuidClaim


def claim_key(claimed_id: str) -> str:
    """``claims/3f/3f9a2c1b0d…``"""
    return f"claims/{claimed_id[:2]}/{claimed_id}"


def to_bytes(claim: Claim) -> bytes:
    """One line of JSON."""
    fields = {name: value for name, value in vars(claim).items() if value is not None}
    return (json.dumps(fields, ensure_ascii=False, default=_time) + "\n").encode("utf-8", "replace")


def from_bytes(data: bytes) -> Claim | None:
    """The claim, or None for one that a power cut left torn, or that no program of ours wrote."""
    if not data.endswith(b"\n"):
        return None
    try:
        fields = json.loads(data)
        times = {name: parse_rfc3339(fields[name]) for name in ("time", "deleted") if name in fields}
        if any(type(value) is not str for value in fields.values()):
            return None
        return GuidClaim(**fields | times) if "names" in fields else ArticleClaim(**fields | times)
    except DAMAGED:
        return None


def _time(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat().replace("+00:00", "Z")
