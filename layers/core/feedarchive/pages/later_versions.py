"""Which version of an article follows another one: the links from earlier versions to later ones. Pure.

A version names the one before it, so the day of the later version is needed to know it. The page of the earlier day
records its later versions in a comment, so that a build of that day need not read all later days.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from feedarchive.article.file_names import version_of
from feedarchive.digest.calendar import day_of
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import ListedFile
from feedarchive.digest.digest_entry import DigestEntry

Later = Mapping[str, str]
"""The key of the next version by the key of a version."""

_RECORD = re.compile(rb"<!-- later versions\n(.*?)-->", re.DOTALL)
_LINE = re.compile(r"(archive/[a-z0-9./-]+\.md) (archive/[a-z0-9./-]+\.md)")


def merge(one: Later, other: Later) -> dict[str, str]:
    """The links of both. If two versions follow the same one, because its claim was lost once, the first key counts."""
    both = {key: min(one[key], other[key]) for key in one.keys() & other.keys()}
    return {**one, **other, **both}


def later_of_day(entries: Iterable[DigestEntry]) -> dict[str, str]:
    """Links between versions that were both archived on this day."""
    entries = list(entries)
    keys = {entry.key for entry in entries}
    return _links(entry for entry in entries if entry.previous in keys)


def later_of_earlier_days(
    day: date, entries: Iterable[DigestEntry], without: Collection[str] = ()
) -> dict[date, dict[str, str]]:
    """The versions of earlier days that are followed by a version of this day, by day. ``without`` leaves out keys."""
    found: dict[date, list[DigestEntry]] = {}
    for entry in entries:
        if entry.key not in without and (earlier := day_of_version(entry.previous)) and earlier < day:
            found.setdefault(earlier, []).append(entry)
    return {earlier: _links(followers) for earlier, followers in found.items()}


def days_of_earlier_versions(day: date, listed: Iterable[ListedFile]) -> set[date]:
    """The earlier days that have a version of which one of these files of a day is the next version or a companion."""
    keys = (file.of if isinstance(file, Companion) else file.previous for file in listed)
    return {earlier for key in keys if (earlier := day_of_version(key)) and earlier < day}


def format_later(later: Later) -> str:
    """The comment in a day's page. It is there even if there is no later version."""
    return "<!-- later versions\n" + "".join(f"{key} {later[key]}\n" for key in sorted(later)) + "-->"


def parse_later(page: bytes) -> dict[str, str] | None:
    """The links recorded in a day's page; None if an older release made the page."""
    match = _RECORD.search(page)
    return dict(_LINE.findall(match[1].decode("utf-8", "replace"))) if match else None


def replace_later(page: bytes, later: Later) -> bytes:
    """The page with another comment."""
    return _RECORD.sub(lambda _: format_later(later).encode(), page, count=1)


def day_of_version(key: str) -> date | None:
    """The day of an article's file; None for a key that is not one."""
    return day_of(key) if version_of(key) else None


def _links(entries: Iterable[DigestEntry]) -> dict[str, str]:
    links: dict[str, str] = {}
    for entry in entries:
        links = merge(links, {entry.previous: entry.key})
    return links
