"""The digest of a day: the files that were archived on that day. Pure functions; digest_json.py reads and writes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from feedarchive.article.file_names import CompanionKind
from feedarchive.digest.companion import Companion
from feedarchive.digest.day_stories import Story, stories_of
from feedarchive.digest.digest_entry import DigestEntry, is_news

ListedFile = DigestEntry | Companion
"""A file that a digest lists: a version of an article, or a companion."""


@dataclass(frozen=True)
class Digest:
    """The files that were archived on a day.

    - ``entries``: all versions of articles, sorted by site, time of publication and key.
    - ``companions``: all companions (files beside articles, such as full texts), sorted by key.
    """

    day: date
    time_zone: str
    entries: tuple[DigestEntry, ...]
    companions: tuple[Companion, ...] = ()

    @property
    def listed(self) -> tuple[ListedFile, ...]:
        """All files that the digest lists."""
        return (*self.entries, *self.companions)

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """The stories among the new articles: groups of articles about the same event.

        They are computed at the first use, because a day that has not changed does not need them.
        """
        return stories_of(filter(is_news, self.entries))

    @cached_property
    def full_texts(self) -> dict[str, Companion]:
        """The newest full text of each version, by the key of the version. Only full texts of this day are included."""
        texts = (each for each in self.companions if each.kind is CompanionKind.FULL_TEXT)
        return {each.of: each for each in sorted(texts, key=lambda each: each.number)}

    @cached_property
    def late_full_texts(self) -> tuple[Companion, ...]:
        """The full texts whose articles were archived before this day, sorted by site and file name."""
        late = [each for each in self.full_texts.values() if not each.of.startswith(self.folder)]
        return tuple(sorted(late, key=lambda each: each.key))

    @property
    def folder(self) -> str:
        return day_folder(self.day)

    @property
    def page(self) -> str:
        """The key of the day's page."""
        return f"{pages_folder(self.day)}index.html"

    def counts(self) -> dict[str, int]:
        """Count the article files of each kind, and their words and bytes in total."""
        return {
            "files": len(self.entries),
            "articles": len(self.entries) - len(self.updated()),
            "revisions": len(self.updated()),
            "backlog": len(self.backlog()),
            "sites": len({e.site for e in self.entries}),
            "feeds": len({e.source for e in self.entries}),
            "words": sum(e.words for e in self.entries),
            "bytes": sum(e.bytes for e in self.entries),
        }

    def news(self) -> tuple[DigestEntry, ...]:
        return tuple(e for e in self.entries if is_news(e))

    def news_by_story(self) -> tuple[DigestEntry, ...]:
        """The new articles, but only the main article of each story. For the other articles, see ``also``."""
        others = {entry.key for story in self.stories for entry in story.others}
        return tuple(e for e in self.news() if e.key not in others)

    @cached_property
    def also(self) -> dict[str, tuple[DigestEntry, ...]]:
        """The other articles of each story, by the key of its main article."""
        return {story.main.key: story.others for story in self.stories}

    def updated(self) -> tuple[DigestEntry, ...]:
        """The revisions, the largest edit first."""
        return tuple(sorted((e for e in self.entries if e.is_revision), key=lambda e: -e.edit_size))

    def backlog(self) -> tuple[DigestEntry, ...]:
        return tuple(e for e in self.entries if e.is_backlog)


def day_folder(day: date) -> str:
    """Return the folder of a day's articles: ``archive/2025/12/25/``."""
    return day.strftime("archive/%Y/%m/%d/")


def pages_folder(day: date) -> str:
    """Return the folder of a day's pages: ``pages/2025/12/25/``."""
    return day.strftime("pages/%Y/%m/%d/")


def make_digest(day: date, time_zone: str, listed: Iterable[ListedFile]) -> Digest:
    """Make the digest of a day from the files that were archived on that day, in any order."""
    entries, companions = [], []
    for each in listed:
        if isinstance(each, Companion):
            companions.append(each)
        else:
            entries.append(each)
    entries.sort(key=lambda e: (e.site, e.published, e.key))
    companions.sort(key=lambda c: c.key)
    return Digest(day, time_zone, tuple(entries), tuple(companions))
