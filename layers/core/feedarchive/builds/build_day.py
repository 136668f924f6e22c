"""Build the digest and the pages of one day: list its folder, read the files that are new, write what has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from feedarchive.builds.later_versions import LaterVersions
from feedarchive.builds.listed_files import DayArticles, PreviousDigest, read_previous
from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.digest.digest import Digest, day_folder, make_digest
from feedarchive.digest.digest_json import to_json
from feedarchive.digest.markdown_page import markdown_page
from feedarchive.hashes import sha256_of
from feedarchive.health.damage import DamagedFile
from feedarchive.pages.later_versions import Later, later_of_earlier_days
from feedarchive.pages.link_later import link_later, unlink_companions
from feedarchive.pages.write_pages import PagesBefore, PageSettings, pages_are_intact, read_pages, write_pages
from feedarchive.proof.file_list import file_hashes
from feedarchive.proof.records import Removal
from feedarchive.proof.write_records import DayChange
from feedarchive.store.interface import Store, Stored, StoreError
from feedarchive.store.update import MAX_ATTEMPTS, Written, write_over


@dataclass(frozen=True)
class BuiltDay:
    """A day that was built.

    - ``sha256``: the SHA-256 of its digest.json.
    - ``changed``: whether the build changed the digest or a page.
    - ``articles_read``: how many article files were read.
    - ``damage``: the files of the previous digest that have been lost or changed since.
    - ``is_recovered``: the previous digest was missing or damaged, so its hashes could not be used to find damage.
    """

    digest: Digest
    sha256: str
    changed: bool
    articles_read: int
    damage: tuple[DamagedFile, ...] = ()
    is_recovered: bool = False


@dataclass(frozen=True)
class DayBuilder:
    """Builds days of one archive.

    - ``removed``: tells whether a missing file was removed on purpose.
    - ``later``: the links from the pages of each day to revisions and companions of later days.
    - ``on_change``: called before a digest is replaced by one that lists other files.
    - ``accept``: True to accept missing and changed files, and not report them as damage.
    """

    store: Store
    time_zone: str
    removed: RemovedFiles
    later: LaterVersions
    on_change: Callable[[DayChange], None] = lambda change: None
    accept: bool = False

    def build(
        self, day: date, settings: PageSettings, only_if_changed: bool = False, expected: str = ""
    ) -> BuiltDay | None:
        """Build the digest and the pages of a day. Return None for a day that has neither files nor a digest.

        - ``only_if_changed``: write nothing if the digest and the pages are up to date.
        - ``expected``: the SHA-256 of the day's digest.json according to the index; "" if unknown.

        Builds of the same archive write the same bytes.

        If another build writes the day at the same time, this build starts again. Raises StoreError after MAX_ATTEMPTS
        attempts.
        """
        folder = day_folder(day)
        articles = DayArticles(self.store, self.removed.removal_of, self.accept)
        changed = False
        for attempt in range(MAX_ATTEMPTS):
            # Read the old files before listing the folder. If another build replaces them later, ``_write_files``
            # returns CONFLICT.
            before = _read_files(self.store, day, list_pages_only=attempt == 0)
            sizes = articles.list(folder)
            if before.digest is None and not sizes:
                return None
            # After the first attempt, ``expected`` may be out of date, because another build may have replaced the
            # digest.
            previous = read_previous(before.digest, day, self.time_zone, "" if attempt else expected)
            is_current = only_if_changed and _lists_exactly(before, previous, sizes)
            settings = replace(settings, later=self._later_versions(day, before.pages, sizes))
            if before.digest and is_current and pages_are_intact(before.pages, self.time_zone, settings):
                digest = make_digest(day, self.time_zone, previous.usable.values())
                self.later.add(digest)
                return BuiltDay(digest, sha256_of(before.digest.data), changed, articles.number_read)
            found = articles.files(folder, sizes, previous)
            digest = make_digest(day, self.time_zone, found.listed)
            self._report_change(digest, previous, found.removed)
            gone = _gone_companions(digest, previous)
            self._unlink(gone, settings.images)
            unlinked = self._link_from_earlier_days(digest, previous, settings.images)
            if before.digest and previous.usable.keys() != {each.key for each in digest.listed}:
                # The new digest.json differs from the old one, so the old bytes are not needed for a comparison. Free
                # their memory: 100 MB for a large day.
                before = replace(before, digest=replace(before.digest, data=b""))
            pages = partial(write_pages, self.store, digest, settings, articles.read, before.pages)
            written, sha256 = _write_files(self.store, digest, pages, before)
            changed |= written is not Written.UNCHANGED
            # Start again if another build or ``forget`` has changed the day in the meantime.
            if written is not Written.CONFLICT and not (changed and articles.find_deleted(folder, found)):
                # Repeat these changes, because a concurrent build of an earlier day may have overwritten them.
                self._unlink(gone, settings.images)
                self._link(unlinked, settings.images)
                return BuiltDay(
                    digest, sha256, changed, articles.number_read, found.damage,
                    is_recovered=not previous.are_hashes_known,
                )  # fmt: skip
        raise StoreError(
            f"cannot build {self.store.location}/{folder}digest.json: {MAX_ATTEMPTS} attempts failed because of other "
            "builds; run again"
        )

    def _later_versions(self, day: date, pages: PagesBefore, keys: Collection[str]) -> Later:
        return self.later.of(day, pages.later).of_versions(keys)

    def _link_from_earlier_days(self, digest: Digest, previous: PreviousDigest, images: bool) -> dict[date, Later]:
        """Add links to this day's new revisions and companions to the pages of earlier days.

        Return the links that could not be added because the earlier day has no pages.

        Call this before the digest is written, so that the build after an interruption adds the links again.
        """
        self.later.add(digest)
        return self._link(later_of_earlier_days(digest.day, digest.listed, without=previous.usable.keys()), images)

    def _link(self, days: Mapping[date, Later], images: bool) -> dict[date, Later]:
        return {
            day: added for day, added in days.items() if not link_later(self.store, day, self.time_zone, images, added)
        }

    def _unlink(self, gone: Mapping[date, Later], images: bool) -> None:
        """Remove the links to deleted companions of this day from the pages of earlier days."""
        for day, links in gone.items():
            unlink_companions(self.store, day, self.time_zone, images, links.companions.keys())

    def _report_change(self, digest: Digest, previous: PreviousDigest, removed: Mapping[str, Removal]) -> None:
        before = file_hashes(previous.listed.values())
        if self.accept or (previous.are_hashes_known and before != file_hashes(digest.listed)):
            self.on_change(DayChange(digest, before, removed, self.accept))


def build_day(
    store: Store,
    day: date,
    time_zone: str,
    settings: PageSettings = PageSettings(),  # noqa: B008 - immutable
    only_if_changed: bool = False,
) -> BuiltDay | None:
    """Build one day without using the index. See ``DayBuilder.build``."""
    builder = DayBuilder(store, time_zone, RemovedFiles(store), LaterVersions(store, time_zone))
    return builder.build(day, settings, only_if_changed)


def _gone_companions(digest: Digest, previous: PreviousDigest) -> dict[date, Later]:
    """Return the companions that the new digest no longer lists, by the earlier day whose pages link to them."""
    kept = {each.key for each in digest.listed}
    return later_of_earlier_days(digest.day, previous.listed.values(), without=kept)


@dataclass(frozen=True)
class _Files:
    """The digest and pages of a day before the build."""

    digest: Stored | None
    markdown: Stored | None
    pages: PagesBefore


def _read_files(store: Store, day: date, list_pages_only: bool) -> _Files:
    folder = day_folder(day)
    digest, markdown = store.read(f"{folder}digest.json"), store.read(f"{folder}digest.md")
    return _Files(digest, markdown, read_pages(store, day, list_pages_only))


def _write_files(
    store: Store, digest: Digest, write_pages: Callable[[], Written], before: _Files
) -> tuple[Written, str]:
    """Write digest.md, the pages and digest.json, in this order. Stop at a file that another build has changed.

    Return what was done, and the SHA-256 of the new digest.json.
    """
    folder = day_folder(digest.day)
    markdown = write_over(store, f"{folder}digest.md", markdown_page(digest), before.markdown)
    if markdown is Written.CONFLICT:
        return markdown, ""
    pages = write_pages()
    if pages is Written.CONFLICT:
        return pages, ""
    data = to_json(digest)
    return max(markdown, pages, write_over(store, f"{folder}digest.json", data, before.digest)), sha256_of(data)


def _lists_exactly(before: _Files, previous: PreviousDigest, sizes: Mapping[str, int]) -> bool:
    """Check whether digest.md exists, and digest.json lists exactly the files and sizes in ``sizes``."""
    return bool(before.markdown) and {key: each.bytes for key, each in previous.usable.items()} == sizes
