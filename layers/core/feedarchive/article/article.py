"""An article: what its file is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Article:
    """Everything in an article's file that comes from the entry and its feed.

    ``published`` and ``updated`` are the publisher's dates, unclamped. Values that depend on the time of archiving are
    added when the file is rendered. ``wording`` is the fingerprint of title and text. ``wording_1`` is their
    fingerprint in format 1, with which an older release may have archived the article; "" if ``wording`` has format 1.
    ``published_as_written`` is a date that cannot be parsed. ``duration`` is in seconds. ``original_feed`` and
    ``original_source`` are the title and URL of the feed that an aggregator took the entry from. ``larger_images`` has,
    for each image of which the entry has a version that is better to store, both URLs; it is not in the file.
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
