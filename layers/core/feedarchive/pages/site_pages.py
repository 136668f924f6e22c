"""Write the pages of one day: the pages of its sites, and the page with its edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from feedarchive.article.file_names import version_of
from feedarchive.digest.digest import Digest, pages_folder
from feedarchive.pages.article_html import Versions, article_html
from feedarchive.pages.companion_files import read_companions
from feedarchive.pages.edits_page import EDITS_PAGE, edits_page
from feedarchive.pages.html_templates import templates_hash
from feedarchive.pages.later_versions import Later
from feedarchive.pages.page_names import SitePage
from feedarchive.pages.page_record import PageRecord, md5_of
from feedarchive.pages.site_page import article_marker, articles_in, input_hash, site_page
from feedarchive.store.interface import Store
from feedarchive.store.update import Written, write_over

ReadArticle = Callable[[str], bytes | None]
"""A function that takes a key and returns the bytes of the file; None if the file was removed meanwhile."""


def page_format_of(images: bool, time_zone: str) -> str:
    """Return a hash of the templates and of the settings that all pages depend on."""
    return templates_hash(f"images={images} {time_zone}")


@dataclass(frozen=True)
class SitePages:
    """Writes the pages of one digest: the pages of its sites, and the page with its edits.

    - ``images``: whether pages show images, or only links to images.
    - ``page_format`` is what ``page_format_of`` returns.
    - ``recorded`` maps the name of each page to the record that an earlier build wrote about it (page_record.py).
    - ``stored`` maps the key of each stored page to its MD5.
    - ``later``: the next version and the companions of each version (later_versions.py).
    """

    store: Store
    digest: Digest
    images: bool
    read: ReadArticle
    page_format: str
    recorded: Mapping[str, PageRecord]
    stored: Mapping[str, str]
    later: Later

    def write(self, page: SitePage) -> tuple[PageRecord, Written]:
        """Write the page of a site if it is not up to date. Return its record, and what was done."""
        inputs = input_hash(page, self.digest, self.page_format, self.later)
        return self._write(page.name, inputs, lambda before: self._render(page, articles_in(before)))

    def write_edits(self, links: Mapping[str, str]) -> tuple[PageRecord, Written]:
        """Write the page of the day's edits if it is not up to date. Return its record, and what was done."""
        data = edits_page(self.digest, links)
        return self._write(EDITS_PAGE, md5_of(data)[:16], lambda _: data)

    def _write(self, name: str, inputs: str, make: Callable[[bytes], bytes]) -> tuple[PageRecord, Written]:
        """Write a page if its ``inputs`` or its stored bytes differ from its record.

        ``make`` gets the stored page and returns the new one. It gets b"" if the stored page is missing or differs from
        the record.
        """
        key = pages_folder(self.digest.day) + name
        known, md5 = self.recorded.get(name), self.stored.get(key)
        if known and (known.inputs, known.md5) == (inputs, md5):
            return known, Written.UNCHANGED
        before = self.store.read(key) if md5 else None
        if md5 and not (before and before.has_hash(md5)):
            return PageRecord(name, inputs, ""), Written.CONFLICT
        is_as_recorded = before and known and md5_of(before.data) == known.md5
        data = make(before.data if before and is_as_recorded else b"")
        return PageRecord(name, inputs, md5_of(data)), write_over(self.store, key, data, before)

    def _render(self, page: SitePage, rendered: dict[str, str]) -> bytes:
        for placed in page.articles:
            marker, entry = article_marker(placed, self.later), placed.entry
            if marker not in rendered and (data := self.read(entry.key)) is not None:
                before = self.read(entry.previous) if version_of(entry.previous) else None
                after = self.later.next_version(entry.key)
                companions = read_companions(self.later.companions_of(entry.key), self.read)
                versions = Versions(data, before, after, companions)
                rendered[marker] = article_html(placed, versions, self.digest, self.images)
        return site_page(page, self.digest, rendered, self.images, self.later)
