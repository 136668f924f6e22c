"""Write the pages of a day: the articles of each site, then the page of the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from feedarchive.store.update import update

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
    """Bring the pages of a day up to date; True if anything was written or deleted.

    A page is rendered again if its articles have changed, or if its bytes are not those that the day's page records:
    it is missing, damaged, or another build that had listed fewer articles wrote it last. The articles that it already
    contains are taken from it, if its bytes are as recorded; only the others are read.
    """
    folder = pages_folder(digest.day)
    index = store.read(f"{folder}index.html")
    page_format = templates_hash(f"images={settings.images} {digest.time_zone}")
    recorded = parse_record(index.data, page_format) if index else {}
    stored = store.hashes(folder)
    pages = site_pages(digest)

    def write(page: SitePage) -> tuple[PageRecord, bool]:
        known = recorded.get(page.name)
        md5 = stored.get(folder + page.name)
        inputs = input_hash(page, digest, page_format)
        if known and (known.inputs, known.md5) == (inputs, md5):
            return known, False
        return _write_page(
            store, page, digest, settings, read, PageRecord(page.name, inputs, known.md5 if known else ""), md5
        )

    with ThreadPoolExecutor(_WRITERS) as pool:
        written = list(pool.map(write, pages))
    record = format_record(page_format, [each for each, _ in written])
    data = day_page(digest, links_of(pages), settings.previous, settings.next, record)
    changed = update(store, f"{folder}index.html", lambda _: data, already_read=index)
    removed = _remove_stale_pages(store, folder, stored, pages)
    return changed or removed or any(is_new for _, is_new in written)


def _write_page(
    store: Store,
    page: SitePage,
    digest: Digest,
    settings: PageSettings,
    read: ReadArticle,
    known: PageRecord,
    md5: str | None,
) -> tuple[PageRecord, bool]:
    """Render and write one page. ``known.md5`` is what the day's page records, ``md5`` what the store lists."""
    key = pages_folder(digest.day) + page.name
    before = store.read(key) if md5 else None
    rendered = articles_in(before.data) if before and md5_of(before.data) == known.md5 else {}
    for placed in page.articles:
        if article_mark(placed) not in rendered and (data := read(placed.entry.key)) is not None:
            rendered[article_mark(placed)] = article_html(placed, data, digest, settings.images)
    bytes_ = site_page(page, digest, rendered, settings.images)
    changed = update(store, key, lambda _: bytes_, already_read=before)
    return PageRecord(page.name, known.inputs, md5_of(bytes_)), changed


def _remove_stale_pages(store: Store, folder: str, stored: dict[str, str], pages: Sequence[SitePage]) -> bool:
    """Remove the pages of sites that no longer have an article on this day: they contain forgotten articles."""
    current = {folder + page.name for page in pages} | {f"{folder}index.html"}
    stale = [key for key in stored if key.endswith(".html") and "/" not in key.removeprefix(folder)]
    stale = [key for key in stale if key not in current]
    for key in stale:
        store.delete(key)
    return bool(stale)
