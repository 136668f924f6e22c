"""An article: what its file is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Article:
    """Everything in an article's file that comes from the entry and its feed.

    Values that depend on the time of archiving are added when the file is rendered.

    - ``wording``: the fingerprint of title and text.
    - ``published``, ``updated``: the publisher's dates, even if they are in the future.
    - ``wording_1``: the fingerprint in format 1, with which an older release may have archived the article; "" if
      ``wording`` has format 1.
    - ``published_as_written``: a date of publication that cannot be parsed.
    - ``duration``: in seconds.
    - ``original_feed``, ``original_source``: title and URL of the feed from which an aggregator took the entry.
    - ``larger_images``: pairs of URLs: of an image in the entry, and of a larger version of it, which is better to
      store. These are not in the file.
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
    published_as_written: str = ""
    duration: int | None = None
    episode: str = ""
    season: str = ""
    transcript: str = ""
    chapters: str = ""
    original_feed: str = ""
    original_source: str = ""
    larger_images: tuple[tuple[str, str], ...] = ()
