"""Estimate how many files a list of jobs would fetch. Only the archive is read; no request is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.completion.job import Job, JobKind
from feedarchive.feeds.feed import Feed
from feedarchive.media.article_lists import texts_of_article
from feedarchive.media.article_media import MAX_ENCLOSURES, MAX_IMAGES, Role, references_in
from feedarchive.media.storage import PICTURE_BYTES

_LIMITS = {Role.IMAGE: MAX_IMAGES, Role.ENCLOSURE: MAX_ENCLOSURES}


@dataclass(frozen=True)
class Estimate:
    """How many pages, pictures and enclosures would be fetched, and for how many articles.

    The pictures in pages are unknown before the pages are fetched, so they are not counted.
    """

    articles: int
    pages: int
    pictures: int
    enclosures: int

    @property
    def picture_bytes(self) -> int:
        """The estimated size of all pictures in bytes, at 150 kB each."""
        return self.pictures * PICTURE_BYTES


def estimate(claims: ClaimProtocol, jobs: Iterable[Job], feeds: Mapping[str, Feed]) -> Estimate:
    """Count the pages, pictures and enclosures that these jobs would fetch."""
    articles, pages, counts = set[str](), 0, Counter[Role]()
    for job in jobs:
        feed = feeds.get(job.feed)
        if feed is None:
            continue
        articles.add(job.id)
        if job.kind is JobKind.PAGE:
            pages += 1
        else:
            texts = texts_of_article(claims, job.id, job.version)
            found = Counter(each.role for each in references_in(texts, feed.images, feed.enclosures))
            counts.update({role: min(number, _LIMITS[role]) for role, number in found.items()})
    return Estimate(len(articles), pages, counts[Role.IMAGE], counts[Role.ENCLOSURE])
