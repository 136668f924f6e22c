"""Find archived articles without the full text or the list of media that their feed's options ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.archive.document_result import SeenArticle
from feedarchive.article.file_names import CompanionKind, file_name_of
from feedarchive.article.word_count import count_visible_words
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.completion.job import Job, JobKind
from feedarchive.completion.job_list import JobList
from feedarchive.completion.wanted_jobs import has_enough_words, jobs_for, kinds_for
from feedarchive.feeds.feed import Feed
from feedarchive.media.article_media import references_in
from feedarchive.store.interface import Store

_STORED_AS = {JobKind.PAGE: CompanionKind.FULL_TEXT, JobKind.MEDIA: CompanionKind.MEDIA}


def missing_jobs(
    store: Store, feeds: Mapping[str, Feed], lists: Collection[JobList], since: date | None, now: datetime
) -> Iterator[Job]:
    """Yield a job for each full text and each list of media that an article lacks, the newest articles first.

    - ``feeds``: the feeds whose articles are looked at, by id.
    - ``lists``: the job lists. Jobs that wait in a list or were given up are not yielded.
    - ``since``: look only at articles that were archived on this day or later; None for all articles.

    The files of an article are read only when its jobs are needed, so a caller who needs few jobs can stop early.
    """
    first_day = f"archive/{since:%Y/%m/%d}" if since else ""
    newest: dict[str, str] = {}
    companions: defaultdict[str, dict[CompanionKind, tuple[int, str]]] = defaultdict(dict)
    wanted = {_STORED_AS[kind] for feed in feeds.values() for kind in kinds_for(feed)}
    for key in store.list("archive/"):
        name = file_name_of(key)
        if name is None:
            continue
        if name.kind:
            latest = companions[name.id].get(name.kind, (0, ""))
            companions[name.id][name.kind] = max(latest, (name.number, key))
        elif key >= first_day:
            newest[name.id] = key
    listed = {key for jobs in lists for key in (*jobs.jobs, *jobs.given_up)}
    for short_id, key in sorted(newest.items(), key=lambda item: item[1], reverse=True):
        found = {kind: latest for kind, (_, latest) in companions.get(short_id, {}).items()}
        if wanted <= found.keys():
            continue
        article = _Article(store, key, found)
        for job in article.jobs(feeds, now):
            if _STORED_AS[job.kind] not in article.companions and job.key not in listed:
                yield job


@dataclass(frozen=True)
class _Article:
    """An archived article.

    - ``key``: the key of its newest version.
    - ``companions``: the keys of its newest full text and its newest list of media, if they exist.
    """

    store: Store
    key: str
    companions: Mapping[CompanionKind, str]

    def jobs(self, feeds: Mapping[str, Feed], now: datetime) -> list[Job]:
        """Return all jobs for the article. Return [] if it was deleted, or if its feed is not in ``feeds``."""
        stored = self.store.read(self.key)
        fields = parse_front_matter(stored.data.decode("utf-8", "replace")) if stored else {}
        article_id, link = str(fields.get("id", "")), str(fields.get("link", ""))
        claimed = self.store.read(claim_key(article_id)) if article_id else None
        claim = parse_claim(claimed.data) if claimed else None
        feed = feeds.get(claim.feed) if isinstance(claim, ArticleClaim) and not claim.deleted else None
        if stored is None or feed is None:
            return []
        found = jobs_for(feed, SeenArticle(article_id, self.key, link), now)
        return [job for job in found if self._would_store(job.kind, stored.data, feed)]

    def _would_store(self, kind: JobKind, data: bytes, feed: Feed) -> bool:
        """Check whether a job of this kind would store a file. ``data`` is the content of the article's file."""
        if kind is JobKind.PAGE:
            return not has_enough_words(feed, count_visible_words(body_of(data.decode("utf-8", "replace"))))
        full_text = self.companions.get(CompanionKind.FULL_TEXT)
        stored = self.store.read(full_text) if full_text else None
        return bool(references_in([data, stored.data] if stored else [data], feed.images, feed.enclosures))
