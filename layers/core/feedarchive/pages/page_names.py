"""Choose the page and the anchor of each article of a day. Both depend only on the digest."""

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
# The size of a page is estimated from the sizes of its articles' files. No file is read for that.
_MAX_ESTIMATED_BYTES = 1_000_000
_BYTES_PER_FILE_BYTE = 1.15
_BYTES_PER_ARTICLE = 2_000
MAX_CHANGES_SHOWN = 20_000
"""The maximum number of characters of changed passages of one article. Further passages are left out."""


@dataclass(frozen=True)
class Placed:
    """An article and its place.

    - ``page`` is the file name of the page.
    - ``anchor`` is the fragment of the article's URL on the page.
    """

    entry: DigestEntry
    page: str
    anchor: str

    @property
    def link(self) -> str:
        """The URL of the article, relative to the folder of its day's pages."""
        return f"{quote(self.page)}#{self.anchor}"


@dataclass(frozen=True)
class SitePage:
    """A page with articles of one site and day, the oldest first.

    - ``number`` counts the pages of the site on this day, from 1. ``pages`` is how many there are.
    - ``later``: the articles of all other pages. It is set only on page 1, because links from other days always lead
      to page 1.
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
    """The file name of a page, such as ``bbc.co.uk.html`` and ``bbc.co.uk_2.html``.

    No two pages have the same name, because the name of a site contains no underscore.
    """
    suffix = f"_{number}" if number > 1 or site in _OTHER_PAGES else ""
    return f"{site}{suffix}.html"


def anchor_of(key: str) -> str:
    """The anchor of a version: the first 12 digits of the article's id, and for a revision its number (``…-r2``)."""
    version = version_of(key)
    return short_id_of_key(key) + (f"-r{version}" if version > 1 else "")


def site_pages(digest: Digest) -> list[SitePage]:
    """Return the pages of all sites in a digest.

    The articles of a site are sorted by time of archiving, so that a new article does not move older ones.
    """
    ordered = sorted(digest.entries, key=lambda e: (e.site, e.archived, e.published, e.key))
    full_texts = {key: full.bytes for key, full in digest.full_texts.items()}
    by_site = groupby(ordered, lambda e: e.site)
    return [page for site, entries in by_site for page in _pages_of(site, tuple(entries), full_texts)]


def links_of(pages: Sequence[SitePage]) -> dict[str, str]:
    """Return the link to each article, by the key of its file. Links are relative to the folder of the day's pages."""
    return {placed.entry.key: placed.link for page in pages for placed in page.articles}


def _pages_of(site: str, entries: Sequence[DigestEntry], full_texts: Mapping[str, int]) -> list[SitePage]:
    """The pages of one site.

    ``full_texts``: the sizes of the full texts that were archived on the same day, by the key of the article.
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
        while anchor in anchors:  # a damaged archive may have two files of the same version
            anchor += "-b"
        anchors.add(anchor)
        pages[-1].append(Placed(entry, page_name(site, len(pages)), anchor))
    later = tuple(placed for page in pages[1:] for placed in page)
    return [
        SitePage(site, number, len(pages), tuple(articles), later if number == 1 else ())
        for number, articles in enumerate(pages, 1)
    ]
