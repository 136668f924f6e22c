"""Mask the secrets of a feed's URL in parsed texts: a feed document may contain its own URL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from feedarchive.article.article import Article
from feedarchive.document.model import NotAFeed
from feedarchive.identity.article_id import Identity
from feedarchive.parsing.model import Candidate, ParsedDocument, RejectedEntry, UnconvertedEntry
from feedarchive.url_secrets import hide_secrets

_Part = ParsedDocument | NotAFeed | Candidate | RejectedEntry
_NEVER_MASKED = {"id", "entry_hash", "folder", "feed_id", "former_feed_id"}


def mask_secrets(part: _Part, secrets: tuple[str, ...]) -> _Part:
    """Return a copy of ``part`` with the secrets masked. Article ids and entry hashes do not change."""
    if not secrets:
        return part
    masked: _Part = _masked(part, secrets)
    return masked


def _masked(part: Any, secrets: tuple[str, ...]) -> Any:
    """Copy a dataclass, and mask the secrets in its texts, also in nested dataclasses and tuples."""
    values = {name: _value(value, secrets) for name, value in vars(part).items() if name not in _NEVER_MASKED}
    return replace(part, **values)


def _value(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return hide_secrets(value, secrets)
    if isinstance(value, tuple):
        return tuple(_value(each, secrets) for each in value)
    return _masked(value, secrets) if isinstance(value, _MASKED_TYPES) else value


_MASKED_TYPES = (Article, Identity, Candidate, RejectedEntry, UnconvertedEntry)
