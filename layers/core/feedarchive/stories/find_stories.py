"""Group the articles of one day that are about the same event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from feedarchive.stories.similar_pairs import Pair, Text, similar_pairs

# At most this many articles of a site are compared. A site with more articles a day publishes lists of links, or tries
# to slow down the build of the digest.
_MAX_OF_A_SITE = 300
# If a day has more articles than this, no groups are made, because it would take too long (docs/decisions.md).
_MAX_COMPARED = 10_000


def find_stories(texts: Iterable[Text]) -> list[tuple[str, ...]]:
    """Group the articles that are about the same event. Return the sorted keys of the articles of each group.

    - A group has at least two articles. An article that is similar to no other article is in no group.
    - All articles of a group are similar to each other. Otherwise, one article that mentions two events would put the
      articles about both events into one group.
    - Articles of the same site never count as similar: they may be the parts of a series, or the releases of a program.
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
    """Return the texts that are compared, sorted by key: at most _MAX_OF_A_SITE of each site."""
    by_site: dict[str, list[Text]] = defaultdict(list)
    for text in sorted(texts, key=lambda text: text.key):
        by_site[text.site].append(text)
    kept = [text for some in by_site.values() for text in some[:_MAX_OF_A_SITE]]
    return sorted(kept, key=lambda text: text.key)


def _most_similar_first(pair: Pair) -> tuple[int, int, int]:
    return -pair.cosine, pair.first, pair.second
