"""Decide which jobs an article needs. This depends on the options of its feed: full_text, images, enclosures. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from feedarchive.archive.document_result import SeenArticle
from feedarchive.completion.job import Job, JobKind
from feedarchive.feeds.feed import Feed, FullText
from feedarchive.media.article_media import MAX_IMAGES

SHORT_WORDS = 100
"""If a feed has ``full_text = "short"``, only the pages of entries with fewer words than this are fetched."""


def jobs_for(feed: Feed, article: SeenArticle, now: datetime) -> list[Job]:
    """Return the jobs for an article. An article without a link gets no job for its page."""
    kinds = [kind for kind in kinds_for(feed) if article.link or kind is not JobKind.PAGE]
    jobs = [Job(kind, article.id, article.version, article.link, feed.id, now, now) for kind in kinds]
    larger = article.larger_images[:MAX_IMAGES]
    return [replace(job, larger_images=larger) if larger and job.kind is JobKind.MEDIA else job for job in jobs]


def kinds_for(feed: Feed) -> list[JobKind]:
    """Return the kinds of jobs that a feed's options ask for. The page comes first."""
    kinds = {
        JobKind.PAGE: feed.full_text is not FullText.OFF,
        JobKind.MEDIA: feed.images or feed.enclosures,
    }
    return [kind for kind, wanted in kinds.items() if wanted]


def has_enough_words(feed: Feed, words: int) -> bool:
    """Check whether the page of an entry is not needed: ``full_text`` is "short", and the entry has enough words."""
    return feed.full_text is FullText.SHORT and words >= SHORT_WORDS
