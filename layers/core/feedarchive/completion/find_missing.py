"""Find the articles of an archive that have no full text, or no list of pictures, although their feed asks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.archive.document_result import SeenArticle
from feedarchive.article.file_names import CompanionKind, file_name_of
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.completion.job import Job, JobKind
from feedarchive.completion.job_list import JobList
from feedarchive.completion.wanted_jobs import jobs_for, kinds_for
from feedarchive.feeds.feed import Feed
from feedarchive.media.article_media import references_in
from feedarchive.store.interface import Store

_STORED_AS = {JobKind.PAGE: CompanionKind.FULL_TEXT, JobKind.MEDIA: CompanionKind.MEDIA}


def missing_jobs(
    store: Store, feeds: Mapping[str, Feed], lists: Collection[JobList], since: date | None, now: datetime
) -> Iterator[Job]:
    """Yield a job for each full text and each list of pictures that an article lacks, the newest articles first.

    - ``feeds``: the feeds whose articles are looked at, by id.
    - ``lists``: the job lists. Jobs that wait in a list or were given up are not yielded.
    - ``since``: look only at articles that were archived on this day or later; None for all articles.

    Each step reads files of the archive, so stop when you have enough jobs.
    """
    first_day = f"archive/{since:%Y/%m/%d}" if since else ""
    newest: dict[str, str] = {}
    complete: dict[str, set[CompanionKind]] = {}
    wanted = {_STORED_AS[kind] for feed in feeds.values() for kind in kinds_for(feed)}
    for key in store.list("archive/"):
        name = file_name_of(key)
        if name is None:
            continue
        if name.kind:
            complete.setdefault(name.id, set()).add(name.kind)
        elif key >= first_day:
            newest[name.id] = key
    listed = {key for jobs in lists for key in (*jobs.jobs, *jobs.given_up)}
    for short_id, key in sorted(newest.items(), key=lambda item: item[1], reverse=True):
        if wanted <= complete.get(short_id, set()):
            continue
        article = _Article(store, key, complete.get(short_id, set()))
        for job in article.jobs(feeds, now):
            if _STORED_AS[job.kind] not in article.companions and job.key not in listed:
                yield job


@dataclass(frozen=True)
class _Article:
    """An archived article.

    - ``key``: the key of its newest version.
    - ``companions``: the kinds of companions that it has (a full text, a list of pictures).
    """

    store: Store
    key: str
    companions: Collection[CompanionKind]

    def jobs(self, feeds: Mapping[str, Feed], now: datetime) -> list[Job]:
        """Return all jobs for the article. Return [] if the article was deleted, or is from none of these feeds."""
        stored = self.store.read(self.key)
        fields = parse_front_matter(stored.data.decode("utf-8", "replace")) if stored else {}
        article_id, link = str(fields.get("id", "")), str(fields.get("link", ""))
        claimed = self.store.read(claim_key(article_id)) if article_id else None
        claim = parse_claim(claimed.data) if claimed else None
        feed = feeds.get(claim.feed) if isinstance(claim, ArticleClaim) and not claim.deleted else None
        if stored is None or feed is None:
            return []
        found = jobs_for(feed, SeenArticle(article_id, self.key, link), now)
        return [job for job in found if job.kind is not JobKind.MEDIA or self._may_have_media(stored.data, feed)]

    def _may_have_media(self, data: bytes, feed: Feed) -> bool:
        """Check whether the article may have pictures or enclosures. A full text may have some, and is not read here.

        An article without them never gets a list of media. Without this check, every run would do its job again.
        """
        has_text = CompanionKind.FULL_TEXT in self.companions
        return has_text or bool(references_in([data], feed.images, feed.enclosures))
