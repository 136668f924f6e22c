"""Write the pages of a day: first the pages of the sites and of the edits, then the day's page, which lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from feedarchive.concurrency import in_parallel
from feedarchive.digest.digest import Digest, pages_folder
from feedarchive.pages.day_page import day_page
from feedarchive.pages.edits_page import EDITS_PAGE, edits_page
from feedarchive.pages.later_versions import Later, format_later, later_of_day, parse_later
from feedarchive.pages.page_names import SitePage, links_of, site_pages
from feedarchive.pages.page_record import format_record, md5_of, parse_record
from feedarchive.pages.site_page import site_page
from feedarchive.pages.site_pages import ReadArticle, SitePages, page_format_of
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import Written, write_over


@dataclass(frozen=True)
class PageSettings:
    """What the pages of a day depend on besides the digest.

    - ``images``: pages show images. If False, they only have links to them.
    - ``previous`` and ``next`` are the days before and after, None if there is none.
    - ``later`` links the articles of the day to next versions and companions that were archived on later days.
    """

    images: bool = True
    previous: date | None = None
    next: date | None = None
    later: Later = field(default_factory=Later)


@dataclass(frozen=True)
class PagesBefore:
    """The pages of a day before a build.

    - ``index`` is the day's page, None if there is none.
    - ``hashes`` maps the key of each page to its MD5.
    """

    index: Stored | None
    hashes: Mapping[str, str]

    @property
    def later(self) -> Later | None:
        """The links in the HTML comments of the day's page; None if it has none. See ``parse_later``."""
        return parse_later(self.index.data) if self.index else None


def read_pages(store: Store, day: date, list_only: bool) -> PagesBefore:
    """Read the pages that ``write_pages`` may replace. Call this before the day's articles are listed.

    ``list_only``: read only the day's page, and take the hashes of all pages from the store's listing. Some
    S3-compatible servers list wrong hashes, so if ``write_pages`` returns CONFLICT, try again without ``list_only``.
    """
    folder = pages_folder(day)
    hashes = store.hashes(folder)
    if not list_only:
        hashes = {key: md5_of(stored.data) for key in hashes if (stored := store.read(key))}
    return PagesBefore(store.read(f"{folder}index.html"), hashes)


def write_pages(
    store: Store, digest: Digest, settings: PageSettings, read: ReadArticle, before: PagesBefore
) -> Written:
    """Bring the pages of a day up to date.

    - A page is rendered again if its articles changed, or if it is missing or damaged. The day's page contains the
      hashes of the other pages, which show damage.
    - A page is replaced only if it has not changed since ``before`` was read. If it has, another build is writing pages
      and may know more articles, so this function returns CONFLICT.
    - The HTML of an article is copied from the stored page if possible. Otherwise, the article's file is read.
    """
    index = before.index
    page_format = page_format_of(settings.images, digest.time_zone)
    writer = SitePages(
        store, digest, settings.images, read,
        page_format=page_format,
        recorded=parse_record(index.data, page_format) if index else {},
        stored=before.hashes,
        later=settings.later.merged(later_of_day(digest)),
    )  # fmt: skip
    pages = site_pages(digest)
    links = links_of(pages)
    done = list(in_parallel(writer.write, pages, store.threads))
    if digest.updated():
        done.append(writer.write_edits(links))
    written = max((each for _, each in done), default=Written.UNCHANGED)
    if written is Written.CONFLICT:
        return written
    record = f"{format_later(settings.later)}\n{format_record(page_format, [each for each, _ in done])}"
    data = day_page(digest, links, settings.previous, settings.next, record)
    changed = write_over(store, digest.page, data, index)
    return max(written, changed, *_empty_stale_pages(store, digest, before.hashes, pages))


def pages_are_intact(pages: PagesBefore, time_zone: str, settings: PageSettings) -> bool:
    """Check whether all pages of a day are intact and up to date.

    Links to the days before and after are not checked.
    """
    recorded = parse_record(pages.index.data, page_format_of(settings.images, time_zone)) if pages.index else {}
    hashes = {key.rpartition("/")[2]: md5 for key, md5 in pages.hashes.items()}
    has_links = pages.later == settings.later
    return bool(recorded) and has_links and all(hashes.get(name) == page.md5 for name, page in recorded.items())


def remove_stale_pages(store: Store, digest: Digest) -> None:
    """Delete the pages that are no longer needed, such as the page of a site whose articles were all removed."""
    for key in _stale_pages(digest, store.list(pages_folder(digest.day)), site_pages(digest)):
        store.delete(key)


def _empty_stale_pages(
    store: Store, digest: Digest, stored: Mapping[str, str], pages: Sequence[SitePage]
) -> Iterator[Written]:
    """Empty the pages that are no longer needed. On AWS, a build has no permission to delete them."""
    for key in _stale_pages(digest, stored, pages):
        site = key.rpartition("/")[2].removesuffix(".html")
        is_edits = key.endswith(f"/{EDITS_PAGE}")
        data = edits_page(digest, {}) if is_edits else _empty_page(site, digest)
        if stored[key] != md5_of(data):
            before = store.read(key)
            intact = before is not None and before.has_hash(stored[key])
            yield write_over(store, key, data, before) if intact else Written.CONFLICT


def _empty_page(site: str, digest: Digest) -> bytes:
    return site_page(SitePage(site, 1, 1, ()), digest, {}, images=False, later=Later())


def _stale_pages(digest: Digest, stored: Iterable[str], pages: Sequence[SitePage]) -> list[str]:
    folder = pages_folder(digest.day)
    current = {folder + page.name for page in pages} | {digest.page}
    if digest.updated():
        current.add(folder + EDITS_PAGE)
    depth = digest.page.count("/")
    return [key for key in stored if key.endswith(".html") and key.count("/") == depth and key not in current]
