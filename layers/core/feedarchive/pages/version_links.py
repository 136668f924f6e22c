"""Links to versions of articles, relative to the folder of a day's pages."""

from __future__ import annotations

from urllib.parse import quote

from feedarchive.article.file_names import version_of
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.pages.page_names import anchor_of, page_name


def version_link(key: str) -> str:
    """The link to a version of an article. ``key``: the key of the version's file."""
    _, year, month, day, site, _ = key.split("/")
    return f"../../../{year}/{month}/{day}/{quote(page_name(site))}#{anchor_of(key)}"


def previous_link(entry: DigestEntry) -> str:
    """The link to the version before a revision; "" if there is none."""
    return version_link(entry.previous) if version_of(entry.previous) else ""
