"""The record of a day's pages: a comment in the day's page that tells a build which other pages are up to date.

It has one line for each other page: its name, a hash of what it was made from, and its MD5. A build compares the MD5
with the listing of the store, and need not read the page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_RECORD = re.compile(rb"<!-- pages ([0-9a-f]{16})\n(.*?)-->", re.DOTALL)
_LINE = re.compile(r"([a-z0-9._-]+) ([0-9a-f]{16}) ([0-9a-f]{32})")


@dataclass(frozen=True)
class PageRecord:
    """A page: its name, a hash of what it was made from, and the MD5 of its bytes."""

    name: str
    inputs: str
    md5: str


def md5_of(data: bytes) -> str:
    """The MD5 of a page, to find pages that were damaged or overwritten. It does not protect against attackers."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def format_record(page_format: str, records: Iterable[PageRecord]) -> str:
    """Format the records as an HTML comment. ``page_format`` is a hash of the templates and settings."""
    lines = "".join(f"{each.name} {each.inputs} {each.md5}\n" for each in sorted(records, key=lambda e: e.name))
    return f"<!-- pages {page_format}\n{lines}-->"


def replace_record(page: bytes, records: Iterable[PageRecord]) -> bytes:
    """Replace the records in a day's page. The page must contain records, and their ``page_format`` stays the same."""
    match = _RECORD.search(page)
    assert match, "parse_record has found it"
    return page[: match.start()] + format_record(match[1].decode(), records).encode() + page[match.end() :]


def parse_record(page: bytes, page_format: str) -> dict[str, PageRecord]:
    """Return the records in a day's page by page name; {} if there are none, or if they have another format."""
    match = _RECORD.search(page)
    if not match or match[1].decode() != page_format:
        return {}
    return {
        name: PageRecord(name, inputs, md5) for name, inputs, md5 in _LINE.findall(match[2].decode("utf-8", "replace"))
    }
