"""An article: what its file is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Article:
    """Everything in an article's file that comes from the entry and its feed.

    ``published`` and ``updated`` are the publisher's dates, unclamped. Values that depend on the time of archiving are
    added when the file is rendered. ``wording`` is the fingerprint of title and text, ``wording_1`` that of version
    1 if ``wording`` has another version: an older release may have archived the article with it.
    """

    id: str
    title: str
    description: str
    image: str
    link: str
    source: str
    feed: str
    body: str
    wording: str
    guid: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    wording_1: str = ""
