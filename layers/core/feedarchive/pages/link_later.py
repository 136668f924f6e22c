"""Link the pages of an earlier day to versions and companions that were archived on a later day."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from feedarchive.digest.digest import Digest, day_folder, make_digest, pages_folder
from feedarchive.digest.digest_json import parse_current_digest
from feedarchive.pages.later_versions import Later, later_of_day, parse_later, replace_later
from feedarchive.pages.page_names import SitePage, site_pages
from feedarchive.pages.page_record import PageRecord, parse_record, replace_record
from feedarchive.pages.site_page import input_hash
from feedarchive.pages.site_pages import SitePages, page_format_of
from feedarchive.store.interface import Store, Stored, StoreError
from feedarchive.store.update import MAX_ATTEMPTS, Written, write_over


def link_later(store: Store, day: date, time_zone: str, images: bool, added: Later) -> bool:
    """Add links to the pages of a day. Returns False if the day has no pages of the current format yet.

    The day's page is written last, because its comments contain the hashes of the other pages. Raises StoreError if
    other builds write the same pages at each of MAX_ATTEMPTS attempts.
    """
    return _change_links(store, day, time_zone, images, lambda recorded: recorded.merged(added))


def unlink_companions(store: Store, day: date, time_zone: str, images: bool, companions: Collection[str]) -> None:
    """Remove the links to deleted companions from the pages of a day. ``companions`` are their keys.

    Does nothing if the day has no pages of the current format.
    """
    if companions:
        _change_links(store, day, time_zone, images, lambda recorded: recorded.without(companions))


def _change_links(store: Store, day: date, time_zone: str, images: bool, change: Callable[[Later], Later]) -> bool:
    for _ in range(MAX_ATTEMPTS):
        hashes = store.hashes(pages_folder(day))
        index = store.read(f"{pages_folder(day)}index.html")
        recorded = parse_later(index.data) if index else None
        if index is None or recorded is None:
            return False
        later = change(recorded)
        if later == recorded:
            return True
        records = parse_record(index.data, page_format_of(images, time_zone))
        if not records:
            return False
        digest = _digest(store, day, time_zone)
        own = later_of_day(digest)
        before, after = recorded.merged(own), later.merged(own)
        pages = [page for page in site_pages(digest) if _differ(page, before, after)]
        writer = SitePages(
            store, digest, images, lambda key: _data(store.read(key)),
            page_format=page_format_of(images, time_zone), recorded=records, stored=hashes,
            later=after,
        )  # fmt: skip
        done = [_write(writer, page, before) for page in pages]
        if Written.CONFLICT in (written for _, written in done):
            continue
        changed = {**records, **{record.name: record for record, _ in done}}
        data = replace_record(replace_later(index.data, later), changed.values())
        if write_over(store, f"{pages_folder(day)}index.html", data, index) is not Written.CONFLICT:
            return True
    raise StoreError(
        f"cannot write {store.location}/{pages_folder(day)}index.html: {MAX_ATTEMPTS} attempts failed because of other "
        "builds; run again"
    )


def _differ(page: SitePage, before: Later, after: Later) -> bool:
    keys = [placed.entry.key for placed in page.articles]
    return any(
        (before.next_version(key), before.companions_of(key)) != (after.next_version(key), after.companions_of(key))
        for key in keys
    )


def _write(writer: SitePages, page: SitePage, before: Later) -> tuple[PageRecord, Written]:
    """Write the page of a site, and return its new record.

    Nothing is written if the stored page was not made from the digest of ``writer``. A different build is then writing
    the pages.
    """
    known = writer.recorded.get(page.name)
    if known and known.inputs == input_hash(page, writer.digest, writer.page_format, before):
        return writer.write(page)
    # These hashes match no page, so the next build writes the page again, with the new links.
    return PageRecord(page.name, "0" * 16, "0" * 32), Written.UNCHANGED


def _digest(store: Store, day: date, time_zone: str) -> Digest:
    stored = store.read(f"{day_folder(day)}digest.json")
    return make_digest(
        day, time_zone, parse_current_digest(stored.data, day, time_zone).listed.values() if stored else ()
    )


def _data(stored: Stored | None) -> bytes | None:
    return stored.data if stored else None
