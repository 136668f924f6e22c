"""Write the pages of a day: the articles of each site, then the page of the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from feedarchive.digest.digest import Digest, pages_folder
from feedarchive.pages.article_html import article_html
from feedarchive.pages.day_page import day_page
from feedarchive.pages.html_templates import templates_hash
from feedarchive.pages.page_names import SitePage, links_of, site_pages
from feedarchive.pages.page_record import PageRecord, format_record, md5_of, parse_record
from feedarchive.pages.site_page import article_mark, articles_in, input_hash, site_page
from feedarchive.store.interface import Store
from feedarchive.store.update import update, write_if_changed

_WRITERS = 16

ReadArticle = Callable[[str], bytes | None]
"""Returns the bytes of an article's file; None if it was removed meanwhile."""


@dataclass(frozen=True)
class PageSettings:
    """What pages depend on besides the digest: whether they contain images, and the days before and after."""

    images: bool = True
    previous: date | None = None
    next: date | None = None


def write_pages(store: Store, digest: Digest, settings: PageSettings, read: ReadArticle) -> bool:
    """Bring the pages of a day up to date; True if anything was written.

    A page is rendered again if its articles changed, or if its bytes differ from what the day's page records (missing,
    damaged, or overwritten by a build that had listed fewer articles). Articles on an intact page are taken from that
    page; only the files of other articles are read.
    """
    folder = pages_folder(digest.day)
    index = store.read(f"{folder}index.html")
    page_format = templates_hash(f"images={settings.images} {digest.time_zone}")
    writer = _SitePages(
        store, digest, settings.images, read,
        page_format=page_format,
        recorded=parse_record(index.data, page_format) if index else {},
        stored=store.hashes(folder),
    )  # fmt: skip
    pages = site_pages(digest)
    with ThreadPoolExecutor(_WRITERS) as pool:
        written = list(pool.map(writer.write, pages))
    record = format_record(page_format, [each for each, _ in written])
    data = day_page(digest, links_of(pages), settings.previous, settings.next, record)
    changed = update(store, f"{folder}index.html", lambda _: data, already_read=index)
    emptied = _empty_stale_pages(store, digest, writer.stored, pages)
    return changed or emptied or any(is_new for _, is_new in written)


@dataclass(frozen=True)
class _SitePages:
    """Writes the pages of the sites. ``recorded`` are the records in the day's page, ``stored`` is the MD5 of each
    page by key, as the store lists it.
    """

    store: Store
    digest: Digest
    images: bool
    read: ReadArticle
    page_format: str
    recorded: Mapping[str, PageRecord]
    stored: Mapping[str, str]

    def write(self, page: SitePage) -> tuple[PageRecord, bool]:
        """Write a page if it is due. Return its record, and whether it was written."""
        key = pages_folder(self.digest.day) + page.name
        known, md5 = self.recorded.get(page.name), self.stored.get(key)
        inputs = input_hash(page, self.digest, self.page_format)
        if known and (known.inputs, known.md5) == (inputs, md5):
            return known, False
        before = self.store.read(key) if md5 else None
        is_as_recorded = before and known and md5_of(before.data) == known.md5
        data = self._render(page, articles_in(before.data) if before and is_as_recorded else {})
        changed = update(self.store, key, lambda _: data, already_read=before)
        return PageRecord(page.name, inputs, md5_of(data)), changed

    def _render(self, page: SitePage, rendered: dict[str, str]) -> bytes:
        for placed in page.articles:
            mark = article_mark(placed)
            if mark not in rendered and (data := self.read(placed.entry.key)) is not None:
                rendered[mark] = article_html(placed, data, self.digest, self.images)
        return site_page(page, self.digest, rendered, self.images)


def remove_stale_pages(store: Store, digest: Digest) -> None:
    """Delete the pages that :func:`write_pages` only empties, because on AWS it must not delete."""
    for key in _stale_pages(digest, store.list(pages_folder(digest.day)), site_pages(digest)):
        store.delete(key)


def _empty_stale_pages(store: Store, digest: Digest, stored: Mapping[str, str], pages: Sequence[SitePage]) -> bool:
    """Empty the pages of sites that no longer have an article on this day; True if one was emptied.

    They contain articles that were removed. On AWS the function that builds pages must not delete files.
    """
    changed = []
    for key in _stale_pages(digest, stored, pages):
        site = key.rpartition("/")[2].removesuffix(".html")
        data = site_page(SitePage(site, 1, 1, ()), digest, {}, images=False)
        changed.append(stored[key] != md5_of(data) and write_if_changed(store, key, data))
    return any(changed)


def _stale_pages(digest: Digest, stored: Iterable[str], pages: Sequence[SitePage]) -> list[str]:
    folder = pages_folder(digest.day)
    current = {folder + page.name for page in pages} | {digest.page}
    depth = digest.page.count("/")
    return [key for key in stored if key.endswith(".html") and key.count("/") == depth and key not in current]
