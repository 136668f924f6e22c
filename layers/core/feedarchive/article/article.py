"""An article, as its file is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Article:
    """Everything of an article's file that comes from the entry and its feed.

    ``published`` and ``updated`` are the publisher's, unclamped; what depends on when the article
    was archived is added when the file is rendered.
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
