"""Build the digest and the pages of one day: list its folder, read the files that are new, write what has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from feedarchive.builds.later_versions import LaterVersions
from feedarchive.builds.listed_files import DayArticles, PreviousDigest, read_previous
from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.digest.digest import Digest, day_folder, make_digest, to_json
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
    - ``changed``: whether a file of the digest or of the pages has changed.
    - ``articles_read``: how many article files were read.
    - ``damage``: listed files that are missing or changed.
    - ``is_recovered``: there was no previous digest whose hashes could be relied on.
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

    - ``removed``: says which missing files were removed on purpose.
    - ``later``: what the build knows about later versions.
    - ``on_change``: called before a digest is replaced by one that lists other files.
    - ``accept``: take the files as they are; missing or changed files are not damage.
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

        - ``only_if_changed``: do not render a day if its digest lists the files of its folder and its pages are intact.
        - ``expected``: the SHA-256 of the day's digest.json according to the index; "" if unknown.

        The digest depends only on the day's folder and on the files lost from it; the pages also depend on later
        versions. So two builders at the same time, or one a year later, write the same bytes.

        A file is replaced only if it is still as this builder read it before listing the folder. So a slow builder
        never replaces what another builder made from a newer listing: it starts again. Raises StoreError after
        MAX_ATTEMPTS attempts.
        """
        folder = day_folder(day)
        articles = DayArticles(self.store, self.removed.removal_of, self.accept)
        changed = False
        for attempt in range(MAX_ATTEMPTS):
            before = _read_files(self.store, day, list_pages_only=attempt == 0)
            sizes = articles.list(folder)
            if before.digest is None and not sizes:
                return None
            # After a conflict, another build is at work. It has probably not written the index yet, so the hash in the
            # index is not used.
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
                # The new digest.json will differ from the old one. So the old bytes (100 MB for a large day) need not
                # be kept for a comparison.
                before = replace(before, digest=replace(before.digest, data=b""))
            pages = partial(write_pages, self.store, digest, settings, articles.read, before.pages)
            written, sha256 = _write_files(self.store, digest, pages, before)
            changed |= written is not Written.UNCHANGED
            # After this builder listed the folder, ``forget`` may have deleted an article and built the digest without
            # it. If that digest had the bytes that this builder had read, this builder has replaced it. So list the
            # folder again.
            if written is not Written.CONFLICT and not (changed and articles.find_deleted(folder, found)):
                # Do both again: another build, which made pages of earlier days meanwhile, may have read the old digest
                # of this day.
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
        """Link new revisions and companions from the pages of earlier days. Return the links for days without pages.

        Call this before the digest is written: after an interruption, the same files are new for the next build.
        """
        self.later.add(digest)
        return self._link(later_of_earlier_days(digest.day, digest.listed, without=previous.usable.keys()), images)

    def _link(self, days: Mapping[date, Later], images: bool) -> dict[date, Later]:
        return {
            day: added for day, added in days.items() if not link_later(self.store, day, self.time_zone, images, added)
        }

    def _unlink(self, gone: Mapping[date, Later], images: bool) -> None:
        """Remove the links to companions that are gone from the pages of earlier days."""
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
    """Build one day from its folder and the claims alone."""
    builder = DayBuilder(store, time_zone, RemovedFiles(store), LaterVersions(store, time_zone))
    return builder.build(day, settings, only_if_changed)


def _gone_companions(digest: Digest, previous: PreviousDigest) -> dict[date, Later]:
    """Files that follow versions of earlier days and that the digest no longer lists, by the earlier day."""
    kept = {each.key for each in digest.listed}
    return later_of_earlier_days(digest.day, previous.listed.values(), without=kept)


@dataclass(frozen=True)
class _Files:
    """The files of a day that a build replaces, as they were before the build listed the articles."""

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
    """Write digest.md, the pages and digest.json, in this order, up to the first conflict.

    Return what was done, and the SHA-256 of digest.json ("" after a conflict).
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
    """Does the day have both files of its digest, and does the digest list exactly the files in ``sizes``?"""
    return bool(before.markdown) and {key: each.bytes for key, each in previous.usable.items()} == sizes
