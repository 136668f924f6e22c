"""Give a title and a GUID to entries that have only a file, such as a recording without title, link and text."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote, urlsplit

from feedarchive.document.model import Entry, Text


def name_after_file(entry: Entry) -> Entry:
    """If an entry has only a file, set its title to the name of the file, and its GUID to the URL of the file.

    An entry with a GUID, a link or a text stays unchanged.
    """
    if not entry.is_empty():
        return entry
    url = next((url for url in (*(each.url for each in entry.enclosures), *entry.images) if url), "")
    if not url:
        return entry
    return replace(entry, title=Text(_file_name(url)), guid=url)


def _file_name(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    name = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return name or parts.netloc or url
