"""Find the stories of a day. A story is a group of articles from different sites about the same event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.stories.find_stories import find_stories
from feedarchive.stories.similar_pairs import Text


@dataclass(frozen=True)
class Story:
    """The articles about one event.

    - ``main``: the longest article, which stands for the story in lists.
    - ``others``: all other articles, sorted by the names of their feeds.
    """

    main: DigestEntry
    others: tuple[DigestEntry, ...]

    @property
    def group(self) -> str:
        """The name of the story, ``group`` in digest.json: the smallest id of its articles."""
        return min(entry.id for entry in self.entries)

    @property
    def entries(self) -> tuple[DigestEntry, ...]:
        return (self.main, *self.others)


def stories_of(news: Iterable[DigestEntry]) -> tuple[Story, ...]:
    """Find the stories in the new articles of a day. Return them sorted by ``Story.group``."""
    by_key = {entry.key: entry for entry in news}
    groups = find_stories(Text(e.key, e.site, e.title, e.description) for e in by_key.values())
    return tuple(sorted((_story([by_key[key] for key in keys]) for keys in groups), key=lambda story: story.group))


def _story(entries: list[DigestEntry]) -> Story:
    main = min(entries, key=lambda e: (-e.words, e.published or e.archived, e.key))
    others = (entry for entry in entries if entry is not main)
    return Story(main, tuple(sorted(others, key=lambda e: ((e.feed or e.site).casefold(), e.key))))
