"""What follows a version of an article, perhaps on a later day: its next version and its companions. Pure.

A version names the one before it, and a companion the version that it belongs to. So the later day is needed to know
them. The page of the earlier day records them in comments, so that a build of that day need not read all later days.
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
    """Links to what follows versions: the key of the next version by the key of a version, and the key of the version
    by the key of each companion.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    companions: Mapping[str, str] = field(default_factory=dict)

    def next_version(self, key: str) -> str:
        """The key of the version after a version; "" if there is none."""
        return self.versions.get(key, "")

    def companions_of(self, key: str) -> tuple[str, ...]:
        """The keys of a version's companions: of each kind the last one."""
        return self._by_version.get(key, ())

    def merged(self, other: Later) -> Later:
        """The links of both. If two versions follow the same one, because its claim was lost once, the first key
        counts.
        """
        one, two = self.versions, other.versions
        both = {key: min(one[key], two[key]) for key in one.keys() & two.keys()}
        return Later({**one, **two, **both}, {**self.companions, **other.companions})

    def of_versions(self, keys: Collection[str]) -> Later:
        """Only the links of these versions."""
        versions = {key: after for key, after in self.versions.items() if key in keys}
        return Later(versions, {key: version for key, version in self.companions.items() if version in keys})

    def without(self, companions: Collection[str]) -> Later:
        """The links without those to these companions."""
        return Later(self.versions, {key: v for key, v in self.companions.items() if key not in companions})

    @cached_property
    def _by_version(self) -> Mapping[str, tuple[str, ...]]:
        newest: dict[str, dict[str, tuple[int, str]]] = {}
        for key in sorted(self.companions, reverse=True):  # of two with the same number, the first key counts
            name = file_name_of(key)
            if name and name.kind:
                kinds = newest.setdefault(self.companions[key], {})
                if name.kind not in kinds or name.number >= kinds[name.kind][0]:
                    kinds[name.kind] = (name.number, key)
        return {version: tuple(sorted(key for _, key in kinds.values())) for version, kinds in newest.items()}


def later_of_day(digest: Digest) -> Later:
    """Links between files that were all archived on this day."""
    keys = {entry.key for entry in digest.entries}
    return _links(file for file in digest.listed if _followed(file) in keys)


def later_of_earlier_days(day: date, listed: Iterable[ListedFile], without: Collection[str] = ()) -> dict[date, Later]:
    """Links from versions of earlier days to files of this day, by the earlier day. ``without`` leaves out keys."""
    found: dict[date, list[ListedFile]] = {}
    for file in listed:
        if file.key not in without and (earlier := day_of_version(_followed(file))) and earlier < day:
            found.setdefault(earlier, []).append(file)
    return {earlier: _links(files) for earlier, files in found.items()}


def format_later(later: Later) -> str:
    """The comments in a day's page. The one about versions is there even if there is no later version."""
    lines = "".join(f"{key} {later.versions[key]}\n" for key in sorted(later.versions))
    comment = f"<!-- later versions\n{lines}-->"
    if not later.companions:
        return comment
    lines = "".join(f"{key} {later.companions[key]}\n" for key in sorted(later.companions))
    return f"{comment}\n<!-- companions\n{lines}-->"


def parse_later(page: bytes) -> Later | None:
    """The links recorded in a day's page; None if an older release made the page."""
    versions, companions = _VERSIONS.search(page), _COMPANIONS.search(page)
    if not versions:
        return None
    return Later(
        dict(_VERSION.findall(versions[1].decode("utf-8", "replace"))),
        dict(_COMPANION.findall(companions[1].decode("utf-8", "replace"))) if companions else {},
    )


def replace_later(page: bytes, later: Later) -> bytes:
    """The page with other comments."""
    return _VERSIONS.sub(lambda _: format_later(later).encode(), _COMPANIONS.sub(b"", page, count=1), count=1)


def day_of_version(key: str) -> date | None:
    """The day of an article's file; None for a key that is not one."""
    return day_of(key) if version_of(key) else None


def _followed(file: ListedFile) -> str:
    """The key of the version that a file follows or belongs to."""
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
