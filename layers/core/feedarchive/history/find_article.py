"""Find the articles that a user means by a file name or a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from feedarchive.archive.claim import ArticleClaim, GuidClaim, claim_key, parse_claim
from feedarchive.article.file_names import short_id_of_name
from feedarchive.concurrency import in_parallel
from feedarchive.digest.calendar import days_in_archive
from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_json import parse_digest_json
from feedarchive.identity.article_id import id_of_url
from feedarchive.identity.canonical_url import canonical_url
from feedarchive.store.interface import Store


def is_link(target: str) -> bool:
    """Whether ``target``, which a user typed, is a link. Otherwise it is a path, a key or a file name."""
    return "://" in target


def file_name(target: str) -> str:
    """Return the file name at the end of a path or key; "" if ``target`` is a link."""
    return "" if is_link(target) else target.replace("\\", "/").rpartition("/")[2]


def short_ids(store: Store, target: str, time_zone: str) -> list[str]:
    """Return the short ids (12 digits) of the articles that a file name or link stands for, sorted.

    Returns [] if there is no such article.
    """
    if not is_link(target):
        return [short_id] if (short_id := short_id_of_name(file_name(target))) else []
    if not (wanted := canonical_url(target)):
        return []
    return sorted(set(_claimed(store, target)) or set(_in_digests(store, wanted, time_zone)))


def _claimed(store: Store, link: str) -> Iterator[str]:
    stored = store.read(claim_key(id_of_url(link)))
    claim = parse_claim(stored.data) if stored else None
    if isinstance(claim, ArticleClaim):
        yield id_of_url(link)[:12]
    elif isinstance(claim, GuidClaim):  # the article was archived with another link, and got this one later
        yield claim.article_id[:12]


def _in_digests(store: Store, wanted: str, time_zone: str) -> Iterable[str]:
    def of_day(day: date) -> list[str]:
        stored = store.read(f"{day_folder(day)}digest.json")
        entries = parse_digest_json(stored.data, day, time_zone).values() if stored else ()
        return [entry.id[:12] for entry in entries if canonical_url(entry.link) == wanted]

    found = in_parallel(of_day, days_in_archive(store), store.threads)
    return [short_id for some in found for short_id in some]
