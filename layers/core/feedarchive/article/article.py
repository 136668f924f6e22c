"""The values from which the file of an article is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Article:
    """The values of an article that come from its entry and its feed.

    Values that depend on the time of archiving are added by ``render`` (front_matter.py).

    - ``source``, ``feed``: URL and title of the feed.
    - ``wording``: a fingerprint of title and text.
    - ``wording_1``: the fingerprint in the format of older releases; "" if ``wording`` has this format.
    - ``published``, ``updated``: the publisher's dates, even if they are in the future.
    - ``published_as_written``: the date of publication as the feed has it, if it cannot be parsed; otherwise "".
    - ``duration``: the length of an episode in seconds.
    - ``original_feed``, ``original_source``: title and URL of the feed from which an aggregator took the entry.
    - ``larger_images``: pairs ``(URL of an image in the entry, URL of the image in a larger size)``. Only the larger
      image is stored. The pairs are not written to the file.
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
