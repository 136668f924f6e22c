"""Group the articles of a day by the event that they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from feedarchive.stories.similar_pairs import Pair, Text, similar_pairs

# How many articles of a site are compared a day; the rest are ignored. A site with more is a list of links, or an
# attempt to slow down a build.
_MAX_OF_A_SITE = 300
# On a day with more articles, none are grouped, because that would take too long (docs/decisions.md).
_MAX_COMPARED = 10_000


def find_stories(texts: Iterable[Text]) -> list[tuple[str, ...]]:
    """The groups of articles about the same event, as keys. A group has at least two articles.

    - Every article of a group is similar to every other (complete linkage), so a chain of similar articles cannot join
      two events.
    - Only articles of different sites count as similar, so a group has at most one article of a site. Parts of a
      series, daily briefings and release notes of one site are never grouped.
    - The result does not depend on the order of ``texts``.
    """
    compared = _compared(texts)
    pairs = similar_pairs(compared) if len(compared) <= _MAX_COMPARED else []
    similar = {(pair.first, pair.second) for pair in pairs}
    group_of: dict[int, list[int]] = {}
    for pair in sorted(pairs, key=_most_similar_first):
        one, other = group_of.get(pair.first, [pair.first]), group_of.get(pair.second, [pair.second])
        if one is not other and all((min(a, b), max(a, b)) in similar for a in one for b in other):
            joined = one + other
            group_of.update(dict.fromkeys(joined, joined))
    groups = {id(group): group for group in group_of.values()}
    return sorted(tuple(sorted(compared[number].key for number in group)) for group in groups.values())


def _compared(texts: Iterable[Text]) -> list[Text]:
    """The texts that are compared, sorted by key."""
    by_site: dict[str, list[Text]] = defaultdict(list)
    for text in sorted(texts, key=lambda text: text.key):
        by_site[text.site].append(text)
    kept = [text for some in by_site.values() for text in some[:_MAX_OF_A_SITE]]
    return sorted(kept, key=lambda text: text.key)


def _most_similar_first(pair: Pair) -> tuple[int, int, int]:
    return -pair.cosine, pair.first, pair.second
