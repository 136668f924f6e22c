"""Which page of a day each article is on: names of pages and anchors. Decided from the digest alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from feedarchive.article.file_names import short_id_of_key, version_of
from feedarchive.digest.digest import Digest
from feedarchive.digest.digest_entry import DigestEntry

EDITS_PAGE = "edits.html"
"""The page with all edits of a day."""
_OTHER_PAGES = ("index", "edits")
# The size of a page is estimated from the sizes of its articles' files, before any of them is read.
_MAX_ESTIMATED_BYTES = 1_000_000
_BYTES_PER_FILE_BYTE = 1.15
_BYTES_PER_ARTICLE = 2_000
MAX_CHANGES_SHOWN = 20_000
"""Changed passages beyond this number of characters are left out of a page."""


@dataclass(frozen=True)
class Placed:
    """An article and its place: the page's file name, and the fragment of its URL."""

    entry: DigestEntry
    page: str
    anchor: str

    @property
    def link(self) -> str:
        """The URL of the article, relative to the folder of its day's pages."""
        return f"{quote(self.page)}#{self.anchor}"


@dataclass(frozen=True)
class SitePage:
    """A page with articles of one site and day, oldest first. ``later`` are those on the site's other pages.

    Only the first page has ``later``. It lists these articles, so that every link to the first page finds its article.
    """

    site: str
    number: int
    pages: int
    articles: tuple[Placed, ...]
    later: tuple[Placed, ...] = ()

    @property
    def name(self) -> str:
        return page_name(self.site, self.number)


def page_name(site: str, number: int = 1) -> str:
    """``bbc.co.uk.html``, ``bbc.co.uk_2.html``. A site has no underscore in its name, so no two names are the same."""
    suffix = f"_{number}" if number > 1 or site in _OTHER_PAGES else ""
    return f"{site}{suffix}.html"


def anchor_of(key: str) -> str:
    """The first 12 digits of the article's id; for a revision ``0123456789ab-r2``."""
    version = version_of(key)
    return short_id_of_key(key) + (f"-r{version}" if version > 1 else "")


def site_pages(digest: Digest) -> list[SitePage]:
    """The pages of all sites of a day.

    Articles are in the order in which they were archived: an article that comes later does not move those before it.
    """
    ordered = sorted(digest.entries, key=lambda e: (e.site, e.archived, e.published, e.key))
    full_texts = {key: full.bytes for key, full in digest.full_texts.items()}
    by_site = groupby(ordered, lambda e: e.site)
    return [page for site, entries in by_site for page in _pages_of(site, tuple(entries), full_texts)]


def links_of(pages: Sequence[SitePage]) -> dict[str, str]:
    """The link to each article by its key, relative to the folder of the day's pages."""
    return {placed.entry.key: placed.link for page in pages for placed in page.articles}


def _pages_of(site: str, entries: Sequence[DigestEntry], full_texts: Mapping[str, int]) -> list[SitePage]:
    """The pages of one site. ``full_texts`` are the sizes of full texts of the same day, by the key of the article.

    A full text that is archived on a later day does not count: otherwise it would move articles to other pages.
    """
    pages: list[list[Placed]] = [[]]
    size, anchors = 0.0, set[str]()
    for entry in entries:
        file_bytes = entry.bytes + full_texts.get(entry.key, 0)
        estimated = file_bytes * _BYTES_PER_FILE_BYTE + _BYTES_PER_ARTICLE
        if entry.is_revision:
            estimated += min(entry.bytes, MAX_CHANGES_SHOWN)
        if pages[-1] and size + estimated > _MAX_ESTIMATED_BYTES:
            pages.append([])
            size = 0.0
        size += estimated
        anchor = anchor_of(entry.key)
        while anchor in anchors:  # two files of one article and version: its claim was lost once
            anchor += "-b"
        anchors.add(anchor)
        pages[-1].append(Placed(entry, page_name(site, len(pages)), anchor))
    later = tuple(placed for page in pages[1:] for placed in page)
    return [
        SitePage(site, number, len(pages), tuple(articles), later if number == 1 else ())
        for number, articles in enumerate(pages, 1)
    ]
