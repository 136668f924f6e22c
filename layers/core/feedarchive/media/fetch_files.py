"""Fetch the pictures and enclosures of articles and store them. A run stores the file at a URL only once."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from tempfile import TemporaryFile, gettempdir

from feedarchive.feeds.feed import Feed
from feedarchive.fetching.polite_fetcher import PoliteFetcher
from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Failed
from feedarchive.media.article_media import Reference, Role
from feedarchive.media.media_list import MediaItem, StoredFile
from feedarchive.media.problem import MediaProblem
from feedarchive.media.store_file import is_stored, store_file
from feedarchive.polling.response_body import CannotWrite
from feedarchive.store.interface import Store, StoreError

MAX_IMAGE_BYTES = 10 * 1024 * 1024
_ACCEPT = {
    Role.IMAGE: "image/avif, image/webp, image/png, image/jpeg, image/gif, image/svg+xml;q=0.8, */*;q=0.1",
    Role.ENCLOSURE: "audio/*, video/*, application/pdf, */*;q=0.1",
}
_MAX_SECONDS = {Role.IMAGE: 60.0, Role.ENCLOSURE: 105.0}
"""The maximum time for fetching a file, in seconds.

On AWS, a job may start two minutes before the Lambda function times out, so both limits are shorter than this.
"""
_MAX_LARGE = 2
"""The maximum number of enclosures that are fetched at the same time.

An enclosure is first written to a temporary file, and the disk is small on AWS.
"""
_DISK_RESERVE = 64 * 1024 * 1024
_MAX_REMEMBERED = 10_000
TEMPORARY = frozenset(
    {
        FetchProblem.ROBOTS_UNAVAILABLE, FetchProblem.CHALLENGE, FetchProblem.RATE_LIMITED, FetchProblem.SERVER_ERROR,
        FetchProblem.DNS, FetchProblem.CONNECTION, FetchProblem.TLS, FetchProblem.TOO_SLOW, FetchProblem.EMPTY,
        FetchProblem.SECRET, FetchProblem.OUT_OF_TIME,
    }
)  # fmt: skip
"""The problems that may go away. A file with such a problem is requested again later."""


@dataclass(frozen=True)
class FileFetcher:
    """Fetches and stores files, from any number of threads.

    ``renew``: whether to call ``Store.renew`` for files that are stored already.
    """

    store: Store
    fetcher: PoliteFetcher
    clock: Callable[[], datetime]
    renew: bool = False
    _found: dict[str, StoredFile] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _large: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_MAX_LARGE))

    def fetch(self, reference: Reference, feed: Feed, larger: str = "") -> MediaItem:
        """Fetch and store one file.

        ``larger`` is the URL of the same picture in a larger size, "" if there is none. If the larger picture
        cannot be stored, the URL of the reference is requested.
        """
        if larger:
            item = self._fetch(reference, larger, feed)
            if item.stored or item.problem == FetchProblem.OUT_OF_TIME:
                return item
        return self._fetch(reference, reference.url, feed)

    def fetch_again(self, reference: Reference, feed: Feed, larger: str) -> MediaItem:
        """Fetch a file again because its object was deleted. The arguments are those of ``fetch``."""
        with self._lock:
            self._found.pop(larger or reference.url, None)
        return self.fetch(reference, feed, larger)

    def keep(self, item: MediaItem) -> None:
        """Renew an item's object (``Store.renew``) if ``self.renew`` is True.

        A lifecycle rule of the bucket could otherwise delete the object while an article uses it.
        """
        parts = self.store.stream(item.stored.key) if self.renew and item.stored else None
        if item.stored is None or parts is None:
            return
        with TemporaryFile() as file:
            for part in parts:
                file.write(part)
            self.store.renew(item.stored.key, file)

    def is_stored(self, item: MediaItem) -> bool:
        """Check whether the file of an item is in the store."""
        return item.stored is not None and is_stored(self.store, item.stored.key)

    def _fetch(self, reference: Reference, url: str, feed: Feed) -> MediaItem:
        with self._lock:
            known = self._found.get(url)
        found: StoredFile | MediaProblem | FetchProblem = known or self._download(reference.role, url, feed)
        larger = url if url != reference.url else ""
        if not isinstance(found, StoredFile):
            return MediaItem(reference.url, reference.role, self.clock(), problem=found.value, larger=larger)
        with self._lock:
            if len(self._found) < _MAX_REMEMBERED:
                self._found[url] = replace(found, is_new=False)
        return MediaItem(reference.url, reference.role, self.clock(), found, larger=larger)

    def _download(self, role: Role, url: str, feed: Feed) -> StoredFile | MediaProblem | FetchProblem:
        if role is Role.IMAGE:
            return self._get(role, url, feed, MAX_IMAGE_BYTES)
        with self._large:
            return self._get(role, url, feed, _limit_that_fits(feed.largest_enclosure))

    def _get(self, role: Role, url: str, feed: Feed, limit: int) -> StoredFile | MediaProblem | FetchProblem:
        with TemporaryFile() as file:
            try:
                got = self.fetcher.get(url, _ACCEPT[role], limit, feed, _MAX_SECONDS[role], file)
            except CannotWrite as error:
                advice = "free some space, or set TMPDIR to another folder"
                raise StoreError(f"cannot write a temporary file: {error.__cause__}; {advice}") from error
            return got.reason if isinstance(got, Failed) else store_file(self.store, file, role, self.renew)


def _limit_that_fits(limit: int) -> int:
    """Reduce a limit in bytes if the disk for temporary files has too little space.

    A reduced limit is a power of two. This gives few different limits, and PoliteFetcher needs its own connections for
    each limit.
    """
    free = max(0, shutil.disk_usage(gettempdir()).free - _DISK_RESERVE) // _MAX_LARGE
    return limit if free >= limit else 1 << max(0, free.bit_length() - 1)
