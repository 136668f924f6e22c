"""Links between the versions of an article, from the folder of a day's pages."""

from __future__ import annotations

from urllib.parse import quote

from feedarchive.article.file_names import version_of
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.pages.page_names import anchor_of, page_name


def version_link(key: str) -> str:
    """The link to the article of a key on its day's pages."""
    _, year, month, day, site, _ = key.split("/")
    return f"../../../{year}/{month}/{day}/{quote(page_name(site))}#{anchor_of(key)}"


def previous_link(entry: DigestEntry) -> str:
    """The link from a revision to the version before; "" if there is none."""
    return version_link(entry.previous) if version_of(entry.previous) else ""
