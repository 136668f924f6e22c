"""Link each version of an article to the next version and to its companions (full text, list of media). Pure functions.

A day's page contains these links in comments. A build reads them from there, instead of searching all later days.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from feedarchive.article.file_names import file_name_of, version_of
from feedarchive.digest.calendar import day_of
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import Digest, ListedFile

_VERSIONS = re.compile(rb"<!-- later versions\n(.*?)-->", re.DOTALL)
_COMPANIONS = re.compile(rb"\n<!-- companions\n(.*?)-->", re.DOTALL)
_VERSION = re.compile(r"(archive/[a-z0-9./-]+\.md) (archive/[a-z0-9./-]+\.md)")
_COMPANION = re.compile(r"(archive/[a-z0-9./-]+\.(?:md|json)) (archive/[a-z0-9./-]+\.md)")


@dataclass(frozen=True)
class Later:
    """Links from versions of articles to the next versions and to companions.

    - ``versions`` maps the key of a version to the key of the next version.
    - ``companions`` maps the key of a companion to the key of the version that it belongs to.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    companions: Mapping[str, str] = field(default_factory=dict)

    def next_version(self, key: str) -> str:
        """The key of the version that follows the version with this key; "" if there is none."""
        return self.versions.get(key, "")

    def companions_of(self, key: str) -> tuple[str, ...]:
        """The keys of a version's companions: the newest companion of each kind."""
        return self._by_version.get(key, ())

    def merged(self, other: Later) -> Later:
        """Return the links of this object and of ``other``.

        If two versions follow the same version, the one whose key sorts first is used.
        """
        one, two = self.versions, other.versions
        both = {key: min(one[key], two[key]) for key in one.keys() & two.keys()}
        return Later({**one, **two, **both}, {**self.companions, **other.companions})

    def of_versions(self, keys: Collection[str]) -> Later:
        """Return a copy that has only the links from the versions with these keys."""
        versions = {key: after for key, after in self.versions.items() if key in keys}
        return Later(versions, {key: version for key, version in self.companions.items() if version in keys})

    def without(self, companions: Collection[str]) -> Later:
        """Return a copy without the companions with these keys."""
        return Later(self.versions, {key: v for key, v in self.companions.items() if key not in companions})

    @cached_property
    def _by_version(self) -> Mapping[str, tuple[str, ...]]:
        newest: dict[str, dict[str, tuple[int, str]]] = {}
        # If two companions of a kind have the same number, the one whose key sorts first is used.
        for key in sorted(self.companions, reverse=True):
            name = file_name_of(key)
            if name and name.kind:
                kinds = newest.setdefault(self.companions[key], {})
                if name.kind not in kinds or name.number >= kinds[name.kind][0]:
                    kinds[name.kind] = (name.number, key)
        return {version: tuple(sorted(key for _, key in kinds.values())) for version, kinds in newest.items()}


def later_of_day(digest: Digest) -> Later:
    """Return the links between files that were archived on the same day."""
    keys = {entry.key for entry in digest.entries}
    return _links(file for file in digest.listed if _followed(file) in keys)


def later_of_earlier_days(day: date, listed: Iterable[ListedFile], without: Collection[str] = ()) -> dict[date, Later]:
    """Link versions from earlier days to the next versions and companions that were archived on ``day``.

    Returns the links for each earlier day.

    - ``listed``: the files of ``day``.
    - ``without``: the keys of files to leave out.
    """
    found: dict[date, list[ListedFile]] = {}
    for file in listed:
        if file.key not in without and (earlier := day_of_version(_followed(file))) and earlier < day:
            found.setdefault(earlier, []).append(file)
    return {earlier: _links(files) for earlier, files in found.items()}


def format_later(later: Later) -> str:
    """Format the links as HTML comments for a day's page.

    The comment about versions is written even if it is empty: a page without it is from an older release.
    """
    lines = "".join(f"{key} {later.versions[key]}\n" for key in sorted(later.versions))
    comment = f"<!-- later versions\n{lines}-->"
    if not later.companions:
        return comment
    lines = "".join(f"{key} {later.companions[key]}\n" for key in sorted(later.companions))
    return f"{comment}\n<!-- companions\n{lines}-->"


def parse_later(page: bytes) -> Later | None:
    """Return the links in the comments of a day's page; None if an older release made the page."""
    versions, companions = _VERSIONS.search(page), _COMPANIONS.search(page)
    if not versions:
        return None
    return Later(
        dict(_VERSION.findall(versions[1].decode("utf-8", "replace"))),
        dict(_COMPANION.findall(companions[1].decode("utf-8", "replace"))) if companions else {},
    )


def replace_later(page: bytes, later: Later) -> bytes:
    """Replace the links in the comments of a day's page with the links in ``later``."""
    return _VERSIONS.sub(lambda _: format_later(later).encode(), _COMPANIONS.sub(b"", page, count=1), count=1)


def day_of_version(key: str) -> date | None:
    """Return the day of the version with this key; None for the key of any other file."""
    return day_of(key) if version_of(key) else None


def _followed(file: ListedFile) -> str:
    return file.of if isinstance(file, Companion) else file.previous


def _links(files: Iterable[ListedFile]) -> Later:
    versions: dict[str, str] = {}
    companions: dict[str, str] = {}
    for file in files:
        if isinstance(file, Companion):
            companions[file.key] = file.of
        else:
            versions[file.previous] = min(versions.get(file.previous, file.key), file.key)
    return Later(versions, companions)
