"""Store the pictures and enclosures of an article, and write its list of media.

The objects (the files in ``media/``) are stored first, then the list. An interrupted run can be repeated, because the
key of an object is the hash of its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from feedarchive.archive.claim_protocol import QUICK_WRITE, ClaimProtocol
from feedarchive.archive.companion_file import PendingCompanion, archived_companions
from feedarchive.archive.pending_file import ClaimOutcome
from feedarchive.article.file_names import CompanionKind
from feedarchive.feeds.feed import Feed
from feedarchive.fetching.problems import FetchProblem
from feedarchive.media.article_lists import media_lists, read_media_list, texts_of_article
from feedarchive.media.article_media import MAX_ENCLOSURES, MAX_IMAGES, Reference, Role, references_in
from feedarchive.media.fetch_files import TEMPORARY, FileFetcher
from feedarchive.media.media_list import MediaItem, MediaList, StoredFile, media_list_to_json
from feedarchive.media.problem import MediaProblem
from feedarchive.media.progress import delete_progress, progress_key, save_progress
from feedarchive.media.remove_unused import remove_unused
from feedarchive.store.interface import StoreError

_MAX_LISTED = 400
"""The maximum number of files in a list of media. Further files of the article are ignored."""
_MAX_CHECKS = 3
_LIMITS = {Role.IMAGE: MAX_IMAGES, Role.ENCLOSURE: MAX_ENCLOSURES}


class MediaOutcome(StrEnum):
    """How completing the media of an article ended."""

    WRITTEN = "written"
    NOTHING_NEW = "nothing new"
    """The lists of media of this version already contain all its pictures and enclosures."""
    LATER = "later"
    """Some files could not be fetched, but another try may succeed. The fetched files are remembered (progress.py)."""
    DELETED = "deleted"
    """The article was deleted."""


@dataclass(frozen=True)
class MediaOfArticle:
    """An article whose media are to be stored.

    - ``version`` is the key of the article's newest version.
    - ``larger`` maps the URL of a picture in the article to the URL of the same picture in a larger size.
    - ``is_last_try``: files that cannot be fetched now are not tried again.
    """

    article_id: str
    version: str
    feed: Feed
    larger: Mapping[str, str] = field(default_factory=dict)
    is_last_try: bool = False


@dataclass(frozen=True)
class MediaResult:
    """The result of ``complete_media``.

    - ``items`` has one item for each picture and enclosure, stored or not.
    - ``new`` are the files that this run added to the archive.
    """

    outcome: MediaOutcome
    items: tuple[MediaItem, ...] = ()
    new: tuple[StoredFile, ...] = ()


def complete_media(
    claims: ClaimProtocol, time_zone: ZoneInfo, files: FileFetcher, article: MediaOfArticle
) -> MediaResult:
    """Fetch the pictures and enclosures of an article's version, and write a list of media for this version.

    Files in the lists of earlier versions are not fetched again. If the existing lists of this version already contain
    all files, nothing is written. Raises StoreError.
    """
    before = archived_companions(claims, article.article_id, CompanionKind.MEDIA)
    if before.is_deleted:
        return MediaResult(MediaOutcome.DELETED)
    texts = texts_of_article(claims, article.article_id, article.version)
    references = references_in(texts, article.feed.images, article.feed.enclosures)[:_MAX_LISTED]
    lists = media_lists(claims, article.article_id)
    if _are_listed(references, lists, article.version):
        # An earlier run may have been interrupted before it deleted its progress file.
        delete_progress(claims.store, progress_key(article.article_id))
        return MediaResult(MediaOutcome.NOTHING_NEW)
    items = _get_all(claims, files, article, references, lists)
    if _must_retry(items, article.is_last_try):
        kept = [item for item in items if item.stored or item.problem not in TEMPORARY]
        save_progress(claims.store, article.article_id, article.version, kept, claims.clock())
        return MediaResult(MediaOutcome.LATER, tuple(items))
    pending = PendingCompanion(
        article.article_id, article.version, CompanionKind.MEDIA, before.number + 1, article.feed.id,
        title="",
        wording="",
        time_zone=time_zone,
        make=lambda archived: media_list_to_json(
            MediaList(article.article_id, article.version, archived, tuple(items))
        ),
    )  # fmt: skip
    started = claims.clock()
    if claims.write_once(pending).outcome is ClaimOutcome.DELETED:
        _remove_of_deleted(claims, article, items)
        return MediaResult(MediaOutcome.DELETED)
    if not timedelta(0) <= claims.clock() - started < QUICK_WRITE:
        _restore_missing(files, article, items)
    delete_progress(claims.store, progress_key(article.article_id))
    new = tuple(item.stored for item in items if item.stored and item.stored.is_new)
    return MediaResult(MediaOutcome.WRITTEN, tuple(items), new)


def _remove_of_deleted(claims: ClaimProtocol, article: MediaOfArticle, items: list[MediaItem]) -> None:
    """Remove the objects that were stored while another process forgot the article.

    Raises StoreError with advice if they cannot be removed.
    """
    stored, progress = [item.stored.key for item in items if item.stored], progress_key(article.article_id)
    # If the objects cannot be removed now, the next ``forget`` of the article finds their keys in the progress file.
    save_progress(claims.store, article.article_id, article.version, items, claims.clock())
    try:
        remove_unused(claims.store, stored, without=(progress,))
    except StoreError as error:  # on AWS, the Lambda functions have no permission to delete objects
        reason = f"were fetched while the article was forgotten, and cannot be deleted ({error})"
        raise StoreError(f"the pictures of {article.version} {reason}: run feedarchive forget again") from error
    delete_progress(claims.store, progress)


def _are_listed(references: Sequence[Reference], lists: Sequence[MediaList], version: str) -> bool:
    """Check whether the lists of ``version`` name all references. Lists of other versions do not count."""
    listed = {item.url for known in lists if known.of == version for item in known.items}
    return all(reference.url in listed for reference in references)


def _get_all(
    claims: ClaimProtocol,
    files: FileFetcher,
    article: MediaOfArticle,
    references: Sequence[Reference],
    lists: Sequence[MediaList],
) -> list[MediaItem]:
    """Return the items of the new list of media. Fetch only files that are not in ``lists`` or the progress file."""
    progress = read_media_list(claims.store, progress_key(article.article_id))
    known = {item.url: item for each in (*lists, *([progress] if progress else ())) for item in each.items}
    items, counts = list[MediaItem](), dict.fromkeys(Role, 0)
    for reference in references:
        counts[reference.role] += 1
        if counts[reference.role] > _LIMITS[reference.role]:
            items.append(_problem(files, reference, MediaProblem.TOO_MANY))
        elif (item := known.get(reference.url)) and item.role is reference.role:
            items.append(item)
            files.keep(item)
        elif any(item.problem == FetchProblem.OUT_OF_TIME for item in items):
            items.append(_problem(files, reference, FetchProblem.OUT_OF_TIME))
        else:
            items.append(files.fetch(reference, article.feed, article.larger.get(reference.url, "")))
    return _restore_missing(files, article, items)


def _restore_missing(files: FileFetcher, article: MediaOfArticle, items: list[MediaItem]) -> list[MediaItem]:
    """Fetch files again if their objects are missing.

    Another process may have deleted them, because it forgot an article with the same pictures (see remove_unused.py).
    """
    for _ in range(_MAX_CHECKS):
        missing = [number for number, item in enumerate(items) if item.stored and not files.is_stored(item)]
        if not missing:
            break
        for number in missing:
            reference = Reference(items[number].url, items[number].role)
            items[number] = files.fetch_again(reference, article.feed, items[number].larger)
    return items


def _problem(files: FileFetcher, reference: Reference, problem: MediaProblem | FetchProblem) -> MediaItem:
    return MediaItem(reference.url, reference.role, files.clock(), problem=problem.value)


def _must_retry(items: list[MediaItem], is_last_try: bool) -> bool:
    """Check whether another run must try the missing files again.

    Files that this run had no time to request are tried again even after the last try.
    """
    if any(item.problem == FetchProblem.OUT_OF_TIME for item in items):
        return True
    return not is_last_try and any(item.problem in TEMPORARY for item in items)
